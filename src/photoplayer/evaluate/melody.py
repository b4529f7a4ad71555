"""What a melody is like: intervals, durations, pitch classes, and how its bars form phrases.

Four families of features, each a vector per melody, so that sets of melodies can be laid over each other
(:mod:`photoplayer.evaluate.overlap`). Intervals, durations and pitch classes are what a Markov chain
learns; the phrase family is what it cannot: which earlier bar a bar brings back, and where the melody
breathes. Time is a grid of sixteenths, and only onsets count: how long a note is held is a matter of
touch, and corpora differ in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from photoplayer.evaluate.overlap import relative_overlap, shared_mass
from photoplayer.evaluate.symbolic import POSITIONS_PER_QUARTER
from photoplayer.music.score import Note
from photoplayer.music.theory import MODE_STEPS

Values = NDArray[np.float64]

WIDEST_INTERVAL = 12
"""Semitones; a wider leap counts as this one."""

DURATION_CLASSES = (1, 2, 3, 4, 6, 8, 12, 16)
"""Sixteenths from one onset to the next; others count as the nearest, longer ones as a whole note."""

LAGS_BARS = (1, 2, 4, 8)
"""How many bars back a bar is looked for."""

PHRASE_BARS = 4

FAMILIES: dict[str, tuple[str, ...]] = {
    "interval": ("intervals", "leap"),
    "duration": ("durations", "notes_per_bar"),
    "pitch class": ("pitch_classes", "pitch_range"),
    "phrase": ("returns", "rhythm_returns", "breaths"),
}
"""The features of each family; the mean over families is the figure that is reported."""

_HISTOGRAMS = {"interval": "intervals", "duration": "durations", "pitch class": "pitch_classes"}


@dataclass(frozen=True, eq=False)
class MelodyStatistics:
    """One melody in numbers.

    ``intervals (25,)``, ``durations (8,)``, ``pitch_classes (12,)`` are shares of its notes, pitch classes
    counted from the tonic. ``leap (1,)``: mean size of an interval in semitones; ``notes_per_bar (1,)``;
    ``pitch_range (1,)`` in semitones. ``returns (4,)`` and ``rhythm_returns (4,)``: mean likeness (0..1) of
    a bar to the one 1, 2, 4 and 8 bars before it, by onsets with pitches and by onsets alone. ``breaths
    (4,)``: by place in a phrase of four bars, the share of that bar's wait in all four (the wait: from
    the bar's last onset to the next, in quarters).
    """

    intervals: Values
    leap: Values
    durations: Values
    notes_per_bar: Values
    pitch_classes: Values
    pitch_range: Values
    returns: Values
    rhythm_returns: Values
    breaths: Values


def melody_statistics(
    notes: Sequence[Note], *, bars: int, tonic: int = 0, bar_quarters: float = 4.0
) -> MelodyStatistics:
    """The statistics of one line of ``bars`` bars from onset 0. Raises ``ValueError`` below two notes."""
    if len(notes) < 2:
        raise ValueError("a melody has at least two notes")
    line = sorted(notes)
    pitches = np.array([note.pitch for note in line])
    steps = np.diff(pitches)
    contents = _bar_contents(line, bars, bar_quarters)
    rhythms = [frozenset(position for position, _ in content) for content in contents]
    return MelodyStatistics(
        intervals=_shares(
            np.clip(steps, -WIDEST_INTERVAL, WIDEST_INTERVAL) + WIDEST_INTERVAL, 2 * WIDEST_INTERVAL + 1
        ),
        leap=np.array([np.abs(steps).mean()]),
        durations=_shares(
            np.array([_duration_class(a, b) for a, b in pairwise(line)]), len(DURATION_CLASSES)
        ),
        notes_per_bar=np.array([len(line) / bars]),
        pitch_classes=_shares((pitches - tonic) % 12, 12),
        pitch_range=np.array([float(np.ptp(pitches))]),
        returns=_returns(contents),
        rhythm_returns=_returns(rhythms),
        breaths=_breaths(line, bars, bar_quarters),
    )


def in_key_share(notes: Sequence[Note], *, tonic: int = 0) -> float:
    """The share of notes in the major or natural minor scale of ``tonic``, whichever holds more."""
    if not notes:
        return 1.0
    above = [(note.pitch - tonic) % 12 for note in notes]
    modes = (MODE_STEPS["major"], MODE_STEPS["minor"])
    return max(sum(step in mode for step in above) for mode in modes) / len(above)


def likeness(made: Sequence[MelodyStatistics], real: Sequence[MelodyStatistics]) -> dict[str, float]:
    """:func:`relative_overlap` by family (mean over its features), and ``"mean"`` over the families."""
    found = {
        family: float(np.mean([relative_overlap(rows(made, f), rows(real, f)) for f in features]))
        for family, features in FAMILIES.items()
    }
    return {**found, "mean": float(np.mean(list(found.values())))}


def pooled_likeness(made: Sequence[MelodyStatistics], real: Sequence[MelodyStatistics]) -> dict[str, float]:
    """:func:`shared_mass` of the histograms over all melodies; phrase statistics have none."""
    return {
        family: shared_mass(rows(made, name).mean(axis=0), rows(real, name).mean(axis=0))
        for family, name in _HISTOGRAMS.items()
    }


def rows(melodies: Sequence[MelodyStatistics], feature: str) -> Values:
    """``(melodies, size)``: one feature of all of them."""
    return np.stack([getattr(melody, feature) for melody in melodies])


def _shares(classes: NDArray[np.int64], count: int) -> Values:
    return np.asarray(np.bincount(classes, minlength=count) / max(len(classes), 1), np.float64)


def _duration_class(note: Note, after: Note) -> int:
    sixteenths = (after.onset - note.onset) * POSITIONS_PER_QUARTER
    return min(range(len(DURATION_CLASSES)), key=lambda i: abs(DURATION_CLASSES[i] - sixteenths))


def _bar_contents(line: Sequence[Note], bars: int, bar_quarters: float) -> list[frozenset[tuple[int, int]]]:
    """Each bar's (position in sixteenths, pitch) pairs."""
    contents: list[set[tuple[int, int]]] = [set() for _ in range(bars)]
    size = round(bar_quarters * POSITIONS_PER_QUARTER)
    for note in line:
        bar, position = divmod(round(note.onset * POSITIONS_PER_QUARTER), size)
        if bar < bars:
            contents[bar].add((position, note.pitch))
    return [frozenset(content) for content in contents]


def _returns(contents: Sequence[frozenset[object]] | Sequence[frozenset[tuple[int, int]]]) -> Values:
    """Mean Jaccard likeness at every lag; bars that are both empty are left out, 0 where none is left."""
    found = []
    for lag in LAGS_BARS:
        pairs = [(a, b) for a, b in zip(contents, contents[lag:], strict=False) if a | b]
        found.append(float(np.mean([len(a & b) / len(a | b) for a, b in pairs])) if pairs else 0.0)
    return np.array(found)


def _breaths(line: Sequence[Note], bars: int, bar_quarters: float) -> Values:
    waits = np.zeros(PHRASE_BARS)
    ends = [*(note.onset for note in line[1:]), bars * bar_quarters]
    last_in_bar = {
        int(note.onset // bar_quarters): end - note.onset for note, end in zip(line, ends, strict=True)
    }
    for bar, wait in last_in_bar.items():
        waits[bar % PHRASE_BARS] += max(wait, 0.0)
    return waits / waits.sum() if waits.any() else np.full(PHRASE_BARS, 1 / PHRASE_BARS)
