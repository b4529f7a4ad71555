"""How well a chord suits the melody above it."""

from __future__ import annotations

from bisect import bisect_left

from photoplayer.music.score import Note
from photoplayer.music.theory import QUALITIES, Key, Meter

Profile = tuple[float, ...]
"""Twelve shares (sum 1) of the melody over the tonic's semitones while a chord sounds; empty for silence."""

ON_BEAT, ON_BAR = 2.0, 3.0
"""How much more a melody note counts that begins on a beat or with the bar."""

OUTSIDE, RUB = -0.3, -1.0
"""Fit of a note that is no chord note, and of one that lies a semitone above a chord note."""


LONGEST_QUARTERS = 32.0
"""How far back a note that still sounds is looked for."""


def _onset(note: Note) -> float:
    return note.onset


def profile(melody: tuple[Note, ...], onset: float, offset: float, key: Key, meter: Meter) -> Profile:
    """What the melody dwells on between two times (quarters): length times metrical strength.

    ``melody`` is in order of onset; of a note longer than :data:`LONGEST_QUARTERS` the beginning counts.
    """
    first = bisect_left(melody, onset - LONGEST_QUARTERS, key=_onset)
    stop = bisect_left(melody, offset, key=_onset)
    shares = [0.0] * 12
    for note in melody[first:stop]:
        sounding = min(note.offset, offset) - max(note.onset, onset)
        if sounding > 0:
            shares[(note.pitch - key.tonic) % 12] += sounding * _strength(note.onset, meter)
    total = sum(shares)
    return tuple(round(share / total, 6) for share in shares) if total > 0 else ()


def _strength(onset: float, meter: Meter) -> float:
    if abs(onset / meter.quarters - round(onset / meter.quarters)) < 1e-6:
        return ON_BAR
    beats = onset / meter.beat_quarters
    return ON_BEAT if abs(beats - round(beats)) < 1e-6 else 1.0


def melody_fit(melody: Profile, step: int, quality: str) -> float:
    """Fit -1..1 of a chord whose root lies ``step`` semitones above the tonic; 0 under silence."""
    if not melody:
        return 0.0
    notes = {(step + interval) % 12 for interval in QUALITIES[quality]}
    worth = (1.0 if pc in notes else RUB if (pc - 1) % 12 in notes else OUTSIDE for pc in range(12))
    return round(sum(share * value for share, value in zip(melody, worth, strict=True)), 6)
