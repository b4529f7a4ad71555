"""The sound side of a file being written: blocks taken as the picture goes along, encoded."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import cast

import av.audio.frame
import av.audio.stream
import av.container
import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""``(2, samples)``: left and right in -1..1."""

_ENCODER_RATES_HZ = {"aac": (44_100, 48_000), "libopus": (48_000,)}
"""Sample rates written; others are converted to the last."""


class SoundTrack:
    """Encodes ``blocks`` (stereo ``(2, n)`` float32 at ``rate_hz``) into a stream of ``target``."""

    def __init__(
        self,
        target: av.container.OutputContainer,
        blocks: Iterable[Samples],
        *,
        encoder: tuple[str, int],
        rate_hz: int,
    ) -> None:
        codec, bit_rate = encoder
        rates = _ENCODER_RATES_HZ[codec]
        self._target = target
        self._rate_hz = rate_hz
        self._blocks = iter(blocks)
        self._rest: Samples | None = np.zeros((2, 0), np.float32)
        self._written = 0
        rate = rate_hz if rate_hz in rates else rates[-1]
        self._stream = cast(av.audio.stream.AudioStream, target.add_stream(codec, rate=rate))
        self._stream.codec_context.bit_rate = bit_rate

    def write_until(self, time_s: Fraction) -> None:
        """Encode up to a moment of the picture, with silence where the blocks have given out."""
        until = round(time_s * self._rate_hz)
        while self._written < until:
            block = self._next_block(until - self._written)
            frame = av.audio.frame.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate = self._rate_hz
            frame.time_base = Fraction(1, self._rate_hz)
            frame.pts = self._written
            self._written += block.shape[1]
            self._target.mux(self._stream.encode(frame))

    def finish(self, end_s: Fraction) -> None:
        """Encode up to the picture's end and close the stream."""
        self.write_until(end_s)
        self._target.mux(self._stream.encode(None))

    def _next_block(self, most: int) -> Samples:
        """At least one sample, at most ``most``."""
        while self._rest is not None and not self._rest.shape[1]:
            block = next(self._blocks, None)
            self._rest = None if block is None else _checked(block)
        if self._rest is None:
            return np.zeros((2, min(most, self._rate_hz)), np.float32)
        block, self._rest = self._rest[:, :most], self._rest[:, most:]
        return np.ascontiguousarray(block)


def _checked(block: Samples) -> Samples:
    if block.ndim != 2 or block.shape[0] != 2:
        raise ValueError(f"a block of sound has shape {block.shape}, (2, n) is wanted")
    if not np.isfinite(block).all():
        raise ValueError("a block of sound holds values that are not numbers")
    return np.asarray(block, dtype=np.float32)
