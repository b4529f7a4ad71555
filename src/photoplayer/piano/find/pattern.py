"""Which bar of a row is which black key: the twos and threes, seen in perspective.

The pattern is its own mirror image about every D (and G sharp), so a row read from the wrong end matches as
well; :func:`flipped` turns one reading into the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.find.bars import Values
from photoplayer.piano.find.rows import Row
from photoplayer.piano.layout import is_black, key_middle

MIDDLE_D = 62
_BLACKS = np.array([p for p in range(-120, 240) if is_black(p)])
_AT = np.array([key_middle(int(p)) for p in _BLACKS])
_START = int(np.searchsorted(_BLACKS, 61))
_CLASSES = 5
_PAIRS = 16
_CATCH = 0.3
"""How far from its foretold place a bar may lie, in white-key widths, to be taken for a key."""
_SURE = 0.2


@dataclass(frozen=True, eq=False)
class Match:
    """``pitches`` ``(n,)`` of a row's bars, octave arbitrary; which of them ``are`` keys; ``score`` is bars
    matched less what is missing or too much between the outermost."""

    pitches: npt.NDArray[np.intp]
    are: npt.NDArray[np.bool_]
    score: float


def best_match(row: Row) -> Match | None:
    """The reading of a row that explains most of its bars, low keys left; None if fewer than five."""
    along = row.along
    starts = np.unique(np.linspace(0, len(along) - 2, _PAIRS).round().astype(int))
    best: Match | None = None
    for start in starts:
        for first in range(_START, _START + _CLASSES):
            width = (along[start + 1] - along[start]) / (_AT[first + 1] - _AT[first])
            if width <= 1e-6:
                continue
            match = _settled(along, _followed(along, int(start), first, width))
            if match is not None and (best is None or match.score > best.score):
                best = match
                if best.score >= len(along):  # every bar explained: nothing can be better
                    return best
    return best


def flipped(pitch: int) -> int:
    """The key at the same place of the pattern read from the other end."""
    return 2 * MIDDLE_D - pitch


def _followed(along: Values, start: int, first: int, width: float) -> npt.NDArray[np.intp]:
    """Indices of black keys (0: none), following the pattern both ways from one pair of neighbours."""
    found = np.zeros(len(along), dtype=np.intp)
    found[start], found[start + 1] = first, first + 1
    for step, begin, key in ((1, start + 1, first + 1), (-1, start, first)):
        at, local, bar = along[begin], width, begin
        last = along[-1] if step > 0 else along[0]
        while 0 < key + step < len(_AT) - 1:
            gap = abs(_AT[key + step] - _AT[key])
            foretold = at + step * gap * local
            if (foretold - last) * step > 0.5 * local:
                break
            nearest = _nearest(along, foretold)
            key += step
            if abs(along[nearest] - foretold) < _CATCH * local and (nearest - bar) * step > 0:
                local += 0.35 * (abs(along[nearest] - at) / gap - local)
                at, bar = along[nearest], nearest
                found[nearest] = key
            else:
                at = foretold
            if local < 1e-3:
                break
    return found


def _settled(along: Values, found: npt.NDArray[np.intp]) -> Match | None:
    """The followed keys made one projective map, and every bar judged by it."""
    for _ in range(3):
        inside = found > 0
        if inside.sum() < _CLASSES:
            return None
        x = _projective(along[inside], _AT[found[inside]], along)
        nearest = np.clip(np.searchsorted(_AT, x), 1, len(_AT) - 1)
        nearest -= (x - _AT[nearest - 1] < _AT[nearest] - x).astype(np.intp)
        found = np.where(np.abs(x - _AT[nearest]) < _SURE, nearest, 0)
    keys = np.unique(found[found > 0])
    if len(keys) < _CLASSES:
        return None
    low, high = keys[0], keys[-1]
    missing = high - low + 1 - len(keys)
    within = (x > _AT[low] - 0.5) & (x < _AT[high] + 0.5)
    extra = int(within.sum()) - len(keys)
    return Match(_BLACKS[found], found > 0, len(keys) - 0.7 * missing - 0.5 * extra)


def _projective(t: Values, x: Values, everywhere: Values) -> Values:
    """``x = (a t + b) / (c t + 1)`` through pairs, robustly, taken everywhere."""
    middle, scale = float(t.mean()), max(float(np.ptp(t)) / 2, 1e-9)
    u, v = (t - middle) / scale, (everywhere - middle) / scale
    weight = np.ones(len(u))
    for _ in range(3):
        rows = np.stack([u, np.ones_like(u), -x * u], axis=1) * weight[:, None]
        # A little weight against perspective keeps few bars from bending the row.
        rows = np.vstack([rows, [0.0, 0.0, 0.5]])
        a, b, c = np.linalg.lstsq(rows, np.append(x * weight, 0.0), rcond=None)[0]
        off = np.abs((a * u + b) / np.maximum(c * u + 1, 0.05) - x)
        weight = 1 / np.maximum(1, off / 0.08)
    return np.asarray((a * v + b) / np.maximum(c * v + 1, 0.05), dtype=np.float64)


def _nearest(along: Values, at: float) -> int:
    right = int(np.clip(np.searchsorted(along, at), 1, len(along) - 1))
    return right - 1 if at - along[right - 1] < along[right] - at else right
