"""A whole roll as one small picture, which takes no more memory for an hour than for a minute."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.roll import Roll

MOST_COLUMNS = 1500
"""About the pixels a report has for it."""
_COLUMNS_PER_S = 30.0


class Overview:
    """Fills while rolls pass by, from ``start_s`` to ``end_s`` of the video.

    ``down`` ``(columns, 88)`` float32 holds the highest probability of each key in a column's time.
    """

    def __init__(self, start_s: float, end_s: float) -> None:
        self.start_s, self.end_s = start_s, max(end_s, start_s + 1e-3)
        length_s = self.end_s - self.start_s
        columns = min(max(math.ceil(length_s * _COLUMNS_PER_S), 1), MOST_COLUMNS)
        self._per_s = columns / length_s
        self.down = np.zeros((columns, KEY_COUNT), dtype=np.float32)
        self._last = 0

    def add(self, roll: Roll) -> None:
        """Take in the next stretch."""
        if not len(roll.times_s):
            return
        columns = self.columns(roll.times_s)
        np.maximum.at(self.down, columns, roll.down)
        # Columns between two pictures show what the one before shows.
        last = int(columns[-1])
        known = np.append(self._last, columns) if roll.continues else columns
        filled = np.arange(known[0], last + 1)
        self.down[filled] = self.down[known[np.searchsorted(known, filled, side="right") - 1]]
        self._last = last

    def columns(self, times_s: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
        """The column each time falls in."""
        at = np.floor((np.asarray(times_s) - self.start_s) * self._per_s + 1e-9)
        return np.clip(at, 0, len(self.down) - 1).astype(np.intp)
