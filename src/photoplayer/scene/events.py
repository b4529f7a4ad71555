"""Features -> sudden strong moments, for stingers: flashes, explosions, impacts."""

from __future__ import annotations

import numpy as np

from photoplayer.scene.features import Features
from photoplayer.scene.timeline import Event

GAP_S = 4.0
"""At most one impact in this time."""

NEAR_CHANGE_S = 1.0
"""A flash at a change of place is the change."""

LEAST_SHARE = 0.25
"""Share of the picture that must become much brighter at once."""

TIMES_USUAL = 4.0
"""How far the flash must stand above the seconds around it (the 90th percentile of the clip)."""


def impacts(features: Features, changes_s: tuple[float, ...]) -> tuple[Event, ...]:
    """Impacts in order of time; ``strength`` 0..1 is the share of the picture that lit up."""
    flash, times = features.scalar("flash"), features.times_s
    if not len(flash):
        return ()
    least = max(LEAST_SHARE, TIMES_USUAL * float(np.quantile(flash, 0.9)))
    chosen: list[Event] = []
    for index in np.argsort(-flash, kind="stable"):
        if flash[index] < least:
            break
        moment = float(times[index])
        if any(abs(moment - change) < NEAR_CHANGE_S for change in changes_s):
            continue
        if all(abs(moment - event.time_s) >= GAP_S for event in chosen):
            chosen.append(Event(round(moment, 3), "impact", round(min(float(flash[index]), 1.0), 3)))
    return tuple(sorted(chosen))
