"""What is seen of every step beside what is around it, for trees, which see one row at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

VIEWS = 5
"""Of each number: now, means of 2 and of 8 s, peak of 4 s, and how now lies to the mean of a minute."""

_SHORT, _MIDDLE, _LONG, _USUAL = 3, 6, 12, 90
"""Steps to either side."""

Rows = npt.NDArray[np.float32]


def surroundings(seen: npt.NDArray[np.floating]) -> Rows:
    """Numbers ``(steps, n)`` -> rows ``(steps, 5 n)``; before the start and after the end the ends are held,
    for the minute only what is there counts."""
    now = seen.astype(np.float64)
    parts = [now, _mean(now, _SHORT), _mean(now, _LONG), _peak(now, _MIDDLE), now - _usual(now)]
    return np.concatenate(parts, axis=1).astype(np.float32)


def _mean(rows: npt.NDArray[np.float64], reach: int) -> npt.NDArray[np.float64]:
    padded = np.pad(rows, ((reach + 1, reach), (0, 0)), mode="edge").cumsum(axis=0)
    return np.asarray((padded[2 * reach + 1 :] - padded[: -2 * reach - 1]) / (2 * reach + 1))


def _peak(rows: npt.NDArray[np.float64], reach: int) -> npt.NDArray[np.float64]:
    padded = np.pad(rows, ((reach, reach), (0, 0)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0).max(axis=2))


def _usual(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    sums = np.concatenate([np.zeros((1, rows.shape[1])), rows.cumsum(axis=0)])
    steps = np.arange(len(rows))
    first, end = np.maximum(steps - _USUAL, 0), np.minimum(steps + _USUAL + 1, len(rows))
    return np.asarray((sums[end] - sums[first]) / (end - first)[:, None])
