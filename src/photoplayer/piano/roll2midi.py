"""Roll2Midi of Audeo at work: a generator fills the gaps of a roll and takes its ghosts out.

Su, Liu and Shlizerman, NeurIPS 2020. The generator sees four seconds at 25 columns a second. Windows follow
each other every two seconds and what two of them say is averaged (the source puts its windows end to end);
the last window is filled up with silence (the source drops what is left over).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import numpy.typing as npt

from photoplayer.models import Model, load
from photoplayer.piano.roll import Curves, Roll

RATE_HZ = 25.0
"""Columns a second that the generator knows."""
WINDOW = 100
"""Columns of a window: 4 s."""
HOP = WINDOW // 2

Times = npt.NDArray[np.float64]
Mend = Callable[[Curves], Curves]
"""``(100, 88)`` columns of a roll -> the same, mended."""


class Roll2Midi:
    """Mends rolls with the shipped ``roll2midi``, or another ``model`` of its kind.

    Raises ``SetupError`` where it is missing.
    """

    def __init__(self, *, model: Model | None = None) -> None:
        self._session = (model or load("roll2midi")).session

    def mend(self, rolls: Iterable[Roll]) -> Iterator[Roll]:
        """Rolls of the same pictures with ``down`` mended (and nothing else), up to four seconds behind."""
        return mended(rolls, self._window)

    def _window(self, columns: Curves) -> Curves:
        (roll,) = self._session.run(None, {"roll": np.ascontiguousarray(columns.T)[None, None]})
        return np.asarray(roll[0, 0].T, dtype=np.float32)


def mended(rolls: Iterable[Roll], mend: Mend) -> Iterator[Roll]:
    """Each shot through ``mend``, window by window, and back to its own pictures' times."""
    shot: _Shot | None = None
    for roll in rolls:
        if shot is not None and not roll.continues:
            yield from shot.end()
            shot = None
        if len(roll.times_s):
            shot = shot or _Shot(roll, mend)
            yield from shot.take(roll)
    if shot is not None:
        yield from shot.end()


def at_times(wanted_s: Times, times_s: Times, curves: Curves) -> Curves:
    """``(n, 88)`` curves known at rising times, read between them; before and after, the outermost."""
    after = np.clip(np.searchsorted(times_s, wanted_s), 1, max(len(times_s) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(times_s) - 1)
    span_s = np.maximum(times_s[after] - times_s[before], 1e-9)
    share = np.clip((wanted_s - times_s[before]) / span_s, 0.0, 1.0).astype(np.float32)[:, None]
    return np.asarray(curves[before] * (1 - share) + curves[after] * share, dtype=np.float32)


def grid(start_s: float, first: int, end_s: float) -> Times:
    """Times of the columns from number ``first`` on that are not after ``end_s``; number 0 is ``start_s``."""
    last = int(np.floor((end_s - start_s) * RATE_HZ + 1e-6))
    return np.asarray(start_s + np.arange(first, last + 1) / RATE_HZ, dtype=np.float64)


class _Shot:
    """What of a shot is still to be mended, and what of it is still to go out."""

    def __init__(self, first: Roll, mend: Mend) -> None:
        self._mend = mend
        self._start_s = float(first.times_s[0])
        self._seen = first.seen
        self._begun = False
        self._last_s, self._last = first.times_s[:1], first.down[:1]
        self._waiting_s: Times = first.times_s[:0]
        self._columns = first.down[:0]
        self._told: Curves | None = None
        """What the window before said of the first half of the next."""
        self._done = first.down[:0]
        self._done_from, self._next = 0, 0
        """Numbers of the first column in ``_done`` and of the next to be made."""

    def take(self, roll: Roll) -> Iterator[Roll]:
        self._seen = roll.seen
        self._waiting_s = np.concatenate((self._waiting_s, roll.times_s))
        known_s = np.concatenate((self._last_s, roll.times_s))
        known = np.concatenate((self._last, roll.down))
        wanted_s = grid(self._start_s, self._next, known_s[-1])
        self._next += len(wanted_s)
        self._columns = np.concatenate((self._columns, at_times(wanted_s, known_s, known)))
        self._last_s, self._last = known_s[-1:], known[-1:]
        while len(self._columns) >= WINDOW:
            self._finish(self._mend(self._columns[:WINDOW]), HOP)
        yield from self._give(self._done_until_s())

    def end(self) -> Iterator[Roll]:
        left = len(self._columns)
        if self._told is not None and left <= HOP:
            self._done = np.concatenate((self._done, self._told[:left]))
        elif left:
            silence = np.zeros((WINDOW - left, self._columns.shape[1]), dtype=np.float32)
            self._finish(self._mend(np.concatenate((self._columns, silence))), left)
        yield from self._give(np.inf)

    def _finish(self, said: Curves, columns: int) -> None:
        """Take over a window's first columns, averaged with what the one before said of them."""
        if self._told is not None:
            said = np.concatenate(((said[:HOP] + self._told) / 2, said[HOP:]))
        self._done = np.concatenate((self._done, said[:columns]))
        self._told = said[HOP:]
        self._columns = self._columns[HOP:]

    def _done_until_s(self) -> float:
        return self._start_s + (self._done_from + len(self._done) - 1) / RATE_HZ

    def _give(self, until_s: float) -> Iterator[Roll]:
        count = int(np.searchsorted(self._waiting_s, until_s, side="right")) if len(self._done) else 0
        if not count:
            return
        out_s, self._waiting_s = self._waiting_s[:count], self._waiting_s[count:]
        columns_s = self._start_s + (self._done_from + np.arange(len(self._done))) / RATE_HZ
        down = at_times(out_s, columns_s, self._done)
        yield Roll(times_s=out_s, down=down, seen=self._seen, continues=self._begun)
        self._begun = True
        self._done_from += len(self._done) - 1  # the last is needed to read between it and the next
        self._done = self._done[-1:]
