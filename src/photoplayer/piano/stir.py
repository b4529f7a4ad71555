"""Where on a strip anything stirs: the rest looks as the clean plate does, and need not be looked at again.

Two hands cover less than half of a keyboard. A key no part of whose surroundings differs from the plate, in
this picture or the ones before and after, would be given the vector of a key at rest; the network finds that
once for a plate. What a hand, its shadow or another light touches is looked at as ever.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import PITCHES, key_middle
from photoplayer.piano.strip import MARGIN_WHITES, STRIP_WIDTH, WHITE_WIDTH_PX, Pictures

Flags = npt.NDArray[np.bool_]

STIRS = 0.04
"""Of the way from black keys' grey to white ones': a patch this far from the plate is something else. At .03
what the network says changes by under .01 in most clips and .05 in dim ones, at .06 by up to .3 in these."""
_PATCH = 8
"""Pixels a side of a patch whose mean is compared."""
_SIGHT_WHITES = 1.25
"""How far from a key's middle its vector still depends on the picture: half a width to its outer columns, and
ten pixels of convolutions."""
_JOINED = 2
"""Stretches with fewer idle white keys between them are looked at as one."""


class Stretch(NamedTuple):
    """Some ``keys`` (of 88), and the white-key widths from the strip's left edge on that have to be shown for
    them: from ``first`` to before ``end``."""

    keys: slice
    first: int
    end: int


WHITES = STRIP_WIDTH // WHITE_WIDTH_PX
"""White-key widths of a strip, margins included."""
_MIDDLES = np.array([key_middle(pitch) for pitch in PITCHES]) + MARGIN_WHITES
_FIRST = np.maximum(np.floor(_MIDDLES - _SIGHT_WHITES), 0).astype(np.int64)
_END = np.minimum(np.ceil(_MIDDLES + _SIGHT_WHITES), WHITES).astype(np.int64)
"""``(88,)``: the white-key widths of the strip that a key's vector depends on."""


def stirring(pictures: Pictures, plate: Pictures, levels: npt.NDArray[np.float32]) -> Flags:
    """``(n, 88)``: keys around which a picture ``(64, 864)`` of ``n`` differs from the plate.

    ``levels (2, 864)``: grey of black and of white keys (:func:`photoplayer.piano.plate.levels`).
    """
    contrast = (levels[1] - levels[0]).reshape(-1, _PATCH).mean(axis=1)
    differs = np.abs(_patches(pictures) - _patches(plate[None])) > STIRS * contrast
    in_white = differs.any(axis=1).reshape(len(pictures), WHITES, -1).any(axis=2)
    before = np.pad(np.cumsum(in_white, axis=1), ((0, 0), (1, 0)))
    return np.asarray(before[:, _END] > before[:, _FIRST])


def stretches(stirs: Flags) -> list[Stretch]:
    """What to look at for the keys that stir, ``(88,)``."""
    result: list[Stretch] = []
    for key in np.flatnonzero(stirs).tolist():
        first, end = int(_FIRST[key]), int(_END[key])
        if result and first - result[-1].end < _JOINED:
            last = result.pop()
            result.append(Stretch(slice(last.keys.start, key + 1), last.first, max(last.end, end)))
        else:
            result.append(Stretch(slice(key, key + 1), first, end))
    return result


def _patches(pictures: Pictures) -> npt.NDArray[np.float32]:
    """Means of patches: ``(n, 64, 864)`` → ``(n, 8, 108)``."""
    n = len(pictures)
    rows = pictures.reshape(n, -1, _PATCH, STRIP_WIDTH).sum(axis=2, dtype=np.uint16)  # 255 x 8 fits
    sums = rows.reshape(n, rows.shape[1], -1, _PATCH).sum(axis=3)
    return np.asarray(sums / np.float32(_PATCH**2), dtype=np.float32)
