"""True peak: measuring it between the samples, and holding it under a ceiling.

A converter or a lossy codec rebuilds the curve between samples, which may overshoot them by
several dB. True peak (ITU-R BS.1770-4, annex 2) is the highest value of the signal oversampled
four times. The limiter looks a few milliseconds ahead, so that its gain is down before a peak
arrives, moves smoothly, and comes back slowly enough not to be heard.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from photoplayer.sound.audio import RATE_HZ, Samples

Curve = npt.NDArray[np.float32]
"""``(samples,)`` gain, one value a sample."""

CEILING_DB = -1.3
"""Limiter ceiling: the promise is -1 dB, and a moving gain bends the curve between samples a little."""

_OVERSAMPLING = 4
_REACH_FRAMES = 8  # interpolation looks so many samples to either side
_FRAME = 32  # true peaks are searched only in frames of so many samples that come near the ceiling
_SAFE = 0.5  # between samples, music does not overshoot them by 6 dB
_LOOK_AHEAD_S = 0.004
_RELEASE_S = 0.12


def _interpolators() -> npt.NDArray[np.float32]:
    """Matrix ``(frame + 2 reach, 3 * frame)``: the values at 1/4, 2/4, 3/4 after every sample of a frame."""
    offsets = np.arange(-_REACH_FRAMES, _REACH_FRAMES + 1)
    matrix = np.zeros((_FRAME + 2 * _REACH_FRAMES, _OVERSAMPLING - 1, _FRAME))
    for phase in range(1, _OVERSAMPLING):
        distance = offsets - phase / _OVERSAMPLING
        window = np.cos(np.pi * distance / (2 * _REACH_FRAMES + 2)) ** 2
        kernel = np.sinc(distance) * window
        kernel /= kernel.sum()
        for i in range(_FRAME):
            matrix[i : i + offsets.size, phase - 1, i] = kernel
    return matrix.reshape(len(matrix), -1).astype(np.float32)


_INTERPOLATORS = _interpolators()


def true_peaks(block: Samples, *, above: float = 0.0) -> Curve:
    """Highest absolute value of any channel at and just after each sample, between samples too.

    ``block`` is ``(channels, n + 2 * _REACH_FRAMES)``, the result ``(n,)``: the margins are context.
    Frames whose samples stay under ``above / 2`` are not looked into any deeper.
    """
    reach = _REACH_FRAMES
    size = block.shape[1] - 2 * reach
    if size <= 0:
        return np.zeros(0, np.float32)
    frames = -(-size // _FRAME)
    padded = np.pad(block, ((0, 0), (0, frames * _FRAME - size)))
    peaks: Curve = (
        np.abs(padded[:, reach : reach + frames * _FRAME]).max(axis=0, initial=0).reshape(frames, _FRAME)
    )
    windows = np.lib.stride_tricks.sliding_window_view(padded, _FRAME + 2 * reach, axis=1)[:, ::_FRAME]
    hot = np.flatnonzero(np.abs(windows).max(axis=(0, 2), initial=0) > _SAFE * above)
    for channel in windows:
        between = (
            np.abs(channel[hot] @ _INTERPOLATORS)
            .reshape(hot.size, _OVERSAMPLING - 1, _FRAME)
            .max(axis=1, initial=0)
        )
        peaks[hot] = np.maximum(peaks[hot], between)
    return peaks.ravel()[:size]


class PeakMeter:
    """Feed blocks with :meth:`add`; :attr:`peak` is the true peak so far, linear."""

    def __init__(self, channels: int = 2) -> None:
        self._context = np.zeros((channels, 2 * _REACH_FRAMES), np.float32)
        self.peak = 0.0

    def add(self, block: Samples) -> None:
        """Measure the next block, shape ``(channels, n)``."""
        joined = np.concatenate([self._context, block], axis=1)
        self._context = joined[:, -2 * _REACH_FRAMES :]
        self.peak = max(self.peak, float(true_peaks(joined, above=self.peak).max(initial=0)))


def limited(
    blocks: Iterable[Samples], *, gain: float = 1.0, ceiling_db: float = CEILING_DB, rate_hz: int = RATE_HZ
) -> Iterator[tuple[Samples, Curve]]:
    """Pairs of each block as it came and the gain for each of its samples, ``gain`` included.

    ``block * curve`` keeps its true peak under ``ceiling_db``. Blocks of any size come out one by
    one in order, each only after the look-ahead that follows it has arrived.
    """
    waiting: deque[Samples] = deque()
    ready = np.zeros(0, np.float32)
    brake = _Brake(gain, 10 ** (ceiling_db / 20), rate_hz)
    for block in blocks:
        waiting.append(block)
        ready = np.concatenate([ready, brake.push(block)])
        while waiting and ready.size >= waiting[0].shape[1]:
            size = waiting[0].shape[1]
            yield waiting.popleft(), ready[:size]
            ready = ready[size:]
    ready = np.concatenate([ready, brake.finish()])
    for block in waiting:
        yield block, ready[: block.shape[1]]
        ready = ready[block.shape[1] :]


class _Brake:
    """The gain curve, some samples behind what was pushed.

    In nepers: the cut a peak needs is held, let go at a steady rate, spread over the look-ahead
    before it, and smoothed by a window of the look-ahead's length, which cannot make it smaller
    than the peak needs.
    """

    def __init__(self, gain: float, ceiling: float, rate_hz: int) -> None:
        self._gain, self._ceiling = gain, ceiling
        self._ahead = round(_LOOK_AHEAD_S * rate_hz)
        self._release = 1 / (_RELEASE_S * rate_hz)  # nepers a sample
        shape = np.hanning(self._ahead + 2)[1:-1]
        self._window = shape / shape.sum()
        self._samples: Samples | None = None
        self._cuts = np.zeros(2 * self._ahead - 2)
        self._early = self._delay = _REACH_FRAMES + self._ahead - 1

    def push(self, block: Samples) -> Curve:
        """Take the next samples; give the gains that are now certain."""
        if self._samples is None:
            self._samples = np.zeros((block.shape[0], 2 * _REACH_FRAMES), np.float32)
        joined = np.concatenate([self._samples, block], axis=1)
        self._samples = joined[:, joined.shape[1] - 2 * _REACH_FRAMES :]
        peaks = true_peaks(joined, above=self._ceiling / self._gain) * (self._gain / self._ceiling)
        curve = self._gain * np.exp(-self._smoothed(np.log(np.maximum(peaks, 1.0))))
        skipped = min(self._early, curve.size)
        self._early -= skipped
        return np.asarray(curve[skipped:], dtype=np.float32)

    def finish(self) -> Curve:
        """The gains still owed, as if silence followed."""
        if self._samples is None:
            return np.zeros(0, np.float32)
        return self.push(np.zeros((self._samples.shape[0], self._delay), np.float32))

    def _smoothed(self, needed: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        if not needed.size:
            return np.zeros(0)
        fall = self._release * np.arange(1, needed.size + 1)
        held = np.maximum.accumulate(np.maximum(needed + fall, self._cuts[-1])) - fall
        cuts = np.concatenate([self._cuts, np.maximum(held, 0)])
        self._cuts = cuts[-self._cuts.size :]
        if not cuts.any():
            return np.zeros(needed.size)
        return np.convolve(_coming(cuts, self._ahead), self._window, "valid")


def _coming(values: npt.NDArray[np.float64], frames: int) -> npt.NDArray[np.float64]:
    """The highest of each value and the ``frames - 1`` after it; ends where fewer follow.

    Van Herk's way: a window spans the end of one piece and the beginning of the next.
    """
    pieces = np.pad(values, (0, -values.size % frames)).reshape(-1, frames)
    to_piece_end = np.maximum.accumulate(pieces[:, ::-1], axis=1)[:, ::-1].ravel()
    from_piece_start = np.maximum.accumulate(pieces, axis=1).ravel()
    size = values.size - frames + 1
    return np.maximum(to_piece_end[:size], from_piece_start[frames - 1 :][:size])
