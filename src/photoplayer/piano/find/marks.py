"""What can be measured on an unrolled keyboard: where each mark lies, off the place it should have.

Sideways: black keys and the lines between white ones. Lengthways: black keys' tips, the white keys' edge at
the player and their end at the fallboard. Each mark says how clearly it was seen; hands, glow and glare spoil
some, and the fit that follows leaves out those that do not agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.find.bars import Values
from photoplayer.piano.find.unroll import PX_PER_WHITE, Unrolled
from photoplayer.piano.layout import BLACK_LENGTH, BLACK_WIDTH, key_edges, key_middle

KINDS = ("black", "gap", "tip", "near", "far", "end")
SIDEWAYS = ("black", "gap", "end")

_BLACK_BANDS = ((0.15, 0.35), (0.35, 0.57))
_GAP_BANDS = ((0.68, 0.8), (0.8, 0.93))
_END_BANDS = ((0.1, 0.35), (0.35, 0.6), (0.65, 0.8), (0.8, 0.95))
_GAP_WIDTH = 0.16
Ends = tuple[float | None, float | None]

_CLEAR = 6.0
"""Grey levels of noise that a mark must rise above."""


@dataclass(frozen=True, eq=False)
class Marks:
    """``n`` marks: ``kind`` (index in KINDS), ideal place ``x``, ``y``, measured ``off`` (picture minus
    ideal, in white-key widths sideways, in key lengths lengthways) and ``weight`` 0..1."""

    kind: npt.NDArray[np.intp]
    x: Values
    y: Values
    off: Values
    weight: Values

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
    rows: list[tuple[int, float, float, float, float]] = []
    light = _light(strip)
    for band in _BLACK_BANDS:
        profile = _profile(strip, band)
        for pitch in blacks:
            x = key_middle(pitch)
            off, weight = _bar(strip, profile, x, BLACK_WIDTH, reach, light)
            rows.append((0, x, sum(band) / 2, off, weight))
    for band in _GAP_BANDS:
        profile = _profile(strip, band)
        for x in gaps:
            off, weight = _bar(strip, profile, float(x), _GAP_WIDTH, min(reach, 0.35), light)
            rows.append((1, float(x), sum(band) / 2, off, weight))
    for band in _END_BANDS:
        profile = _profile(strip, band)
        for x, outward in zip(ends, (-1, 1), strict=True):
            if x is not None:
                off, weight = _edge(strip, profile, x, outward, min(reach, 0.25), light)
                rows.append((5, x, sum(band) / 2, off, 0.7 * weight))
    for pitch in blacks:
        left, right = key_edges(pitch)
        off, weight = _step(strip, left + 0.12, right - 0.12, BLACK_LENGTH, along, light, rising=True)
        rows.append((2, (left + right) / 2, BLACK_LENGTH, off, weight))
    for x in gaps[:-1]:
        off, weight = _step(strip, x + 0.15, x + 0.85, 1.0, along, light, rising=False)
        rows.append((3, x + 0.5, 1.0, off, weight))
    for left, right in _necks(blacks):
        off, weight = _step(strip, left + 0.08, right - 0.08, 0.0, along, light, rising=True)
        rows.append((4, (left + right) / 2, 0.0, off, weight))
    kind, x_, y_, off_, weight_ = (np.array(column) for column in zip(*rows, strict=True))
    return Marks(kind.astype(np.intp), x_, y_, off_, weight_)


def _light(strip: Unrolled) -> float:
    """How bright the white keys are."""
    whites = strip.grey[strip.rows(0.3, 0.9)]
    return float(np.nanpercentile(whites, 75)) if np.isfinite(whites).any() else 0.0


def _profile(strip: Unrolled, band: tuple[float, float]) -> Values:
    rows = strip.grey[strip.rows(*band)]
    return np.asarray(rows.mean(axis=0), dtype=np.float64)  # a column cut by the picture's edge is NaN


def _bar(
    strip: Unrolled, profile: Values, x: float, width: float, reach: float, light: float
) -> tuple[float, float]:
    """How far a dark bar's middle lies from ``x``, and how clearly: inside against its two borders."""
    half = width / 2
    border = max(0.12, 0.6 * half)
    shifts = np.arange(-round(reach * PX_PER_WHITE), round(reach * PX_PER_WHITE) + 1)
    kernel = strip.columns(x - half - border - reach, x + half + border + reach)
    if kernel.stop - kernel.start < (2 * (half + border + reach)) * PX_PER_WHITE - 2:
        return 0.0, 0.0
    place, value = strip.x[kernel] - x, profile[kernel]
    if not np.isfinite(value).all():
        return 0.0, 0.0
    sums = np.concatenate([[0.0], np.cumsum(value)]) / PX_PER_WHITE
    edges = np.concatenate([place - 0.5 / PX_PER_WHITE, [place[-1] + 0.5 / PX_PER_WHITE]])
    centre = shifts / PX_PER_WHITE

    def mean(left: Values, right: Values) -> Values:
        return np.asarray(
            (np.interp(right, edges, sums) - np.interp(left, edges, sums)) / (right - left), dtype=np.float64
        )

    inside = mean(centre - half, centre + half)
    outside = np.minimum(
        mean(centre - half - border, centre - half), mean(centre + half, centre + half + border)
    )
    both = (
        mean(centre - half - border, centre - half) + mean(centre + half, centre + half + border)
    ) / 2
    contrast = 0.5 * (outside + both) - inside
    best = int(np.argmax(contrast))
    off = centre[best] + _peak(contrast, best) / PX_PER_WHITE
    return float(off), _clearness(contrast[best], light) * (0 < best < len(centre) - 1)


