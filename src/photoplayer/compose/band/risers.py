"""Risers with pitch: a run up the scale into a big jump of energy, over the roll of the drums."""

from __future__ import annotations

from itertools import pairwise

from photoplayer.compose.band.casting import Seat
from photoplayer.compose.band.energy import velocity
from photoplayer.compose.band.layers import is_forbidden
from photoplayer.compose.band.melody_pitch import scale_under
from photoplayer.compose.band.passage import Passage, Turn
from photoplayer.compose.band.players import nearest
from photoplayer.music.score import Note
from photoplayer.music.theory import Chord

LAYER = "riser"

_STEP_QUARTERS = 0.25

_STARTS_ABOVE = 2
"""Semitones above the bottom of its register near which the run may begin."""

_ACCENT_FROM, _ACCENT_TO = -16.0, 0.0
_REACHES = 0.9
"""Share of the jump that its last note anticipates."""


def play_risers(passage: Passage, seat: Seat) -> list[Note]:
    """The runs of a section, each ending on the border that it leads to."""
    if is_forbidden(LAYER, passage.section):
        return []
    return [note for turn in passage.turns if turn.kind == "riser" for note in _run(passage, turn, seat)]


def _run(passage: Passage, turn: Turn, seat: Seat) -> list[Note]:
    """Sixteenths up the scale of the chords below; in slow tempi and fast ones alike one sweep."""
    count = max(2, round((turn.offset - turn.onset) / _STEP_QUARTERS))
    step = (turn.offset - turn.onset) / count
    rng = passage.rng(LAYER, str(turn.onset))
    pitches = _climb(passage, turn, seat, count, step)
    energy = passage.bar_at(turn.onset).energy
    onsets = [turn.onset + i * step for i in range(len(pitches))]
    notes = []
    for (onset, offset), pitch in zip(pairwise([*onsets, turn.offset]), pitches, strict=True):
        done = (onset - turn.onset) / (turn.offset - turn.onset)
        accent = _ACCENT_FROM + (_ACCENT_TO - _ACCENT_FROM) * done
        loud = velocity(min(1.0, energy + _REACHES * turn.change * done), accent=accent, rng=rng)
        notes.append(Note(onset, offset, pitch, loud))
    return notes


def _climb(passage: Passage, turn: Turn, seat: Seat, count: int, step: float) -> list[int]:
    """``count`` rising pitches from a root, at most the register's: each in the scale of its moment."""

    def chord_at(index: int) -> Chord:
        return passage.span_at(turn.onset + index * step).chord

    def above(pitch: int, index: int) -> int:
        scale = scale_under(passage.section.key, chord_at(index))
        return next(p for p in range(pitch + 1, pitch + 13) if p % 12 in scale)

    low = seat.low + _STARTS_ABOVE
    pitches = [nearest([chord_at(0).root], low, seat.low, seat.high)]
    for index in range(1, count):
        higher = above(pitches[-1], index)
        if higher > seat.high:
            break
        pitches.append(higher)
    return pitches
