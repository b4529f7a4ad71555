"""The bass player: roots on the downbeats, the rest as the family's line says."""

from __future__ import annotations

from photoplayer.compose.band.casting import Seat
from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.energy import gate, velocity
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.players import Lines, Struck, line, nearest, sounding, struck
from photoplayer.compose.band.voicing import bass_line
from photoplayer.music.score import Note

LINE_SEMITONES = 16
"""The chords' own bass tones lie in this much of the register, from its lowest note; the rest is for
octaves and approaches."""

_SOFT = {"r": -10.0, "a": -6.0, "5": -3.0, "3": -5.0, "6": -6.0, "8": 0.0, "R": 2.0}


def play_bass(passage: Passage, lines: Lines, seat: Seat, *, accent: float, staccato: float) -> list[Note]:
    """The bass line of a passage."""
    rng = passage.rng("bass", "feel")
    line_high = min(seat.high, seat.low + LINE_SEMITONES)
    roots = dict(zip(passage.spans, bass_line(passage.spans, low=seat.low, high=line_high), strict=True))
    notes: list[Note] = []
    pitch = seat.low
    for stroke in struck(passage, "bass", lines):
        onset_of_chord = abs(stroke.onset - stroke.span.onset) < 1e-6
        sign = "R" if onset_of_chord else stroke.sign
        pitch = _pitch(passage, stroke, sign, seat, pitch, roots)
        loud = velocity(passage.energy_at(stroke.onset), accent=accent + _SOFT.get(sign, 0.0), rng=rng)
        end = sounding(stroke.onset, stroke.offset, gate(stroke.bar.energy, staccato=staccato + 0.15))
        notes.append(Note(stroke.onset, end, pitch, loud))
    return line(notes)


def _pitch(
    passage: Passage, stroke: Struck, sign: str, seat: Seat, before: int, roots: dict[ChordSpan, int]
) -> int:
    """The pitch that a sign means: above, at or towards the line's own tones (``roots``)."""
    chord = stroke.span.chord
    root = roots[stroke.span]
    if sign in "Rr":
        return root
    if sign == "8":
        return root + 12 if root + 12 <= seat.high else root
    if sign == "a":
        return _approach(passage, stroke, seat, before, roots)
    classes = {"5": _fifth(stroke), "3": chord.pitch_classes[1], "6": (chord.root + 9) % 12}
    wanted = classes.get(sign, chord.root)
    if sign == "6":
        wanted = min(
            passage.section.key.pitch_classes, key=lambda c: ((c - wanted) % 12 > 2, (c - wanted) % 12)
        )
    return nearest([wanted], max(root, before), seat.low, seat.high)


def _fifth(stroke: Struck) -> int:
    """The chord's own fifth, diminished or not."""
    chord = stroke.span.chord
    return next((c for c in chord.pitch_classes if (c - chord.root) % 12 in (6, 7, 8)), chord.root)


def _approach(passage: Passage, stroke: Struck, seat: Seat, before: int, roots: dict[ChordSpan, int]) -> int:
    """A step into the next chord's bass tone: between it and the last note if there is one, even a
    chromatic one; else the scale's neighbour on the side it comes from."""
    after = passage.next_span(stroke.span)
    if after is stroke.span or after.onset - stroke.offset > 1e-6:
        return nearest([_fifth(stroke)], before, seat.low, seat.high)
    goal = roots[after]
    if abs(goal - before) == 2:
        return (goal + before) // 2
    side = 1 if before > goal else -1
    scale = passage.section.key.pitch_classes
    step = goal + side * (1 if (goal + side) % 12 in scale else 2)
    return step if seat.low <= step <= seat.high else goal
