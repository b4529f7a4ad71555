"""How a decoded picture must be turned to stand upright: the container's display matrix."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import cast

import av.video.frame
import numpy as np
import numpy.typing as npt
from av.sidedata.sidedata import SideDataContainer
from av.sidedata.sidedata import Type as SideDataType

Image = npt.NDArray[np.uint8]
"""``(height, width, 3)`` RGB."""

_MATRIX_BYTES = 9 * 4


@dataclass(frozen=True, slots=True)
class Orientation:
    """Mirror left to right first, then ``quarter_turns`` times 90 degrees clockwise."""

    quarter_turns: int = 0
    mirrored: bool = False

    @property
    def swaps_sides(self) -> bool:
        return self.quarter_turns % 2 == 1

    @property
    def degrees(self) -> int:
        """Clockwise rotation for display: 0, 90, 180 or 270."""
        return self.quarter_turns * 90

    def upright(self, image: Image) -> Image:
        """The image as it should be seen, contiguous."""
        if self.mirrored:
            image = image[:, ::-1]
        return np.ascontiguousarray(np.rot90(image, -self.quarter_turns))


def orientation_of(frame: av.video.frame.VideoFrame) -> Orientation:
    """Read the display matrix of a decoded frame, to the nearest quarter turn.

    The matrix (ISO 14496-12, 8.5.2) takes a row vector ``(x, y)`` to ``(a x + c y, b x + d y)``,
    with y pointing down; entries are 16.16 fixed point.
    """
    matrix = bytes(cast(SideDataContainer, frame.side_data).get(SideDataType.DISPLAYMATRIX, b""))
    if len(matrix) == _MATRIX_BYTES:
        a, b, _, c, d, *_ = struct.unpack("=9i", matrix)
        return _from_matrix(a, b, c, d)
    return Orientation()


def _from_matrix(a: int, b: int, c: int, d: int) -> Orientation:
    mirrored = a * d - b * c < 0
    # Undo the mirror (it comes first: x -> -x), then see where the x axis points.
    along, down = (-a, -b) if mirrored else (a, b)
    quadrant = (along < 0, down > 0)
    turns = 2 * quadrant[0] if abs(along) >= abs(down) else 3 - 2 * quadrant[1]
    return Orientation(turns, mirrored)
