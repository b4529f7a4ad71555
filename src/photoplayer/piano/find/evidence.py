"""Is it a keyboard? Each key asked by itself, on the unrolled strip.

Bars that keep the pattern may be chance. A keyboard shows more: light on both sides of every black key, no
bar where no black key is, and in front of them white keys as light as between them. The share of keys that
say so is the confidence; hands take their share away, so not all are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from photoplayer.piano.find.bars import Values
from photoplayer.piano.find.refine import Fit
from photoplayer.piano.find.unroll import PX_PER_WHITE, Unrolled
from photoplayer.piano.layout import BLACK_WIDTH, is_black, key_middle, whites_below

_DARKER = 0.2
"""Of the white keys' light: a black key is at least so much darker than both its sides."""
_ROWS = (0.25, 0.56)
_BANDS = ((0.2, 0.36), (0.36, 0.56))
_SEEK = 0.2
_SHIFTS = (-0.2, -0.1, 0.0, 0.1, 0.2)
"""A black key is looked for so far aside, in white-key widths: it stands above the plane."""
_NEAR_ROWS = (0.72, 0.93)
_AGREES = 0.12
"""White-key widths a mark may lie off and still agree."""


@dataclass(frozen=True)
class Evidence:
    """Shares 0..1 of the black keys seen, of the places between that are rightly bare, of white keys light
    in front, and of marks that agree with the fit; the number of black keys seen."""

    blacks: float
    bare: float
    whites: float
    agreed: float
    count: int

    @property
    def confidence(self) -> float:
        """0..1: the weakest shares weigh most; few black keys never make it sure."""
        shares = (
            _ramp(self.blacks, 0.4, 0.85),
            _ramp(self.bare, 0.5, 0.9),
            _ramp(self.whites, 0.3, 0.7),
            _ramp(self.agreed, 0.4, 0.85),
            _ramp(self.count, 3, 9),
        )
        return float(np.prod(shares) ** (1 / 2) if min(shares) > 0 else 0.0)


def evidence(fit: Fit, lowest: int, highest: int) -> Evidence:
    """What speaks for the black keys ``lowest``..``highest`` of a fit."""
    light = brightness(fit.strip)
    aside = black_aside(fit)
    blacks = [p for p in range(lowest, highest + 1) if is_black(p)]
    known = [s for s in (stands_out(fit.strip, key_middle(p) + aside(key_middle(p)), light) for p in blacks)]
    asked = [s for s in known if s is not None]
    bare_at = [x for x in range(whites_below(lowest), whites_below(highest) + 1) if not _black_at(x)]
    bare = [s for s in (stands_out(fit.strip, x + aside(float(x)), light) for x in bare_at) if s is not None]
    whites = [
        near / light
        for x in range(whites_below(lowest), whites_below(highest))
        if np.isfinite(near := _mean(fit.strip, _NEAR_ROWS, x + 0.15, x + 0.85)) and light > 0
    ]
    marks = fit.marks.of("black") & (fit.marks.weight > 0.1)
    agreed = np.abs(fit.left_over[marks]) < _AGREES
    return Evidence(
        _share([s > _DARKER for s in asked]),
        _share([s < _DARKER for s in bare]),
        _share([0.6 < share < 1.6 for share in whites]),
        _share(list(agreed)),
        sum(s > _DARKER for s in asked),
    )


def brightness(strip: Unrolled) -> float:
    """How bright the white is between the black keys."""
    rows = strip.grey[strip.rows(*_ROWS)]
    return float(np.nanpercentile(rows, 80)) if np.isfinite(rows).any() else 0.0


def stands_out(strip: Unrolled, x: float, light: float) -> float | None:
    """How much darker a black key's width at ``x`` is than the ground on *both* sides, as a share of the
    white keys' light; None where the picture does not show it."""
    half = BLACK_WIDTH / 2
    columns = strip.columns(x - half - 0.3 - _SEEK, x + half + 0.3 + _SEEK)
    place = strip.x[columns] - x
    shares = []
    for band in _BANDS:
        value = strip.grey[strip.rows(*band), columns].mean(axis=0)
        if len(value) < 2 * (half + _SEEK) * PX_PER_WHITE or not np.isfinite(value).all() or light <= 0:
            return None
        shares.append(max(_contrast(value, place - shift, half) for shift in _SHIFTS))
    return float(np.mean(shares)) / light


def _contrast(value: Values, place: Values, half: float) -> float:
    inside = value[np.abs(place) < 0.6 * half].mean()
    left = value[(place < -half) & (place > -half - 0.3)].max()
    right = value[(place > half) & (place < half + 0.3)].max()
    return float(min(left, right) - inside)


def black_aside(fit: Fit) -> np.poly1d:
    """How far black keys stand beside their place in the white keys' plane, along the row."""
    marks = fit.marks.of("black") & (fit.marks.weight > 0.1) & (np.abs(fit.left_over) < _AGREES)
    if marks.sum() < 4:
        return np.poly1d([0.0])
    return np.poly1d(np.polyfit(fit.marks.x[marks], fit.marks.off[marks], 1))


def _mean(strip: Unrolled, band: tuple[float, float], left: float, right: float) -> float:
    patch = strip.grey[strip.rows(*band), strip.columns(left, right)]
    return float(patch.mean()) if patch.size else float("nan")


def _black_at(x: int) -> bool:
    """Whether a black key stands between the white keys ``x - 1`` and ``x``."""
    return x % 7 not in _BARE


_BARE = {whites_below(pitch) % 7 for pitch in (60, 65)}  # left of C and of F


def _share(answers: list[np.bool_] | list[bool]) -> float:
    return float(np.mean(answers)) if answers else 0.0


def _ramp(value: float, zero: float, one: float) -> float:
    return float(np.clip((value - zero) / (one - zero), 0.0, 1.0))


