"""Features -> the moments when the place becomes another one."""

from __future__ import annotations

import numpy as np

from photoplayer.scene.features import ANALYSIS_RATE_HZ, Features

WINDOW_S = 4.0
GAP_S = 4.0


def changes(features: Features) -> tuple[float, ...]:
    """Change times, seconds: peaks of the distance between the median looks before and after."""
    looks, times = features.appearance, features.times_s
    count, window = len(looks), round(WINDOW_S * ANALYSIS_RATE_HZ)
    score = np.zeros(count)
    for i in range(ANALYSIS_RATE_HZ, count - ANALYSIS_RATE_HZ):
        before = np.median(looks[max(i - window, 0) : i], axis=0)
        after = np.median(looks[i : i + window], axis=0)
        score[i] = np.abs(before - after).sum() / 4
    found: list[float] = []
    for i in np.argsort(-score, kind="stable"):
        if score[i] < 0.22:
            break
        if all(abs(times[i] - t) >= GAP_S for t in found):
            found.append(float(times[i]))
    return tuple(sorted(round(t, 3) for t in found))
