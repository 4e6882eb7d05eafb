"""A question, and its answer as a value."""
