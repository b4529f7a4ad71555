"""A piece of the keyboard's plane, resampled from pictures as a straight strip to measure in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from photoplayer.piano.find.bars import Grey, Values
from photoplayer.piano.keyboard import Matrix, apply_homography

PX_PER_WHITE = 16
ROWS = 88
TOP, BOTTOM = -0.2, 1.2
"""The strip runs from here to here along the keys' length."""


@dataclass(frozen=True, eq=False)
class Unrolled:
    """``grey`` ``(88, n)`` from ``left`` on, NaN outside the picture; ``x`` and ``y`` are its samples'
    places in the plane."""

    grey: Grey
    x: Values
    y: Values

    def rows(self, top: float, bottom: float) -> slice:
        """The rows from one height to another."""
        first, last = np.searchsorted(self.y, [top, bottom])
        return slice(int(first), max(int(last), int(first) + 1))

    def columns(self, left: float, right: float) -> slice:
        """The columns from one place to another."""
        first, last = np.searchsorted(self.x, [left, right])
        return slice(int(first), int(last))


def unrolled(pictures: Sequence[Grey], homography: Matrix, left: int, right: int) -> Unrolled:
    """The median of pictures ``(h, w)`` between two white-key edges of the plane."""
    x = left + (np.arange((right - left) * PX_PER_WHITE) + 0.5) / PX_PER_WHITE
    y = TOP + (np.arange(ROWS) + 0.5) * (BOTTOM - TOP) / ROWS
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    where = apply_homography(homography, grid)
    strips = [_sampled(picture, where).reshape(len(y), len(x)) for picture in pictures]
    grey = strips[0] if len(strips) == 1 else np.median(np.stack(strips), axis=0)
    return Unrolled(grey.astype(np.float32), x, y)


def _sampled(picture: Grey, where: Values) -> npt.NDArray[np.float32]:
    height, width = picture.shape
    inside = (where >= -0.5).all(axis=1) & (where[:, 0] <= width - 0.5) & (where[:, 1] <= height - 0.5)
    values = np.full(len(where), np.nan, dtype=np.float32)
    values[inside] = ndimage.map_coordinates(picture, where[inside, ::-1].T, order=1, mode="nearest")
    return values
