"""Work on columns: all that is begun well is done, and what is stopped is left."""

import threading

import pytest

from legwise.tables.at_once import AT_ONCE, columns_at_once


def test_what_nobody_has_asked_for_yet_is_done():
    held = threading.Event()
    with columns_at_once() as pool:
        first = [pool.submit(held.wait, 30) for _ in range(AT_ONCE)]
        last = pool.submit(lambda: "done")
        held.set()
    assert all(work.result() for work in first)
    assert last.result() == "done"


def test_work_that_is_stopped_begins_nothing_more():
    held = threading.Event()
    begun = []

    def begin(number):
        begun.append(number)
        held.wait(30)

    def work():
        with columns_at_once() as pool:
            for number in range(20):
                pool.submit(begin, number)
            # Let go once the pool has been told to stop, as its end waits for what was begun.
            threading.Timer(0.2, held.set).start()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert len(begun) <= AT_ONCE
