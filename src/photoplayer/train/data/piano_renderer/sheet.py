"""A sheet of stills, to see at a glance what the renderer draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.ndimage import zoom

from photoplayer.train.data.piano_renderer.engine import Picture


def sheet(pictures: Iterable[Picture], *, columns: int, cell: tuple[int, int]) -> Picture:
    """Pictures of any sizes in rows, each made to fit a ``cell`` (width, height) on grey."""
    cells = [_fitted(picture, cell) for picture in pictures]
    cells += [np.full_like(cells[0], _GREY)] * (-len(cells) % columns)
    return np.vstack([np.hstack(cells[i : i + columns]) for i in range(0, len(cells), columns)])


_GREY = 60


def _fitted(picture: Picture, cell: Sequence[int]) -> Picture:
    width, height = cell
    scale = min(width / picture.shape[1], height / picture.shape[0])
    rows, across = round(picture.shape[0] * scale), round(picture.shape[1] * scale)
    shape = (rows / picture.shape[0], across / picture.shape[1], 1)
    small = np.clip(zoom(picture.astype(np.float32), shape, order=1, grid_mode=True, mode="nearest"), 0, 255)
    framed = np.full((height, width, 3), _GREY, np.uint8)
    top, left = (height - rows) // 2, (width - across) // 2
    framed[top : top + rows, left : left + across] = small.astype(np.uint8)
    return framed
