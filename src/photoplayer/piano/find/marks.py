"""What can be measured on an unrolled keyboard: where each mark lies, off the place it should have.

Sideways: black keys and the lines between white ones. Lengthways: black keys' tips, the white keys' edge at
the player and their end at the fallboard. Each mark says how clearly it was seen; hands, glow and glare spoil
some, and the fit that follows leaves out those that do not agree.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from photoplayer.piano.find.bars import Values
from photoplayer.piano.find.unroll import Unrolled
from photoplayer.piano.layout import (
    BLACK_LENGTH,
    BLACK_WIDTH,
    WHITES_PER_OCTAVE,
    key_edges,
    key_middle,
    whites_below,
)

KINDS = ("black", "gap", "tip", "near", "far", "end")
SIDEWAYS = ("black", "gap", "end")

_BLACK_BANDS = ((0.15, 0.35), (0.35, 0.57))
_GAP_BANDS = ((0.68, 0.8), (0.8, 0.93))
_LONG_BANDS = ((0.06, 0.24), (0.24, 0.42), (0.42, 0.6))
"""Between E and F, and B and C, no black key stands and the line runs the white keys' whole length."""
_END_BANDS = ((0.1, 0.35), (0.35, 0.6), (0.65, 0.8), (0.8, 0.95))
_GAP_WIDTH = 0.16
_END_SAY = 0.7
Ends = tuple[float | None, float | None]
Seen = tuple[Values, Values, npt.NDArray[np.bool_]]
"""How far off, weight, and whether in the picture."""

_CLEAR = 6.0
"""Grey levels of noise that a mark must rise above."""


@dataclass(frozen=True, eq=False)
class Marks:
    """``n`` marks: ``kind`` (index in KINDS), ideal place ``x``, ``y``, measured ``off`` (picture minus
    ideal, in white-key widths sideways, in key lengths lengthways), ``weight`` 0..1, and whether its place is
    ``shown``, in the picture."""

    kind: npt.NDArray[np.intp]
    x: Values
    y: Values
    off: Values
    weight: Values
    shown: npt.NDArray[np.bool_]

    def of(self, *kinds: str) -> npt.NDArray[np.bool_]:
        """Which marks are of these kinds."""
        return np.isin(self.kind, [KINDS.index(kind) for kind in kinds])


def measured(
    strip: Unrolled, *, blacks: list[int], gaps: list[int], ends: Ends, reach: float, along: float
) -> Marks:
    """Marks of the black pitches ``blacks``, the lines at white-key edges ``gaps`` (whole numbers), and the
    instrument's ``ends`` (left and right edge of its keys, None where not in the picture).

    How far off they may lie: sideways ``reach``, in white-key widths; lengthways ``along``, in key lengths.
    """
    light = _light(strip)
    black_x = np.array([key_middle(pitch) for pitch in blacks])
    black_edges = np.array([key_edges(pitch) for pitch in blacks])
    gap_x = np.array(gaps, dtype=np.float64)
    necks = np.stack([black_edges[:-1, 1], black_edges[1:, 0]], axis=1)
    found: list[Marks] = []
    for band in _BLACK_BANDS:
        seen = _bars(strip, _profile(strip, band), black_x, BLACK_WIDTH, reach, light)
        found.append(_marks("black", black_x, sum(band) / 2, seen))
    for band in _GAP_BANDS:
        seen = _bars(strip, _profile(strip, band), gap_x, _GAP_WIDTH, min(reach, 0.35), light)
        found.append(_marks("gap", gap_x, sum(band) / 2, seen))
    bare_x = gap_x[[bare(x) for x in gaps]]
    for band in _LONG_BANDS:
        seen = _bars(strip, _profile(strip, band), bare_x, _GAP_WIDTH, min(reach, 0.25), light)
        found.append(_marks("gap", bare_x, sum(band) / 2, seen))
    for band in _END_BANDS:
        for x, outward in zip(ends, (-1, 1), strict=True):
            if x is not None:
                edge = _edge(strip, _profile(strip, band), x, outward, min(1.5 * reach, 0.45), light)
                found.append(_marks("end", np.array([x]), sum(band) / 2, edge))
    for kind, sides, inset, y, outward in (
        ("tip", black_edges, 0.12, BLACK_LENGTH, 0),
        ("near", np.stack([gap_x[:-1], gap_x[1:]], axis=1), 0.15, 1.0, 1),
        ("far", necks, 0.08, 0.0, -1),
    ):
        steps = _steps(strip, sides[:, 0] + inset, sides[:, 1] - inset, y, along, light, outward)
        found.append(_marks(kind, sides.mean(axis=1), y, steps))
    return Marks(*(np.concatenate([getattr(m, f.name) for m in found]) for f in fields(Marks)))


