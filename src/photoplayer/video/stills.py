"""Single pictures out of a video, without decoding all that comes before them."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path

import av.container
import av.error
import av.video.frame
import av.video.stream

from photoplayer.errors import InputError
from photoplayer.video.orientation import Image
from photoplayer.video.picture import Painter
from photoplayer.video.probe import look_at, time_of
from photoplayer.video.source import only, opened, picture_stream, prepare_decoder, until_broken


def still(path: Path, time_s: float) -> Image:
    """The picture on screen at a time, or near it where a file cannot seek to the point: ``(h, w, 3)`` RGB.

    Raises :class:`InputError` if the file is no readable video.
    """
    look = look_at(path)
    with opened(path) as container:
        stream = picture_stream(container, path)
        only(container, stream)
        prepare_decoder(stream)
        frame = _frame_at(container, stream, path, float(look.start) + time_s)
    if frame is None:
        raise InputError(f"{path} is damaged: not one picture can be decoded; export or copy it again.")
    return Painter((look.width, look.height), look.orientation).paint(frame)


def _frame_at(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream, path: Path, clock_s: float
) -> av.video.frame.VideoFrame | None:
    """The last picture that begins at or before a time of the container's clock."""
    if stream.time_base is not None:
        with suppress(av.error.FFmpegError):  # else the pictures come from the beginning
            container.seek(math.floor(clock_s / stream.time_base), stream=stream)
    shown = None
    for packet in until_broken(container.demux(stream), path):
        try:
            decoded = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in decoded:
            begin_s = time_of(frame.pts if frame.pts is not None else frame.dts, stream)
            if shown is not None and (begin_s is None or begin_s > clock_s):
                return shown
            shown = frame
    return shown
