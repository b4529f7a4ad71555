"""Work on two cores: what comes next is made on a thread of its own while the last is used."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")

_LOOK_S = 0.1
"""How often a side that waits looks whether the other has left."""


@dataclass(frozen=True)
class _End:
    """The last of the line: nothing more comes, or ``problem`` came up."""

    problem: BaseException | None


def ahead(items: Iterable[Item], *, depth: int = 1) -> Generator[Item, None, None]:
    """The same items, made up to ``depth`` before they are asked for; what making them raises is raised here.

    Worth it where both sides spend their time outside the interpreter, as FFmpeg and ONNX Runtime do. When
    the caller closes it early, the thread ends.
    """
    maker = _Maker(items, depth)
    maker.start()
    try:
        while not isinstance(item := maker.take(), _End):
            yield item
        if item.problem is not None:
            raise item.problem
    finally:
        maker.stop()


class _Maker(Thread, Generic[Item]):
    def __init__(self, items: Iterable[Item], depth: int) -> None:
        super().__init__(name="ahead", daemon=True)
        self._items: Iterable[Item] | None = items
        self._line: Queue[Item | _End] = Queue(depth)
        self._stopped = Event()

    def run(self) -> None:
        items, self._items = self._items, None  # let go on this thread, which is where it runs
        assert items is not None
        try:
            for item in items:
                if not self._put(item):
                    return
        except BaseException as problem:
            self._put(_End(problem))
        else:
            self._put(_End(None))

    def take(self) -> Item | _End:
        """The next one; short waits, so that an interruption is heard meanwhile."""
        while True:
            try:
                return self._line.get(timeout=_LOOK_S)
            except Empty:
                continue

    def stop(self) -> None:
        """Wait until nothing is made any more."""
        self._stopped.set()
        self.join()

    def _put(self, item: Item | _End) -> bool:
        """Whether it was taken on: not, if the other side has left."""
        while not self._stopped.is_set():
            try:
                self._line.put(item, timeout=_LOOK_S)
                return True
            except Full:
                continue
        return False