def bare(x: int) -> bool:
    """Whether no black key stands between the white keys ``x - 1`` and ``x``."""
    return x % WHITES_PER_OCTAVE in _BARE


_BARE = {whites_below(pitch) % WHITES_PER_OCTAVE for pitch in (60, 65)}
"""Left of C and of F."""


def _marks(kind: str, x: Values, y: float, seen: Seen) -> Marks:
    return Marks(np.full(len(x), KINDS.index(kind)), x, np.full(len(x), y), *seen)


def _light(strip: Unrolled) -> float:
    """How bright the white keys are."""
    whites = strip.grey[strip.rows(0.3, 0.9)]
    return float(np.nanpercentile(whites, 75)) if np.isfinite(whites).any() else 0.0


def _profile(strip: Unrolled, band: tuple[float, float]) -> Values:
    rows = strip.grey[strip.rows(*band)]
    return np.asarray(rows.mean(axis=0), dtype=np.float64)  # a column cut by the picture's edge is NaN


def _bars(strip: Unrolled, profile: Values, x: Values, width: float, reach: float, light: float) -> Seen:
    """How far dark bars' middles lie from ``x``, and how clearly: inside against their two borders."""
    half = width / 2
    border = max(0.12, 0.6 * half)
    steps = round(reach * strip.per_white)
    shifts = np.arange(-steps, steps + 1) / strip.per_white
    area = Area(strip, profile)
    centre = x[:, None] + shifts
    inside = area.mean(centre - half, centre + half)
    left = area.mean(centre - half - border, centre - half)
    right = area.mean(centre + half, centre + half + border)
    # Both sides count, the darker one more: a step alone is no bar.
    contrast = 0.75 * np.minimum(left, right) + 0.25 * np.maximum(left, right) - inside
    return _best(contrast, shifts, light)


def _steps(
    strip: Unrolled, left: Values, right: Values, y: float, reach: float, light: float, outward: int
) -> Seen:
    """How far along the keys a step lies from ``y``: the end of a white key, light to dark going ``outward``
    (1 to the player, -1 to the fallboard), or with 0 a black key's tip, dark to light."""
    pitch = float(strip.y[1] - strip.y[0])
    n = max(1, round(0.045 / pitch))
    margin = reach + (n + 1) * pitch
    inner = 0.1 if outward else 0.0
    rows = strip.rows(y - margin - inner * (outward > 0), y + margin + inner * (outward < 0))
    columns = Area(strip, strip.grey[rows].astype(np.float64))
    profile = np.where(right - left > 0.1, columns.mean(left, right), np.nan)  # (rows, keys)
    sums = np.concatenate([np.zeros((1, len(left))), np.cumsum(profile, axis=0)])
    at = np.arange(n, len(profile) - n + 1)
    rise = (sums[at + n] - 2 * sums[at] + sums[at - n]) / n
    places = strip.y[rows][0] - pitch / 2 + at * pitch - y
    if outward:
        rise = -outward * rise * _white_so_far(profile, outward)[at - n if outward > 0 else at + n - 1]
    searched = np.abs(places) <= reach + pitch
    return _best(rise[searched].T, places[searched], light)


def _white_so_far(profile: Values, outward: int) -> Values:
    """0..1 for each row: whether all is light from the key's inner part up to here. What comes after a dark
    rim, a bright body's edge perhaps, is not the key's end."""
    outwards = profile[::outward]
    white = np.maximum(outwards[:3].mean(axis=0), 1.0)
    darkest = np.minimum.accumulate(outwards, axis=0)[::outward]
    return np.asarray(np.clip(darkest / white, 0.0, 1.0) ** 2, dtype=np.float64)


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


def _best(score: Values, places: Values, light: float) -> Seen:
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


def _edge(strip: Unrolled, profile: Values, x: float, outward: int, reach: float, light: float) -> Seen:
    """How far the outermost key's outer edge, light to dark going outward, lies from ``x``."""
    steps = round(reach * strip.per_white)
    shifts = np.arange(-steps, steps + 1) / strip.per_white
    area = Area(strip, profile)
    left, right = area.mean(x + shifts - 0.25, x + shifts), area.mean(x + shifts, x + shifts + 0.25)
    off, weight, known = _best(((left - right) * outward)[None], shifts, light)
    return off, _END_SAY * weight, known


def _clearness(contrast: Values, light: float) -> Values:
    """0..1 by how a contrast stands out from noise; half the white keys' brightness is full."""
    if light <= 0:
        return np.zeros_like(contrast)
    return np.clip((contrast - 0.25 * _CLEAR) / (0.4 * light + _CLEAR), 0.0, 1.0)
