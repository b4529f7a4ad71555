"""Dark bars on light ground: what black keys look like from any side, in any light.

A closing along the row of keys fills every dark stretch narrower than itself, so the closing minus the
picture keeps black keys and drops the fallboard behind them, however dark it is and though it touches them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Grey = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]

CLOSINGS = (0.012, 0.022, 0.04, 0.075)
"""Widths of the closing, as shares of the picture's longer side: black keys of up to such a width."""

CONTRASTS = (0.5, 0.3, 0.18)
"""How much darker than its surroundings a bar must be."""

_DARKEST = 10.0
"""Grey levels of noise: added to the surroundings before contrasts are taken."""

_SMALLEST_PX, _MOST = 10, 400
_SLIMNESS = (1.7, 25.0)
_FILLED = (0.55, 1.45)


@dataclass(frozen=True, eq=False)
class Bars:
    """``n`` dark bars: ``middle`` ``(n, 2)`` and unit ``axis`` ``(n, 2)`` (downwards) in pixels of the
    picture, ``length`` and ``width`` ``(n,)``."""

    middle: Values
    axis: Values
    length: Values
    width: Values

    def take(self, which: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Bars:
        """Some of them."""
        return Bars(self.middle[which], self.axis[which], self.length[which], self.width[which])

    def __len__(self) -> int:
        return len(self.length)


def dark_bars(picture: Grey, *, closing: float, contrasts: tuple[float, ...] = CONTRASTS) -> list[Bars]:
    """Bars of a picture ``(h, w)`` whose keys stand upright or up to 45 degrees aslant, per contrast."""
    size = max(5, round(closing * max(picture.shape)))
    filled = ndimage.grey_closing(picture, size=(1, size))
    darker = (filled - picture) / (filled + _DARKEST)
    return [_components(darker > contrast) for contrast in contrasts]


def _components(mask: npt.NDArray[np.bool_]) -> Bars:
    labels, count = ndimage.label(mask)
    rows, columns = np.nonzero(mask)
    label = labels[rows, columns]
    y, x = rows.astype(np.float64), columns.astype(np.float64)
    area = np.bincount(label, minlength=count + 1).astype(float)
    safe = np.maximum(area, 1)

    def mean(values: Values) -> Values:
        return np.asarray(np.bincount(label, weights=values, minlength=count + 1) / safe, dtype=np.float64)

    mx, my = mean(x), mean(y)
    dx, dy = x - mx[label], y - my[label]
    xx, yy, xy = mean(dx * dx), mean(dy * dy), mean(dx * dy)
    half, root = (xx + yy) / 2, np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    # A rectangle's variance is its side squared / 12; a pixel's own extent adds 1 / 12.
    length = np.sqrt(12 * (half + root) + 1)
    width = np.sqrt(12 * np.maximum(half - root, 0) + 1)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    axis = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    axis *= np.where(axis[:, 1:] < 0, -1.0, 1.0)
    slim, full = length / width, area / (length * width)
    good = (area >= _SMALLEST_PX) & (slim > _SLIMNESS[0]) & (slim < _SLIMNESS[1])
    good &= (full > _FILLED[0]) & (full < _FILLED[1]) & (axis[:, 1] > 0.6)
    good[0] = False
    which = np.nonzero(good)[0]
    if len(which) > _MOST:
        which = which[np.argsort(-area[which], kind="stable")[:_MOST]]
    return Bars(np.stack([mx, my], axis=1), axis, length, width).take(which)
