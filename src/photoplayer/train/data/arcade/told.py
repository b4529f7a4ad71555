"""What a drawn game tells of every picture -> the state at every step, as recorded games have it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from photoplayer.scene.looks import ANALYSIS_RATE_HZ
from photoplayer.train.data.pictures import EVERY
from photoplayer.train.data.states import States

_FIGHT_REACH_S = 1.0
_NEUTRAL_LIGHT = 0.5

Floats = npt.NDArray[np.float64]


def states_of(told: Floats) -> States:
    """``told (pictures, 3)``: fighting 0/1, danger, pace. A fight reaches a second to either side."""
    steps = told.reshape(-1, EVERY, 3)
    reach = round(_FIGHT_REACH_S * ANALYSIS_RATE_HZ)
    near = np.convolve(told[:, 0] > 0, np.ones(2 * reach + 1), mode="same") > 0.5
    count = len(steps)
    none = np.zeros(count)
    return States(
        near.reshape(-1, EVERY).max(axis=1).astype(float), steps[:, :, 1].max(axis=1), np.ones(count),
        steps[:, :, 2].mean(axis=1), np.full(count, _NEUTRAL_LIGHT), none, none, none,
    )  # fmt: skip
