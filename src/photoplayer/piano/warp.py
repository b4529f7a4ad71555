"""The picture of a keyboard pulled straight: a homography as one sparse matrix over the pixels it needs."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import sparse

from photoplayer.piano.keyboard import Keyboard
from photoplayer.piano.strip import (
    COLUMNS_X,
    OUTSIDE,
    ROW_LENGTH,
    ROWS_Y,
    STRIP_HEIGHT,
    STRIP_WIDTH,
    WHITE_WIDTH_PX,
    Pictures,
)

_MAX_TAPS = 4
"""Samples a side averaged for one pixel of the strip: enough for 4K, where a key is wider than its column."""


class Warp:
    """Takes pictures of one camera position to the strip, averaging where the picture is finer than it."""

    def __init__(self, keyboard: Keyboard) -> None:
        width, height = keyboard.size
        x, y, inside = _sample_points(keyboard)
        shown = inside.any(axis=0)
        if not shown.any():
            raise ValueError("the picture shows nothing of the keyboard")
        self._top = max(int(np.floor(y[inside].min())), 0)
        bottom = min(int(np.floor(y[inside].max())) + 2, height)
        self._left = max(int(np.floor(x[inside].min())), 0)
        right = min(int(np.floor(x[inside].max())) + 2, width)
        self._rows, self._columns = slice(self._top, bottom), slice(self._left, right)
        self._shape = (bottom - self._top, right - self._left)
        self._matrix = self._weights(x, y, inside)
        self._outside = ~shown

    def straighten(self, grey: npt.NDArray[np.uint8]) -> Pictures:
        """``(height, width)`` uint8 picture → ``(64, 864)`` uint8 strip."""
        crop = grey[self._rows, self._columns].astype(np.float32).reshape(-1)
        strip = (self._matrix @ crop + np.float32(0.5)).astype(np.uint8)
        strip[self._outside] = OUTSIDE
        return np.asarray(strip.reshape(STRIP_HEIGHT, STRIP_WIDTH))

    def _weights(
        self,
        x: npt.NDArray[np.float64],
        y: npt.NDArray[np.float64],
        inside: npt.NDArray[np.bool_],
    ) -> sparse.csr_matrix:
        """Bilinear weights of every sample of every strip pixel, ``(strip pixels, crop pixels)``."""
        taps, pixels = np.nonzero(inside)
        x, y = x[taps, pixels] - self._left, y[taps, pixels] - self._top
        height, width = self._shape
        x0 = np.clip(np.floor(x), 0, width - 2).astype(np.int64)
        y0 = np.clip(np.floor(y), 0, height - 2).astype(np.int64)
        fx, fy = np.clip(x - x0, 0, 1), np.clip(y - y0, 0, 1)
        share = 1.0 / inside.sum(axis=0)[pixels]
        columns, weights = [], []
        for dy, wy in ((0, 1 - fy), (1, fy)):
            for dx, wx in ((0, 1 - fx), (1, fx)):
                columns.append((y0 + dy) * width + x0 + dx)
                weights.append(share * wy * wx)
        shape = (STRIP_HEIGHT * STRIP_WIDTH, height * width)
        entries = (np.concatenate(weights).astype(np.float32), (np.tile(pixels, 4), np.concatenate(columns)))
        return sparse.coo_matrix(entries, shape=shape).tocsr()


def _sample_points(
    keyboard: Keyboard,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Picture positions ``(taps, strip pixels)`` to average, and whether each lies in the picture."""
    width, height = keyboard.size
    across, along = _taps(keyboard, 1 / WHITE_WIDTH_PX, ROW_LENGTH)
    places = []
    for v in (np.arange(along) + 0.5) / along - 0.5:
        for u in (np.arange(across) + 0.5) / across - 0.5:
            grid = np.stack(np.meshgrid(COLUMNS_X + u / WHITE_WIDTH_PX, ROWS_Y + v * ROW_LENGTH), axis=-1)
            places.append(keyboard.to_picture(grid.reshape(-1, 2)))
    place = np.stack(places)
    x, y = place[..., 0], place[..., 1]
    inside = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
    return x, y, inside


def _taps(keyboard: Keyboard, across: float, along: float) -> tuple[int, int]:
    """Samples across and along the keys that one strip pixel needs at this camera's scale."""
    far_left, far_right, near_right, near_left = keyboard.corners
    whites = max(np.ptp([keyboard.first_pitch, keyboard.last_pitch]) * 7 / 12, 1.0)
    per_white = max(np.hypot(*(far_right - far_left)), np.hypot(*(near_right - near_left))) / whites
    per_key = max(np.hypot(*(near_left - far_left)), np.hypot(*(near_right - far_right)))
    return (
        min(max(math.ceil(per_white * across - 0.25), 1), _MAX_TAPS),
        min(max(math.ceil(per_key * along - 0.25), 1), _MAX_TAPS),
    )
