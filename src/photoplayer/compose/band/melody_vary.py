"""A finished line made barer or richer."""

from __future__ import annotations

from collections.abc import Sequence

from photoplayer.compose.band.theme import BEAT, strength
from photoplayer.music.score import Note
from photoplayer.music.theory import Meter


def thin(lead_notes: Sequence[Note], amount: float, *, meter: Meter) -> tuple[Note, ...]:
    """The line with its lighter notes left out. ``amount`` 0 leaves all, 1 downbeats and long notes alone.

    What is kept keeps its onset, pitch and velocity; a note takes over the time of those left out after it
    when they followed at once.
    """
    floor = round(min(max(amount, 0.0), 1.0) * 5)
    kept: list[Note] = []
    for note in lead_notes:
        if not kept or _weight(note, meter) >= floor:
            kept.append(note)
        elif note.onset - kept[-1].offset < 0.25:
            kept[-1] = Note(kept[-1].onset, note.offset, kept[-1].pitch, kept[-1].velocity)
    return tuple(kept)


def _weight(note: Note, meter: Meter) -> int:
    """0..5: metrical strength, and up to two for length."""
    pulse = round(note.onset / meter.beat_quarters * BEAT)
    beats = note.length / meter.beat_quarters
    return strength(pulse, meter) + (beats > 0.6) + (beats > 1.2)
