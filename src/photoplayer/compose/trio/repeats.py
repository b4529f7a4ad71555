"""Bars that nearly come back come back: a drawn code makes small differences that nobody would write."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from photoplayer.music.trio import STEPS_PER_BAR, Tokens, Trio

MOST_DIFFERENT = 2
"""Steps of sixteen in which a bar may differ from an earlier one of its line that it is taken for."""

_PHRASE_BARS = 4


def with_returns(trio: Trio) -> Trio:
    """The trio where every line repeats the earlier bar that it all but repeats: of equally near ones that
    four bars before, then the earliest."""
    return replace(
        trio, melody=_returned(trio.melody), bass=_returned(trio.bass), drums=_returned(trio.drums)
    )


def _returned(line: Tokens) -> NDArray[np.integer]:
    bars = line.reshape(-1, STEPS_PER_BAR).copy()
    for index in range(1, len(bars)):
        different = (bars[:index] != bars[index]).sum(axis=1)
        nearest = int(different.argmin())
        if index >= _PHRASE_BARS and different[index - _PHRASE_BARS] == different[nearest]:
            nearest = index - _PHRASE_BARS
        if different[nearest] <= MOST_DIFFERENT:
            bars[index] = bars[nearest]
    found: NDArray[np.integer] = bars.reshape(-1)
    return found
