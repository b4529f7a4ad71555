"""Where a score along a search is highest, and how clearly; and the steps of brightness along the keys."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from photoplayer.piano.find.area import Area
from photoplayer.piano.find.bars import Values
from photoplayer.piano.find.unroll import Unrolled

Seen = tuple[Values, Values, npt.NDArray[np.bool_]]
"""How far off, weight, and whether in the picture."""

_CLEAR = 6.0
"""Grey levels of noise that a mark must rise above."""
_STEP = 0.045
"""Key lengths before and after a step that are compared."""


def highest(score: Values, places: Values, light: float) -> Seen:
    """Of each row's scores the highest: where it lies between samples, and its clearness. At a border of the
    search, or where the picture was left, nothing is seen."""
    known: npt.NDArray[np.bool_] = np.asarray(np.isfinite(score).all(axis=1))
    score = np.where(known[:, None], score, 0.0)
    best = np.clip(score.argmax(axis=1), 1, score.shape[1] - 2)
    rows = np.arange(len(score))
    before, peak, after = score[rows, best - 1], score[rows, best], score[rows, best + 1]
    inner = known & (peak >= before) & (peak >= after)
    bend = before - 2 * peak + after
    between = np.where(bend < -1e-9, 0.5 * (before - after) / np.minimum(bend, -1e-9), 0.0)
    off = places[best] + np.clip(between, -0.5, 0.5) * (places[1] - places[0])
    return np.where(inner, off, 0.0), np.where(inner, _clearness(peak, light), 0.0), known


def steps(
    strip: Unrolled,
    left: Values,
    right: Values,
    y: float,
    reach: float,
    light: float,
    *,
    to_player: bool,
) -> Seen:
    """How far along the keys a step lies from ``y`` between ``left`` and ``right``: the near end of a white
    key, light to dark ``to_player``, or else a black key's tip, dark to light."""
    n, margin = window(strip, reach)
    rows = strip.rows(y - margin - 0.1 * to_player, y + margin)
    columns = Area(strip, strip.grey[rows].astype(np.float64))
    profile = np.where(right - left > 0.1, columns.mean(left, right), np.nan)  # (rows, keys)
    whole = shown(profile)
    places, rise = rises(whole, strip.y[rows], n)
    if to_player:
        rise = -rise * white_so_far(whole)[: len(rise)]
    searched = np.abs(places - y) <= reach + strip.row
    return within(highest(rise[searched].T, places[searched] - y, light), profile, strip.y[rows] - y, 1)


def shown(profile: Values) -> Values:
    """Profiles ``(rows, keys)`` with their first row inside the picture and what is left of it further on
    made longer by its last row: an end seen close to the picture's edge is seen."""
    rows = np.maximum.accumulate(np.where(np.isfinite(profile), np.arange(len(profile))[:, None], 0), axis=0)
    return np.asarray(np.take_along_axis(profile, rows, axis=0))


def within(seen: Seen, profile: Values, places: Values, outward: int) -> Seen:
    """Without what was seen outside the picture, where ``profile`` ``(rows, keys)`` at ``places`` is NaN."""
    off, weight, known = seen
    last = np.where(np.isfinite(profile), outward * places[:, None], -np.inf).max(axis=0)
    inside = outward * off < last - abs(places[1] - places[0])
    return off, np.where(inside, weight, 0.0), known & inside


def window(strip: Unrolled, reach: float) -> tuple[int, float]:
    """Rows before and after a step that are compared, and how far around a place the strip is needed."""
    n = max(1, round(_STEP / strip.row))
    return n, reach + (n + 1) * strip.row


def rises(profile: Values, y: Values, n: int) -> tuple[Values, Values]:
    """``(places,)`` between rows of ``profile`` ``(rows, keys)`` at ``y``, and there by how much ``n`` rows
    after are brighter than ``n`` before."""
    sums = np.concatenate([np.zeros((1, profile.shape[1])), np.cumsum(profile, axis=0)])
    at = np.arange(n, len(profile) - n + 1)
    pitch = float(y[1] - y[0])
    return y[0] - pitch / 2 + at * pitch, (sums[at + n] - 2 * sums[at] + sums[at - n]) / n


def white_so_far(profile: Values) -> Values:
    """0..1 for each row: whether all is light from the first rows, a key's inner part, up to here. What comes
    after a dark rim, a bright body's edge perhaps, is not the key's end."""
    white = np.maximum(profile[:3].mean(axis=0), 1.0)
    darkest = np.minimum.accumulate(profile, axis=0)
    return np.asarray(np.clip(darkest / white, 0.0, 1.0) ** 2, dtype=np.float64)


def _clearness(contrast: Values, light: float) -> Values:
    """0..1 by how a contrast stands out from noise; half the white keys' brightness is full."""
    if light <= 0:
        return np.zeros_like(contrast)
    return np.clip((contrast - 0.25 * _CLEAR) / (0.4 * light + _CLEAR), 0.0, 1.0)
