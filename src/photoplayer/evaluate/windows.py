"""What a window of some bars of music is like: the numbers that a scene asks for, measured from the notes.

Pairs of pictures and music are made with them, and music made for a picture is told by them. The key is
heard, not read (:mod:`photoplayer.music.key_finding`). Energy is the number of parts that sound, in the
three classes of the scoring table this project follows: low to 5, medium 6 to 9, high from 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from photoplayer.music.bars import Bar, bars
from photoplayer.music.key_finding import find_key
from photoplayer.music.score import Score
from photoplayer.music.theory import Key

Energy = Literal["low", "medium", "high"]

WINDOW_BARS = 16

MEDIUM_PARTS, HIGH_PARTS = 6, 10
"""Fewest parts of medium and of high energy."""

_SLACK_QUARTERS = 1e-6


@dataclass(frozen=True, slots=True)
class WindowMeasures:
    """Measures of ``bars`` bars from bar ``first_bar`` (0 is the score's first).

    ``bpm`` in felt beats, over the window; ``notes_per_bar`` and ``drums_per_bar`` count what begins
    (the first all parts with drums); ``parts`` that begin a note in it; ``register`` the mean MIDI pitch;
    ``pitch_entropy`` of pitch classes in bits; ``key_strength`` the correlation -1..1 that made the key
    win; ``brightness`` the correlation of the best major key less that of the best minor one;
    ``syncopation`` as :func:`syncopation`; ``velocity`` the mean, 1..127.
    """

    first_bar: int
    bars: int
    bpm: float
    notes_per_bar: float
    drums_per_bar: float
    parts: int
    register: float
    pitch_entropy: float
    key: Key
    key_strength: float
    brightness: float
    syncopation: float
    velocity: float

    @property
    def energy(self) -> Energy:
        """How thickly the window is layered."""
        if self.parts < MEDIUM_PARTS:
            return "low"
        return "medium" if self.parts < HIGH_PARTS else "high"

    @property
    def mode(self) -> Literal["major", "minor"]:
        """Of the key heard."""
        return "minor" if self.key.is_minor else "major"


def measure_windows(score: Score, *, bars_each: int = WINDOW_BARS, stride: int = 1) -> list[WindowMeasures]:
    """Every window of ``bars_each`` whole bars, ``stride`` bars apart, that has pitched notes."""
    notes = _Notes.of(score)
    whole = list(bars(score))
    starts = range(0, len(whole) - bars_each + 1, stride)
    found = (_measure(score, notes, whole, first, bars_each) for first in starts)
    return [each for each in found if each is not None]


def measure_window(score: Score, first_bar: int, bars_each: int = WINDOW_BARS) -> WindowMeasures | None:
    """One window; ``None`` where no pitched note begins in it or it lies beyond the score."""
    whole = list(bars(score))
    if not 0 <= first_bar <= len(whole) - bars_each:
        return None
    return _measure(score, _Notes.of(score), whole, first_bar, bars_each)


@dataclass(frozen=True, eq=False)
class _Notes:
    """All notes of a score in order of onset: ``(notes,)`` each, quarters, MIDI numbers and part numbers."""

    onset: NDArray[np.float64]
    length: NDArray[np.float64]
    pitch: NDArray[np.int64]
    velocity: NDArray[np.int64]
    part: NDArray[np.int64]
    is_drum: NDArray[np.bool_]

    @classmethod
    def of(cls, score: Score) -> _Notes:
        rows = [
            (note.onset, note.length, note.pitch, note.velocity, number, part.is_drum)
            for number, part in enumerate(score.parts)
            for note in part.notes
        ]
        table = np.array(sorted(rows), dtype=np.float64).reshape(-1, 6)
        whole = table[:, 2:5].astype(np.int64)
        return cls(table[:, 0], table[:, 1], whole[:, 0], whole[:, 1], whole[:, 2], table[:, 5] > 0)


def _measure(
    score: Score, notes: _Notes, whole: Sequence[Bar], first: int, count: int
) -> WindowMeasures | None:
    start, end = whole[first].start, whole[first + count - 1].end
    low, high = np.searchsorted(notes.onset, [start - _SLACK_QUARTERS, end - _SLACK_QUARTERS])
    inside = np.s_[int(low) : int(high)]
    drum = notes.is_drum[inside]
    pitch, length = notes.pitch[inside][~drum], notes.length[inside][~drum]
    if not len(pitch):
        return None
    key, strength, brightness = find_key(
        np.bincount(pitch % 12, weights=length, minlength=12).astype(np.float64)
    )
    beats = sum(
        bar.meter.beats * (bar.end - bar.start) / bar.meter.quarters for bar in whole[first : first + count]
    )
    seconds = score.tempo_map.seconds(end) - score.tempo_map.seconds(start)
    return WindowMeasures(
        first_bar=first,
        bars=count,
        bpm=60 * beats / seconds,
        notes_per_bar=len(drum) / count,
        drums_per_bar=int(drum.sum()) / count,
        parts=len(np.unique(notes.part[inside])),
        register=float(pitch.mean()),
        pitch_entropy=_entropy(pitch),
        key=key,
        key_strength=strength,
        brightness=brightness,
        syncopation=syncopation(notes.onset[inside][~drum] - start, end - start),
        velocity=float(notes.velocity[inside].mean()),
    )


def syncopation(onsets: NDArray[np.float64], length: float) -> float:
    """Share of the different onsets, in quarters from a bar line, that no stronger place after them answers.

    On the grid of sixteenths an onset is syncopated if it stands on an odd sixteenth and nothing begins on
    the next, or on the second half of a quarter and nothing begins with the next quarter: the two kinds of
    Roberts et al. (MusicVAE, 2018), counted together. What follows after ``length`` quarters is not known
    and taken for an answer. 0 for no onsets.
    """
    grid = set(np.round(onsets * 4).astype(int).tolist())
    answered = grid | {round(length * 4)}
    late = sum(
        (place % 2 == 1 and place + 1 not in answered) or (place % 4 == 2 and place + 2 not in answered)
        for place in grid
    )
    return late / len(grid) if grid else 0.0


def _entropy(pitch: NDArray[np.int64]) -> float:
    share = np.bincount(pitch % 12, minlength=12) / len(pitch)
    share = share[share > 0]
    return float(abs((share * np.log2(share)).sum()))
