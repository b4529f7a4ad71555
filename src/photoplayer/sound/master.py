"""Mastering: one gain for the whole piece, and a limiter, so that it is as loud as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import isinf, log10

import numpy as np

from photoplayer.sound.audio import RATE_HZ, Samples
from photoplayer.sound.limiter import CEILING_DB, Curve, PeakMeter, limited
from photoplayer.sound.loudness import LoudnessMeter

MOST_GAIN_DB = 30.0
"""Near silence is not blown up beyond this."""
_NEAR_ENOUGH_LU = 0.25
_ATTEMPTS = 5
_RUN_UP_FRAMES = RATE_HZ  # longer than the limiter remembers


@dataclass(frozen=True, slots=True)
class Master:
    """What came of it: integrated loudness (minus infinity for silence), true peak, and the gain before
    the limiter."""

    loudness_lufs: float
    true_peak_db: float
    gain_db: float


@dataclass(frozen=True)
class Mix:
    """The unmastered mix: ``read(start, frames)`` gives ``(2, n)``; a ``loop``'s end meets its start."""

    read: Callable[[int, int], Samples]
    frames: int
    block_frames: int
    loop: bool = False

    def blocks(self) -> Iterator[Samples]:
        """The whole of it, once."""
        for start in range(0, self.frames, self.block_frames):
            yield self.read(start, min(self.block_frames, self.frames - start))

    def limited(self, gain: float) -> Iterator[tuple[Samples, Curve]]:
        """Blocks and their gain curves; a loop's limiter has already heard its end, and hears its start."""
        if not self.loop:
            yield from limited(self.blocks(), gain=gain)
            return
        run_up = min(_RUN_UP_FRAMES, self.frames)
        before, after = self.read(self.frames - run_up, run_up), self.read(0, run_up)
        pairs = limited(chain([before], self.blocks(), [after]), gain=gain)
        next(pairs)
        for _ in range(0, self.frames, self.block_frames):
            yield next(pairs)


def master(mix: Mix, store: Callable[[int, Curve], None], *, target_lufs: float) -> Master:
    """Find the gain curve that brings ``mix`` to its loudness and give it to ``store(start, curve)``.

    The limiter takes loudness away with the peaks, so its result is measured and the gain mended,
    a few times at most. ``store`` may get a part again; the last one counts.
    """
    loudness, peak_db = _measured(mix.blocks())
    gain_db = _gain_to(target_lufs, loudness)
    if peak_db + gain_db <= CEILING_DB:
        _store_constant(mix, store, gain_db)
        return Master(loudness.lufs(gain_db), peak_db + gain_db, gain_db)
    result = amplify(mix, store, gain_db=gain_db)
    slope = 1.0  # LU won by a dB of gain: less, the more the limiter works
    for _ in range(_ATTEMPTS):
        missing = target_lufs - result.loudness_lufs
        step_db = min(missing / slope, MOST_GAIN_DB - result.gain_db)
        if abs(missing) <= _NEAR_ENOUGH_LU or step_db == 0:
            break
        before = result
        result = amplify(mix, store, gain_db=before.gain_db + step_db)
        slope = min(max((result.loudness_lufs - before.loudness_lufs) / step_db, 0.3), 1.0)
    return result


def amplify(mix: Mix, store: Callable[[int, Curve], None], *, gain_db: float) -> Master:
    """Like :func:`master` with a given gain: the limiter works, the loudness is what it is."""
    loudness, peak_db = _measured(_stored(mix, store, gain_db))
    return Master(loudness.lufs(), peak_db, gain_db)


def _gain_to(target_lufs: float, loudness: LoudnessMeter) -> float:
    """The gain that makes it so loud; 0 for silence, at most :data:`MOST_GAIN_DB`."""
    gain_db = MOST_GAIN_DB
    if isinf(loudness.lufs(gain_db)):
        return 0.0
    for _ in range(_ATTEMPTS):  # a few, as soft passages come through the gate with more gain
        gain_db = min(gain_db + target_lufs - loudness.lufs(gain_db), MOST_GAIN_DB)
    return gain_db


def _measured(blocks: Iterator[Samples]) -> tuple[LoudnessMeter, float]:
    """The loudness meter, and the true peak in dB."""
    loudness, peak = LoudnessMeter(), PeakMeter()
    for block in blocks:
        loudness.add(block)
        peak.add(block)
    return loudness, 20 * log10(max(peak.peak, 1e-10))


def _stored(mix: Mix, store: Callable[[int, Curve], None], gain_db: float) -> Iterator[Samples]:
    start = 0
    for block, curve in mix.limited(10 ** (gain_db / 20)):
        store(start, curve)
        start += curve.size
        yield block * curve


def _store_constant(mix: Mix, store: Callable[[int, Curve], None], gain_db: float) -> None:
    for start in range(0, mix.frames, mix.block_frames):
        size = min(mix.block_frames, mix.frames - start)
        store(start, np.full(size, 10 ** (gain_db / 20), np.float32))
