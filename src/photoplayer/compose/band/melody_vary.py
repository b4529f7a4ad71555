"""A finished line made barer or richer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.melody_pitch import chord_at, scale_under
from photoplayer.compose.band.theme import BEAT, strength
from photoplayer.compose.chance import chance
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note
from photoplayer.music.theory import Meter


def thin(lead_notes: Sequence[Note], amount: float, *, meter: Meter) -> tuple[Note, ...]:
    """The line with its lighter notes left out: none at ``amount`` 0, at 1 all but downbeats and long notes.

    What is kept keeps its onset, pitch and velocity; a note takes over the time of those left out after it
    when they followed at once.
    """
    floor = round(min(max(amount, 0.0), 1.0) * 3)
    kept: list[Note] = []
    for note in lead_notes:
        if not kept or _weight(note, meter) >= floor:
            kept.append(note)
        elif note.onset - kept[-1].offset < meter.beat_quarters / 2:
            kept[-1] = Note(kept[-1].onset, note.offset, kept[-1].pitch, kept[-1].velocity)
    return tuple(kept)


def _weight(note: Note, meter: Meter) -> int:
    """0..5: metrical strength, and up to two for length."""
    pulse = round(note.onset / meter.beat_quarters * BEAT)
    beats = note.length / meter.beat_quarters
    return strength(pulse, meter) + (beats > 0.6) + (beats > 1.2)


def ornament(
    lead_notes: Sequence[Note],
    spans: Sequence[ChordSpan],
    section: Section,
    *,
    low: int,
    high: int,
    amount: float,
    seed: int,
    path: tuple[str | int, ...],
) -> tuple[Note, ...]:
    """The line with passing and neighbour tones in about ``amount`` (0..1) of the places that have room.

    Every note keeps its onset and pitch; the added ones take time from its end.
    """
    rng = chance(seed, "ornament", *path)
    out: list[Note] = []
    for note, after in zip(lead_notes, [*lead_notes[1:], None], strict=False):
        added = _added(note, after, spans, section, low, high) if rng.random() < amount else ()
        if added:
            out.append(replace(note, offset=added[0].onset))
        else:
            out.append(note)
        out += added
    return tuple(out)


def _added(
    note: Note, after: Note | None, spans: Sequence[ChordSpan], section: Section, low: int, high: int
) -> tuple[Note, ...]:
    """Tones that lead from a note to the next, filling the second half of its time."""
    beat = section.meter.beat_quarters
    time = (after.onset if after else note.offset) - note.onset
    if after is None or time < beat * 0.99 or after.onset - note.offset > beat / 2:
        return ()
    unit = beat / 3 if section.meter.is_compound else beat / 2
    begin = after.onset - unit * (1 if time < 2 * beat else 2)
    scale = scale_under(section.key, chord_at(spans, begin))
    between = [p for p in range(*sorted((note.pitch, after.pitch))) if p % 12 in scale]
    between = [p for p in between if p not in (note.pitch, after.pitch)]
    if after.pitch < note.pitch:
        between.reverse()
    if not between:
        upper = next((p for p in range(note.pitch + 1, note.pitch + 4) if p % 12 in scale), note.pitch)
        between = [upper] if time < 2 * beat else [upper, note.pitch]
    wanted = round((after.onset - begin) / unit)
    pitches = between[-wanted:]
    if any(not low <= p <= high for p in pitches):
        return ()
    start = after.onset - unit * len(pitches)
    soft = max(note.velocity - 10, 1)
    return tuple(
        Note(start + i * unit, start + (i + 0.9) * unit, pitch, soft) for i, pitch in enumerate(pitches)
    )
