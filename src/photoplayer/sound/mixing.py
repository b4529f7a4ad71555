"""Another sound under the music, such as the clip's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from photoplayer.sound.audio import RATE_HZ, Samples
from photoplayer.sound.limiter import limited


def mix_under(
    blocks: Iterable[Samples], under: Iterable[Samples], *, gain: float, rate_hz: int = RATE_HZ
) -> Iterator[Samples]:
    """``blocks`` of shape ``(2, n)`` with ``gain * under`` added, true peak at most -1 dB.

    The result has the blocks and the length of the first; ``under`` comes in blocks of any size,
    mono or stereo, and may be shorter (silence follows), longer (the rest is left) or empty.
    """
    reader = _Reader(under)
    summed = (block + np.float32(gain) * reader.take(block.shape[1]) for block in blocks)
    for block, curve in limited(summed, rate_hz=rate_hz):
        yield block * curve


class _Reader:
    """Blocks of any size, read in sizes of our choice."""

    def __init__(self, blocks: Iterable[Samples]) -> None:
        self._blocks = iter(blocks)
        self._held: Samples = np.zeros((2, 0), np.float32)

    def take(self, frames: int) -> Samples:
        """The next ``frames`` samples ``(2, frames)``, silence after the end."""
        out = np.zeros((2, frames), np.float32)
        filled = 0
        while filled < frames:
            if not self._held.shape[1]:
                block = next(self._blocks, None)
                if block is None:
                    break
                self._held = np.broadcast_to(block, (2, block.shape[1]))
            part = self._held[:, : frames - filled]
            out[:, filled : filled + part.shape[1]] = part
            filled += part.shape[1]
            self._held = self._held[:, part.shape[1] :]
        return out
