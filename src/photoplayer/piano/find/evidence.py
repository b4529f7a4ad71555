"""Is it a keyboard? Each key asked by itself, on the unrolled strip.

Bars that keep the pattern may be chance. A keyboard shows more: light on both sides of every black key, no
bar where no black key is, and in front of them white keys as light as between them. The share of keys that
say so is the confidence; hands take their share away, so not all are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from photoplayer.piano.find.area import Area
from photoplayer.piano.find.bars import Values
from photoplayer.piano.find.marks import bare as is_bare
from photoplayer.piano.find.refine import Fit
from photoplayer.piano.find.unroll import Unrolled
from photoplayer.piano.layout import BLACK_LENGTH, BLACK_WIDTH, is_black, key_middle, whites_below

_DARKER = 0.2
"""Of the white keys' light: a black key is at least so much darker than both its sides."""
_WEAKER = 0.45
"""Of the usual black key's darkness."""
_ROWS = (0.25, 0.56)
_BANDS = ((0.2, 0.36), (0.36, 0.56))
_SHIFTS = np.array([-0.2, -0.1, 0.0, 0.1, 0.2])
"""A black key is looked for so far aside, in white-key widths: it stands above the plane."""
_NEAR_ROWS = (0.72, 0.93)
_FRONT = (0.6, 3.2)
_PAST_ROWS = (1.05, 1.2)
_ODD = (3.0, 5.0)
_AGREES = 0.15
"""White-key widths a mark may lie off and still agree."""


@dataclass(frozen=True)
class Evidence:
    """Shares 0..1 of the black keys seen, of the places between that are rightly bare, of white keys light
    in front, of black keys' sides and of edges across the keys (tips, near, far: the two best of them) that
    lie where the fit has them; the number of black keys seen. ``lines``: share of lines between white keys
    seen in front of the black ones, which weak light hides but no fallboard has. ``outshone``: how bright it
    is past the player's edge, by the white keys' light; much, where the keys are an image in lacquer with the
    keyboard itself in front of it. ``odd``: by how many standard deviations the keys are longer or shorter
    by their width than pianos' are."""

    blacks: float
    bare: float
    whites: float
    sides: float
    edges: float
    count: int
    lines: float
    outshone: float
    odd: float = 0.0

    @property
    def confidence(self) -> float:
        """0..1: each share must be good; few black keys never make it sure."""
        plain = _ramp(min(self.edges, self.whites), 0.75, 0.9) * (1 - _ramp(self.outshone, 1.3, 1.6))
        many = _ramp(min(self.blacks, self.bare, self.edges), 0.8, 0.93) * _ramp(self.count, 8, 14)
        shares = (
            _ramp(self.blacks, 0.5, 0.85),
            _ramp(self.bare, 0.6, 0.9),
            _ramp(self.whites, 0.4, 0.75),
            # Of small keys the sides are blurred; a whole row of them without a fault is no chance.
            max(_ramp(self.sides, 0.35, 0.6), many),
            _ramp(self.edges, 0.45, 0.7),
            _ramp(self.count, 4, 9),
            # Weak light hides the lines; where all else is plain they may be missing.
            max(_ramp(self.lines, 0.0, 0.6), plain),
        )
        return float(np.prod(shares)) * (1 - _ramp(self.odd, *_ODD))


