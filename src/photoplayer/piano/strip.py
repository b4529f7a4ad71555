"""The keyboard as a straight strip: one width per key, whatever the camera; streamed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import WHITE_COUNT

WHITE_WIDTH_PX = 16
MARGIN_WHITES = 1
"""White-key widths of picture kept left and right of the 52 white keys."""
STRIP_WIDTH = (WHITE_COUNT + 2 * MARGIN_WHITES) * WHITE_WIDTH_PX
STRIP_HEIGHT = 64
STRIP_TOP, STRIP_BOTTOM = -0.06, 1.10
"""Rows run from here to here along a key's length: a little of the fallboard, and the keys' front."""

COLUMNS_X = (np.arange(STRIP_WIDTH) + 0.5) / WHITE_WIDTH_PX - MARGIN_WHITES
ROW_LENGTH = (STRIP_BOTTOM - STRIP_TOP) / STRIP_HEIGHT
ROWS_Y = STRIP_TOP + (np.arange(STRIP_HEIGHT) + 0.5) * ROW_LENGTH
"""Middles of the strip's pixels on the keyboard's plane."""

OUTSIDE = 128
"""Grey of what the picture does not show."""

Pictures = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False, kw_only=True)
class Strip:
    """Consecutive rectified pictures of one shot.

    ``pictures`` ``(frames, 64, 864)`` uint8 grey, far end of the keys at the top, low keys left, at
    ``times_s`` ``(frames,)``. ``plate`` ``(64, 864)`` is the keyboard without hands in this light. ``seen``
    ``(88,)`` are the keys in the picture; outside it pixels hold ``OUTSIDE``. ``continues``: follows on the
    strip before without a gap.
    """

    times_s: npt.NDArray[np.float64]
    pictures: Pictures
    plate: Pictures
    seen: npt.NDArray[np.bool_]
    continues: bool
