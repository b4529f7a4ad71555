"""Blocks of sound into audio files, through PyAV (Ogg Vorbis: libsndfile)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import av.error
import numpy as np
import numpy.typing as npt

from photoplayer.errors import OutputError, SetupError
from photoplayer.files import finished
from photoplayer.sound.audio import RATE_HZ, Samples
from photoplayer.sound.vorbis import write_vorbis


@dataclass(frozen=True, slots=True)
class _Format:
    container: str
    codec: str
    sample_format: str
    options: tuple[tuple[str, str], ...] = ()


FORMATS: dict[str, _Format] = {
    ".wav": _Format("wav", "pcm_s16le", "s16"),
    ".flac": _Format("flac", "flac", "s16"),
    ".ogg": _Format("ogg", "libvorbis", "fltp"),
    ".mp3": _Format("mp3", "libmp3lame", "fltp", (("b", "256k"),)),
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
    with finished(path) as draft, draft.open("wb") as file:
        if kind.container == "ogg":
            write_vorbis(file, blocks, rate_hz)
        else:
            _encode(file, kind, blocks, rate_hz)


def _encode(file: BinaryIO, kind: _Format, blocks: Iterable[Samples], rate_hz: int) -> None:
    try:
        with av.open(file, "w", format=kind.container) as container:
            stream = container.add_stream(kind.codec, rate=rate_hz)
            assert isinstance(stream, av.AudioStream)
            stream.codec_context.options = dict(kind.options)
            stream.layout = "stereo"
            stream.format = kind.sample_format
            for frame in _frames(kind, blocks, rate_hz):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except av.codec.codec.UnknownCodecError as error:
        raise SetupError(f"This FFmpeg cannot encode {kind.codec}; choose .wav or .flac.") from error
    except av.error.FFmpegError as error:
        # PyAV wraps what the file's own write() raised, such as a full disk.
        cause = error.__cause__ or error.__context__
        raise cause if isinstance(cause, OSError) else OSError(error.errno, str(error)) from error


def _frames(kind: _Format, blocks: Iterable[Samples], rate_hz: int) -> Iterator[av.AudioFrame]:
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
        yield frame


_Whole = npt.NDArray[np.int16]


class _Dither:
    """Rounds to 16 bits with triangular noise, which turns the rounding error into faint hiss."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)

    def __call__(self, block: Samples) -> _Whole:
        """Interleaved int16 of shape ``(1, 2 n)``."""
        if np.abs(block).max() < _HEARD:
            return np.zeros((1, block.size), np.int16)
        scaled = block.T * np.float32(_FULL_SCALE)
        noise = self._random.random((2, *scaled.shape), dtype=np.float32)
        scaled += noise[0] - noise[1]
        whole: _Whole = np.clip(np.rint(scaled), -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)
        return whole.reshape(1, -1)
