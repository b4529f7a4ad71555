"""Music that is not music, to measure beside ours: what a measure cannot tell from it, it does not show.

Each control is a Score of one piano part in 4/4, made from sixteenths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random

from photoplayer.music.bars import bars
from photoplayer.music.score import Note, Part, Score
from photoplayer.music.theory import Key

BARS = 64
_BAR_QUARTERS = 4
_LOWEST, _HIGHEST = 36, 96
_C_MAJOR = Key(0)


def scale_loop(random: Random) -> Score:
    """The C major scale up from middle C in eighths, again and again."""
    scale = [_C_MAJOR.degree_pitch(degree) for degree in range(8)]
    return _score(Note(i / 2, (i + 1) / 2, scale[i % 8], 80) for i in range(BARS * 8))


def one_note(random: Random) -> Score:
    """Middle C in quarters."""
    return _score(Note(float(i), float(i + 1), 60, 80) for i in range(BARS * _BAR_QUARTERS))


def random_in_c(random: Random) -> Score:
    """Random white keys over five octaves: at every other sixteenth, of random length."""
    classes = set(_C_MAJOR.pitch_classes)
    return _random_notes(random, [p for p in range(_LOWEST, _HIGHEST + 1) if p % 12 in classes])


def random_chromatic(random: Random) -> Score:
    """Random keys over five octaves: at every other sixteenth, of random length."""
    return _random_notes(random, range(_LOWEST, _HIGHEST + 1))


CONTROLS: dict[str, Callable[[Random], Score]] = {
    "scale loop": scale_loop,
    "one note": one_note,
    "random in C major": random_in_c,
    "random chromatic": random_chromatic,
}


def shuffled_bars(score: Score, random: Random) -> Score:
    """``score`` with its bars in random order; notes are cut at the bar lines.

    Only whole bars of the first bar's length take part, so that the meter stays. It keeps every measure
    of pitch: a piece told from it is told by the order of its bars.
    """
    first, *others = bars(score)
    size = first.end - first.start
    places = [
        bar.start for bar in (first, *others) if bar.meter == first.meter and bar.end - bar.start == size
    ]
    shuffled = random.sample(places, len(places))
    parts = []
    for part in score.parts:
        moved = [
            Note(new + note.onset - old, new + min(note.offset, old + size) - old, note.pitch, note.velocity)
            for old, new in zip(places, shuffled, strict=True)
            for note in part.notes
            if old <= note.onset < old + size
        ]
        parts.append(replace(part, notes=tuple(sorted(moved)), controls=()))
    return replace(score, parts=tuple(parts))


def _random_notes(random: Random, pitches: Sequence[int]) -> Score:
    notes = []
    for position in range(BARS * 16):
        if random.random() < 0.5:
            onset = position / 4
            notes.append(Note(onset, onset + random.randint(1, 11) / 4, random.choice(pitches), 80))
    return _score(notes)


def _score(notes: Iterable[Note]) -> Score:
    return Score(parts=(Part("Piano", 0, tuple(notes)),), end=float(BARS * _BAR_QUARTERS))
