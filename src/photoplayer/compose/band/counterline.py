"""A second voice that speaks where the lead rests or holds, and holds where the lead moves."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.melody_pitch import chord_at, scale_under
from photoplayer.compose.band.theme import BEAT, strength
from photoplayer.compose.chance import chance
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note

_CONSONANT = frozenset({0, 3, 4, 5, 7, 8, 9})
"""Semitones, octaves apart, at which two voices agree (the fourth is left to the chord)."""

_PERFECT = frozenset({0, 7})

_QUICKER, _TOUCH = 0.3, 0.95
"""How often a free beat is divided, and the part of a tone's time that sounds."""


def counter(
    lead_notes: Sequence[Note],
    spans: Sequence[ChordSpan],
    section: Section,
    *,
    low: int,
    high: int,
    seed: int,
    path: tuple[str | int, ...],
) -> tuple[Note, ...]:
    """A counter-melody in ``low..high`` under, over or around the lead, in quarters from the section's start.

    It is consonant with the lead, prefers contrary motion, and never moves in parallel fifths or octaves
    with it.
    """
    slots = _slots(lead_notes, spans, section, chance(seed, "counter", *path))
    if not slots:
        return ()
    choices = [_choices(onset, spans, section, low, high) for onset, _ in slots]
    over = [_sounding(lead_notes, onset, offset) for onset, offset in slots]
    above = [_pitch_at(lead_notes, onset) for onset, _ in slots]
    best = [{p: _alone(p, slots[0][0], over[0], spans, section) for p in choices[0]}]
    back: list[dict[int, int]] = []
    for i in range(1, len(slots)):
        here: dict[int, int] = {}
        origin: dict[int, int] = {}
        for pitch in choices[i]:
            alone = _alone(pitch, slots[i][0], over[i], spans, section)
            total, last = min(
                (cost + _move(last, pitch, above[i - 1], above[i]), last) for last, cost in best[-1].items()
            )
            here[pitch], origin[pitch] = total + alone, last
        best.append(here)
        back.append(origin)
    pitch = min(best[-1], key=lambda p: (best[-1][p], p))
    pitches = [pitch]
    for origin in reversed(back):
        pitch = origin[pitch]
        pitches.append(pitch)
    return tuple(
        Note(onset, offset, p, 62 + 4 * strength(_pulse(onset, section), section.meter))
        for (onset, offset), p in zip(slots, reversed(pitches), strict=True)
    )


def _pulse(onset: float, section: Section) -> int:
    return round(onset / section.meter.beat_quarters * BEAT)


def _slots(
    lead_notes: Sequence[Note], spans: Sequence[ChordSpan], section: Section, rng: random.Random
) -> list[tuple[float, float]]:
    """(onset, offset) of each tone: downbeats, new chords, and beats while the lead rests or holds."""
    meter, beat = section.meter, section.meter.beat_quarters
    starts = [note.onset for note in lead_notes]
    onsets = {round(span.onset, 6) for span in spans if span.onset < section.quarters}
    for bar in range(section.bars):
        for index in range(meter.beats):
            at = bar * meter.quarters + index * beat
            is_free = bisect_left(starts, at - 1e-6) == bisect_left(starts, at + beat - 1e-6)
            if index == 0 or is_free:
                onsets.add(round(at, 6))
            if is_free and rng.random() < _QUICKER:
                onsets.add(round(at + beat * (2 / 3 if meter.is_compound else 1 / 2), 6))
    ordered = [*sorted(onsets), section.quarters]
    return [
        (onset, onset + min(until - onset, meter.quarters) * _TOUCH) for onset, until in pairwise(ordered)
    ]


def _choices(onset: float, spans: Sequence[ChordSpan], section: Section, low: int, high: int) -> list[int]:
    scale = scale_under(section.key, chord_at(spans, onset))
    return [p for p in range(low, high + 1) if p % 12 in scale] or [low]


def _sounding(lead_notes: Sequence[Note], onset: float, offset: float) -> list[int]:
    """The lead's pitches during a tone."""
    first = max(bisect_right(lead_notes, onset, key=lambda note: note.onset) - 1, 0)
    stop = bisect_left(lead_notes, offset - 1e-6, key=lambda note: note.onset)
    return [note.pitch for note in lead_notes[first:stop] if note.offset > onset + 1e-6]


def _alone(
    pitch: int, onset: float, over: Sequence[int], spans: Sequence[ChordSpan], section: Section
) -> int:
    chord = chord_at(spans, onset)
    weight = strength(_pulse(onset, section), section.meter)
    cost = 0
    if chord is not None and pitch % 12 not in chord.pitch_classes:
        cost += 14 + 10 * weight
    for place, other in enumerate(over):
        apart = abs(pitch - other)
        cost += 0 if apart % 12 in _CONSONANT else 14 if place else 34
        cost += 14 if apart < 3 else 0
        cost += 10 if apart % 12 == 0 else 0
    return cost


def _pitch_at(lead_notes: Sequence[Note], onset: float) -> int | None:
    """The lead's pitch at a moment; where it rests, the one it sang last."""
    sung = [note.pitch for note in lead_notes if note.onset <= onset + 1e-6]
    return sung[-1] if sung else None


def _move(last: int, pitch: int, lead_last: int | None, lead_now: int | None) -> int:
    move = pitch - last
    cost = 0 if 0 < abs(move) <= 2 else 6 if abs(move) <= 5 and move else 9 + 2 * max(0, abs(move) - 5)
    if lead_last is None or lead_now is None:
        return cost
    lead_move = lead_now - lead_last
    if lead_move and move:
        cost += 5 * ((move > 0) == (lead_move > 0))
        before, now = (lead_last - last) % 12, (lead_now - pitch) % 12
        cost += 200 * (before == now and now in _PERFECT)
    return cost
