"""What a piece of music is like, in numbers: the measures by which generated music is usually judged.

None of them says that music is good. A looped scale matches the pitch-class entropy of human music
and a single repeated note beats its scale consistency, so they are read together, as a distance to
the music of people, and beside such controls (:mod:`photoplayer.evaluate.distance`).

Definitions follow MusPy (Dong et al., ISMIR 2020), whose measures are those of MuseGAN (Dong et al.,
AAAI 2018), C-RNN-GAN (Mogren, 2016) and the Jazz Transformer (Wu & Yang, ISMIR 2020). Two things
differ. Time is always a grid of sixteenths, whatever the file's resolution: on 480 positions a beat
noise scores a groove of .996. And a bar is the meter's own (16 positions in 4/4, 12 in 3/4 and 6/8),
and only bars of one length are compared, where MusPy takes every bar for 4/4. Drums count in the
groove and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from photoplayer.music.bars import bars
from photoplayer.music.score import Note, Score
from photoplayer.music.theory import MODE_STEPS

POSITIONS_PER_QUARTER = 4
"""The grid: sixteenth notes."""


@dataclass(frozen=True, slots=True)
class MusicMeasures:
    """Measures of one piece.

    ``pitch_class_entropy`` in bits (0..3.585), ``scale_consistency`` and ``groove_consistency`` 0..1,
    ``polyphony`` in pitches at a time, ``pitches_used`` and ``pitch_range`` (semitones) in pitches,
    ``notes_per_bar`` and ``parts_per_bar`` over all parts with drums, ``velocity_mean`` and
    ``velocity_spread`` (standard deviation) in MIDI units.
    """

    pitch_class_entropy: float
    scale_consistency: float
    groove_consistency: float
    polyphony: float
    pitches_used: int
    pitch_range: int
    notes_per_bar: float
    parts_per_bar: float
    velocity_mean: float
    velocity_spread: float


def measure(score: Score) -> MusicMeasures:
    """All measures of a score. Raises ``ValueError`` if it has no pitched notes."""
    pitched = pitched_notes(score)
    if not pitched:
        raise ValueError("a score without pitched notes has no measures")
    pitches = {note.pitch for note in pitched}
    velocities = [note.velocity for note in score.notes()]
    n_bars = max(sum(1 for _ in bars(score)), 1)
    return MusicMeasures(
        pitch_class_entropy=pitch_class_entropy(pitched),
        scale_consistency=scale_consistency(pitched),
        groove_consistency=groove_consistency(score),
        polyphony=polyphony(pitched),
        pitches_used=len(pitches),
        pitch_range=max(pitches) - min(pitches),
        notes_per_bar=len(velocities) / n_bars,
        parts_per_bar=parts_per_bar(score),
        velocity_mean=float(np.mean(velocities)),
        velocity_spread=float(np.std(velocities)),
    )


def pitched_notes(score: Score) -> list[Note]:
    """The notes of all parts but the drums."""
    return [note for part in score.parts if not part.is_drum for note in part.notes]


def pitch_class_entropy(notes: Iterable[Note]) -> float:
    """Shannon entropy of the twelve pitch classes, in bits; every note counts once.

    0 for one pitch class, 2.807 for seven used alike, 3.585 for twelve. 0 for no notes.
    """
    counts = _pitch_class_counts(notes)
    if not counts.any():
        return 0.0
    share = counts[counts > 0] / counts.sum()
    return float(abs(-(share * np.log2(share)).sum()))  # abs: a lone pitch class gives -0.0


def scale_consistency(notes: Iterable[Note]) -> float:
    """The largest share of notes that lie in one major or natural minor scale. 1 for no notes.

    A major scale has the notes of its relative minor, so the twelve major scales are all there are.
    """
    counts = _pitch_class_counts(notes)
    total = counts.sum()
    if not total:
        return 1.0
    major = np.array(MODE_STEPS["major"])
    return float(max(counts[(major + tonic) % 12].sum() for tonic in range(12)) / total)


def groove_consistency(score: Score) -> float:
    """1 minus the mean share of grid positions in which neighbouring bars differ.

    A position holds whether any part, drums too, begins a note there. Bars next to each other are
    compared where their meters have the same length. 1 where there is nothing to compare.
    """
    onsets = {_position(note.onset) for note in score.notes()}
    last = max(onsets, default=0)
    grooves = []
    for bar in bars(score):
        first = _position(bar.start)
        if first > last:
            break
        size = round(bar.meter.quarters * POSITIONS_PER_QUARTER)
        grooves.append(np.array([first + i in onsets for i in range(size)]))
    same_size = [(a, b) for a, b in pairwise(grooves) if a.size == b.size]
    if not same_size:
        return 1.0
    return 1.0 - float(np.mean([np.mean(a != b) for a, b in same_size]))


def polyphony(notes: Sequence[Note]) -> float:
    """Mean number of different pitches that sound, over the grid positions where any does."""
    sounding: Counter[int] = Counter()
    pairs = {(position, note.pitch) for note in notes for position in _positions(note)}
    sounding.update(position for position, _ in pairs)
    return len(pairs) / len(sounding) if sounding else 0.0


def parts_per_bar(score: Score) -> float:
    """Mean number of parts that sound in a bar, drums too: how thickly a piece is layered."""
    spans = [(bar.start, bar.end) for bar in bars(score)]
    if not spans:
        return 0.0
    starts = np.array([start for start, _ in spans])
    active = np.zeros((len(score.parts), len(spans)), dtype=bool)
    for index, part in enumerate(score.parts):
        for note in part.notes:
            first = max(int(np.searchsorted(starts, note.onset + 1e-6, side="right")) - 1, 0)
            after = int(np.searchsorted(starts, note.offset - 1e-6, side="left"))
            active[index, first : max(after, first + 1)] = True
    return float(active.sum() / len(spans))


def _pitch_class_counts(notes: Iterable[Note]) -> NDArray[np.int64]:
    return np.bincount(np.array([note.pitch % 12 for note in notes], dtype=np.int64), minlength=12)


def _position(quarters: float) -> int:
    return round(quarters * POSITIONS_PER_QUARTER)


def _positions(note: Note) -> range:
    """The grid positions where a note sounds, at least one."""
    first = _position(note.onset)
    return range(first, max(_position(note.offset), first + 1))
