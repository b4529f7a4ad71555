"""The melody engine: exact lengths, seeds, what it is asked for, and how it is arranged."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.compose.plan import Plan, Section
from photoplayer.compose.tune import arranged, bare, write_themes
from photoplayer.compose.tune.asked import Asked, asked_of, density_unit, measured, misfit, register_unit
from photoplayer.compose.tune.engine import asked_by
from photoplayer.compose.tune.see import seen
from photoplayer.compose.tune.write import write
from photoplayer.music.melody_code import STEPS_PER_BAR, TOKENS, notes_of
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.score import Note
from photoplayer.music.theory import Key, Meter
from photoplayer.scene.glances import HEIGHT, WIDTH, Glances


def section(bars: int = 8, *, meter: Meter | None = None, energy: float = 0.5, **said: object) -> Section:
    return Section(
        **{
            "mood": "village",
            "bars": bars,
            "bpm": 100.0,
            "meter": meter or Meter(4, 4),
            "key": Key(2),
            "energy": (energy,) * bars,
            "valence": 0.4,
            **said,
        }  # type: ignore[arg-type]
    )


def pictures(seconds: int, brightness: int) -> Glances:
    return Glances(np.full((seconds * 3, HEIGHT, WIDTH, 3), brightness, np.uint8), 3.0)


PLAN = Plan((section(), section(6, key=Key(9, "minor"), label="B"), section(8, similar_to=0)))


def test_a_busier_scene_asks_for_more_notes_and_a_tense_one_for_lower_ones() -> None:
    calm = asked_of(arousal=0.1, tension=0.1, valence=0.3, is_minor=False)
    fight = asked_of(arousal=0.9, tension=0.9, valence=-0.5, is_minor=True)
    assert fight.density > calm.density and fight.register < calm.register
    assert (calm.mode, fight.mode) == (1.0, -1.0)


def test_units_by_hand() -> None:
    assert density_unit(4) == 0
    assert density_unit(4 * 2**1.25) == pytest.approx(1)
    assert density_unit(0) == -1.5  # nothing at all is as bare as can be said
    assert register_unit(68) == 0 and register_unit(76) == 1 and register_unit(20) == -1.5


def test_what_is_asked_follows_the_looks_and_within_them_the_energy() -> None:
    looks = (Asked(-0.5, 0.2, -1.0), Asked(0.7, -0.3, -1.0))
    rows = asked_by(section(8), looks)
    assert [row.density for row in rows] == [-0.5] * 4 + [0.7] * 4
    assert {row.mode for row in rows} == {1.0}  # of the key, not of the looks
    growing = replace(section(8), energy=(0.0,) * 4 + (1.0,) * 4)
    first, second = asked_by(growing, looks[:1])[0], asked_by(growing, looks[:1])[-1]
    assert second.density - first.density == pytest.approx(0.8)


def test_a_section_of_two_beats_takes_half_as_many_bars_of_four() -> None:
    assert len(asked_by(section(9, meter=Meter(6, 8)), ())) == 5
    assert len(asked_by(section(9, meter=Meter(3, 4)), ())) == 9
    assert len(asked_by(section(1), ())) == 4
    assert len(asked_by(section(200), ())) == 64


def test_the_network_writes_whole_bars_and_the_same_ones_for_the_same_chance() -> None:
    asked = [Asked(0.0, 0.0, 1.0)] * 5
    grids = write(asked, [Random(3), Random(4)])
    assert grids.shape == (2, 5 * STEPS_PER_BAR)
    assert grids.min() >= 0 and grids.max() < TOKENS
    assert (grids[0] != grids[1]).any()
    assert (write(asked, [Random(4)])[0] == grids[1]).all()  # whoever else is written with it


def test_a_denser_and_higher_wish_gives_more_and_higher_notes() -> None:
    chances = [Random(seed) for seed in range(12)]
    low, high = (
        [measured(notes_of(grid), bars=8) for grid in write([Asked(wish, wish, 1.0)] * 8, chances)]
        for wish in (-0.9, 0.9)
    )
    assert np.mean([m.density for m in high]) > np.mean([m.density for m in low]) + 0.6
    assert np.mean([m.register for m in high]) > np.mean([m.register for m in low]) + 0.6


def test_a_melody_is_measured_in_the_units_it_is_asked_for() -> None:
    major = tuple(
        Note(i / 2, i / 2 + 0.5, pitch, 80) for i, pitch in enumerate((60, 64, 67, 69, 71, 72, 76, 76))
    )
    said = measured(major, bars=1)
    assert said.density == density_unit(8) and said.register == register_unit(555 / 8)
    assert said.mode == pytest.approx(5 / 8)
    assert misfit(major, [Asked(said.density, said.register, 1.0)]) == 0
    assert misfit(major, [Asked(said.density, said.register + 1, -1.0)]) == pytest.approx(2)
    assert measured((), bars=1).density == -1.5


def test_pictures_are_looked_at_in_windows_of_about_sixteen_seconds() -> None:
    assert len(seen(pictures(40, 90), 0.0, 40.0)) == 2
    assert len(seen(pictures(40, 90), 3.0, 5.0)) == 1
    dark, bright = seen(pictures(16, 10), 0, 16), seen(pictures(16, 240), 0, 16)
    assert dark != bright


def test_every_new_section_has_its_own_melody_and_one_that_returns_brings_it() -> None:
    themes = write_themes(PLAN, seed=1)
    assert sorted(themes) == [0, 1]
    assert themes[0] != themes[1]
    assert (themes[0].mode, themes[1].mode) == ("major", "minor")
    assert write_themes(PLAN, seed=1) == themes
    assert write_themes(PLAN, seed=2) != themes


def test_the_pictures_matter() -> None:
    dark, bright = (write_themes(PLAN, seed=1, glances=pictures(60, level)) for level in (5, 250))
    assert dark != bright


@given(
    bars=st.integers(2, 20),
    meter=st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(2, 4)]),
    tonic=st.integers(0, 11),
    mode=st.sampled_from(["major", "minor", "dorian", "phrygian", "lydian", "mixolydian"]),
    loops=st.booleans(),
)
def test_a_bare_melody_is_as_long_as_the_plan_and_one_line(
    bars: int, meter: Meter, tonic: int, mode: str, loops: bool
) -> None:
    plan = Plan((section(bars, meter=meter, key=Key(tonic, mode)),), loops=loops)  # type: ignore[arg-type]
    score = bare(plan, write_themes(plan, seed=3))
    assert score.end == plan.quarters
    (part,) = score.parts
    notes = part.notes
    assert notes and notes[-1].offset <= plan.quarters + 1e-9
    assert all(a.offset <= b.onset + 1e-9 for a, b in pairwise(notes))
    if not loops:
        assert notes[-1].pitch % 12 == tonic


def test_it_is_arranged_by_the_band_with_the_melody_in_the_lead() -> None:
    themes = write_themes(PLAN, seed=1)
    score = arranged(PLAN, themes, seed=1)
    assert score.end == PLAN.quarters
    assert {"lead", "bass"} <= set(score.layers)
    assert to_bytes(score) == to_bytes(arranged(PLAN, themes, seed=1))


def test_another_energy_is_in_step() -> None:
    themes = write_themes(PLAN, seed=1)
    level = Plan(tuple(replace(s, energy=(0.9,) * s.bars) for s in PLAN.sections))
    calm, wild = (
        {
            (note.onset, note.pitch)
            for part in arranged(plan, themes, seed=1).parts
            if part.layer == "lead"
            for note in part.notes
        }
        for plan in (PLAN, level)
    )
    assert {onset for onset, _ in calm} == {onset for onset, _ in wild}
    assert len(calm & wild) > 0.9 * len(calm)  # the band moves a note that would run in fifths with the bass
