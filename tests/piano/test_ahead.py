"""Work on another thread: the same items, the same errors, and an end to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from photoplayer.errors import InputError
from photoplayer.piano.ahead import ahead


def test_items_come_in_order_from_another_thread() -> None:
    makers = []

    def make() -> Iterator[int]:
        for i in range(20):
            makers.append(threading.current_thread())
            yield i

    assert list(ahead(make(), depth=3)) == list(range(20))
    assert threading.current_thread() not in makers


def test_what_making_raises_is_raised_after_what_was_made() -> None:
    def make() -> Iterator[int]:
        yield 1
        raise InputError("clip.mp4 is damaged")

    items = ahead(make())
    assert next(items) == 1
    with pytest.raises(InputError, match=r"clip\.mp4"):
        next(items)


def test_no_more_is_made_than_depth_allows() -> None:
    made = []
    waiting = threading.Event()

    def make() -> Iterator[int]:
        for i in range(100):
            made.append(i)
            if i == 3:
                waiting.set()
            yield i

    items = ahead(make(), depth=2)
    assert next(items) == 0
    assert waiting.wait(5)  # one taken, two in line, one in the maker's hand
    assert len(made) == 4
    items.close()
    assert len(made) == 4


def test_leaving_early_ends_the_thread_and_closes_the_source() -> None:
    closed = threading.Event()

    def make() -> Iterator[int]:
        try:
            while True:
                yield 0
        finally:
            closed.set()

    before = threading.active_count()
    items = ahead(make())
    next(items)
    items.close()
    assert closed.wait(5)
    assert threading.active_count() == before
