"""From levels to samples: phases.

Griffin & Lim (1984) begin from any phases and let analysis and synthesis agree; Perraudin, Balazs &
Søndergaard (2013) do it with momentum. A piano roll knows more: which string sounds in a bin, since when,
and at what pitch. :func:`locked` continues the nearest partial of the strongest note from its stroke on,
which is nearly right already, the same wherever a stretch begins, and keeps a stroke's partials together.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from photoplayer.sound.neural.spectrogram import (
    BINS,
    FLOOR,
    FRAMES_PER_S,
    MODEL_RATE_HZ,
    Levels,
    Mono,
    Spectra,
    samples,
    spectra,
)
from photoplayer.sound.neural.strokes import KEYS, LOWEST, Strokes

Phases = npt.NDArray[np.complex64]
"""``(frames, BINS)``, of magnitude 1."""

ITERATIONS = 16
MOMENTUM = 0.99
_SILENT = 2 * FLOOR
"""Taken off every bin's power: a thousand bins at the floor would be a hiss."""


def locked(strokes: Strokes, owners: npt.NDArray[np.int64], first_frame: int) -> Phases:
    """The phases of partials that began with their notes; ``owners`` names the note of every bin."""
    time_s = (first_frame + np.arange(len(owners)))[:, None] / FRAMES_PER_S - strokes.onsets_s[owners]
    cycles = _partials_hz()[strokes.keys[owners], np.arange(BINS)] * time_s
    turns = (2 * np.pi * (cycles - np.floor(cycles))).astype(np.float32)
    found: Phases = np.exp(1j * turns).astype(np.complex64)
    return found


def random_phases(shape: tuple[int, int], *, seed: int = 1) -> Phases:
    """Where the published inversion begins."""
    turns = np.random.default_rng(seed).uniform(0, 2 * np.pi, shape).astype(np.float32)
    found: Phases = np.exp(1j * turns).astype(np.complex64)
    return found


def inverted(
    levels: Levels,
    phases: Phases,
    *,
    iterations: int = ITERATIONS,
    momentum: float = MOMENTUM,
    held: int = 0,
) -> tuple[Mono, Phases]:
    """Samples whose spectrogram is near ``levels``, and their phases; ``momentum`` 0 is the published way.

    The phases of the first ``held`` frames stay: what came before is played already.
    """
    magnitudes = np.sqrt(np.maximum(np.exp(levels) - _SILENT, 0))
    before: Spectra | None = None
    for _ in range(iterations):
        agreed = _analysed(samples(magnitudes * phases), len(levels))
        pushed = agreed if before is None else agreed + momentum * (agreed - before)
        before = agreed
        moved = pushed / np.maximum(np.abs(pushed), 1e-12)
        phases = np.concatenate([phases[:held], moved[held:]])
    return samples(magnitudes * phases), phases


def inconsistency_db(levels: Levels, sound: Mono) -> float:
    """How far the sound's magnitudes are from those wanted (spectral convergence), in dB."""
    wanted, got = np.exp(levels / 2), np.abs(_analysed(sound, len(levels)))
    return float(20 * np.log10(np.linalg.norm(got - wanted) / np.linalg.norm(wanted)))


def _analysed(sound: Mono, frames: int) -> Spectra:
    return spectra(sound)[:frames]


@cache
def _partials_hz() -> npt.NDArray[np.float64]:
    """``(KEYS, BINS)``: the partial nearest to each bin; strings as stiff as in Rigaud et al. (2013)."""
    pitches = np.arange(LOWEST, LOWEST + KEYS)
    stiffness = np.exp(0.0926 * pitches - 13.64) + np.exp(-0.0847 * pitches - 5.82)
    lowest_hz = 440 * 2 ** ((pitches - 69) / 12)
    bins_hz = np.arange(BINS) * MODEL_RATE_HZ / 2 / (BINS - 1)
    found = np.empty((KEYS, BINS))
    for key in range(KEYS):
        count = np.arange(1, int(MODEL_RATE_HZ / lowest_hz[key]) + 2)
        partials = count * lowest_hz[key] * np.sqrt(1 + stiffness[key] * count**2)
        after = np.clip(np.searchsorted(partials, bins_hz), 1, len(partials) - 1)
        nearer = bins_hz - partials[after - 1] < partials[after] - bins_hz
        found[key] = np.where(nearer, partials[after - 1], partials[after])
    return found
