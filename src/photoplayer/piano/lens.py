"""A lens that bends straight lines: one number, about the picture's middle.

``straight = found * (1 + bulge r²)``: where a straight lens would show what is ``found`` ``r`` half diagonals
from the middle. Above 0 the picture bulges like a barrel, as wide lenses do; below 0 its sides are drawn in.
A hundredth moves the picture's corners by a hundredth of the half diagonal.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

MOST = 0.06
"""Of a bulge, either way: up to here and a little beyond the picture's corners every place has one image."""
_FARTHEST = 1.5
"""Half diagonals: farther out the bend grows no more, so that what lies outside stays outside."""
_STEPS = 3
"""Newton's, enough for 1e-9."""


def bent(x: Values, y: Values, size: tuple[int, int], bulge: float) -> tuple[Values, Values]:
    """Where the lens shows what a straight lens would show at ``x``, ``y`` (pixels, any shape) of a picture
    of ``size`` (width, height)."""
    if bulge == 0:
        return x, y
    middle_x, middle_y, radius = _middle(size)
    dx, dy = x - middle_x, y - middle_y
    much = bulge * np.minimum((dx * dx + dy * dy) / radius**2, _FARTHEST**2)
    share = 1 / (1 + much)
    for _ in range(_STEPS):
        share -= (share + much * share**3 - 1) / (1 + 3 * much * share**2)
    return middle_x + dx * share, middle_y + dy * share


def pull(x: Values, y: Values, size: tuple[int, int]) -> tuple[Values, Values]:
    """By how many pixels a bulge of 1 would move what is found at ``x``, ``y`` outward to where it lies
    straight."""
    middle_x, middle_y, radius = _middle(size)
    dx, dy = x - middle_x, y - middle_y
    square = (dx * dx + dy * dy) / radius**2
    return dx * square, dy * square


def _middle(size: tuple[int, int]) -> tuple[float, float, float]:
    """Of a picture, whole numbers at pixel centres, and half its diagonal."""
    width, height = size
    return (width - 1) / 2, (height - 1) / 2, float(np.hypot(width, height)) / 2
