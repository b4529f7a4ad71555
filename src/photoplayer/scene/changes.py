"""Features -> the moments when the place becomes another one. Model-free: it only decides.

A flash, a fast turn or an explosion lifts the cut logit a little and for a moment; only where it stands
clearly above what the clip does all the time is it called a change.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from photoplayer.scene.features import Features
from photoplayer.scene.looks import ANALYSIS_RATE_HZ

THRESHOLD = 3.25
"""Logit above which a moment is a change; chosen on the validation levels."""

GAP_S = 2.5
"""Two changes are at least this far apart; of two nearer ones the weaker is a transition's other end."""

EDGE_S = 1.0
"""No change this near the ends: there is nothing yet, or no more, to change from or to."""


def changes(features: Features, *, duration_s: float, threshold: float = THRESHOLD) -> tuple[float, ...]:
    """Change times in seconds, ascending."""
    chosen: list[int] = []
    times = features.times_s
    for index in _strongest_first(features.cut):
        if features.cut[index] < threshold:
            break
        inside = EDGE_S <= times[index] <= duration_s - EDGE_S
        if inside and all(abs(times[index] - times[other]) >= GAP_S for other in chosen):
            chosen.append(int(index))
    # The picture before was sampled one period earlier: the cut lies between the two.
    return tuple(round(float(times[index]) - 0.5 / ANALYSIS_RATE_HZ, 3) for index in sorted(chosen))


def _strongest_first(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    return np.argsort(-logits, kind="stable")
