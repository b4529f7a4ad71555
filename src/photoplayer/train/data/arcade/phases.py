"""When a drawn game means to fight: now and then, all the time, or never."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

from photoplayer.scene.looks import ANALYSIS_RATE_HZ

_PHASE_S = (4.0, 14.0)


def draw_phases(dice: random.Random, count: int, *, peaceful: bool) -> npt.NDArray[np.bool_]:
    """Whether it is meant to be a fight, for each of ``count`` pictures."""
    phases = np.zeros(count, bool)
    if peaceful:
        return phases
    at, fight = 0, dice.random() < 0.5
    while at < count:
        length = round(dice.uniform(*_PHASE_S) * ANALYSIS_RATE_HZ)
        phases[at : at + length] = fight
        at, fight = at + length, not fight
    return phases
