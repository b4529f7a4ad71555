"""The players of melodies: the lead, what doubles it, and the line against it."""

from __future__ import annotations

from itertools import groupby

from photoplayer.compose.band.casting import Seat
from photoplayer.compose.band.energy import velocity
from photoplayer.compose.band.melody_vary import thin
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.players import line
from photoplayer.music.score import Note

_WRITTEN = 80
"""Velocity about which the melody's own accents are written."""

_THIN_BELOW = 0.45
"""Energy below which the lead leaves its lighter notes out, the more the calmer."""


def play_lead(passage: Passage, melody: tuple[Note, ...], *, accent: float) -> list[Note]:
    """The melody at the energy of each bar."""
    return _dressed(passage, "lead", melody, accent)


def play_double(passage: Passage, melody: tuple[Note, ...], seat: Seat, *, accent: float) -> list[Note]:
    """The melody an octave higher, or lower where the instrument ends."""
    up = [note.pitch + 12 for note in melody]
    shift = 12 if up and max(up) <= seat.high else -12
    if shift < 0 and up and min(up) - 24 < seat.low:
        shift = 0
    moved = tuple(Note(n.onset, n.offset, n.pitch + shift, n.velocity) for n in melody)
    return _dressed(passage, "double", moved, accent)


def play_counter(passage: Passage, notes: tuple[Note, ...], *, accent: float) -> list[Note]:
    """The line against the melody."""
    return _dressed(passage, "counter", notes, accent)


def _dressed(passage: Passage, layer: str, melody: tuple[Note, ...], accent: float) -> list[Note]:
    """The notes of the bars where a layer plays, thinned and as loud as each bar asks."""
    rng = passage.rng(layer, "feel")
    playing = {bar.index for bar in passage.playing(layer)}
    meter = passage.section.meter
    notes = []
    for index, group in groupby(melody, key=lambda note: passage.bar_at(note.onset).index):
        if index not in playing:
            continue
        energy = passage.bars[index].energy
        for note in thin(tuple(group), max(0.0, (_THIN_BELOW - energy) / _THIN_BELOW) * 0.6, meter=meter):
            loud = velocity(energy, accent=accent + (note.velocity - _WRITTEN) * 0.6, rng=rng)
            notes.append(Note(note.onset, note.offset, note.pitch, loud))
    return line(notes)
