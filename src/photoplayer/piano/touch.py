"""How hard keys were struck, by what is played: a melody above its accompaniment, accents, ends of phrases.

A camera of 30 pictures a second sees a key go down in one of them or two, and of how fast it went next to
nothing. What pianists do with such notes is known from performances: a small network, taught on many, tells
by how much each note stands out from those around it. The level is what the pictures say of the clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from photoplayer.models import Model, load
from photoplayer.piano.roll import HeardNote

Floats = npt.NDArray[np.float64]
Features = npt.NDArray[np.float32]

BESIDE = 10
"""Notes before and after that are looked at."""
AROUND_S = 4.0
"""A note stands out from the notes so many seconds before and after."""
TELLING = 10.0
"""The network's output is in so many of MIDI's 127 steps."""

_FAR_S = 2.0
_AT_ONCE_S = 0.04
_SHORTEST_S, _LONGEST_S = 0.03, 3.0
_QUIETEST, _LOUDEST = 8, 122


def touched(notes: Sequence[HeardNote], *, model: Model | None = None) -> tuple[HeardNote, ...]:
    """The notes, in order of onset, with velocities as a pianist might have played them."""
    if not notes:
        return ()
    session = (model or load("touch")).session
    given = features(
        *(np.array(column, dtype=np.float64) for column in zip(*map(_timed, notes), strict=True))
    )
    (swing,) = session.run(None, {"notes": given})
    level = float(np.mean([note.velocity for note in notes]))
    velocities = np.clip(np.rint(level + TELLING * swing), _QUIETEST, _LOUDEST).astype(int).tolist()
    return tuple(replace(note, velocity=v) for note, v in zip(notes, velocities, strict=True))


def _timed(note: HeardNote) -> tuple[float, float, float]:
    return note.onset_s, note.offset_s, note.pitch


def features(onsets_s: Floats, offsets_s: Floats, pitches: Floats) -> Features:
    """``(n,)`` each, in order of onset → ``(n, WIDTH)``: each note's pitch and length, the notes beside it in
    time, pitch and length, how many sound with it above and below, and how dense the music is."""
    n = len(onsets_s)
    steps = np.concatenate([np.arange(-BESIDE, 0), np.arange(1, BESIDE + 1)])
    beside = np.arange(n)[:, None] + steps
    there = (beside >= 0) & (beside < n)
    beside = beside.clip(0, n - 1)
    lengths = np.log((offsets_s - onsets_s).clip(_SHORTEST_S, _LONGEST_S))
    apart_s = np.where(there, onsets_s[beside] - onsets_s[:, None], _FAR_S * np.sign(steps))
    higher = np.where(there, pitches[beside] - pitches[:, None], 0.0)
    longer = np.where(there, lengths[beside] - lengths[:, None], 0.0)
    at_once = there & (np.abs(apart_s) <= _AT_ONCE_S)
    near = there & (np.abs(apart_s) <= _FAR_S)
    alone = [
        (pitches - 64) / 20,
        lengths + 1.3,
        (at_once & (higher > 0)).sum(axis=1) / 3,
        (at_once & (higher < 0)).sum(axis=1) / 3,
        np.where(near, higher, -np.inf).max(axis=1, initial=0.0) / 12,
        np.where(near, higher, np.inf).min(axis=1, initial=0.0) / 12,
        np.log1p(near.sum(axis=1)) - 2,
    ]
    columns = [*alone, *(np.clip(apart_s, -_FAR_S, _FAR_S)).T, *(higher / 12).clip(-3, 3).T, *longer.T]
    return np.stack(columns, axis=1).astype(np.float32)


WIDTH = 7 + 3 * 2 * BESIDE
"""Columns of :func:`features`."""


def standing_out(onsets_s: Floats, velocities: Floats) -> Floats:
    """``(n,)``: by how much each note is louder than those within ``AROUND_S`` of it, on average."""
    first = np.searchsorted(onsets_s, onsets_s - AROUND_S)
    end = np.searchsorted(onsets_s, onsets_s + AROUND_S, side="right")
    total = np.concatenate([[0.0], np.cumsum(velocities)])
    return np.asarray(velocities - (total[end] - total[first]) / (end - first))
