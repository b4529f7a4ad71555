"""Grey pictures here and there in a video, found by seeking: cheap at any length.

Decoding can begin at key pictures only, and those are seconds apart. So a survey takes key pictures where
they lie, and decodes on only where they are rarer than asked for.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av.container
import av.error
import av.video.frame
import av.video.stream

from photoplayer.video.luma import Luma, LumaPlane, luma
from photoplayer.video.probe import Look, look_at, time_of
from photoplayer.video.source import only, opened, picture_stream, prepare_decoder, until_broken

_Timed = tuple[float, av.video.frame.VideoFrame]

_CLOSE_S = 1e-4
"""Two times nearer than this are one: seconds in floats and ticks of a clock do not meet exactly."""
_LATE_S = 0.2
"""Pictures show later than they are decoded, and the index knows the latter."""
_STEPS_BACK_S = (0.0, 5.0, 15.0, 60.0)
"""Some containers seek past the point: tried again from so much earlier."""


def glimpses(
    path: Path, *, start_s: float = 0.0, end_s: float, step_s: float, patience_s: float
) -> Iterator[Luma]:
    """Upright grey pictures from ``start_s`` to before ``end_s`` in order, at least ``step_s`` apart or so.

    Key pictures are taken where they lie; only where the next is more than ``patience_s`` away (by the
    file's index; where it has none, more than ``step_s``) the video is decoded on to it. Times are those of
    :func:`photoplayer.video.frames`; every picture is a copy. A file that cannot seek is decoded through.

    Raises :class:`InputError` if the file is no readable video.
    """
    look = look_at(path)
    if not _seeks(path, look):
        yield from _copied(luma(path, start_s=start_s, end_s=end_s, max_fps=1 / step_s))
        return
    plane = LumaPlane(look)
    with _decoder(path) as (container, stream):
        keys_s = _keys(stream, look)
        # Pictures nothing refers to need not be seen: another is near.
        stream.codec_context.skip_frame = "NONREF"
        shown: Iterator[_Timed] = iter(())
        last_s, wanted_s = -math.inf, start_s
        while wanted_s < end_s:
            if keys_s and last_s >= 0:
                due = bisect_right(keys_s, last_s)
                key_s = keys_s[due] + _LATE_S if due < len(keys_s) else math.inf
                wanted_s = max(wanted_s, min(key_s, last_s + patience_s))
            taken: _Timed | None = None
            if not keys_s or last_s < 0 or bisect_right(keys_s, wanted_s) > bisect_right(keys_s, last_s):
                shown = _from(container, stream, path, look, wanted_s)
                taken = next(shown, None)
            if taken is None or taken[0] <= max(last_s, start_s - _CLOSE_S):
                taken = _reached(shown, wanted_s) or taken
            if taken is None or taken[0] >= end_s or taken[0] <= last_s:
                return  # the end, wherever it was claimed to be
            last_s = taken[0]
            yield Luma(last_s, plane.of(taken[1]).copy())
            wanted_s = max(wanted_s, last_s) + step_s


def stretch(path: Path, start_s: float, end_s: float) -> Iterator[Luma]:
    """Every picture from ``start_s`` to before ``end_s``, upright and grey, decoded from the key picture
    before. Each is valid until the next is taken.

    Raises :class:`InputError` if the file is no readable video.
    """
    look = look_at(path)
    if not _seeks(path, look):
        yield from luma(path, start_s=start_s, end_s=end_s)
        return
    plane = LumaPlane(look)
    with _decoder(path) as (container, stream):
        for time_s, frame in _from(container, stream, path, look, start_s):
            if time_s >= end_s - _CLOSE_S:
                return
            if time_s >= start_s - _CLOSE_S:
                yield Luma(time_s, plane.of(frame))


@contextmanager
def _decoder(path: Path) -> Iterator[tuple[av.container.InputContainer, av.video.stream.VideoStream]]:
    with opened(path) as container:
        stream = picture_stream(container, path)
        only(container, stream)
        # One thread: several first fill up with pictures that a leap throws away.
        prepare_decoder(stream, threads=1, deblock=False)
        yield container, stream


def _from(
    container: av.container.InputContainer,
    stream: av.video.stream.VideoStream,
    path: Path,
    look: Look,
    wanted_s: float,
) -> Iterator[_Timed]:
    """Pictures with their times, from a key picture at or before a time on (after it where none is found)."""
    for back_s in _STEPS_BACK_S:
        clock_s = max(float(look.start) + wanted_s - back_s, float(look.start))
        assert stream.time_base is not None
        container.seek(math.floor((clock_s + _CLOSE_S) / stream.time_base), stream=stream)
        pictures = _timed(container, stream, path, look)
        first = next(pictures, None)
        if first is not None and (first[0] <= wanted_s + _CLOSE_S or wanted_s - back_s <= 0):
            break
    if first is not None:
        yield first
        yield from pictures


def _timed(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream, path: Path, look: Look
) -> Iterator[_Timed]:
    for packet in until_broken(container.demux(stream), path):
        try:
            decoded = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in decoded:
            time = time_of(frame.pts, stream)
            if time is not None:
                yield float(time - look.start), frame


def _reached(shown: Iterator[_Timed], wanted_s: float) -> _Timed | None:
    """The first picture from a time on, or the last there is."""
    taken = None
    for taken in shown:
        if taken[0] >= wanted_s - _CLOSE_S:
            break
    return taken


def _keys(stream: av.video.stream.VideoStream, look: Look) -> list[float]:
    """When key pictures are decoded, by the file's index; empty where it has none."""
    assert stream.time_base is not None
    return sorted(
        float(entry.timestamp * stream.time_base - look.start)
        for entry in stream.index_entries
        if entry.is_keyframe
    )


def _seeks(path: Path, look: Look) -> bool:
    """Whether a file can leap and says when its pictures show."""
    if look.lacks_times:
        return False
    with _decoder(path) as (container, stream):
        if stream.time_base is None:
            return False
        try:
            container.seek(math.floor(look.start / stream.time_base), stream=stream)
        except av.error.FFmpegError:
            return False
        return next(_timed(container, stream, path, look), None) is not None


def _copied(pictures: Iterator[Luma]) -> Iterator[Luma]:
    return (Luma(picture.time_s, picture.grey.copy()) for picture in pictures)
