"""Timed pictures, streamed: the stream's own times, upright, RGB, at a rate and size if asked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from photoplayer.errors import InputError
from photoplayer.video.decode import Shown, shown_frames
from photoplayer.video.orientation import Image
from photoplayer.video.picture import Painter
from photoplayer.video.probe import checked_duration, look_at

__all__ = ["Frame", "Image", "frames"]


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """A picture: ``image`` is ``(height, width, 3)`` uint8 RGB, on screen from ``time_s`` seconds."""

    time_s: float
    image: Image


def frames(
    path: Path,
    *,
    rate_hz: float | None = None,
    size: tuple[int, int] | None = None,
    fast: bool = False,
) -> Iterator[Frame]:
    """Pictures of a video in order, the first at time 0, as a person would see them.

    Without ``rate_hz`` every picture comes at its own exact time. With it, one comes for every
    ``k / rate_hz`` before the end: the picture on screen at that moment, so held pictures repeat and
    short ones may never come. ``size`` is ``(width, height)`` after rotation. ``fast`` leaves out the
    deblocking of pictures no other refers to, for analysis at small sizes: times stay exact and errors do
    not spread, pixels near block edges differ slightly. Memory does not grow with length.

    The same FFmpeg gives the same pixels on every machine. Transparency is composited on black;
    HDR is not tone-mapped.

    Raises :class:`InputError` at once if the file is no readable video; damage found later ends
    the pictures early with a logged warning.
    """
    if rate_hz is not None and not (math.isfinite(rate_hz) and rate_hz > 0):
        raise ValueError(f"rate_hz is {rate_hz}, it must be above 0")
    if size is not None and min(size) < 1:
        raise ValueError(f"size is {size}, both sides must be at least 1")
    look = look_at(path)
    painter = Painter(size or (look.width, look.height), look.orientation)
    rate = None if rate_hz is None else Fraction(rate_hz)
    shown = shown_frames(path, look, rate=rate, deblock=not fast)
    if rate is None:
        return _every(path, shown, painter)
    return _sampled(path, shown, painter, rate)


def _every(path: Path, shown: Iterator[Shown], painter: Painter) -> Iterator[Frame]:
    for picture in shown:
        checked_duration(path, picture.start)
        yield Frame(float(picture.start), painter.paint(picture.frame))


def _sampled(path: Path, shown: Iterator[Shown], painter: Painter, rate: Fraction) -> Iterator[Frame]:
    step = 0
    held: Shown | None = None
    for picture in shown:
        checked_duration(path, picture.start)
        if held is not None:
            upto = math.ceil(picture.start * rate)
            yield from _repeated(held, painter, rate, step, upto)
            step = max(step, upto)
        held = picture
    if held is None:
        raise InputError(f"{path} is damaged: not one picture can be decoded; export or copy it again.")
    end = checked_duration(path, held.start + held.duration)
    yield from _repeated(held, painter, rate, step, max(math.ceil(end * rate), 1))


def _repeated(held: Shown, painter: Painter, rate: Fraction, first: int, last: int) -> Iterator[Frame]:
    if first >= last:
        return
    image = painter.paint(held.frame)
    for step in range(first, last):
        yield Frame(float(step / rate), image)
