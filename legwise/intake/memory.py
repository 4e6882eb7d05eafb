"""Memory that is no longer needed goes back to the system."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

import pyarrow as pa

#: Number of a setting of the C library of Linux: into how many heaps threads are spread.
_MOST_HEAPS = -8


def keep_little() -> None:
    """Let allocators keep little of what was given back to them.

    With a list of a million rows, reading takes 100 MB less if Arrow uses the allocator of the
    system: its other ones keep what was freed between columns that are still needed.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    # Every run of a page is a thread, and what one heap has free is of no use to the next.
    with suppress(OSError, AttributeError):  # other systems have no such setting
        ctypes.CDLL("libc.so.6").mallopt(_MOST_HEAPS, 1)


def give_back() -> None:
    """Give back what is free: allocators keep it, and reading takes several times what is kept."""
    gc.collect()
    # The heap of the C library is Arrow's, too, and is trimmed as a whole.
    pa.default_memory_pool().release_unused()
