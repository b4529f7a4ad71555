"""Means over stretches of a strip's profiles, between columns too."""

from __future__ import annotations

import numpy as np

from photoplayer.piano.find.bars import Values
from photoplayer.piano.find.unroll import Unrolled


class Area:
    """Means over stretches of profiles ``(..., columns)`` of a strip; NaN where one leaves the picture."""

    def __init__(self, strip: Unrolled, profile: Values) -> None:
        self._per_white = strip.per_white
        self._first = strip.x[0] - 0.5 / strip.per_white
        self._last = strip.x[-1] + 0.5 / strip.per_white
        self._sums = _summed(np.nan_to_num(profile))
        self._gaps = _summed(np.isnan(profile).astype(np.float64))

    def mean(self, left: Values, right: Values) -> Values:
        """Of the stretches from ``left`` to ``right``, any one shape; ``(..., *shape)``."""
        a, b = ((side - self._first) * self._per_white for side in (left, right))
        total = _at(self._sums, b) - _at(self._sums, a)
        whole = (
            (_at(self._gaps, b) - _at(self._gaps, a) < 1e-6) & (left >= self._first) & (right <= self._last)
        )
        return np.where(whole, total / np.maximum(b - a, 1e-9), np.nan)


def _summed(values: Values) -> Values:
    return np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)


def _at(sums: Values, place: Values) -> Values:
    """Sums at places between columns."""
    low = np.clip(np.floor(place).astype(np.intp), 0, sums.shape[-1] - 2)
    part = np.clip(place - low, 0.0, 1.0)
    return np.asarray(sums[..., low] * (1 - part) + sums[..., low + 1] * part, dtype=np.float64)
