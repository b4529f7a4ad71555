"""Which container can hold a picture as it is, and what sound goes with it."""

from __future__ import annotations

from pathlib import Path

from photoplayer.video.probe import look_at

_MP4 = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video"})
_MOV = _MP4 - {"vp9", "av1"} | {"prores", "dnxhd", "mjpeg", "png", "qtrle", "cfhd", "dvvideo", "h263", "svq3"}

HOLDS: dict[str, frozenset[str] | None] = {
    ".mp4": _MP4,
    ".m4v": _MP4,
    ".mov": _MOV,
    ".webm": frozenset({"vp8", "vp9", "av1"}),
    ".mkv": None,
}
"""Suffix -> picture codecs that players expect in it; None holds anything."""

_PREFERRED = (".mp4", ".mov", ".webm", ".mkv")


def container_for(video: Path) -> str:
    """Best suffix for this video with a new sound: ``.mp4`` where possible, else mov, webm or mkv.

    An animated GIF or PNG gets ``.mp4``; its picture is encoded anew. Raises :class:`InputError`.
    """
    look = look_at(video)
    return suffix_for("h264" if look.must_reencode else look.codec)


def suffix_for(codec: str) -> str:
    """The first preferred suffix whose container holds this codec."""
    return next(suffix for suffix in _PREFERRED if can_hold(suffix, codec))


def can_hold(suffix: str, codec: str) -> bool:
    """Whether a container of this suffix carries pictures of this codec."""
    codecs = HOLDS.get(suffix.lower(), frozenset())
    return codecs is None or codec in codecs


def sound_codec(suffix: str) -> tuple[str, int]:
    """Encoder and bits per second for the sound of a container."""
    return ("libopus", 160_000) if suffix.lower() == ".webm" else ("aac", 192_000)
