"""The planner: whole bars, starts at the changes, the exact end, tempi that hardly bend."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.compose.fit import MAX_SHIFT_S, MIN_SECTION_S, Wishes, fit, section_edges, stingers
from photoplayer.compose.moods import MOODS
from photoplayer.music.theory import Key, Meter
from photoplayer.scene.timeline import Event, Timeline, steps_in


def timeline(duration_s: float, changes_s: tuple[float, ...] = (), level: float = 0.4) -> Timeline:
    steps = steps_in(duration_s)
    curve = np.full(steps, level, dtype=np.float32)
    return Timeline(duration_s, curve, curve, np.zeros(steps, dtype=np.float32), changes_s)


gaps = st.lists(st.floats(5.0, 40.0), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(gaps, st.floats(0, 1), st.integers(0, 5))
def test_sections_start_at_the_changes_and_end_with_the_picture(
    lengths: list[float], level: float, seed: int
) -> None:
    ends = np.cumsum(lengths)
    scene = timeline(float(ends[-1]), tuple(map(float, ends[:-1])), level)
    plan = fit(scene, seed=seed)
    assert plan.duration_s == pytest.approx(scene.duration_s, abs=1e-9)
    assert len(plan.sections) == len(lengths)
    for start_s, change_s in zip(plan.starts_s[1:], scene.changes_s, strict=True):
        assert abs(start_s - change_s) <= MAX_SHIFT_S + 1e-6


def test_sections_of_one_mood_share_a_tempo_that_hardly_bends() -> None:
    dice = random.Random(1)
    low, high = MOODS["chill"].bpm
    bends: list[float] = []
    for seed in range(60):
        ends = np.cumsum([dice.uniform(8.0, 40.0) for _ in range(dice.randint(2, 6))])
        scene = timeline(float(ends[-1]), tuple(map(float, ends[:-1])))
        tempi = [section.bpm for section in fit(scene, seed=seed, wishes=Wishes(mood="chill")).sections]
        assert low * 0.969 <= min(tempi) and max(tempi) <= high * 1.031
        middle = (max(tempi) * min(tempi)) ** 0.5
        bends.append(max(tempi) / middle - 1)
    assert np.quantile(bends, 0.9) <= 0.0305


@pytest.mark.parametrize("bpm", [70.0, 100.0, 150.0])
def test_a_tempo_asked_for_bends_by_three_percent_at_most(bpm: float) -> None:
    plan = fit(timeline(61.3, (20.2, 41.7)), wishes=Wishes(bpm=bpm))
    assert all(abs(section.bpm / bpm - 1) <= 0.031 for section in plan.sections)


def test_wishes_are_kept() -> None:
    wishes = Wishes(mood="village", key=Key(2, "dorian"), meter=Meter(6, 8), loops=True)
    plan = fit(timeline(30.0, (12.0,)), wishes=wishes)
    assert plan.loops
    assert {(s.mood, s.key, s.meter) for s in plan.sections} == {("village", Key(2, "dorian"), Meter(6, 8))}


def test_a_clip_shorter_than_a_bar_gets_one_bar() -> None:
    plan = fit(timeline(0.1))
    assert [section.bars for section in plan.sections] == [1]
    assert plan.duration_s == pytest.approx(0.1)


def test_changes_too_close_together_are_one() -> None:
    assert section_edges((5.0, 5.0 + MIN_SECTION_S / 2, 29.0), 30.0) == [0.0, 5.0, 30.0]


def test_energy_follows_the_intensity_bar_by_bar() -> None:
    steps = steps_in(40.0)
    curve = np.where(np.arange(steps) < steps // 2, 0.1, 0.9).astype(np.float32)
    (section,) = fit(Timeline(40.0, curve, curve, curve)).sections
    assert section.energy[0] == pytest.approx(0.1, abs=1e-3)
    assert section.energy[-1] == pytest.approx(0.9, abs=1e-3)
    assert list(section.energy) == sorted(section.energy)


def test_a_scene_that_comes_back_brings_its_music_back() -> None:
    steps = steps_in(60.0)
    levels = np.where((np.arange(steps) // 60) % 2 == 0, 0.1, 0.95).astype(np.float32)
    valence = np.where(levels > 0.5, -0.6, 0.4).astype(np.float32)
    plan = fit(Timeline(60.0, levels, levels, valence, (20.0, 40.0)))
    first, fight, back = plan.sections
    assert fight.mood != first.mood
    assert (back.label, back.mood, back.key, back.similar_to) == (first.label, first.mood, first.key, 0)


def test_the_strongest_of_close_events_gets_the_accent() -> None:
    events = (Event(1.0, "kill", 0.4), Event(2.0, "goal", 0.9), Event(9.0, "door", 0.2))
    assert [s.kind for s in stingers(events)] == ["goal", "door"]


def test_the_same_seed_gives_the_same_plan_and_another_a_different_one() -> None:
    scene = timeline(90.0, (30.0, 60.0))
    assert fit(scene, seed=3) == fit(scene, seed=3)
    assert len({fit(scene, seed=seed).sections[0].key for seed in range(12)}) > 3
