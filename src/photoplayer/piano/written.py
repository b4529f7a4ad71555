"""Heard notes as a Score: in seconds, not in bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from photoplayer.music.score import Note, Part, Score
from photoplayer.piano.roll import HeardNote

QUARTERS_PER_S = 2.0
"""Of the constant tempo of 120 that stands for music that was not written down."""
PIANO = 0
"""The program of General MIDI."""
BOTH, RIGHT, LEFT = "Piano", "Right hand", "Left hand"
_SHORTEST = 1 / 64


def to_score(notes: Sequence[HeardNote], *, hands: bool, end_s: float = 0.0) -> Score:
    """A Score of the notes at 120 quarters a minute, where one second is two quarters.

    With ``hands`` there are two parts, the right hand's first; a note of no hand is the right one's. It lasts
    to ``end_s`` or the last offset, whichever is later.
    """
    if hands:
        left = [note for note in notes if note.hand == "left"]
        right = [note for note in notes if note.hand != "left"]
        parts: tuple[Part, ...] = (_part(RIGHT, right), _part(LEFT, left))
    else:
        parts = (_part(BOTH, notes),)
    last = max((note.offset for part in parts for note in part.notes), default=0.0)
    return Score(parts=parts, end=max(last, QUARTERS_PER_S * end_s))


def _part(name: str, notes: Iterable[HeardNote]) -> Part:
    """A part in which no note sounds on when its key is struck again: MIDI could not tell which one ends."""
    written: list[Note] = []
    next_onset: dict[int, float] = {}
    for note in sorted(notes, reverse=True):
        onset = QUARTERS_PER_S * max(note.onset_s, 0.0)
        offset = min(QUARTERS_PER_S * note.offset_s, next_onset.get(note.pitch, float("inf")))
        next_onset[note.pitch] = onset
        velocity = min(max(note.velocity, 1), 127)
        written.append(Note(onset, max(offset, onset + _SHORTEST), note.pitch, velocity))
    return Part(name=name, program=PIANO, notes=tuple(sorted(written)), layer="piano")
