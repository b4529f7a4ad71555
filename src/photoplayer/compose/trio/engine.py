"""The trio engine: a Plan in, a Score of melody, bass and drums out, thickened by the arranger if asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from photoplayer.compose.band.casting import Seat, Seats
from photoplayer.compose.band.energy import levels
from photoplayer.compose.band.form import phrases_of
from photoplayer.compose.band.guards import guarded
from photoplayer.compose.band.layers import check_layers, is_forbidden
from photoplayer.compose.band.maps import keys, markers, meters, tempo_map
from photoplayer.compose.band.parts import moved, parts
from photoplayer.compose.band.passage import Bar, Passage
from photoplayer.compose.band.passages import Setting, models_of
from photoplayer.compose.band.perform import Played, perform
from photoplayer.compose.band.stingers import STINGER_QUARTERS, play_stingers
from photoplayer.compose.plan import Plan, Section
from photoplayer.compose.trio.choice import phrase_codes, section_codes
from photoplayer.compose.trio.codec import decode
from photoplayer.compose.trio.eyes import look
from photoplayer.compose.trio.harmony import chords_under
from photoplayer.compose.trio.playing import closing, drum_notes, loud
from photoplayer.compose.trio.repeats import with_returns
from photoplayer.compose.trio.settle import key_of, line_notes
from photoplayer.compose.trio.space import shipped_space
from photoplayer.compose.trio.style import Style
from photoplayer.errors import PlanError
from photoplayer.music.score import Note, Score
from photoplayer.music.theory import Key
from photoplayer.music.trio import Trio
from photoplayer.scene.glances import Glances

PLAYING = frozenset({"lead", "bass", "drums", "pad"})
"""Layers of a thickened trio; of the arranger's own players only the pad is asked."""


Homed = tuple[Trio, Key]
"""A trio and the key it stands in."""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How trios are chosen beyond the plan: a person's ``style`` with its sliders ``axes``, ``more`` of
    attributes in standard deviations, and whether the arranger's pads join."""

    style: Style | None = None
    axes: tuple[float, ...] = ()
    more: Mapping[str, float] | None = None
    thicken: bool = False


def compose(
    plan: Plan,
    *,
    seed: int = 1,
    melody: tuple[Note, ...] | None = None,
    glances: Glances | None = None,
    manner: Manner | None = None,
) -> Score:
    """The music for a plan; the same plan, pictures and seed give the same score.

    Every section is a code that its pictures and its mood ask for, decoded and brought into the plan's meter,
    key and energy. Raises :class:`PlanError` for a layer that does not exist, or where a ``melody`` is given:
    a trio's tune comes from its code.
    """
    if melody is not None:
        raise PlanError("the trio engine invents its own tune; leave the melody out, or use --engine band")
    manner = manner or Manner()
    trios = _trios(plan, seed, glances, manner)
    return played(plan, [(trio, key_of(trio)) for trio in trios], seed=seed, thicken=manner.thicken)


def played(plan: Plan, trios: Sequence[Homed], *, seed: int, thicken: bool = False) -> Score:
    """A score of one trio for every section, each at least as long as its section.

    They are brought into the plan's meters and keys and played by its energy; with ``thicken`` the arranger's
    pads join. Raises :class:`PlanError` for a layer that does not exist.
    """
    check_layers(plan.sections)
    seats = Seats.cast(plan, seed=seed)
    settings = _settings(plan, trios, seats, seed)
    lines: Played = defaultdict(list)
    for setting, homed, start in zip(settings, trios, plan.starts_q, strict=True):
        for key, notes in _played(setting, homed, seats, thicken=thicken).items():
            lines[key] += [moved(note, start) for note in notes]
    for key, notes in play_stingers(plan, settings).items():
        lines[key] += guarded(notes, program=key[1], until=plan.quarters, bar_quarters=STINGER_QUARTERS)
    return Score(
        parts=tuple(parts(lines)),
        end=plan.quarters,
        tempo_map=tempo_map(plan),
        meters=meters(plan),
        keys=keys(plan),
        markers=markers(plan),
    )


