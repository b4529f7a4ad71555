"""A new sound for a video: the picture's packets copied as they are, the sound encoded beside them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.error

from photoplayer.errors import OutputError
from photoplayer.files import cannot_write, finished
from photoplayer.video.containers import HOLDS, can_hold, codec_out, sound_codec, suffix_for
from photoplayer.video.probe import look_at
from photoplayer.video.reencode import Repaint, encoded_pictures
from photoplayer.video.remux import copied_pictures
from photoplayer.video.soundwriter import Samples, SoundTrack
from photoplayer.video.source import opened, picture_stream

log = logging.getLogger(__name__)

RATE_HZ = 44_100


def mux(
    video: Path,
    blocks: Iterable[Samples],
    out: Path,
    *,
    rate_hz: int = RATE_HZ,
    repaint: Repaint | None = None,
) -> None:
    """Write ``out``: the picture of ``video``, bit for bit, with ``blocks`` as its only sound.

    ``blocks`` are stereo ``(2, n)`` float32 at ``rate_hz``, sample 0 falling on the first picture; they
    are taken one by one as the picture goes along, cut at its end or followed by silence up to it.
    The suffix of ``out`` decides the container (``.mp4 .m4v .mov .mkv .webm``); :func:`container_for`
    names one that fits. What cannot be copied anywhere (an animated GIF, Windows Media, B-frames in
    AVI, whose times are not stored) is encoded anew as H.264, and so is what ``repaint`` makes of the
    pictures, if given.

    ``out`` appears whole or not at all. Raises :class:`InputError` if the video cannot be read,
    :class:`OutputError` if it cannot be written or its picture does not fit the container.
    """
    look = look_at(video)
    codec = "h264" if repaint else codec_out(look)
    if out.suffix.lower() not in HOLDS:
        raise OutputError(f"{out} is not named as a video; call it {out.stem}{suffix_for(codec)}.")
    if not can_hold(out.suffix, codec):
        raise OutputError(
            f"{out} cannot hold {codec} pictures as they are; name it {out.stem}{suffix_for(codec)}."
        )
    if out.exists() and out.samefile(video):
        raise OutputError(f"{out} is the video itself; choose another name.")
    with opened(video) as source, finished(out) as temporary, _container(temporary, out) as target:
        stream = picture_stream(source, video)
        if repaint:
            pictures = encoded_pictures(video, look, target, repaint)
        elif codec != look.codec or look.lacks_times:
            log.info("%s: %s pictures cannot be copied, they are encoded anew as H.264", video, look.codec)
            pictures = encoded_pictures(video, look, target)
        else:
            pictures = copied_pictures(source, stream, video, look, target)
        sound = SoundTrack(target, blocks, encoder=sound_codec(out.suffix), rate_hz=rate_hz)
        end_s = Fraction(0)
        for picture in pictures:
            sound.write_until(picture.decode_s)
            target.mux_one(picture.packet)
            end_s = max(end_s, picture.end_s)
        sound.finish(end_s)


@contextmanager
def _container(path: Path, out: Path) -> Iterator[av.container.OutputContainer]:
    """A container to write; where the block fails, its closing may fail too without hiding the cause."""
    options = {"movflags": "+faststart"} if path.suffix.lower() in (".mp4", ".m4v", ".mov") else {}
    try:
        target = av.open(str(path.absolute()), "w", container_options=options)
        try:
            yield target
        except BaseException:
            with suppress(av.error.FFmpegError, OSError):
                target.close()
            raise
        target.close()
    except av.error.FFmpegError as problem:
        raise cannot_write(out, problem) from problem
