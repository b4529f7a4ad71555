"""Blocks of sound into audio files, through PyAV."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import av.error
import numpy as np

from photoplayer.errors import OutputError
from photoplayer.sound.audio import RATE_HZ, Samples


@dataclass(frozen=True, slots=True)
class _Format:
    container: str
    codec: str
    sample_format: str
    bit_rate: int | None = None


FORMATS: dict[str, _Format] = {
    ".wav": _Format("wav", "pcm_s16le", "s16"),
    ".flac": _Format("flac", "flac", "s16"),
    ".ogg": _Format("ogg", "vorbis", "fltp", 256_000),
    ".mp3": _Format("mp3", "libmp3lame", "fltp", 256_000),
}
"""What can be written, by file name ending."""

_FULL_SCALE = 32_768
_HEARD = 1e-5
"""Blocks that stay under -100 dB are written as true zeros, without dither."""


def write_audio(path: str | Path, blocks: Iterable[Samples], *, rate_hz: int = RATE_HZ) -> None:
    """Write float32 blocks of shape ``(2, n)`` to ``path``, its ending choosing the format.

    The file appears when it is complete. Whole-number formats have 16 bits with triangular
    dither. Raises :class:`OutputError` if the ending is unknown or the file cannot be written.
    """
    path = Path(path)
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise OutputError(f"{path}: cannot write {path.suffix or 'this'} audio; use {', '.join(FORMATS)}.")
    try:
        with _appearing(path) as file:
            _encode(file, kind, blocks, rate_hz)
    except (OSError, av.error.FFmpegError) as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise OutputError(
            f"{path}: cannot be written ({reason}); free some space or choose another folder."
        ) from error


@contextmanager
def _appearing(path: Path) -> Iterator[BinaryIO]:
    """A file beside ``path`` that takes its name when all went well, and is gone otherwise."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("xb") as file:
            yield file
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _encode(file: BinaryIO, kind: _Format, blocks: Iterable[Samples], rate_hz: int) -> None:
    with av.open(file, "w", format=kind.container) as container:
        stream = container.add_stream(kind.codec, rate=rate_hz)
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.options = {"strict": "experimental"}
        stream.layout = "stereo"
        stream.format = kind.sample_format
        if kind.bit_rate:
            stream.bit_rate = kind.bit_rate
        quantise = _Dither() if kind.sample_format == "s16" else None
        at = 0
        for block in blocks:
            if not block.shape[1]:
                continue
            if quantise:
                frame = av.AudioFrame.from_ndarray(quantise(block), format="s16", layout="stereo")
            else:
                planes = np.ascontiguousarray(block, dtype=np.float32)
                frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
            frame.sample_rate = rate_hz
            frame.pts = at
            at += block.shape[1]
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


class _Dither:
    """Rounds to 16 bits with triangular noise, which turns the rounding error into faint hiss."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)

    def __call__(self, block: Samples) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
        """Interleaved int16 of shape ``(1, 2 n)``."""
        if np.abs(block).max() < _HEARD:
            return np.zeros((1, block.size), np.int16)
        scaled = block.T * np.float32(_FULL_SCALE)
        noise = self._random.random((2, *scaled.shape), dtype=np.float32)
        scaled += noise[0] - noise[1]
        return np.clip(np.rint(scaled), -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16).reshape(1, -1)