def evidence(fit: Fit, lowest: int, highest: int) -> Evidence:
    """What speaks for the black keys ``lowest``..``highest`` of a fit."""
    light = brightness(fit.strip)
    aside = black_aside(fit)
    black_x = np.array([key_middle(p) for p in range(lowest, highest + 1) if is_black(p)])
    white_x = np.arange(whites_below(lowest), whites_below(highest) + 1, dtype=np.float64)
    bare_x = np.array([x for x in white_x if is_bare(int(x))])
    blacks = stand_out(fit.strip, black_x + aside(black_x), light)
    bare = stand_out(fit.strip, bare_x + aside(bare_x), light)
    front = Area(fit.strip, fit.strip.grey[fit.strip.rows(*_NEAR_ROWS)].mean(axis=0))
    # And before black keys too: seen from the wrong side, they themselves lie there.
    whites = [
        _share(_as_light(part[np.isfinite(part)] / max(light, 1.0)))
        for part in (front.mean(white_x + 0.15, white_x + 0.85), front.mean(black_x - 0.25, black_x + 0.25))
    ]
    agrees = (fit.marks.weight > 0.1) & (np.abs(fit.left_over) < _AGREES)
    sides, *edges = (
        _share(agrees[fit.marks.of(kind) & fit.marks.shown]) for kind in ("black", "tip", "near", "far")
    )
    return Evidence(
        _share(blacks[np.isfinite(blacks)] > _DARKER),
        _share(bare[np.isfinite(bare)] < _bare_limit(blacks)),
        min(whites),
        sides,
        float(np.mean(sorted(edges)[1:])),
        int((blacks > _DARKER).sum()),
        _share(agrees[fit.marks.of("gap") & fit.marks.shown & (fit.marks.y > BLACK_LENGTH)]),
        _bright(fit.strip, _PAST_ROWS) / max(light, 1.0),
        fit.odd,
    )


def _bare_limit(blacks: Values) -> float:
    """How much darker than its sides a place without a black key may be: in a small sharp picture the line
    between two white keys is a dark bar itself, but a weaker one than black keys."""
    seen = blacks[np.isfinite(blacks)]
    return max(_DARKER, _WEAKER * float(np.median(seen))) if len(seen) else _DARKER


def _as_light(front: Values) -> npt.NDArray[np.bool_]:
    """Which white keys are in front as light as between black ones, or lighter: there shade lies on them."""
    return (front > _FRONT[0]) & (front < _FRONT[1])


def brightness(strip: Unrolled) -> float:
    """How bright the white is between the black keys."""
    return _bright(strip, _ROWS)


def _bright(strip: Unrolled, band: tuple[float, float]) -> float:
    rows = strip.grey[strip.rows(*band)]
    return float(np.nanpercentile(rows, 80)) if np.isfinite(rows).any() else 0.0


def stand_out(strip: Unrolled, x: Values, light: float) -> Values:
    """How much darker a black key's width at each ``x`` is than the ground on *both* sides, as a share of
    the white keys' light; NaN where the picture does not show it."""
    half, side = BLACK_WIDTH / 2, 0.3
    shares = []
    for band in _BANDS:
        profile = strip.grey[strip.rows(*band)].mean(axis=0)
        area = Area(strip, profile)
        place = x[:, None] + _SHIFTS
        inside = area.mean(place - 0.6 * half, place + 0.6 * half)
        brightest = ndimage.maximum_filter1d(profile, round(side * strip.per_white))
        column = (place - strip.x[0]) * strip.per_white
        away = (half + side / 2) * strip.per_white
        left, right = (
            brightest[np.clip(np.round(column + offset).astype(np.intp), 0, len(profile) - 1)]
            for offset in (-away, away)
        )
        shares.append((np.minimum(left, right) - inside).max(axis=1) / max(light, 1.0))
    return np.asarray(np.mean(shares, axis=0), dtype=np.float64)


def black_aside(fit: Fit) -> np.poly1d:
    """How far black keys stand beside their place in the white keys' plane, along the row."""
    marks = fit.marks.of("black") & (fit.marks.weight > 0.1) & (np.abs(fit.left_over) < _AGREES)
    if marks.sum() < 4:
        return np.poly1d([0.0])
    return np.poly1d(np.polyfit(fit.marks.x[marks], fit.marks.off[marks], 1))


def _share(answers: npt.NDArray[np.bool_]) -> float:
    return float(answers.mean()) if len(answers) else 0.0


def _ramp(value: float, zero: float, one: float) -> float:
    return float(np.clip((value - zero) / (one - zero), 0.0, 1.0))
