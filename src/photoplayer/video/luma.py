"""Timed grey pictures at full size, as fast as they decode: the luma plane itself, without conversion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import av.video.frame
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation, VideoReformatter

from photoplayer.video.decode import shown_frames
from photoplayer.video.probe import Look, checked_duration, look_at

Grey = npt.NDArray[np.uint8]

_LUMA_FIRST = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray")
"""Pixel formats whose first plane is 8-bit luma."""

_EARLY = 0.25
"""Of a step: a picture that much before its turn is taken, since times in files are rounded."""


@dataclass(frozen=True, eq=False, slots=True)
class Luma:
    """A picture: ``grey`` is ``(height, width)`` uint8 luma as coded, on screen from ``time_s`` seconds."""

    time_s: float
    grey: Grey


def luma(
    path: Path, *, start_s: float = 0.0, end_s: float | None = None, max_fps: float | None = None
) -> Iterator[Luma]:
    """Grey pictures of a video from ``start_s`` to before ``end_s``, upright, with square pixels.

    With ``max_fps`` pictures are left out evenly until no more than so many a second are left: of 50 with
    ``max_fps`` 32, every second one. Times are those of :func:`photoplayer.video.frames`. A picture is valid
    until the next is taken. Memory does not grow with length.

    Raises :class:`InputError` if the file is no readable video.
    """
    look = look_at(path)
    plane = LumaPlane(look)
    step_s = 0.0 if max_fps is None else 1.0 / max_fps
    due_s = start_s
    last_s = float("-inf")
    for shown in shown_frames(path, look, rate=None, deblock=False, from_s=start_s):
        checked_duration(path, shown.start)
        time_s = float(shown.start)
        if end_s is not None and time_s >= end_s:
            return
        gap_s = float(shown.duration)
        if time_s < due_s or time_s - last_s < step_s - _EARLY * min(gap_s, step_s):
            continue
        last_s = time_s
        yield Luma(time_s, plane.of(shown.frame))


class LumaPlane:
    """The luma plane of frames of one video, upright and with square pixels."""

    def __init__(self, look: Look) -> None:
        self._orientation = look.orientation
        sides = (look.width, look.height)
        self._stored = sides[::-1] if look.orientation.swaps_sides else sides
        self._reformatter = VideoReformatter()

    def of(self, frame: av.video.frame.VideoFrame) -> Grey:
        if frame.format.name in _LUMA_FIRST and (frame.width, frame.height) == self._stored:
            plane = frame.planes[0]
            rows = np.frombuffer(cast(Any, plane), dtype=np.uint8).reshape(-1, plane.line_size)
            grey = rows[: frame.height, : frame.width]
        else:
            width, height = self._stored
            reformatted = self._reformatter.reformat(
                frame, width=width, height=height, format="gray", interpolation=Interpolation.AREA, threads=1
            )
            grey = cast(Grey, reformatted.to_ndarray())
        upright = self._orientation
        return upright.upright(grey) if upright.quarter_turns or upright.mirrored else grey
