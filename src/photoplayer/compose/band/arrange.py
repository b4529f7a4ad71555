"""The arranger: a Plan in, a Score out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from photoplayer.compose.band.bass import play_bass
from photoplayer.compose.band.casting import Seat, cast
from photoplayer.compose.band.chordal import play_broken, play_chords, play_pad
from photoplayer.compose.band.drums import play_drums
from photoplayer.compose.band.ending import play_ending
from photoplayer.compose.band.guards import LONGEST_BARS, guarded
from photoplayer.compose.band.layers import LAYERS, check_layers, is_forbidden
from photoplayer.compose.band.melodies import play_counter, play_double, play_lead
from photoplayer.compose.band.mix import PLACES
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.passages import Setting, set_plan
from photoplayer.compose.band.steps import Family
from photoplayer.compose.band.styles import STYLES, Role, role_for
from photoplayer.compose.band.styles.bass_lines import BASS
from photoplayer.compose.band.styles.chord_lines import ARPEGGIOS, CHORDS, PULSES
from photoplayer.compose.band.styles.drum_grids import GRIDS
from photoplayer.compose.band.transitions import play_turns
from photoplayer.compose.plan import Plan, Section
from photoplayer.music.instruments import program_name
from photoplayer.music.score import (
    KeyChange,
    Marker,
    MeterChange,
    Note,
    Part,
    Score,
    TempoChange,
    TempoMap,
)

MOST_MELODIC_PARTS = 15
"""MIDI has sixteen channels, one of them the drums'."""

Lines = dict[tuple[str, int | None], list[Note]]
"""Notes by layer and program (None for drums)."""


def compose(plan: Plan, *, seed: int = 1, melody: tuple[Note, ...] | None = None) -> Score:
    """The music for a plan; the same plan and seed give the same score.

    ``melody`` is a tune to develop, in quarters from its own start. Its notes and the harmony do not
    depend on the sections' energy, so that plans which differ in energy alone give music that runs in
    step. Raises :class:`~photoplayer.errors.PlanError` for a layer that does not exist.
    """
    check_layers(plan.sections)
    seats = cast(_wanted(plan), seed=seed, most_parts=MOST_MELODIC_PARTS - 3)
    settings = set_plan(plan, seed=seed, theme=None, seats=seats)
    lines: Lines = defaultdict(list)
    for i, (setting, start) in enumerate(zip(settings, plan.starts_q, strict=True)):
        before = plan.sections[i - 1] if i else None
        for (layer, program), notes in _perform(setting, seats, before).items():
            safe = guarded(
                notes,
                program=program,
                until=setting.passage.end,
                longest=LONGEST_BARS * setting.passage.bar_quarters,
            )
            lines[layer, program] += [_moved(note, start) for note in safe]
    return Score(
        parts=tuple(_parts(lines)),
        end=plan.quarters,
        tempo_map=_tempo_map(plan),
        meters=_meters(plan),
        keys=_keys(plan),
        markers=tuple(
            Marker(start, f"{i} {section.mood} {section.label}")
            for i, (section, start) in enumerate(zip(plan.sections, plan.starts_q, strict=True), start=1)
        ),
    )


def _wanted(plan: Plan) -> Iterator[tuple[str, str]]:
    """The (mood, layer) pairs that need an instrument, in order."""
    for section in plan.sections:
        for layer in dict.fromkeys([*STYLES[section.mood].stack, "lead", *sorted(section.must_have)]):
            yield section.mood, layer


def _perform(setting: Setting, seats: dict[tuple[str, str], Seat], before: Section | None) -> Lines:
    """Everything that is played in a section."""
    passage = setting.passage
    section = passage.section
    lines: Lines = {}
    wanted = set().union(*(bar.layers for bar in passage.bars))
    for layer in LAYERS:
        role = role_for(section.mood, layer)
        if layer not in wanted or role is None or is_forbidden(layer, section):
            continue
        seat = seats.get((section.mood, layer))
        notes = _play(setting, role, seat)
        if passage.is_last:
            notes += play_ending(passage, layer, seat, voices=role.voices)
        lines[layer, seat.program if seat else None] = notes
    lines["drums-fill", None] = play_turns(passage, before)
    return lines


def _play(setting: Setting, role: Role, seat: Seat | None) -> list[Note]:
    """One layer of a section."""
    passage, layer = setting.passage, role.layer
    staccato = STYLES[passage.section.mood].staccato
    if seat is None:
        return play_drums(passage, layer, GRIDS[_drawn(passage, role)], accent=role.accent)
    if layer == "bass":
        family = BASS[_drawn(passage, role)]
        return play_bass(passage, family, seat, accent=role.accent, staccato=staccato)
    if layer == "lead":
        return play_lead(passage, setting.melody, accent=role.accent)
    if layer == "double":
        return play_double(passage, setting.melody, seat, accent=role.accent)
    if layer == "counter":
        return play_counter(passage, (), accent=role.accent)
    family = _family(_drawn(passage, role))
    if layer == "pad":
        return play_pad(passage, family, seat, voices=role.voices, accent=role.accent)
    play = play_chords if layer in ("chords", "brass") else play_broken
    return play(passage, layer, family, seat, voices=role.voices, accent=role.accent, staccato=staccato)


def _drawn(passage: Passage, role: Role) -> str:
    """The family of lines that a layer keeps through a section and all its returns."""
    return passage.rng(role.layer, "line", passage.section.mood).choice(role.lines)


def _family(name: str) -> Family:
    return CHORDS.get(name) or ARPEGGIOS.get(name) or PULSES[name]


def _moved(note: Note, by: float) -> Note:
    return Note(note.onset + by, note.offset + by, note.pitch, note.velocity)


def _parts(lines: Lines) -> Iterator[Part]:
    """Parts in the order of the layers, those without a note left out."""
    order = list(LAYERS)
    for (layer, program), notes in sorted(
        lines.items(), key=lambda item: (order.index(item[0][0]), item[0][1] or 0)
    ):
        if not notes:
            continue
        place = PLACES[layer]
        yield Part(
            name=layer if program is None else f"{layer}: {program_name(program)}",
            program=program or 0,
            notes=tuple(sorted(notes)),
            is_drum=program is None,
            layer=layer,
            volume=place.volume,
            pan=place.pan,
            reverb=place.reverb,
        )


def _tempo_map(plan: Plan) -> TempoMap:
    changes: list[TempoChange] = []
    for section, start in zip(plan.sections, plan.starts_q, strict=True):
        if not changes or changes[-1].qpm != section.qpm:
            changes.append(TempoChange(start, section.qpm))
    return TempoMap(tuple(changes))


def _meters(plan: Plan) -> tuple[MeterChange, ...]:
    changes: list[MeterChange] = []
    for section, start in zip(plan.sections, plan.starts_q, strict=True):
        if not changes or changes[-1].meter != section.meter:
            changes.append(MeterChange(start, section.meter))
    return tuple(changes)


def _keys(plan: Plan) -> tuple[KeyChange, ...]:
    changes: list[KeyChange] = []
    for section, start in zip(plan.sections, plan.starts_q, strict=True):
        if not changes or changes[-1].key != section.key:
            changes.append(KeyChange(start, section.key))
    return tuple(changes)
