"""The truth of a piano clip for every frame and key: held or not, how far the nearest press and release."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.train.data.piano_clip import NoteRows

FAR_S = 1.0
"""Distances are cut off here."""

_Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Truth:
    """``(frames, 88)`` each. ``to_onset_s`` and ``to_offset_s`` are seconds from the frame to the nearest
    press and release (negative: it was before). ``velocity`` is that of the nearest press, 0..1, nan where
    unknown.
    """

    down: npt.NDArray[np.bool_]
    to_onset_s: _Floats
    to_offset_s: _Floats
    velocity: _Floats


def truth_of(notes: NoteRows, times_s: npt.NDArray[np.float64]) -> Truth:
    """The truth at ``times_s`` ``(frames,)``."""
    frames = len(times_s)
    down = np.zeros((frames, KEY_COUNT), dtype=bool)
    to_onset = np.full((frames, KEY_COUNT), FAR_S, dtype=np.float32)
    to_offset = np.full((frames, KEY_COUNT), FAR_S, dtype=np.float32)
    velocity = np.full((frames, KEY_COUNT), np.nan, dtype=np.float32)
    for onset_s, offset_s, pitch, loud in notes:
        key = int(pitch) - LOWEST_PITCH
        first, last = np.searchsorted(times_s, (onset_s, offset_s))
        down[first:last, key] = True
        near = slice(*np.searchsorted(times_s, (onset_s - FAR_S, onset_s + FAR_S)))
        nearer = np.abs(onset_s - times_s[near]) < np.abs(to_onset[near, key])
        to_onset[near, key] = np.where(nearer, onset_s - times_s[near], to_onset[near, key])
        velocity[near, key] = np.where(nearer, loud / 127, velocity[near, key])
        near = slice(*np.searchsorted(times_s, (offset_s - FAR_S, offset_s + FAR_S)))
        nearer = np.abs(offset_s - times_s[near]) < np.abs(to_offset[near, key])
        to_offset[near, key] = np.where(nearer, offset_s - times_s[near], to_offset[near, key])
    return Truth(down, to_onset, to_offset, velocity)
