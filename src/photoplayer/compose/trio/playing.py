"""How a decoded trio is played: dynamics and drums by the energy of the bar, and the closing bar."""

from __future__ import annotations

from collections.abc import Iterable

from photoplayer.compose.band.casting import Seat
from photoplayer.compose.band.ending import play_ending
from photoplayer.compose.band.energy import velocity
from photoplayer.compose.band.passage import Bar, Passage
from photoplayer.compose.trio.settle import in_meter
from photoplayer.music.score import Note
from photoplayer.music.trio import DRUMS, Tokens, decode_drums

DRUMS_FROM, KIT_FROM = 0.18, 0.38
"""Energy from which the light kit plays, and from which all of it: the arranger's first two levels."""

_LIGHT_KIT = frozenset(DRUMS[i][0] for i in (0, 2, 8))
"""Kick, closed hat, ride."""

_ACCENTS = {"lead": 6.0, "bass": 2.0, "drums": 0.0}
_ON_BEAT, _OFF_BEAT = 3.0, -5.0
_SLACK = 1e-6


def loud(notes: Iterable[Note], passage: Passage, layer: str) -> list[Note]:
    """The same notes with velocities: the energy of the moment, more on beats, a human spread."""
    rng = passage.rng("trio", layer, "feel")
    beat = passage.section.meter.beat_quarters
    played = []
    for note in notes:
        strong = min(note.onset % beat, beat - note.onset % beat) < _SLACK
        accent = _ACCENTS[layer] + (_ON_BEAT if strong else _OFF_BEAT)
        loudness = velocity(passage.energy_at(note.onset), accent=accent, rng=rng)
        played.append(Note(note.onset, note.offset, note.pitch, loudness))
    return played


def drum_notes(tokens: Tokens, passage: Passage) -> list[Note]:
    """The strokes that the energy of their bar has drums for."""
    section = passage.section
    strokes = (
        note
        for note in decode_drums(in_meter(tokens, section.meter))
        if note.onset < section.quarters and _is_played(note, passage.bar_at(note.onset))
    )
    return loud(strokes, passage, "drums")


def _is_played(note: Note, bar: Bar) -> bool:
    if bar.energy < DRUMS_FROM:
        return False
    return bar.energy >= KIT_FROM or note.pitch in _LIGHT_KIT


def closing(notes: Iterable[Note], passage: Passage, layer: str, seat: Seat | None) -> list[Note]:
    """The notes up to the piece's last bar, and in it what the arranger's players end with."""
    start = passage.bars[-1].onset
    kept = [
        Note(note.onset, min(note.offset, start), note.pitch, note.velocity)
        for note in notes
        if note.onset < start - _SLACK
    ]
    if layer == "drums" and passage.bars[-1].energy < DRUMS_FROM:
        return kept
    return kept + play_ending(passage, layer, seat, voices=1)
