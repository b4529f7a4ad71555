"""The spectrogram that the neural piano works in, and the way back to samples.

Frame ``t`` is centred at sample ``t * HOP``, and phases are those at the centre, so that all bins of a steady
partial's peak have one phase. Levels are ``ln`` of power, of which a full-scale sinusoid has ``ln 1 = 0``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import fft

MODEL_RATE_HZ = 22_050
WINDOW, HOP = 2048, 256
BINS = WINDOW // 2 + 1
FRAMES_PER_S = MODEL_RATE_HZ / HOP
FLOOR = 1e-9
"""Power of what counts as silence: 90 dB under a full-scale sinusoid."""

Spectra = npt.NDArray[np.complex64]
"""``(frames, BINS)``."""
Levels = npt.NDArray[np.float32]
"""``(frames, BINS)``, ln of power."""
Mono = npt.NDArray[np.float32]
"""``(samples,)`` at ``MODEL_RATE_HZ``."""

_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)
_SCALE = np.float32(_HANN.sum() / 2)
_TURN = np.where(np.arange(BINS) % 2, -1, 1).astype(np.float32)
"""Moves the phases' origin from a frame's first sample to its centre."""


def spectra(samples: Mono) -> Spectra:
    """``samples`` as ``1 + n // HOP`` frames, silence assumed around them."""
    half = WINDOW // 2
    padded = np.pad(samples.astype(np.float32), (half, half + HOP))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[: len(samples) + 1 : HOP]
    found: Spectra = fft.rfft(windows * _HANN, axis=1) * (_TURN / _SCALE)
    return found


def samples(frames: Spectra) -> Mono:
    """Least squares inverse (Griffin & Lim 1984) of ``n`` frames: ``(n - 1) * HOP`` samples."""
    windows = fft.irfft(frames * (_TURN * _SCALE), n=WINDOW, axis=1) * _HANN
    total = _overlapped(windows)
    weight = _overlapped(np.broadcast_to(_HANN**2, windows.shape))
    half = WINDOW // 2
    kept = slice(half, half + (len(frames) - 1) * HOP)
    found: Mono = total[kept] / weight[kept]
    return found


def levels(frames: Spectra) -> Levels:
    """Ln of power, at least that of ``FLOOR``."""
    power = np.square(frames.real) + np.square(frames.imag)
    found: Levels = np.log(np.maximum(power, FLOOR)).astype(np.float32)
    return found


def _overlapped(windows: npt.NDArray[np.float32]) -> Mono:
    parts = WINDOW // HOP
    total = np.zeros((len(windows) + parts - 1, HOP), np.float32)
    for part in range(parts):
        total[part : part + len(windows)] += windows[:, part * HOP : (part + 1) * HOP]
    return total.reshape(-1)
