"""What the drums of a piece are like, so that sets of them can be laid over each other.

As :mod:`photoplayer.evaluate.melody` does it for lines: a vector per piece for what is struck where in the
bar, how much, and which earlier bar a bar brings back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photoplayer.evaluate.overlap import relative_overlap

Values = NDArray[np.float64]
Grids = NDArray[np.int64]

LAGS_BARS = (1, 2, 4, 8)
_STEPS_PER_BAR = 16


def drum_statistics(grids: Grids, *, classes: int) -> dict[str, Values]:
    """Of ``(n, bars * 16)`` sets of drums, bit ``i`` being class ``i``, a row per piece in each.

    ``"places"`` ``(n, classes * 16)``: share of bars that strike a class at a place; ``"strokes"`` ``(n, 1)``
    a bar; ``"returns"`` ``(n, 4)``: share of steps, of those where either strikes, that are as 1, 2, 4 and 8
    bars before.
    """
    bars = grids.reshape(len(grids), -1, _STEPS_PER_BAR)
    struck = (bars[..., None] >> np.arange(classes)) & 1  # (n, bars, places, classes)
    return {
        "places": np.asarray(struck.mean(1).reshape(len(grids), -1), np.float64),
        "strokes": np.asarray(struck.sum((2, 3)).mean(1, keepdims=True), np.float64),
        "returns": np.stack([_returned(bars, lag) for lag in LAGS_BARS], 1),
    }


def drum_likeness(made: Grids, real: Grids, *, classes: int) -> dict[str, float]:
    """:func:`~photoplayer.evaluate.overlap.relative_overlap` of every statistic, and their ``"mean"``."""
    ours, theirs = (drum_statistics(grids, classes=classes) for grids in (made, real))
    found = {name: relative_overlap(ours[name], theirs[name]) for name in theirs}
    return {**found, "mean": float(np.mean(list(found.values())))}


def _returned(bars: Grids, lag: int) -> Values:
    after, before = bars[:, lag:], bars[:, :-lag]
    either = (after > 0) | (before > 0)
    same = ((after == before) & either).sum((1, 2))
    return np.asarray(same / np.maximum(either.sum((1, 2)), 1), np.float64)
