"""A still picture out of moving ones: what most of them show, hands gone; and smaller versions of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from photoplayer.piano.find.bars import Grey
from photoplayer.piano.layers import sorted_layers

Picture = npt.NDArray[np.uint8]

_MOST = 15
"""Pictures of which the median is taken; more hardly clear more hands away."""


def still_of(pictures: Sequence[Picture]) -> Picture:
    """The median ``(h, w)`` of pictures of one size, at most 15 of them, evenly chosen."""
    if not pictures or any(p.shape != pictures[0].shape or p.ndim != 2 for p in pictures):
        raise ValueError(f"give grey pictures of one size, not {[p.shape for p in pictures]}")
    count = min(len(pictures), _MOST)
    count -= count % 2 == 0  # an even number has no middle
    chosen = np.unique(np.linspace(0, len(pictures) - 1, count).round().astype(int))
    layers = sorted_layers(pictures[i] for i in chosen)
    return layers[len(layers) // 2]


def shrunk(picture: Picture, factor: int) -> Grey:
    """A picture ``factor`` times smaller, each pixel a mean of ``factor``²; odd rims are left out."""
    height, width = (side // factor * factor for side in picture.shape)
    sums = np.zeros((height // factor, width // factor), dtype=np.float32)
    for dy in range(factor):
        for dx in range(factor):
            sums += picture[dy:height:factor, dx:width:factor]
    return np.asarray(sums / np.float32(factor * factor), dtype=np.float32)


def enlarging(factor: int) -> npt.NDArray[np.float64]:
    """The homography from pixels of a shrunk picture to those of the full one."""
    rim = (factor - 1) / 2
    return np.array([[factor, 0.0, rim], [0.0, factor, rim], [0.0, 0.0, 1.0]])
