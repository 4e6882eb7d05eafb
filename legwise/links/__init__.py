"""A page's state and its link."""