def _trios(plan: Plan, seed: int, glances: Glances | None, manner: Manner) -> list[Trio]:
    """One trio of at least its section's bars for every section, all phrases decoded together."""
    seen = None
    if glances is not None:
        ends = (*plan.starts_s[1:], plan.duration_s)
        seen = look(glances, list(zip(plan.starts_s, ends, strict=True)))
    windows = section_codes(
        plan, shipped_space(), seed=seed, seen=seen, style=manner.style, axes=manner.axes, more=manner.more
    )
    phrases = phrase_codes(plan, windows)
    decoded = iter(decode(np.concatenate(phrases)))
    return [with_returns(_joined([next(decoded) for _ in own])) for own in phrases]


def _joined(trios: Sequence[Trio]) -> Trio:
    return Trio(
        np.concatenate([trio.melody for trio in trios]),
        np.concatenate([trio.bass for trio in trios]),
        np.concatenate([trio.drums for trio in trios]),
    )


def _settings(plan: Plan, trios: Sequence[Homed], seats: Seats, seed: int) -> list[Setting]:
    """The sections as the arranger's players know them, with the chords that the trios imply."""
    models = models_of(plan)
    found = []
    for i, (section, homed) in enumerate(zip(plan.sections, trios, strict=True)):
        is_last = i == len(plan.sections) - 1 and not plan.loops
        tune, low = (_line(section, homed, seats, layer) for layer in ("lead", "bass"))
        phrases = phrases_of(section, is_last=is_last, loops=plan.loops)
        dense = levels(section.energy)
        bars = tuple(
            Bar(index, index * section.meter.quarters, energy, dense[index], number, phrase.role[0], PLAYING)
            for number, phrase in enumerate(phrases)
            for index in range(phrase.start_bar, phrase.stop_bar)
            for energy in (section.energy[index],)
        )
        passage = Passage(
            section=section,
            phrases=phrases,
            spans=chords_under(tune, low, section, closes=is_last),
            bars=bars,
            seed=seed,
            name=f"section {models[i]}",
            is_last=is_last,
        )
        found.append(Setting(passage, tune))
    return found


def _line(section: Section, homed: Homed, seats: Seats, layer: str) -> tuple[Note, ...]:
    trio, home = homed
    tokens = trio.melody if layer == "lead" else trio.bass
    seat = _seat(seats, section, layer)
    notes = line_notes(tokens, section.meter, home, section.key, seat)
    return tuple(note for note in notes if note.onset < section.quarters)


def _played(setting: Setting, homed: Homed, seats: Seats, *, thicken: bool) -> Played:
    """Everything of a section, in quarters from its start."""
    passage = setting.passage
    section = passage.section
    lines: Played = {}
    for layer in ("lead", "bass"):
        if is_forbidden(layer, section):
            continue
        seat = _seat(seats, section, layer)
        notes = loud(_line(section, homed, seats, layer), passage, layer)
        lines[layer, seat.program] = closing(notes, passage, layer, seat) if passage.is_last else notes
    if not is_forbidden("drums", section):
        strokes = drum_notes(homed[0].drums, passage)
        lines["drums", None] = closing(strokes, passage, "drums", None) if passage.is_last else strokes
    if thicken and not is_forbidden("pad", section):
        lines |= _pads(passage, seats)
    return {
        key: guarded(notes, program=key[1], until=passage.end, bar_quarters=passage.bar_quarters)
        for key, notes in lines.items()
    }


def _pads(passage: Passage, seats: Seats) -> Played:
    """The arranger's pads over the chords that the trio implies."""
    alone = replace(passage.section, must_have=frozenset(), must_not_have=frozenset({"drums"}))
    bars = tuple(replace(bar, layers=frozenset({"pad"})) for bar in passage.bars)
    return perform(Setting(replace(passage, section=alone, bars=bars), ()), seats, None)


def _seat(seats: Seats, section: Section, layer: str) -> Seat:
    seat = seats.of(section.mood, layer)
    assert seat is not None, f"{section.mood} has no {layer}"
    return seat
