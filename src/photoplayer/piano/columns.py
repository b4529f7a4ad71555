"""Where the ``keys`` network looks: each key's columns in the map its convolutions make of a strip."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import LOWEST_PITCH, PITCHES, PITCHES_PER_OCTAVE, WHITE_COUNT, key_middle
from photoplayer.piano.strip import WHITE_WIDTH_PX

STRIDE = 4
"""Strip pixels per column of the feature map."""
AROUND = (-0.5, -0.25, 0.0, 0.25, 0.5)
"""Where around its middle a key's columns are taken, in white-key widths."""

Indices = npt.NDArray[np.int64]


def key_columns(first_white: int, whites: int) -> tuple[Indices, Indices, Indices]:
    """Of a window of ``whites`` white-key widths from ``first_white`` on (-1 is the strip's left margin):
    the keys wholly inside (indices 0..87), their columns in the feature map ``(keys, 5)``, and pitch classes.
    """
    keys, columns, classes = [], [], []
    last = whites * WHITE_WIDTH_PX // STRIDE - 1
    for key, pitch in enumerate(PITCHES):
        middle = key_middle(pitch) - first_white
        if 0.4 <= middle <= whites - 0.4 and 0 <= key_middle(pitch) <= WHITE_COUNT:
            keys.append(key)
            at = [(middle + by) * WHITE_WIDTH_PX / STRIDE - 0.5 for by in AROUND]
            columns.append([min(max(math.floor(x + 0.5), 0), last) for x in at])
            classes.append((LOWEST_PITCH + key) % PITCHES_PER_OCTAVE)
    return np.array(keys), np.array(columns), np.array(classes)
