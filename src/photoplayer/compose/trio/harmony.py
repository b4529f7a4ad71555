"""The chords that a trio implies, so that the arranger's pads and stingers can join it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.band.chords import ChordSpan, Function
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note
from photoplayer.music.theory import Chord

_BASS_WEIGHT, _ROOT_WEIGHT = 1.5, 1.0
_STRANGER_COST = 0.6
_CHANGE_COST = 0.75
"""In quarters of sounding chord tone: what a change of chord has to gain."""

_FUNCTIONS: tuple[Function, ...] = ("T", "S", "T", "S", "D", "T", "D")
_QUALITIES = {(4, 7): "", (3, 7): "m", (3, 6): "dim", (4, 8): "aug"}


def chords_under(
    melody: Sequence[Note], bass: Sequence[Note], section: Section, *, closes: bool = False
) -> tuple[ChordSpan, ...]:
    """A triad of the section's key for every half bar, equal ones joined, from notes in quarters from the
    section's start: the cheapest path by the tones that sound, the bass being most telling. One that
    ``closes`` the piece has the tonic in its last bar: the ending is played instead of what sounds there."""
    step = section.meter.quarters / 2
    triads = [_triad(section, degree) for degree in range(7)]
    fits = np.array(
        [
            [_fit(triad, _heard(melody, i * step, step), _heard(bass, i * step, step)) for triad in triads]
            for i in range(2 * section.bars)
        ]
    )
    if closes:
        fits[-2:, 1:] = -np.inf
    path = _path(fits)
    spans: list[ChordSpan] = []
    for i, degree in enumerate(path):
        if spans and spans[-1].degree == degree:
            before = spans.pop()
            spans.append(ChordSpan(before.onset, (i + 1) * step, before.chord, degree, before.function))
        else:
            spans.append(ChordSpan(i * step, (i + 1) * step, triads[degree], degree, _FUNCTIONS[degree]))
    return tuple(spans)


def _triad(section: Section, degree: int) -> Chord:
    scale = section.key.pitch_classes
    root, third, fifth = (scale[(degree + step) % 7] for step in (0, 2, 4))
    return Chord(root, _QUALITIES[(third - root) % 12, (fifth - root) % 12])


def _heard(notes: Sequence[Note], start: float, length: float) -> NDArray[np.float64]:
    """How long each pitch class sounds in a stretch, in quarters, ``(12,)``."""
    held = np.zeros(12)
    for note in notes:
        held[note.pitch % 12] += max(min(note.offset, start + length) - max(note.onset, start), 0.0)
    return held


def _fit(triad: Chord, melody: NDArray[np.float64], bass: NDArray[np.float64]) -> float:
    heard = melody + _BASS_WEIGHT * bass
    inside = heard[list(triad.pitch_classes)].sum()
    return float(inside - _STRANGER_COST * (heard.sum() - inside) + _ROOT_WEIGHT * bass[triad.root])


def _path(fits: NDArray[np.float64]) -> list[int]:
    """The best chord per half bar where every change costs something (Viterbi)."""
    score = fits[0].copy()
    came: list[NDArray[np.int64]] = []
    for row in fits[1:]:
        leave = int(score.argmax())
        stays = score >= score[leave] - _CHANGE_COST
        came.append(np.where(stays, np.arange(7), leave).astype(np.int64))
        score = np.where(stays, score, score[leave] - _CHANGE_COST) + row
    path = [int(score.argmax())]
    for origin in reversed(came):
        path.append(int(origin[path[-1]]))
    return path[::-1]
