"""What a video file holds: size as seen, length, rate, rotation, codec."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.error
import av.packet
import av.video.frame
import av.video.stream

from photoplayer.errors import InputError
from photoplayer.video.orientation import Orientation, orientation_of
from photoplayer.video.source import MAX_DURATION_S, only, opened, picture_stream, prepare_decoder

FALLBACK_FRAME_S = Fraction(1, 10)
"""How long a picture stays where neither it nor the stream says: a GIF's default delay."""

_TAIL_S = 3
"""How much before the claimed end to look for the true one: more than any codec reorders."""

_SANE_ASPECT = (Fraction(1, 4), Fraction(4))
"""Pixel shapes believed; beyond, the header is wrong rather than the pixels that thin."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the header and the first decoded picture tell."""

    start: Fraction
    """When the first picture shows, on the container's clock, in seconds. Our time 0."""
    width: int
    height: int
    """As seen: after rotation and with square pixels."""
    orientation: Orientation
    fps: Fraction | None
    codec: str
    pixel_format: str
    has_audio: bool
    lacks_times: bool
    """Pictures are stored out of order without their times (B-frames in AVI): only decoding tells them."""

    @property
    def frame_s(self) -> Fraction:
        """How long a picture stays that does not say."""
        return 1 / self.fps if self.fps else FALLBACK_FRAME_S


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A video as seen: ``width`` x ``height`` pixels after ``rotation`` (degrees clockwise, already applied).

    ``duration_s`` runs from the first picture to the end of the last one, whatever the header claims.
    ``fps`` is the average rate, None if unknown. ``start_s`` is the first picture's time on the container's
    own clock; everything in this package counts from there.
    """

    path: Path
    duration_s: float
    width: int
    height: int
    fps: Fraction | None
    rotation: int
    codec: str
    pixel_format: str
    has_audio: bool
    start_s: float


def probe(path: Path) -> VideoInfo:
    """Look into a video file without decoding more than its first picture.

    Raises :class:`InputError` for anything that is not a readable video.
    """
    look = look_at(path)
    duration_s = _duration(path, look)
    return VideoInfo(
        path=path,
        duration_s=float(duration_s),
        width=look.width,
        height=look.height,
        fps=look.fps,
        rotation=look.orientation.degrees,
        codec=look.codec,
        pixel_format=look.pixel_format,
        has_audio=look.has_audio,
        start_s=float(look.start),
    )


def look_at(path: Path) -> Look:
    """Open the file and decode its first picture. Raises :class:`InputError`."""
    with opened(path) as container:
        stream = picture_stream(container, path)
        has_audio = any(s.codec_context is not None for s in container.streams.audio)
        fps = stream.average_rate if stream.average_rate and stream.average_rate > 0 else None
        codec = stream.codec_context.codec.canonical_name
        only(container, stream)
        prepare_decoder(stream, threads=1)
        first = _first_picture(container, stream)
        if first is None:
            raise InputError(f"{path} is damaged: not one picture can be decoded; export or copy it again.")
        frame, first_dts = first
        orientation = orientation_of(frame)
        width, height = _seen_size(frame, stream.sample_aspect_ratio, orientation)
        return Look(
            start=time_of(first_dts if frame.pts is None else frame.pts, stream) or Fraction(0),
            width=width,
            height=height,
            orientation=orientation,
            fps=fps,
            codec=codec,
            pixel_format=frame.format.name,
            has_audio=has_audio,
            lacks_times=frame.pts is None and stream.codec_context.has_b_frames,
        )


def time_of(ticks: int | None, stream: av.video.stream.VideoStream) -> Fraction | None:
    """Ticks of the stream's clock in seconds."""
    if ticks is None or stream.time_base is None:
        return None
    return ticks * stream.time_base


def _first_picture(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> tuple[av.video.frame.VideoFrame, int | None] | None:
    """The first picture that decodes, and the first packet's decoding time."""
    first_dts: int | None = None
    for packet in container.demux(stream):
        if first_dts is None:
            first_dts = packet.dts
        try:
            decoded = packet.decode()
        except av.error.InvalidDataError:
            continue
        if decoded:
            return decoded[0], first_dts
    return None


def _seen_size(
    frame: av.video.frame.VideoFrame, aspect: Fraction | None, orientation: Orientation
) -> tuple[int, int]:
    width, height = frame.width, frame.height
    if aspect and _SANE_ASPECT[0] <= aspect <= _SANE_ASPECT[1]:
        width = max(round(width * aspect), 1)
    return (height, width) if orientation.swaps_sides else (width, height)


def _duration(path: Path, look: Look) -> Fraction:
    """Length of the picture by its own packets: the file's tail where one can seek, else all of them."""
    end = _tail_end(path, look) or _end_of_all(path, look)
    return checked_duration(path, (end if end is not None else look.start + look.frame_s) - look.start)


def checked_duration(path: Path, duration_s: Fraction) -> Fraction:
    if duration_s > MAX_DURATION_S:
        raise InputError(f"{path} claims to last {float(duration_s):.0f} s, more than a day; remux it first.")
    return duration_s


def _tail_end(path: Path, look: Look) -> Fraction | None:
    """End of the last picture, from a keyframe near it on; None where the file cannot seek."""
    with opened(path) as container:
        stream = picture_stream(container, path)
        only(container, stream)
        if stream.time_base is None:
            return None
        claimed_s = (container.duration or 0) / av.time_base + (container.start_time or 0) / av.time_base
        target_s = max(claimed_s - _TAIL_S, float(look.start))
        try:
            container.seek(math.ceil(target_s / stream.time_base), stream=stream)
            return _latest_end(container.demux(stream), stream, look)
        except av.error.FFmpegError:
            return None


def _end_of_all(path: Path, look: Look) -> Fraction | None:
    with opened(path) as container:
        stream = picture_stream(container, path)
        only(container, stream)
        return _latest_end(container.demux(stream), stream, look)


def _latest_end(
    packets: Iterable[av.packet.Packet[av.video.stream.VideoStream]],
    stream: av.video.stream.VideoStream,
    look: Look,
) -> Fraction | None:
    end: Fraction | None = None
    try:
        for packet in packets:
            start = time_of(packet.dts if packet.pts is None else packet.pts, stream)
            if start is None or packet.is_discard or packet.is_corrupt:
                continue
            stop = start + (time_of(packet.duration or None, stream) or look.frame_s)
            end = stop if end is None else max(end, stop)
    except av.error.FFmpegError:
        pass  # a truncated tail: what came before it counts
    return end
