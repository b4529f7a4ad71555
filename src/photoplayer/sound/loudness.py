"""Programme loudness after ITU-R BS.1770-4 and EBU R 128, measured block by block.

Loudness is the mean power of the K-weighted signal (a head's shelf and a low cut) over 400 ms
windows that overlap by three quarters, leaving out windows under -70 LUFS and then those more
than 10 LU under the mean of the rest. Only one number per 100 ms is kept: 36 000 for an hour.
"""

from __future__ import annotations

from math import log10, pi, tan

import numpy as np
import numpy.typing as npt

from photoplayer.sound.audio import RATE_HZ, Samples

_WINDOW_STEPS = 4  # a window is 400 ms, a step 100 ms
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0
_OFFSET_LUFS = -0.691

# The weighting is done by overlap-save in the frequency domain, so that nothing needs scipy.signal,
# which takes most of a second to import. After so many samples the filter has fallen by 190 dB.
_MEMORY_FRAMES = 4096
_FFT_FRAMES = 32_768

SILENCE_LUFS = float("-inf")


class LoudnessMeter:
    """Feed stereo blocks of any size with :meth:`add`, then ask for :meth:`lufs`."""

    def __init__(self, rate_hz: int = RATE_HZ) -> None:
        self._response = k_weighting(np.fft.rfftfreq(_FFT_FRAMES, 1 / rate_hz), rate_hz)
        self._past = np.zeros((2, _MEMORY_FRAMES), np.float32)
        self._step_frames = round(0.1 * rate_hz)
        self._rest: npt.NDArray[np.float64] = np.zeros(0)
        self._steps: list[npt.NDArray[np.float64]] = []

    def add(self, block: Samples) -> None:
        """Measure the next block, shape ``(2, n)``."""
        joined = np.concatenate([self._past, block], axis=1)
        self._past = joined[:, joined.shape[1] - _MEMORY_FRAMES :]
        hop = _FFT_FRAMES - _MEMORY_FRAMES
        powers = [self._rest]
        for start in range(0, block.shape[1], hop):
            piece = joined[:, start : start + _FFT_FRAMES]
            weighted = np.fft.irfft(np.fft.rfft(piece, _FFT_FRAMES) * self._response)
            weighted = weighted[:, _MEMORY_FRAMES : piece.shape[1]]
            powers.append(np.einsum("ct,ct->t", weighted, weighted))
        power = np.concatenate(powers)
        whole = power.size // self._step_frames
        self._rest = power[whole * self._step_frames :]
        self._steps.append(power[: whole * self._step_frames].reshape(whole, self._step_frames).sum(axis=1))

    def lufs(self, gain_db: float = 0.0) -> float:
        """Integrated loudness so far, had the sound this gain; minus infinity for silence.

        (The gate at -70 LUFS makes it more than a sum of both.) Sound shorter than one window counts
        as one window, its rest silent.
        """
        steps = np.concatenate([*self._steps, np.zeros(0)])
        if steps.size < _WINDOW_STEPS:
            steps = np.append(steps, self._rest.sum())
            steps = np.pad(steps, (0, max(_WINDOW_STEPS - steps.size, 0)))
        windows = np.convolve(steps, np.ones(_WINDOW_STEPS), "valid") / (_WINDOW_STEPS * self._step_frames)
        windows *= 10 ** (gain_db / 10)
        loud = windows[windows > _power(_ABSOLUTE_GATE_LUFS)]
        if not loud.size:
            return SILENCE_LUFS
        gate = _lufs(float(loud.mean())) + _RELATIVE_GATE_LU
        return _lufs(float(loud[loud > _power(gate)].mean()))


def k_weighting(frequencies_hz: npt.NDArray[np.floating], rate_hz: int) -> npt.NDArray[np.complex128]:
    """Complex gain of BS.1770's K-weighting at some frequencies, for any sample rate.

    The standard prints coefficients for 48 kHz. These are the analogue prototypes behind them (a
    shelf of 4 dB, a high-pass at 38 Hz) as B. De Man derived them for other rates: "Evaluation of
    implementations of the EBU R 128 loudness measurement", AES 145, 2018.
    """
    delay = np.exp(-2j * np.pi * frequencies_hz / rate_hz)
    shelf, shelf_poles = _shelf(1681.974450955533, 3.999843853973347, 0.7071752369554196, rate_hz)
    poles = _poles(38.13547087602444, 0.5003270373238773, rate_hz)
    # The standard leaves the high-pass's numerator at 1, -2, 1.
    gain = np.polyval(shelf[::-1], delay) * np.polyval([1.0, -2.0, 1.0], delay)
    return np.asarray(gain / np.polyval(shelf_poles[::-1], delay) / np.polyval(poles[::-1], delay))


def _shelf(corner_hz: float, gain_db: float, quality: float, rate_hz: int) -> tuple[list[float], list[float]]:
    high, k = 10 ** (gain_db / 20), tan(pi * corner_hz / rate_hz)
    middle = high**0.4996667741545416
    a0 = 1 + k / quality + k * k
    zeros = [high + middle * k / quality + k * k, 2 * (k * k - high), high - middle * k / quality + k * k]
    return [zero / a0 for zero in zeros], _poles(corner_hz, quality, rate_hz)


def _poles(corner_hz: float, quality: float, rate_hz: int) -> list[float]:
    k = tan(pi * corner_hz / rate_hz)
    a0 = 1 + k / quality + k * k
    return [1.0, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0]


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_LUFS) / 10))


def _lufs(power: float) -> float:
    return _OFFSET_LUFS + 10 * log10(power)
