"""Programme loudness after ITU-R BS.1770-4 and EBU R 128, measured block by block.

Loudness is the mean power of the K-weighted signal (a head's shelf and a low cut) over 400 ms
windows that overlap by three quarters, leaving out windows under -70 LUFS and then those more
than 10 LU under the mean of the rest. Only one number per 100 ms is kept: 36 000 for an hour.
"""

from __future__ import annotations

from math import cos, log10, pi, sin, sqrt

import numpy as np
import numpy.typing as npt

from photoplayer.sound.audio import RATE_HZ, Samples

_WINDOW_STEPS = 4  # a window is 400 ms, a step 100 ms
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0
_OFFSET_LUFS = -0.691

SILENCE_LUFS = float("-inf")


class LoudnessMeter:
    """Feed stereo blocks of any size with :meth:`add`, then read :attr:`lufs`."""

    def __init__(self, rate_hz: int = RATE_HZ) -> None:
        self._sections = k_weighting(rate_hz)
        self._state = np.zeros((len(self._sections), 2, 2))
        self._step_frames = round(0.1 * rate_hz)
        self._rest: npt.NDArray[np.float64] = np.zeros(0)
        self._steps: list[npt.NDArray[np.float64]] = []

    def add(self, block: Samples) -> None:
        """Measure the next block, shape ``(2, n)``."""
        from scipy.signal import sosfilt

        weighted, self._state = sosfilt(self._sections, block, axis=-1, zi=self._state)
        power = np.concatenate([self._rest, np.einsum("ct,ct->t", weighted, weighted)])
        whole = power.size // self._step_frames
        self._rest = power[whole * self._step_frames :]
        self._steps.append(power[: whole * self._step_frames].reshape(whole, -1).sum(axis=1))

    @property
    def lufs(self) -> float:
        """Integrated loudness so far; minus infinity for silence.

        Sound shorter than one window counts as one window, its rest silent.
        """
        steps = np.concatenate([*self._steps, np.zeros(0)])
        if steps.size < _WINDOW_STEPS:
            steps = np.append(steps, self._rest.sum())
            steps = np.pad(steps, (0, max(_WINDOW_STEPS - steps.size, 0)))
        windows = np.convolve(steps, np.ones(_WINDOW_STEPS), "valid") / (_WINDOW_STEPS * self._step_frames)
        loud = windows[windows > _power(_ABSOLUTE_GATE_LUFS)]
        if not loud.size:
            return SILENCE_LUFS
        gate = _lufs(float(loud.mean())) + _RELATIVE_GATE_LU
        return _lufs(float(loud[loud > _power(gate)].mean()))


def k_weighting(rate_hz: int) -> npt.NDArray[np.float64]:
    """The K-weighting of BS.1770 as two second-order sections at any sample rate.

    The standard prints coefficients for 48 kHz; these are the analogue prototypes behind them
    (a 4 dB shelf at 1.68 kHz, a high-pass at 38 Hz), transformed anew.
    """
    return np.array([_shelf(1681.97, 3.99984, 0.70718, rate_hz), _high_pass(38.1355, 0.50033, rate_hz)])


def _shelf(corner_hz: float, gain_db: float, quality: float, rate_hz: int) -> list[float]:
    a = 10 ** (gain_db / 40)
    w = 2 * pi * corner_hz / rate_hz
    slope, c = 2 * sqrt(a) * sin(w) / (2 * quality), cos(w)
    b = [a * (a + 1 + (a - 1) * c + slope), -2 * a * (a - 1 + (a + 1) * c), a * (a + 1 + (a - 1) * c - slope)]
    den = [a + 1 - (a - 1) * c + slope, 2 * (a - 1 - (a + 1) * c), a + 1 - (a - 1) * c - slope]
    return [x / den[0] for x in b + den]


def _high_pass(corner_hz: float, quality: float, rate_hz: int) -> list[float]:
    w = 2 * pi * corner_hz / rate_hz
    slope, c = sin(w) / (2 * quality), cos(w)
    # BS.1770 leaves this section's pass-band gain at its unnormalised 1, -2, 1 (about 0.04 dB).
    return [1.0, -2.0, 1.0, 1.0, -2 * c / (1 + slope), (1 - slope) / (1 + slope)]


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_LUFS) / 10))


def _lufs(power: float) -> float:
    return _OFFSET_LUFS + 10 * log10(power)
