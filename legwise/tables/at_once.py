"""Columns that are worked on at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

#: More take more memory at a time.
AT_ONCE = 2


@contextmanager
def columns_at_once() -> Iterator[Executor]:
    """Give threads for work on columns: Arrow and numpy let one run while another waits.

    If the work is stopped, what is not begun is left.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
