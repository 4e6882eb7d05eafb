"""What follows? One published rule per module."""
