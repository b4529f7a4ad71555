"""Which container can hold a picture as it is, and what sound goes with it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import av
import av.container

from photoplayer.video.probe import Look, look_at

_MP4 = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video"})
_MOV = _MP4 - {"vp9", "av1"} | {"prores", "dnxhd", "mjpeg", "png", "qtrle", "cfhd", "dvvideo", "h263", "svq3"}

HOLDS: dict[str, frozenset[str] | None] = {
    ".mp4": _MP4,
    ".m4v": _MP4,
    ".mov": _MOV,
    ".webm": frozenset({"vp8", "vp9", "av1"}),
    ".mkv": None,
}
"""Suffix -> picture codecs that players expect in it; None holds all that FFmpeg can put there."""

_PREFERRED = (".mp4", ".mov", ".webm", ".mkv")


def container_for(video: Path) -> str:
    """Best suffix for this video with a new sound: ``.mp4`` where possible, else mov, webm or mkv.

    A picture that none of them holds (an animated GIF, Windows Media) becomes H.264 and gets ``.mp4``.
    Raises :class:`InputError`.
    """
    return suffix_for(codec_out(look_at(video)))


def codec_out(look: Look) -> str:
    """The codec the picture has in a new file: its own, or ``h264`` where it cannot be copied anywhere."""
    held = any(can_hold(suffix, look.codec) for suffix in _PREFERRED)
    return look.codec if held and not look.lacks_times else "h264"


def suffix_for(codec: str) -> str:
    """The first preferred suffix whose container holds this codec."""
    return next(suffix for suffix in _PREFERRED if can_hold(suffix, codec))


def can_hold(suffix: str, codec: str) -> bool:
    """Whether a container of this suffix carries pictures of this codec."""
    codecs = HOLDS.get(suffix.lower(), frozenset())
    return codec in (_matroska_codecs() if codecs is None else codecs)


@lru_cache(maxsize=1)
def _matroska_codecs() -> frozenset[str]:
    """Asked of FFmpeg's muxer; nothing is written, the name is never opened."""
    with av.open("nowhere.mkv", "w", format="matroska") as container:
        return frozenset(container.supported_codecs) - {"gif", "apng"}


def sound_codec(suffix: str) -> tuple[str, int]:
    """Encoder and bits per second for the sound of a container."""
    return ("libopus", 160_000) if suffix.lower() == ".webm" else ("aac", 192_000)
