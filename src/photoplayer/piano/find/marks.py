"""What can be measured on an unrolled keyboard: where each mark lies, off the place it should have.

Sideways: black keys and the lines between white ones. Lengthways: black keys' tips, the white keys' edge at
the player and their end at the fallboard. Each mark says how clearly it was seen; hands, glow and glare spoil
some, and the fit that follows leaves out those that do not agree.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from photoplayer.piano.find.area import Area
from photoplayer.piano.find.bars import Values
from photoplayer.piano.find.fallboard import far_ends
from photoplayer.piano.find.peaks import Seen, highest, steps
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
_LINES_FROM, _LINE_STEP = 0.72, 0.04
_LEAST_LINE, _LINE_GONE = 0.05, 0.3
"""Lines less clear than the first tell nothing; less clear than this share of the inner ones they have ended
(keyboards rightly found: .67 and more)."""
_END_SAY = 0.35
Ends = tuple[float | None, float | None]


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
    whites = np.stack([gap_x[:-1], gap_x[1:]], axis=1)
    for kind, sides, inset, y, to_player in (
        ("tip", black_edges, 0.12, BLACK_LENGTH, False),
        ("near", whites, 0.15, 1.0, True),
    ):
        across = steps(strip, sides[:, 0] + inset, sides[:, 1] - inset, y, along, light, to_player=to_player)
        found.append(_marks(kind, sides.mean(axis=1), y, across))
    found.append(_marks("far", necks.mean(axis=1), 0.0, far_ends(strip, black_edges, along, light)))
    return Marks(*(np.concatenate([getattr(m, f.name) for m in found]) for f in fields(Marks)))


def lines_end(strip: Unrolled, lowest: int, highest: int) -> float:
    """How far along the keys the lines between white ones run: 1 where they run on to the player's edge, or
    are too weak to tell. Black keys ``lowest``..``highest`` are in the strip.

    A bright rail before the keys looks like more of them, but has no lines.
    """
    light = _light(strip)
    gaps = np.arange(whites_below(lowest), whites_below(highest) + 1, dtype=np.float64)

    def clearness(top: float) -> float:
        _, weight, shown = _bars(
            strip, _profile(strip, (top, top + _LINE_STEP)), gaps, _GAP_WIDTH, 0.25, light
        )
        return float(np.median(weight[shown])) if shown.any() else np.nan

    inner = clearness(_LINES_FROM)
    if not inner >= _LEAST_LINE:
        return 1.0
    tops = np.arange(_LINES_FROM + _LINE_STEP, 1 - 1.5 * _LINE_STEP, _LINE_STEP)
    there = np.array([not clearness(float(top)) < _LINE_GONE * inner for top in tops])
    if there[-1]:
        return 1.0
    return float(tops[int(np.flatnonzero(there).max(initial=-1)) + 1])


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
    return highest(contrast, shifts, light)


def _edge(strip: Unrolled, profile: Values, x: float, outward: int, reach: float, light: float) -> Seen:
    """How far the outermost key's outer edge, light to dark going outward, lies from ``x``."""
    steps = round(reach * strip.per_white)
    shifts = np.arange(-steps, steps + 1) / strip.per_white
    area = Area(strip, profile)
    left, right = area.mean(x + shifts - 0.15, x + shifts), area.mean(x + shifts, x + shifts + 0.15)
    off, weight, known = highest(((left - right) * outward)[None], shifts, light)
    return off, _END_SAY * weight, known
