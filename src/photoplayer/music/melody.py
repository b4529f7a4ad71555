"""Finding the tune: the part of a score that carries it, and its one line.

A melody is the part that is mostly one note at a time, moves in the range of a voice or a leading
instrument, plays through much of the piece and uses several pitches; a part called "melody" or "lead"
is believed. What has chords in it gives its highest notes (the skyline of Uitdenbogerd & Zobel, 1999).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from photoplayer.music.instruments import instrument
from photoplayer.music.score import Note, Part, Score

MELODY_LOWEST, MELODY_HIGHEST = 48, 96

_TOGETHER_QUARTERS = 1 / 16
"""Notes that begin this close to each other are one chord, played by a human hand."""

_MELODY_NAME = re.compile(r"melod|lead|vocal|voice|sing|solo|theme|tune", re.IGNORECASE)
_OTHER_NAME = re.compile(r"bass|pad|chord|accomp|rhythm|arp|left|\blh\b", re.IGNORECASE)
_NAMED_GAIN, _MISNAMED_LOSS = 3.0, 0.5
_ENOUGH_PITCHES = 8


def find_melody(score: Score) -> Part:
    """The part that carries the melody, chords and all. Raises ``ValueError`` if no part has pitches."""
    parts = [part for part in score.parts if part.notes and not part.is_drum]
    if not parts:
        raise ValueError("a score without pitched notes has no melody")
    return max(parts, key=lambda part: _likelihood(part, score.end))


def skyline(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The highest line through ``notes``, one at a time: a note ends where the next begins, and a lower
    note that begins under a sounding higher one is left out."""
    line: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.onset, -n.pitch)):
        if not line:
            line.append(note)
            continue
        before = line[-1]
        together = note.onset - before.onset < _TOGETHER_QUARTERS
        if together:
            if note.pitch > before.pitch:
                line[-1] = replace(note, onset=before.onset)
        elif note.pitch >= before.pitch or before.offset - note.onset < _TOGETHER_QUARTERS:
            line[-1] = replace(before, offset=min(before.offset, note.onset))
            line.append(note)
    return tuple(line)


def _likelihood(part: Part, end: float) -> float:
    """How likely the part is the melody: a product, so that one great fault outweighs small virtues."""
    line = skyline(part.notes)
    singable = sum(MELODY_LOWEST <= note.pitch <= MELODY_HIGHEST for note in line) / len(line)
    single = len(line) / len(part.notes)
    coverage = min(sum(note.length for note in line) / max(end, 1.0), 1.0)
    variety = min(len({note.pitch for note in line}) / _ENOUGH_PITCHES, 1.0)
    height = (sum(note.pitch for note in line) / len(line)) / 127
    likelihood = (singable + 0.01) * (single + 0.2) * (coverage + 0.1) * (variety + 0.1) * (height + 0.5)
    return round(likelihood * _name_factor(part), 9)


def _name_factor(part: Part) -> float:
    label = f"{part.name} {part.layer}"
    factor = 1.0
    if _MELODY_NAME.search(label):
        factor *= _NAMED_GAIN
    if _OTHER_NAME.search(label) or instrument(part.program).family == "bass":
        factor *= _MISNAMED_LOSS
    return factor
