"""From a plan to a melody for every section, and from the melodies to a score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil
from random import Random

from photoplayer.compose import band
from photoplayer.compose.band.form import phrases_of
from photoplayer.compose.band.maps import keys, markers, meters, tempo_map
from photoplayer.compose.band.melody import outline
from photoplayer.compose.band.melody_seed import MAX_BARS, theme_from
from photoplayer.compose.band.passages import models_of
from photoplayer.compose.band.theme import Theme
from photoplayer.compose.chance import chance
from photoplayer.compose.plan import Plan, Section
from photoplayer.compose.trio.engine import Homed
from photoplayer.compose.tune import write as writing
from photoplayer.compose.tune.asked import Asked, asked_of, bounded, misfit
from photoplayer.compose.tune.see import seen
from photoplayer.compose.tune.trio import trio_of
from photoplayer.music.melody_code import HIGHEST, LOWEST, notes_of
from photoplayer.music.score import Note, Part, Score
from photoplayer.music.theory import Key, Meter
from photoplayer.music.trio import Trio
from photoplayer.scene.glances import Glances

PHRASE_BARS = 4
"""What is asked for changes with a phrase of the network's, never inside one."""

FEWEST_BARS = 4

TRIES = 6
"""Melodies written for a section, of which one is kept."""

_LATE_QUARTERS = 2.0
"""A melody that begins so late has nothing to say in a section of a bar or two."""

_FOUR = Meter(4, 4)
_FOLLOWS_ENERGY = 0.8
"""How much denser, in the unit of :class:`Asked`, a bar at energy 1 is than one at 0 of the same section."""

_PROGRAM, _VOLUME = 73, 100
"""A flute plays a bare melody."""

Themes = Mapping[int, Theme]
"""By number of the section; those that bring another back have none of their own."""


def arranged(plan: Plan, themes: Themes, *, seed: int = 1) -> Score:
    """The melodies harmonised and orchestrated by the band; the same ones and seed give the same score."""
    return band.compose(plan, seed=seed, themes=themes)


def bare(plan: Plan, themes: Themes) -> Score:
    """The melodies alone, in the plan's keys and meters, as one part."""
    models = models_of(plan)
    notes: list[Note] = []
    for i, (section, start) in enumerate(zip(plan.sections, plan.starts_q, strict=True)):
        is_last = i == len(plan.sections) - 1
        phrases = phrases_of(section, is_last=is_last, loops=plan.loops)
        statement = sum(1 for j in range(i) if models[j] == models[i])
        said = outline(
            section, phrases, theme=themes[models[i]], low=LOWEST, high=HIGHEST, statement=statement
        )
        notes += [replace(note, onset=note.onset + start, offset=note.offset + start) for note in said]
    part = Part("melody", _PROGRAM, tuple(notes), layer="lead", volume=_VOLUME)
    return Score(
        parts=(part,),
        end=plan.quarters,
        tempo_map=tempo_map(plan),
        meters=meters(plan),
        keys=keys(plan),
        markers=markers(plan),
    )


def write_themes(plan: Plan, *, seed: int, glances: Glances | None = None) -> dict[int, Theme]:
    """A melody for every section that is new; pictures, where there are any, say what kind.

    The same plan, pictures and seed give the same melodies; a plan that differs in energy alone can be played
    with them and is in step. Raises :class:`SetupError` where a model is missing.
    """
    return {i: _written(asked_by(section, looks), seed, i) for i, section, looks in _looks(plan, glances)}


def write_trios(plan: Plan, *, seed: int, glances: Glances | None = None) -> list[Homed]:
    """A trio for every section, with the key it stands in; a section that comes back brings its trio along.

    As :func:`write_themes`, but a bar of 4/4 for every bar of the section, whatever its meter. They are
    played by :func:`photoplayer.compose.trio.engine.played`.
    """
    models = models_of(plan)
    own: dict[int, Trio] = {}
    for i, section, looks in _looks(plan, glances):
        asked = asked_by(section, looks, bars=section.bars)
        grids = writing.write_trios(asked, _chances(seed, "trio", i))
        own[i] = trio_of(min(grids, key=lambda grid: _faults(notes_of(grid[:, 0]), asked)))
    return [
        (own[model].filled(section.bars), Key(0, "minor" if plan.sections[model].key.is_minor else "major"))
        for model, section in zip(models, plan.sections, strict=True)
    ]


def asked_by(section: Section, looks: Sequence[Asked], *, bars: int | None = None) -> tuple[Asked, ...]:
    """What is asked for in every bar of a section's melody, which is of 4/4 whatever the section's meter.

    ``bars`` of these are written, by default as many as fill the section.

    Density and register are what the section looks like or, without looks, what its affect asks for; the
    mode is its key's. Within the section the density follows the energy.
    """
    bars = min(max(bars or _bars_of_four(section), FEWEST_BARS), MAX_BARS)
    mean = sum(section.energy) / section.bars
    tension = sum(section.tension) / section.bars
    affect = asked_of(arousal=mean, tension=tension, valence=section.valence, is_minor=section.key.is_minor)
    rows = []
    for bar in range(bars):
        first = bar // PHRASE_BARS * PHRASE_BARS
        share = min((first + PHRASE_BARS / 2) / bars, 1 - 1e-9)
        here = looks[int(share * len(looks))] if looks else affect
        rise = section.energy[int(share * section.bars)] - mean
        density = bounded(here.density + _FOLLOWS_ENERGY * rise)
        rows.append(Asked(density, bounded(here.register), affect.mode))
    return tuple(rows)


def _looks(plan: Plan, glances: Glances | None) -> Iterator[tuple[int, Section, tuple[Asked, ...]]]:
    """The sections that bring no other back, by number, and what their pictures ask for."""
    models = models_of(plan)
    for i, (section, start_s) in enumerate(zip(plan.sections, plan.starts_s, strict=True)):
        if models[i] == i:
            yield i, section, seen(glances, start_s, start_s + section.duration_s) if glances else ()


def _bars_of_four(section: Section) -> int:
    """Bars of 4/4 that fill a section: one a bar, but one for two of two felt beats."""
    return ceil(section.bars / 2) if section.meter.beats == 2 else section.bars


def _written(asked: Sequence[Asked], seed: int, section: int) -> Theme:
    """Of :data:`TRIES` melodies, if they begin at once, the one that is nearest to what was asked for."""
    grids = writing.write(asked, _chances(seed, "tune", section))
    notes = min(map(notes_of, grids), key=lambda melody: _faults(melody, asked))
    key = Key(0, "minor" if asked[0].mode < 0 else "major")
    return theme_from(notes or _LAST_RESORT, meter=_FOUR, key=key)


def _chances(seed: int, what: str, section: int) -> list[Random]:
    return [chance(seed, what, section, number) for number in range(TRIES)]


def _faults(melody: tuple[Note, ...], asked: Sequence[Asked]) -> tuple[bool, float]:
    return not melody or melody[0].onset >= _LATE_QUARTERS, misfit(melody, asked)


_LAST_RESORT = (Note(0, 4, 60, 80),)
"""What is sung where the network keeps silent: the tonic."""
