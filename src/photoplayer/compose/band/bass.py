"""The bass player: roots on the downbeats, the rest as the family's line says."""

from __future__ import annotations

from photoplayer.compose.band.casting import Seat
from photoplayer.compose.band.energy import gate, velocity
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.players import Struck, line, nearest, sounding, struck
from photoplayer.compose.band.steps import Family
from photoplayer.music.score import Note
from photoplayer.music.theory import Key

_SOFT = {"r": -10.0, "a": -6.0, "5": -3.0, "3": -5.0, "6": -6.0, "8": 0.0, "R": 2.0}


def play_bass(passage: Passage, family: Family, seat: Seat, *, accent: float, staccato: float) -> list[Note]:
    """The bass line of a passage."""
    rng = passage.rng("bass", "feel")
    notes: list[Note] = []
    pitch = _home(seat)
    for stroke in struck(passage, "bass", family):
        onset_of_chord = abs(stroke.onset - stroke.span.onset) < 1e-6
        sign = "R" if onset_of_chord else stroke.sign
        pitch = _pitch(passage, stroke, sign, seat, pitch)
        energy = stroke.bar.energy
        loud = velocity(energy, accent=accent + _SOFT.get(sign, 0.0), rng=rng)
        end = sounding(stroke.onset, stroke.offset, gate(energy, staccato=staccato + 0.15))
        notes.append(Note(stroke.onset, end, pitch, loud))
    return line(notes)


def _home(seat: Seat) -> int:
    """Where the line likes to lie: the lower third of its register."""
    return seat.low + (seat.high - seat.low) // 3


def _pitch(passage: Passage, stroke: Struck, sign: str, seat: Seat, before: int) -> int:
    chord = stroke.span.chord
    root = nearest([chord.bass_class], _home(seat), seat.low, seat.high)
    if sign in "Rr":
        return root
    if sign == "8":
        return root + 12 if root + 12 <= seat.high else root
    if sign == "a":
        return _approach(passage, stroke, seat, before)
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


def _approach(passage: Passage, stroke: Struck, seat: Seat, before: int) -> int:
    """A step into the next chord's bass: from below by semitone, else the scale's step from above."""
    after = passage.next_span(stroke.span)
    if after is stroke.span or after.onset - stroke.offset > 1e-6:
        return nearest([_fifth(stroke)], before, seat.low, seat.high)
    goal = nearest([after.chord.bass_class], _home(seat), seat.low, seat.high)
    step = _scale_step(passage.section.key, goal, 1 if before > goal else -1)
    return step if seat.low <= step <= seat.high else goal


def _scale_step(key: Key, goal: int, direction: int) -> int:
    """The neighbour of ``goal`` on that side: the leading semitone below, the scale's tone above."""
    if direction < 0 and (goal - 1) % 12 != (key.tonic + 1) % 12:
        return goal - 1
    return goal + direction * (1 if (goal + direction) % 12 in key.pitch_classes else 2)
