"""A piece of the keyboard's plane, resampled as a straight strip to measure in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from photoplayer.piano.find.bars import Grey, Values
from photoplayer.piano.keyboard import Matrix
from photoplayer.piano.lens import bent

TOP, BOTTOM = -0.2, 1.2
"""The strip runs from here to here along the keys' length."""


@dataclass(frozen=True, eq=False)
class Unrolled:
    """``grey`` ``(rows, n)``, NaN outside the picture; ``x`` and ``y`` are its samples' places in the plane,
    ``per_white`` of them to a white-key width."""

    grey: Grey
    x: Values
    y: Values
    per_white: int

    @property
    def row(self) -> float:
        """Key lengths from one row to the next."""
        return float(self.y[1] - self.y[0])

    def rows(self, top: float, bottom: float) -> slice:
        """The rows from one height to another."""
        first, last = np.searchsorted(self.y, [top, bottom])
        return slice(int(first), max(int(last), int(first) + 1))


def unrolled(
    picture: Grey,
    homography: Matrix,
    left: int,
    right: int,
    *,
    bulge: float = 0.0,
    per_white: int = 16,
    rows: int = 88,
) -> Unrolled:
    """A picture ``(h, w)`` between two white-key edges of the plane, through a lens of some ``bulge``."""
    x = left + (np.arange((right - left) * per_white) + 0.5) / per_white
    y = TOP + (np.arange(rows) + 0.5) * (BOTTOM - TOP) / rows
    depth = homography[2, 0] * x + (homography[2, 1] * y + homography[2, 2])[:, None]
    u, v = (
        (homography[i, 0] * x + (homography[i, 1] * y + homography[i, 2])[:, None]) / depth for i in (0, 1)
    )
    u, v = bent(u, v, (picture.shape[1], picture.shape[0]), bulge)
    return Unrolled(_sampled(picture, u, v), x, y, per_white)


def _sampled(picture: Grey, u: Values, v: Values) -> npt.NDArray[np.float32]:
    height, width = picture.shape
    values = ndimage.map_coordinates(picture, (v, u), order=1, mode="nearest", output=np.float32)
    values[(u < -0.5) | (v < -0.5) | (u > width - 0.5) | (v > height - 0.5)] = np.nan
    return np.asarray(values)
