"""Packets to pictures with exact times, decoding no more than is asked for."""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import av.container
import av.error
import av.packet
import av.video.frame
import av.video.stream

from photoplayer.errors import InputError
from photoplayer.video.probe import Look
from photoplayer.video.source import only, opened, picture_stream, prepare_decoder, until_broken

log = logging.getLogger(__name__)

VideoPacket: TypeAlias = "av.packet.Packet[av.video.stream.VideoStream]"

_REORDER = 24
"""Packets looked ahead to learn when a picture's successor shows; codecs reorder 16 at most."""

_TIMED = ("mov", "matroska")
"""Containers in which every picture has a time of its own, and that never leap past what was asked for."""
_LATE_S = 0.5
"""Pictures show later than they are decoded, and a file's index may know the latter alone."""

_ROUNDING = 1e-6
"""Steps of slack: a moment that close to a picture's edge may be said to fall on it."""


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """A decoded picture, on screen from ``start`` for ``duration`` (seconds from the first picture)."""

    frame: av.video.frame.VideoFrame
    start: Fraction
    duration: Fraction


def shown_frames(
    path: Path, look: Look, *, rate: Fraction | None, deblock: bool, from_s: float = 0.0
) -> Iterator[Shown]:
    """Every picture in order of time; with ``rate``, those no ``k / rate`` falls on may be left out.

    Those before ``from_s`` may be left out too: decoding then begins at a key picture before it.

    Raises :class:`InputError` if there is not one.
    """
    clock = _Clock(look)
    damaged = 0
    with opened(path) as container:
        stream = picture_stream(container, path)
        only(container, stream)
        prepare_decoder(stream, deblock=deblock)
        if from_s > _LATE_S:
            _leap(container, stream, look, from_s)
        packets = until_broken(container.demux(stream), path)
        for packet, needed in _with_need(packets, stream, look.start, rate):
            # Pictures nothing refers to are skipped unseen unless a wanted moment falls on them.
            stream.codec_context.skip_frame = "DEFAULT" if needed else "NONREF"
            try:
                decoded = packet.decode()
            except av.error.FFmpegError:
                damaged += 1
                continue
            for frame in decoded:
                shown = clock.place(frame)
                if shown is not None:
                    yield shown
    if clock.latest is None:
        raise InputError(f"{path} is damaged: not one picture can be decoded; export or copy it again.")
    if damaged:
        log.warning("%s: %d damaged packets were left out", path, damaged)


def _leap(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream, look: Look, from_s: float
) -> None:
    """Go on from the last key picture well before a time, where the container says when its pictures show."""
    if stream.time_base is None or not container.format.name.startswith(_TIMED):
        return
    container.seek(math.floor((from_s - _LATE_S + float(look.start)) / stream.time_base), stream=stream)


class _Clock:
    """Gives decoded pictures their times, from the first picture on."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._first_dts: int | None = None
        self.latest: Fraction | None = None

    def place(self, frame: av.video.frame.VideoFrame) -> Shown | None:
        """The picture with its time; None for one that comes late, when a newer one is already on screen."""
        start = self._start_of(frame)
        if self.latest is not None and start <= self.latest:
            return None
        self.latest = start
        if not frame.duration or frame.time_base is None:
            return Shown(frame, start, self._look.frame_s)
        return Shown(frame, start, frame.duration * frame.time_base)

    def _start_of(self, frame: av.video.frame.VideoFrame) -> Fraction:
        if frame.time_base is not None:
            if frame.pts is not None:
                return frame.pts * frame.time_base - self._look.start
            timed_by_dts = self.latest is None or self._first_dts is not None
            if frame.dts is not None and timed_by_dts:  # AVI: when the decoder gave the picture out
                if self._first_dts is None:
                    self._first_dts = frame.dts
                return (frame.dts - self._first_dts) * frame.time_base
        return Fraction(0) if self.latest is None else self.latest + self._look.frame_s


def _with_need(
    packets: Iterator[VideoPacket],
    stream: av.video.stream.VideoStream,
    origin: Fraction,
    rate: Fraction | None,
) -> Iterator[tuple[VideoPacket, bool]]:
    """Packets, each with whether a moment ``k / rate`` falls on its picture.

    A picture stays until the next one in order of *display*; durations in files are too often made up,
    so the successor is found among the packets around it. Where in doubt a picture is needed.
    """
    if rate is None or stream.time_base is None:
        yield from ((packet, True) for packet in packets)
        return
    steps_per_tick = float(rate * stream.time_base)
    first_step = float(origin * rate)
    ahead: deque[VideoPacket] = deque()
    times: deque[int] = deque(maxlen=2 * _REORDER)

    def needed(packet: VideoPacket) -> bool:
        if packet.pts is None:
            return True
        following = min((t for t in times if t > packet.pts), default=None)
        if following is None:
            return True
        begin = packet.pts * steps_per_tick - first_step
        end = following * steps_per_tick - first_step
        return math.ceil(begin - _ROUNDING) < end + _ROUNDING

    for packet in packets:
        ahead.append(packet)
        if packet.pts is not None:
            times.append(packet.pts)
        if len(ahead) > _REORDER:
            first = ahead.popleft()
            yield first, needed(first)
    while ahead:
        first = ahead.popleft()
        yield first, needed(first)
