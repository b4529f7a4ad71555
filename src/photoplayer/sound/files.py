"""Blocks of sound into audio files, through PyAV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import numpy.typing as npt

from photoplayer.errors import OutputError
from photoplayer.files import finished
from photoplayer.sound.audio import RATE_HZ, Samples


@dataclass(frozen=True, slots=True)
class _Format:
    container: str
    codec: str
    sample_format: str
    options: tuple[tuple[str, str], ...] = ()


# FFmpeg's own encoder, as wheels carry no libvorbis: at its best quality, about 250 kbit/s. Game
# engines read Vorbis everywhere and Opus in few places.
_VORBIS = (("strict", "experimental"), ("flags", "+qscale"), ("global_quality", "1180"))

FORMATS: dict[str, _Format] = {
    ".wav": _Format("wav", "pcm_s16le", "s16"),
    ".flac": _Format("flac", "flac", "s16"),
    ".ogg": _Format("ogg", "vorbis", "fltp", _VORBIS),
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
    try:
        with finished(path) as draft, draft.open("wb") as file:
            _encode(file, kind, blocks, rate_hz)
    except av.codec.codec.UnknownCodecError as error:
        raise OutputError(f"{path}: this FFmpeg cannot encode {kind.codec}; choose .wav or .flac.") from error


def _encode(file: BinaryIO, kind: _Format, blocks: Iterable[Samples], rate_hz: int) -> None:
    with av.open(file, "w", format=kind.container) as container:
        stream = container.add_stream(kind.codec, rate=rate_hz)
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.options = dict(kind.options)
        stream.layout = "stereo"
        stream.format = kind.sample_format
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
        for packet in stream.encode(None):
            _trim(packet, at)
            container.mux(packet)


def _trim(packet: av.Packet[av.AudioStream], frames: int) -> None:
    """End the last packet with the sound: encoders fill it up, which would leave a gap in a loop."""
    if packet.pts is not None and packet.duration and packet.pts + packet.duration > frames:
        packet.duration = max(frames - packet.pts, 0)


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
