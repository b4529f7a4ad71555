"""The clean plate: the keyboard as it looks without hands, from pictures with hands in the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layers import sorted_layers
from photoplayer.piano.layout import BLACK_LENGTH, PITCHES, is_black, key_edges
from photoplayer.piano.strip import (
    COLUMNS_X,
    OUTSIDE,
    ROWS_Y,
    STRIP_HEIGHT,
    STRIP_WIDTH,
    WHITE_WIDTH_PX,
    Pictures,
)

SAMPLE_S = 0.5
"""Seconds between the pictures the plate is made of."""
_KEPT = 30
"""Pictures remembered: the plate follows changes of light within half a minute or so."""
_WHITE_SHARE, _BLACK_SHARE, _OTHER_SHARE = 0.72, 0.3, 0.5
"""A hand on white keys is darker than they are and lighter on black ones, so a pixel of a white key takes a
high quantile over time and one of a black key a low one: a hand may rest there most of the time."""


class Plate:
    """Learns the clean plate from strips in order of time.

    ``seeds`` are pictures from all over the shot: where a hand rests for the first half minute, they know
    what is under it.
    """

    def __init__(self, seeds: Sequence[Pictures] = ()) -> None:
        self._seeds = [(seed, _brightness(seed)) for seed in seeds]
        self._samples: list[Pictures] = []

    def see(self, picture: Pictures) -> None:
        """Remember one ``(64, 864)`` strip; call about every ``SAMPLE_S``."""
        self._samples.append(picture)
        del self._samples[:-_KEPT]

    def estimate(self) -> Pictures:
        """The plate ``(64, 864)`` uint8. Needs at least one picture seen."""
        now = float(np.median([_brightness(sample) for sample in self._samples[::4]]))
        relit = [_scaled(seed, now / brightness) for seed, brightness in self._seeds]
        layers = sorted_layers(self._samples + relit)
        plate = np.empty_like(layers[0])
        for share, mask in zip((_WHITE_SHARE, _BLACK_SHARE, _OTHER_SHARE), _MASKS, strict=True):
            plate[mask] = layers[round(share * (len(layers) - 1))][mask]
        return plate


def _brightness(picture: Pictures) -> float:
    """The usual grey of white keys in a strip, hands or not; above 0."""
    white = picture[_MASKS[0]]
    shown = white[white != OUTSIDE]
    return max(float(np.median(shown)), 1.0) if len(shown) else 1.0


def _scaled(picture: Pictures, gain: float) -> Pictures:
    """As it would be in other light; what was outside the picture stays so."""
    scaled = np.clip(picture * gain, 0, 255).astype(np.uint8)
    return np.where(picture == OUTSIDE, OUTSIDE, scaled)


def levels(plate: Pictures) -> npt.NDArray[np.float32]:
    """``(2, 864)``: for every column the grey of black keys and of white keys in this light, smoothed along.

    Light falls unevenly on a keyboard; with these two a strip is brought to 0 for black and 1 for white.
    """
    white_mask, black_mask, _ = _MASKS
    result = np.empty((2, STRIP_WIDTH), dtype=np.float32)
    for row, mask in ((0, black_mask), (1, white_mask)):
        shown = mask & (plate != OUTSIDE)
        total = np.where(shown, plate, 0).sum(axis=0, dtype=np.float64)
        count = shown.sum(axis=0).astype(np.float64)
        result[row] = _blurred(total) / np.maximum(_blurred(count), 1e-9)
    result[1] = np.maximum(result[1], result[0] + _LEAST_CONTRAST)
    return result


_LEAST_CONTRAST = 24.0
_BLUR_PX = 7 * WHITE_WIDTH_PX
"""Levels are averaged over an octave to both sides: light changes slowly, an octave has both colours."""


def _blurred(row: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    total = np.concatenate([[0.0], np.cumsum(row)])
    left = np.maximum(np.arange(len(row)) - _BLUR_PX, 0)
    right = np.minimum(np.arange(len(row)) + _BLUR_PX + 1, len(row))
    return np.asarray(total[right] - total[left])


def _masks() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """``(64, 864)`` each: surely white key, surely black key, and neither."""
    black = np.zeros((STRIP_HEIGHT, STRIP_WIDTH), dtype=bool)
    near_black = np.zeros_like(black)
    for pitch in PITCHES:
        if is_black(pitch):
            left, right = key_edges(pitch)
            black |= _box(left + 0.08, right - 0.08, 0.05, BLACK_LENGTH - 0.04)
            near_black |= _box(left - 0.1, right + 0.1, -1.0, BLACK_LENGTH + 0.05)
    keys = _box(key_edges(PITCHES[0])[0], key_edges(PITCHES[-1])[1], 0.05, 0.97)
    white = keys & ~near_black
    return white, black, ~(white | black)


def _box(left: float, right: float, top: float, bottom: float) -> npt.NDArray[np.bool_]:
    rows, columns = ROWS_Y[:, None], COLUMNS_X[None, :]
    return np.asarray((rows >= top) & (rows <= bottom) & (columns >= left) & (columns <= right))


_MASKS = _masks()
