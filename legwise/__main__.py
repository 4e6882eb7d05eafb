"""``python -m legwise``: the command line, for where the command ``legwise`` is not on the path."""

import sys

from legwise.cli import main

if __name__ == "__main__":
    sys.exit(main())