def _step(
    strip: Unrolled, left: float, right: float, y: float, reach: float, light: float, *, rising: bool
) -> tuple[float, float]:
    """How far along the keys the step from dark to light (rising) or light to dark lies from ``y``."""
    columns = strip.columns(left, right)
    pitch = float(strip.y[1] - strip.y[0])
    span = reach + 0.06
    rows = strip.rows(y - span, y + span)
    patch = strip.grey[rows, columns]
    if patch.shape[1] == 0 or patch.shape[0] < 2 * span / pitch - 2 or not np.isfinite(patch).all():
        return 0.0, 0.0
    profile = np.median(patch, axis=1).astype(np.float64)
    n = max(1, round(0.045 / pitch))
    sums = np.concatenate([[0.0], np.cumsum(profile)])
    at = np.arange(n, len(profile) - n + 1)
    rise = (sums[at + n] - sums[at] - (sums[at] - sums[at - n])) / n
    rise = rise if rising else -rise
    places = strip.y[rows][0] - pitch / 2 + at * pitch - y
    rise = np.where(np.abs(places) <= reach + pitch / 2, rise, -np.inf)
    best = int(np.argmax(rise))
    if not np.isfinite(rise[max(best - 1, 0) : best + 2]).all():
        return 0.0, 0.0
    off = places[best] + _peak(rise, best) * pitch
    return float(off), _clearness(float(rise[best]), light) * (0 < best < len(rise) - 1)


def _edge(
    strip: Unrolled, profile: Values, x: float, outward: int, reach: float, light: float
) -> tuple[float, float]:
    """How far the outermost key's outer edge, light to dark going outward, lies from ``x``."""
    n = round(0.25 * PX_PER_WHITE)
    columns = strip.columns(x - reach - 0.3, x + reach + 0.3)
    value = profile[columns]
    if len(value) < 2 * n + 2 or not np.isfinite(value).all():
        return 0.0, 0.0
    sums = np.concatenate([[0.0], np.cumsum(value)])
    at = np.arange(n, len(value) - n + 1)
    fall = -outward * (sums[at + n] - sums[at] - (sums[at] - sums[at - n])) / n
    places = strip.x[columns][0] - 0.5 / PX_PER_WHITE + at / PX_PER_WHITE - x
    best = int(np.argmax(fall))
    off = places[best] + _peak(fall, best) / PX_PER_WHITE
    return float(off), _clearness(float(fall[best]), light) * (0 < best < len(fall) - 1)


def _peak(values: Values, best: int) -> float:
    """Where between samples a peak lies: a parabola through three."""
    if not 0 < best < len(values) - 1:
        return 0.0
    a, b, c = values[best - 1 : best + 2]
    bend = a - 2 * b + c
    return 0.0 if bend >= -1e-9 else float(np.clip(0.5 * (a - c) / bend, -0.5, 0.5))


def _clearness(contrast: float, light: float) -> float:
    """0..1 by how a contrast stands out from noise; half the white keys' brightness is full."""
    if contrast <= 0 or light <= 0:
        return 0.0
    return float(np.clip((contrast - 0.25 * _CLEAR) / (0.4 * light + _CLEAR), 0.0, 1.0))


def _necks(blacks: list[int]) -> list[tuple[float, float]]:
    """Stretches of white between neighbouring black keys."""
    edges = [key_edges(pitch) for pitch in blacks]
    return [
        (a[1], b[0]) for a, b in zip(edges[:-1], edges[1:], strict=True) if 0.25 < b[0] - a[1] < 2.0
    ]
