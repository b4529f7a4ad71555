"""The players of melodies: the lead, what doubles it, and the line against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from photoplayer.compose.band.casting import Seat
from photoplayer.compose.band.counterline import counter
from photoplayer.compose.band.energy import velocity
from photoplayer.compose.band.form import HOME
from photoplayer.compose.band.melody_vary import ornament, thin
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.passages import Setting
from photoplayer.compose.band.players import line
from photoplayer.music.score import Note

_WRITTEN = 80
"""Velocity about which the melody's own accents are written."""

_THIN_BELOW, _THINNEST = 0.4, 0.4
"""Energy below which the lead leaves its lighter notes out, and how many at energy 0."""

_ORNATE_ABOVE, _ORNAMENTS = 0.7, 0.45
"""Energy above which the lead adds passing tones, and in what share of the places for one."""


def play_lead(setting: Setting, seat: Seat, *, accent: float) -> list[Note]:
    """The melody: thinner in calm bars, ornamented in wild ones, its frame always the same."""
    passage = setting.passage
    if setting.literal:
        return _dressed(passage, "lead", setting.melody, setting.melody, accent, thinnest=0.0)
    ornate = ornament(
        setting.melody,
        passage.spans,
        passage.section,
        low=seat.low,
        high=seat.high,
        amount=_ORNAMENTS,
        seed=passage.seed,
        path=(passage.name, passage.statement),
    )
    return _dressed(passage, "lead", setting.melody, ornate, accent)


def hand_on(
    setting: Setting, lines: dict[tuple[str, int | None], list[Note]], seat: Seat | None, other: Seat | None
) -> None:
    """Give the contrasting phrases of a long section's tune to another player, in its own octave."""
    if seat is None or other is None or other.program == seat.program or setting.literal:
        return
    passage = setting.passage
    for phrase in passage.phrases:
        if phrase.role.startswith(HOME):
            continue
        start, stop = (bar * passage.bar_quarters for bar in (phrase.start_bar, phrase.stop_bar))
        mine = lines["lead", seat.program]
        said = [note for note in mine if start - 1e-6 <= note.onset < stop - 1e-6]
        pitches = [note.pitch for note in said]
        shift = min((0, 12, -12), key=lambda by: _outside(pitches, by, other))
        lines["lead", seat.program] = [note for note in mine if note not in said]
        lines.setdefault(("lead", other.program), []).extend(
            replace(note, pitch=note.pitch + shift) for note in said
        )


def play_double(setting: Setting, seat: Seat, *, accent: float) -> list[Note]:
    """The melody in the nearest octave that the doubling instrument has, above if it can."""
    pitches = [note.pitch for note in setting.melody]
    if not pitches:
        return []
    shift = min((12, -12, 0, 24, -24), key=lambda by: _outside(pitches, by, seat))
    moved = [
        Note(n.onset, n.offset, n.pitch + shift, n.velocity)
        for n in setting.melody
        if seat.low <= n.pitch + shift <= seat.high
    ]
    return _dressed(setting.passage, "double", moved, moved, accent)


def _outside(pitches: Sequence[int], by: int, seat: Seat) -> int:
    return sum(not seat.low <= pitch + by <= seat.high for pitch in pitches)


def play_counter(setting: Setting, seat: Seat, *, accent: float) -> list[Note]:
    """A line against the melody."""
    passage = setting.passage
    notes = counter(
        setting.melody,
        passage.spans,
        passage.section,
        low=seat.low,
        high=seat.high,
        seed=passage.seed,
        path=(passage.name, passage.statement),
    )
    return _dressed(passage, "counter", notes, notes, accent)


def _dressed(
    passage: Passage,
    layer: str,
    plain: Sequence[Note],
    ornate: Sequence[Note],
    accent: float,
    *,
    thinnest: float = _THINNEST,
) -> list[Note]:
    """The notes of the bars where a layer plays, as many and as loud as each bar asks."""
    rng = passage.rng(layer, "feel")
    by_bar = [
        {index: tuple(group) for index, group in groupby(notes, key=lambda n: passage.bar_at(n.onset).index)}
        for notes in (plain, ornate)
    ]
    notes = []
    for bar in passage.playing(layer):
        rich = by_bar[bar.energy >= _ORNATE_ABOVE].get(bar.index, ())
        bareness = max(0.0, 1 - bar.energy / _THIN_BELOW) * thinnest
        for note in thin(rich, round(bareness, 6), meter=passage.section.meter):
            loud = velocity(
                passage.energy_at(note.onset), accent=accent + (note.velocity - _WRITTEN) * 0.6, rng=rng
            )
            notes.append(Note(note.onset, note.offset, note.pitch, loud))
    return line(notes)
