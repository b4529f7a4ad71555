"""The picture encoded anew: painted over, or from the few sources whose packets no container can carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.codec
import av.container
import av.video.frame
import av.video.stream
import numpy as np
from av.video.reformatter import Colorspace

from photoplayer.errors import SetupError
from photoplayer.video.decode import Shown, shown_frames
from photoplayer.video.orientation import Image
from photoplayer.video.picture import Painter
from photoplayer.video.probe import Look, checked_duration
from photoplayer.video.remux import Picture

_CLOCK_HZ = 90_000
"""Ticks per second: whole for 24, 25, 30, 50, 60 fps, for 30000/1001, and for a GIF's hundredths."""

_BT709 = 1
_FAITHFUL = {"crf": "15", "preset": "medium", "bf": "0"}
"""Without B-frames, as MP4 stores durations in decoding order: reordered, the last one would be lost."""
_QUICK = {**_FAITHFUL, "crf": "20", "preset": "veryfast"}
"""For pictures to look something up in."""

Repaint = Callable[[Image, float], Image]
"""Takes a picture ``(height, width, 3)`` and its time in seconds to the one that is shown instead."""


def encoded_pictures(
    path: Path, look: Look, target: av.container.OutputContainer, repaint: Repaint | None = None
) -> Iterator[Picture]:
    """Add an H.264 stream to ``target``, then give its packets. Sides are made even by repeating the edge."""
    if "libx264" not in av.codec.codecs_available:
        raise SetupError(f"{path} must be encoded anew, and FFmpeg lacks libx264; reinstall PyAV.")
    width, height = look.width + look.width % 2, look.height + look.height % 2
    options = _QUICK if repaint else _FAITHFUL
    stream = target.add_stream("libx264", rate=look.fps or 10, options=options)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, _CLOCK_HZ)
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    return _encoded(path, look, stream, repaint)


def _encoded(
    path: Path, look: Look, stream: av.video.stream.VideoStream, repaint: Repaint | None
) -> Iterator[Picture]:
    painter = Painter((look.width, look.height), look.orientation)
    durations: dict[int, int] = {}
    for shown in shown_frames(path, look, rate=None, deblock=True):
        checked_duration(path, shown.start)
        image = painter.paint(shown.frame)
        frame = _frame(repaint(image, float(shown.start)) if repaint else image, shown)
        durations[frame.pts or 0] = max(round(shown.duration * _CLOCK_HZ), 1)
        yield from _pictures(stream, frame, durations)
    yield from _pictures(stream, None, durations)


def _pictures(
    stream: av.video.stream.VideoStream, frame: av.video.frame.VideoFrame | None, durations: dict[int, int]
) -> Iterator[Picture]:
    for packet in stream.encode(frame):
        pts, dts = packet.pts or 0, packet.dts or 0
        packet.duration = durations.pop(pts)
        yield Picture(packet, Fraction(dts, _CLOCK_HZ), Fraction(pts + packet.duration, _CLOCK_HZ))


def _frame(image: Image, shown: Shown) -> av.video.frame.VideoFrame:
    even = np.pad(image, ((0, image.shape[0] % 2), (0, image.shape[1] % 2), (0, 0)), mode="edge")
    frame = av.video.frame.VideoFrame.from_ndarray(even, format="rgb24").reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU709
    )
    frame.pts = round(shown.start * _CLOCK_HZ)
    frame.time_base = Fraction(1, _CLOCK_HZ)
    return frame
