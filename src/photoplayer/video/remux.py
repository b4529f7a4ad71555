"""The picture's packets, copied from one container to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.container
import av.packet
import av.video.stream

from photoplayer.video.probe import Look, checked_duration
from photoplayer.video.source import only, until_broken

_MAX_UNTIMED = 64
"""Packets at the start that may lack a decoding time (Matroska leaves them out while it reorders)."""


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A packet ready to be muxed; its decoding time and the end of its display, from the first picture on."""

    packet: av.packet.Packet[Any]
    decode_s: Fraction
    end_s: Fraction


def copied_pictures(
    source: av.container.InputContainer,
    stream: av.video.stream.VideoStream,
    path: Path,
    look: Look,
    target: av.container.OutputContainer,
) -> Iterator[Picture]:
    """Add a copy of the stream to ``target``, then give its packets, the first picture at time 0.

    Rotation, colour tags and codec data are part of the stream and come along. Pictures an edit list
    hides stay in front (others refer to them), where the new file hides them too; behind they are dropped.
    """
    copy = target.add_stream_from_template(stream, opaque=True)
    if look.codec == "hevc" and target.format.name in ("mp4", "mov"):
        copy.codec_context.codec_tag = "hvc1"  # the one Apple's players take
    only(source, stream)
    return _packets(until_broken(source.demux(stream), path), stream, copy, path, look)


def _packets(
    packets: Iterator[av.packet.Packet[Any]],
    stream: av.video.stream.VideoStream,
    copy: av.video.stream.VideoStream,
    path: Path,
    look: Look,
) -> Iterator[Picture]:
    base = stream.time_base or Fraction(1, 1000)
    origin = round(look.start / base)
    frame_ticks = max(round(look.frame_s / base), 1)
    last_dts: int | None = None
    hidden: list[av.packet.Packet[Any]] = []
    for packet in _with_decode_times(_shown_from_start(packets, origin), frame_ticks):
        if packet.is_discard:
            hidden.append(packet)
            continue
        for ready in (*hidden, packet):
            dts, pts = _times(ready, origin, last_dts)
            ready.dts, ready.pts, last_dts = dts, pts, dts
            ready.duration = ready.duration or frame_ticks
            ready.stream = copy
            end_s = checked_duration(path, (pts + ready.duration) * base)
            yield Picture(ready, dts * base, Fraction(0) if ready.is_discard else end_s)
        hidden.clear()


def _times(packet: av.packet.Packet[Any], origin: int, last_dts: int | None) -> tuple[int, int]:
    """Decoding and display time from the first picture on, the former strictly rising as muxers demand."""
    dts = (packet.dts if packet.dts is not None else packet.pts or 0) - origin
    pts = (packet.pts if packet.pts is not None else packet.dts or 0) - origin
    if last_dts is not None:
        dts = max(dts, last_dts + 1)
    return dts, max(pts, dts)


def _shown_from_start(
    packets: Iterator[av.packet.Packet[Any]], origin: int
) -> Iterator[av.packet.Packet[Any]]:
    """Packets that hold data, without the leading ones that lack the keyframe they refer to."""
    begun = False
    for packet in packets:
        if packet.size == 0:
            continue
        time = packet.pts if packet.pts is not None else packet.dts
        begun = begun or packet.is_keyframe or (time is not None and time >= origin)
        if begun:
            yield packet


def _with_decode_times(
    packets: Iterator[av.packet.Packet[Any]], frame_ticks: int
) -> Iterator[av.packet.Packet[Any]]:
    """Packets, those at the start that lack a decoding time given one below the first that has it."""
    untimed: list[av.packet.Packet[Any]] = []
    for packet in packets:
        if packet.dts is None and len(untimed) < _MAX_UNTIMED:
            untimed.append(packet)
            continue
        for back, early in enumerate(reversed(untimed), start=1):
            if packet.dts is not None:
                early.dts = packet.dts - back * frame_ticks
        yield from untimed
        untimed.clear()
        yield packet
    _time_by_rank(untimed)
    yield from untimed


def _time_by_rank(packets: list[av.packet.Packet[Any]]) -> None:
    """Give packets that all lack a decoding time the display times in rising order, early enough for each."""
    times = sorted(packet.pts for packet in packets if packet.pts is not None)
    if len(times) < len(packets):
        return
    delay = max((early - (packet.pts or 0) for early, packet in zip(times, packets, strict=True)), default=0)
    for early, packet in zip(times, packets, strict=True):
        packet.dts = early - delay
