"""How long keys are by their widths, as far as their perspective tells, and how far that may be off.

A camera with square pixels shows a right angle of the plane as only few focal lengths can; with one, lengths
along and across keys compare. Seen from above any will do; seen aslant, in a picture cut out of a larger one,
it may be anything. So many cameras are tried, and what the likely ones say is averaged: enough to know a
shadow on the keys from their end, or to say where an end lies that the picture cuts off.
"""

from __future__ import annotations

import numpy as np

from photoplayer.piano.find.bars import Values
from photoplayer.piano.keyboard import Matrix

USUAL = 6.2
"""A white key's visible length in its widths: 5.8 (small digital pianos) to 6.5 (grands)."""
_FOCAL, _FOCAL_SPREAD = 1.3, 0.35
"""Focal length by the picture's longer side, and its logarithm's spread: phones and webcams."""
_MIDDLE_SPREAD = 0.12
"""Of where the lens's middle lies in the picture, by its longer side: most are not cut."""
_SQUARE = 0.03
"""By so much, as a cosine, a right angle may seem off."""


def _cameras() -> tuple[Values, Values, Values, Values]:
    """Focal lengths, lens's middles x and y, and how unlikely each is (squared deviations)."""
    sides = np.linspace(-2, 2, 5)
    focal, x, y = (grid.ravel() for grid in np.meshgrid(np.linspace(-2.5, 2.5, 21), sides, sides))
    return (
        np.exp(focal * _FOCAL_SPREAD) * _FOCAL,
        x * _MIDDLE_SPREAD,
        y * _MIDDLE_SPREAD,
        focal**2 + x**2 + y**2,
    )


_CAMERAS = _cameras()


def log_aspect(homography: Matrix, size: tuple[int, int], x: float) -> tuple[float, float]:
    """The logarithm of a key's length by its width at ``(x, 0.5)`` of the plane, in a picture of ``size``
    (width, height), and its standard deviation."""
    width, height = size
    unit = np.array([[1, 0, -(width - 1) / 2], [0, 1, -(height - 1) / 2], [0, 0, max(size)]]) / max(size)
    seen = unit @ homography @ np.array([[1.0, 0.0, x], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    focal, middle_x, middle_y, unlikely = _CAMERAS

    def ray(column: Values) -> Values:
        """``(3, cameras)``: a direction of the plane as each camera has it."""
        bx, by = column[0] - middle_x * column[2], column[1] - middle_y * column[2]
        return np.stack([bx / focal, by / focal, np.full_like(focal, column[2])])

    across, along = ray(seen[:, 0]), ray(seen[:, 1])
    wide, long = np.linalg.norm(across, axis=0), np.linalg.norm(along, axis=0)
    off = (across * along).sum(axis=0) / (wide * long) / _SQUARE
    odds = off**2 + unlikely
    share = np.exp(-0.5 * (odds - odds.min()))
    share /= share.sum()
    told = np.log(long / wide)
    mean = float(share @ told)
    return mean, float(np.sqrt(share @ (told - mean) ** 2))
