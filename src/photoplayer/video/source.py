"""Opening a moving picture safely: local files, real containers, errors in sentences.

FFmpeg follows what it reads: a playlist named ``clip.mp4`` could make it fetch addresses or
open other files. So the file protocol and self-contained containers alone are allowed.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import av
import av.container
import av.error
import av.stream
import av.video.stream

from photoplayer.errors import InputError

PacketT = TypeVar("PacketT")

log = logging.getLogger(__name__)

DEMUXERS = (
    "mov,mp4,matroska,webm,avi,asf,gif,apng,flv,mpegts,mpeg,mpegvideo,ogg,ivf,nut,dv,mxf,rm,wtv,"
    "yuv4mpegpipe,h264,hevc,m4v,obu,av1"
)
"""Containers that hold their streams themselves. Not hls, concat, dash, sdp, image2, lavfi …"""

SOUND_DEMUXERS = f"{DEMUXERS},wav,w64,mp3,flac,aac,aiff,caf"
"""The same, and files of sound alone."""

OPTIONS = {"protocol_whitelist": "file", "format_whitelist": DEMUXERS}

_GEN_PTS = int(av.container.Flags.gen_pts.value)  # type: ignore[call-overload]

MAX_PIXELS = 2**26
"""Largest picture decoded: twice 8K UHD. A header may claim any size; memory may not follow it."""

MAX_DURATION_S = 24 * 3600
"""Longest picture taken: beyond a day, timestamps are damaged rather than true."""

MAX_THREADS = 4
"""Every decoding thread holds pictures of its own, at 8K about 50 MB each."""


@contextmanager
def opened(path: Path, *, demuxers: str = DEMUXERS) -> Iterator[av.container.InputContainer]:
    """Open a media file; FFmpeg's complaints inside the block become :class:`InputError`."""
    _check_file(path)
    options = OPTIONS | {"format_whitelist": demuxers}
    try:
        with av.open(str(path.absolute()), container_options=options, metadata_errors="replace") as container:
            if container.format.name == "avi":
                # AVI has no presentation times; the ones FFmpeg makes up are wrong with B-frames.
                container.flags &= ~_GEN_PTS
            yield container
    except (av.error.FFmpegError, UnicodeError) as problem:
        raise _unreadable(path, problem, "video" if demuxers == DEMUXERS else "sound") from problem


def picture_stream(container: av.container.InputContainer, path: Path) -> av.video.stream.VideoStream:
    """The moving picture of a file: its first video stream that is no cover art."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            if stream.codec_context is None:
                raise InputError(f"{path} holds a picture no decoder here reads; convert it to H.264 first.")
            return stream
    kind = "sound but no picture" if container.streams.audio else "no picture"
    raise InputError(f"{path} holds {kind}; give a video file.")


def only(container: av.container.InputContainer, wanted: av.stream.Stream) -> None:
    """Let the demuxer skip every other stream."""
    for stream in container.streams:
        stream.discard = av.stream.Discard.default if stream is wanted else av.stream.Discard.all


def prepare_decoder(
    stream: av.video.stream.VideoStream, *, threads: int | None = None, deblock: bool = True
) -> None:
    """Before the first packet: threads, size limit, and whether to deblock pictures no other refers to."""
    context = stream.codec_context
    context.options = {"max_pixels": str(MAX_PIXELS)} | ({} if deblock else {"skip_loop_filter": "noref"})
    context.thread_count = threads or min(_cores(), MAX_THREADS)
    context.thread_type = "AUTO"


def until_broken(packets: Iterator[PacketT], path: Path) -> Iterator[PacketT]:
    """Packets up to where the file can be read no further."""
    try:
        yield from packets
    except av.error.FFmpegError as problem:
        log.warning("%s breaks off (%s); what comes before is used", path, problem.strerror)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check_file(path: Path) -> None:
    try:
        if not path.exists():
            raise InputError(f"{path} does not exist; check the name.")
        if path.is_dir():
            raise InputError(f"{path} is a folder; give a video file.")
        if not path.is_file():
            raise InputError(f"{path} is not a regular file; save the video to disk first.")
        with path.open("rb") as file:
            if not file.read(1):
                raise InputError(f"{path} is empty; record or copy it again.")
    except PermissionError as problem:
        raise InputError(f"{path} may not be read; check its permissions.") from problem
    except (OSError, ValueError) as problem:
        raise InputError(f"{path} cannot be read: {problem}.") from problem


def _unreadable(path: Path, problem: Exception, wanted: str) -> InputError:
    if isinstance(problem, MemoryError):
        return InputError(f"{path} needs more memory than there is; scale the video down first.")
    reason = getattr(problem, "strerror", None) or "unreadable"
    return InputError(f"{path} is damaged or no {wanted} ({reason}); export or copy it again.")
