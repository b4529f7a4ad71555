"""Sections, plain chords and tunes to try melodies on."""

from __future__ import annotations

import itertools

from photoplayer.compose.band.chords import ChordSpan, Function
from photoplayer.compose.band.form import Cadence, Phrase
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note
from photoplayer.music.theory import Chord, Key, Meter

C_MAJOR = Key(0)
LOW, HIGH = 60, 81
METERS = (Meter(4, 4), Meter(3, 4), Meter(6, 8))
ODD_METERS = (Meter(2, 4), Meter(5, 4), Meter(7, 8), Meter(9, 8), Meter(12, 8))

_ENDS: dict[Cadence, tuple[int, ...]] = {"open": (5, 3), "half": (1, 4), "authentic": (4, 0), "final": (4, 0)}
_TRIADS = {(4, 7): "", (3, 7): "m", (3, 6): "dim", (4, 8): "aug"}
_FUNCTIONS: tuple[Function, ...] = ("T", "S", "T", "S", "D", "T", "D")


def make_section(
    *,
    bars: int = 16,
    meter: Meter = METERS[0],
    key: Key = C_MAJOR,
    mood: str = "village",
    energy: float = 0.5,
) -> Section:
    return Section(mood=mood, bars=bars, bpm=100, meter=meter, key=key, energy=(energy,) * bars)


def make_phrases(bars: int, last: Cadence = "final") -> tuple[Phrase, ...]:
    """Four bars each, A A' B A''."""
    roles = ("A", "A'", "B", "A''")
    cadences: tuple[Cadence, ...] = ("half", "authentic", "open", "authentic")
    starts = range(0, bars, 4)
    return tuple(
        Phrase(start, min(4, bars - start), roles[i % 4], last if start + 4 >= bars else cadences[i % 4])
        for i, start in enumerate(starts)
    )


def make_spans(section: Section, phrases: tuple[Phrase, ...]) -> tuple[ChordSpan, ...]:
    """A triad of the key a bar, with the phrase's cadence at its end; the dominant of minor is major."""
    spans = []
    for phrase in phrases:
        degrees = [0, 5, 3, 4, 0, 3][: phrase.bars]
        ends = _ENDS[phrase.cadence][-phrase.bars :]
        degrees[-len(ends) :] = ends
        for bar, degree in enumerate(degrees, start=phrase.start_bar):
            length = section.meter.quarters
            spans.append(
                ChordSpan(
                    bar * length, (bar + 1) * length, triad(section.key, degree), degree, _FUNCTIONS[degree]
                )
            )
    return tuple(spans)


def triad(key: Key, degree: int) -> Chord:
    root, third, fifth = (key.pitch_classes[(degree + up) % 7] for up in (0, 2, 4))
    if degree == 4 and key.mode == "minor":
        return Chord(root, "7")
    return Chord(root, _TRIADS[(third - root) % 12, (fifth - root) % 12])


def tune(text: str, start: float = 0.0) -> tuple[Note, ...]:
    """``"c4:1 r:.5 f#4:2"``: pitch and quarters, each note played a little short."""
    notes, at = [], start
    for word in text.split():
        name, length = word.split(":")
        if name != "r":
            letter = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}[name[0]]
            pitch = letter + name.count("#") + 12 * (int(name[-1]) + 1)
            notes.append(Note(at, at + float(length) * 0.9, pitch, 80))
        at += float(length)
    return tuple(notes)


TWINKLE = tune(
    "c4:1 c4:1 g4:1 g4:1 a4:1 a4:1 g4:2 f4:1 f4:1 e4:1 e4:1 d4:1 d4:1 c4:2 "
    "g4:1 g4:1 f4:1 f4:1 e4:1 e4:1 d4:2 g4:1 g4:1 f4:1 f4:1 e4:1 e4:1 d4:2 "
    "c4:1 c4:1 g4:1 g4:1 a4:1 a4:1 g4:2 f4:1 f4:1 e4:1 e4:1 d4:1 d4:1 c4:2"
)
GREENSLEEVES = tune(
    "r:2 a4:1 c5:2 d5:1 e5:1.5 f5:.5 e5:1 d5:2 b4:1 g4:1.5 a4:.5 b4:1 c5:2 a4:1 a4:1.5 g#4:.5 a4:1 b4:2 "
    "g#4:1 e4:2 a4:1 c5:2 d5:1 e5:1.5 f5:.5 e5:1 d5:2 b4:1 g4:1.5 a4:.5 b4:1 c5:1.5 b4:.5 a4:1 g#4:1.5 "
    "f#4:.5 g#4:1 a4:3 a4:2"
)
ODE = tune(
    "e4:1 e4:1 f4:1 g4:1 g4:1 f4:1 e4:1 d4:1 c4:1 c4:1 d4:1 e4:1 e4:1.5 d4:.5 d4:2 "
    "e4:1 e4:1 f4:1 g4:1 g4:1 f4:1 e4:1 d4:1 c4:1 c4:1 d4:1 e4:1 d4:1.5 c4:.5 c4:2"
)

WASHERWOMAN = tune(
    "b4:.5 g4:.5 g4:.5 d4:.5 g4:.5 g4:.5 b4:.5 g4:.5 b4:.5 d5:.5 c5:.5 b4:.5 "
    "c5:.5 a4:.5 a4:.5 d4:.5 a4:.5 a4:.5 c5:1 b4:.5 c5:1 d5:.5 "
    "b4:.5 g4:.5 g4:.5 d4:.5 g4:.5 g4:.5 b4:.5 g4:.5 b4:.5 d5:1 b4:.5 "
    "c5:.5 b4:.5 c5:.5 a4:1 d5:.5 b4:1 g4:.5 g4:1.5"
)
BIRTHDAY = tune(
    "r:2 g4:.5 g4:.5 a4:1 g4:1 c5:1 b4:2 g4:.5 g4:.5 a4:1 g4:1 d5:1 c5:2 g4:.5 g4:.5 g5:1 e5:1 c5:1 "
    "b4:1 a4:1 f5:.5 f5:.5 e5:1 c5:1 d5:1 c5:2"
)


def moves(notes: tuple[Note, ...]) -> list[int]:
    """Semitones from each note to the next."""
    return [b.pitch - a.pitch for a, b in itertools.pairwise(notes)]
