"""Which notes begin when in a sound: enough of them for note prints, not a transcription.

What grows louder in the spectrum from moment to moment is taken apart into notes, as non-negative matrix
factorisation does (Smaragdis & Brown, WASPAA 2003; updates of Lee & Seung 2001), but with given spectra: a
note is eight partials, each a fixed share of the one below. Peaks in time are onsets. Of what FluidSynth's
piano plays two thirds are found at the right pitch, nine in ten of them rightly; of plucked and blown
instruments fewer (docs/identify.md).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from photoplayer.evaluate.identification.landmarks import RATE_HZ, Sound

LOWEST, HIGHEST = 28, 100
"""MIDI pitches that are listened for."""

WINDOW, HOP = 2048, 256
"""Samples: 186 ms, every 23 ms."""

_LOWEST_HZ, _HIGHEST_HZ = 40.0, 3_500.0
_PARTIALS, _PARTIAL_SHARE = 8, 0.7
_STIFFNESS = 2e-4
"""By which a string's partials are sharp: the ``k``-th lies at ``k sqrt(1 + stiffness k²)``."""

_COMPRESSION = 3.0
_RISE_FRAMES = 2
_UPDATES = 20
_FAINTEST = 0.02
"""Of the strongest in a frame; what resembles a note less is none of it."""

_BLOCK_FRAMES = 2048
_NEAR_FRAMES, _AROUND_FRAMES = 3, 40
_SHARE, _QUIET_SHARE = 0.3, 0.1
"""An onset is at least so strong, of the strongest around it, which counts for at least so much of the
strongest of all."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Table = npt.NDArray[np.float32]


def notes_of_sound(sound: Sound) -> tuple[Floats, Ints]:
    """``onset_s (n,)`` in order and ``pitch (n,)`` of mono samples at ``RATE_HZ``; of silence none."""
    from scipy import ndimage  # SciPy takes a while to load, and other commands do without

    begins = ndimage.gaussian_filter1d(_begins(sound), 1.0, axis=0)
    strongest = begins.max(axis=1, initial=0.0)
    around = ndimage.maximum_filter1d(strongest, 2 * _AROUND_FRAMES + 1)
    least = _SHARE * np.maximum(around, _QUIET_SHARE * strongest.max(initial=0.0))
    peaks = begins == ndimage.maximum_filter1d(begins, 2 * _NEAR_FRAMES + 1, axis=0)
    frames, rows = np.nonzero(peaks & (begins > least[:, None]))
    return frames.astype(np.float64) * (HOP / RATE_HZ), rows.astype(np.int64) + LOWEST


def _begins(sound: Sound) -> Table:
    """``(frames, pitches)``: how much of each note begins in each frame."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(sound, WINDOW // 2), WINDOW)[::HOP]
    blocks = range(0, len(windows), _BLOCK_FRAMES)  # an hour's spectra at once would be half a gigabyte
    peaks = [_spectra(windows[i : i + _BLOCK_FRAMES]).max(axis=1) for i in blocks]
    gain = _COMPRESSION / max(float(np.quantile(np.concatenate(peaks), 0.95)), 1e-9)
    return np.concatenate([_apart(_rise(windows, i, gain)) for i in blocks])


def _rise(windows: Table, first: int, gain: float) -> Table:
    """``(frames, bins)``: how much louder each bin of a block is soon after a frame than shortly before."""
    begin = max(first - _RISE_FRAMES, 0)
    loud = np.log1p(gain * _spectra(windows[begin : first + _BLOCK_FRAMES + _RISE_FRAMES]))
    rise: Table = np.zeros_like(loud)
    rise[_RISE_FRAMES:-_RISE_FRAMES] = np.maximum(loud[2 * _RISE_FRAMES :] - loud[: -2 * _RISE_FRAMES], 0)
    return rise[first - begin :][:_BLOCK_FRAMES]


def _spectra(windows: Table) -> Table:
    """``(frames, bins)``: magnitudes of the bins that are listened to."""
    from scipy import fft

    first, last = _used_bins()
    spectra = fft.rfft(windows * np.hanning(WINDOW).astype(np.float32))
    return np.asarray(np.abs(spectra[:, first:last]), np.float32)


def _apart(rise: Table) -> Table:
    """``(frames, pitches)``: how much of every note's spectrum makes up each frame."""
    notes = _note_spectra()
    alike = rise @ notes
    alike = np.maximum(alike - _FAINTEST * alike.max(axis=1, keepdims=True), 0)
    among = notes.T @ notes
    share: Table = np.maximum(alike, 1e-6)
    for _ in range(_UPDATES):
        share *= (alike + 1e-9) / (share @ among + 1e-6)
    return share


def _used_bins() -> tuple[int, int]:
    return round(_LOWEST_HZ * WINDOW / RATE_HZ) + 1, round(_HIGHEST_HZ * WINDOW / RATE_HZ)


@lru_cache(maxsize=1)
def _note_spectra() -> Table:
    """``(bins, pitches)``, each note's of length 1: its partials as the Hann window shows them."""
    bins = np.arange(*_used_bins())
    notes = np.zeros((len(bins), HIGHEST - LOWEST + 1))
    for row, pitch in enumerate(range(LOWEST, HIGHEST + 1)):
        for k in range(1, _PARTIALS + 1):
            hz = 440 * 2 ** ((pitch - 69) / 12) * k * np.sqrt(1 + _STIFFNESS * k * k)
            if hz <= _HIGHEST_HZ:
                notes[:, row] += _PARTIAL_SHARE ** (k - 1) * _lobe(bins - hz * WINDOW / RATE_HZ)
    return np.asarray(notes / np.linalg.norm(notes, axis=0), np.float32)


def _lobe(off: Floats) -> Floats:
    """The main lobe of a Hann window's transform, ``off`` bins from its middle, where it is 1."""
    beside = np.where(np.abs(np.abs(off) - 1) < 1e-3, 1.001, off)
    return np.where(np.abs(off) < 2, np.abs(np.sinc(beside) / (1 - beside**2)), 0.0)
