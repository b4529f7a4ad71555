"""Frames -> numbers: what one small picture shows, and how it differs from the one before.

Everything is counted in whole numbers on the 8-bit picture first, so that the sums are the
same on every machine; only then is it divided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from photoplayer.video import Frame

ANALYSIS_RATE_HZ = 9
"""Pictures per second that are looked at: three a step of the Timeline."""

ANALYSIS_SIZE = (160, 120)
"""Width and height of the analysed picture, pixels."""

HUES, GREYS = 12, 8
APPEARANCE_BINS = 2 * HUES + GREYS

SCALARS = ("brightness", "contrast", "saturation", "red", "warm", "highlight", "difference")


@dataclass(frozen=True)
class Features:
    """Per analysed picture: time, scalars in 0..1 by name, appearance histogram."""

    times_s: npt.NDArray[np.float64]
    scalars: npt.NDArray[np.float32]
    appearance: npt.NDArray[np.float32]

    def scalar(self, name: str) -> npt.NDArray[np.float32]:
        """One column of ``scalars``, ``(pictures,)``."""
        return self.scalars[:, SCALARS.index(name)]


def gather(
    frames: Iterator[Frame], *, duration_s: float, progress: Callable[[float], None] | None = None
) -> Features:
    """Look at every frame once and keep only its numbers."""
    times: list[float] = []
    scalars: list[npt.NDArray[np.float32]] = []
    appearance: list[npt.NDArray[np.float32]] = []
    before: npt.NDArray[np.int32] | None = None
    for frame in frames:
        image = frame.image[: max(frame.image.shape[0] * 4 // 5, 1)]
        grey = (
            image[..., 0].astype(np.int32) * 77 + image[..., 1].astype(np.int32) * 150 + image[..., 2] * 29
        ) >> 8
        times.append(frame.time_s)
        values, histogram = _look(image.astype(np.int32), grey)
        difference = 0.0 if before is None else float(np.abs(grey - before).sum()) / (255 * grey.size)
        scalars.append(np.array([*values, difference], np.float32))
        appearance.append(histogram)
        before = grey
        if progress is not None:
            progress(min(frame.time_s, duration_s))
    return Features(
        np.array(times, np.float64),
        np.array(scalars, np.float32).reshape(len(times), len(SCALARS)),
        np.array(appearance, np.float32).reshape(len(times), APPEARANCE_BINS),
    )


def _look(
    image: npt.NDArray[np.int32], grey: npt.NDArray[np.int32]
) -> tuple[list[float], npt.NDArray[np.float32]]:
    red, green, blue = image[..., 0], image[..., 1], image[..., 2]
    high, low = image.max(axis=2), image.min(axis=2)
    spread = high - low
    saturation = spread * 255 // np.maximum(high, 1)
    safe = np.maximum(spread, 1)
    hue = np.where(
        high == red,
        (green - blue) * 256 // safe,
        np.where(high == green, 512 + (blue - red) * 256 // safe, 1024 + (red - green) * 256 // safe),
    )
    sector = (hue % 1536) * HUES // 1536
    coloured = (saturation > 51) & (high > 25)
    vivid = coloured & (saturation > 128)
    count = grey.size
    bins = np.concatenate(
        [
            np.bincount(sector[coloured & ~vivid], minlength=HUES),
            np.bincount(sector[vivid], minlength=HUES),
            np.bincount((grey >> 5).ravel(), minlength=GREYS),
        ]
    )
    mean = int(grey.sum()) / count
    variance = max(int((grey * grey).sum()) / count - mean * mean, 0.0)
    values = [
        mean / 255,
        float(np.sqrt(variance)) / 128,
        int(saturation.sum()) / (255 * count),
        int(np.count_nonzero(vivid & ((sector == 0) | (sector == HUES - 1)))) / count,
        int(np.count_nonzero(coloured & ((sector <= 2) | (sector == HUES - 1)))) / count,
        int(np.count_nonzero(grey > 220)) / count,
    ]
    return values, (bins / count).astype(np.float32)
