"""The truth: what counts as a fight, and how frames become steps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from gameplay.human import spent_shots
from gameplay.truth import Monster, Sample, fighting, truth

FPS = Fraction(35, 3)
CALM = Sample(
    time_s=0.0,
    attack=False,
    health=100,
    armor=0,
    ammo=50,
    weapon=2,
    damage_dealt_total=0,
    damage_taken_total=0,
    kills_total=0,
    items_total=0,
    position=(0.0, 0.0, 0.0),
    angle_deg=0.0,
    monsters=(),
    projectile_units=(),
    place=0,
    outdoors=False,
    light=128,
)
SLEEPER = Monster("DoomImp", 500.0, 0.1, awake=False)


def walk(count: int, **at: Sample) -> list[Sample]:
    """``count`` calm frames; ``f12=sample`` puts another at frame 12."""
    frames = [replace(at.get(f"f{i}", CALM), time_s=float(i / FPS)) for i in range(count)]
    return frames


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (CALM, False),
        (replace(CALM, attack=True), False),
        (replace(CALM, monsters=(SLEEPER,)), False),
        (replace(CALM, monsters=(SLEEPER,), attack=True), True),
        (replace(CALM, monsters=(replace(SLEEPER, awake=True),)), True),
        (replace(CALM, monsters=(replace(SLEEPER, awake=True, height=0.01),)), False),
        (replace(CALM, projectile_units=(300.0,)), True),
        (replace(CALM, projectile_units=(3000.0,)), False),
        (replace(CALM, damage_dealt_total=5), True),
        (replace(CALM, damage_taken_total=5), True),
        (replace(CALM, damage_taken_total=5, on_damaging_floor=True), False),
        (replace(CALM, damage_taken_total=5, dead=True), False),
        (replace(CALM, monsters=None, attack=True), False),
        (replace(CALM, monsters=None, attack=True, shot=True), True),
    ],
)
def test_a_frame_is_fighting(sample: Sample, expected: bool) -> None:
    assert fighting([CALM, sample]).tolist() == [False, expected]


def test_combat_reaches_one_second_to_either_side() -> None:
    hurt = replace(CALM, damage_taken_total=9, health=91)
    frames = walk(105, **{f"f{i}": hurt for i in range(58, 105)})
    steps = truth(frames, fps=FPS, source={})["steps"]
    assert len(steps["t_s"]) == 27
    fight_s = 58 / float(FPS)
    expected = [t - 1 <= fight_s < t + 1 / 3 + 1 for t in steps["t_s"]]
    assert steps["combat"] == expected
    assert sum(steps["damage_taken"]) == 9
    assert sum(steps["fighting"]) == 1


def test_a_teleport_is_a_change_and_running_is_not() -> None:
    run = [replace(CALM, time_s=i / float(FPS), position=(50.0 * i, 0.0, 0.0)) for i in range(35)]
    jump = [replace(s, position=(50.0 * i + 900, 0.0, 0.0)) if i >= 20 else s for i, s in enumerate(run)]
    assert truth(run, fps=FPS, source={})["changes_s"] == []
    content = truth(jump, fps=FPS, source={})
    assert content["changes_s"] == [pytest.approx(20 / float(FPS), abs=1e-3)]
    assert [i for i, c in enumerate(content["steps"]["place_change"]) if c] == [5]


def test_unknown_values_stay_unknown() -> None:
    blind = replace(CALM, monsters=None, projectile_units=None, damage_dealt_total=None, position=None)
    steps = truth([replace(blind, time_s=i / float(FPS)) for i in range(12)], fps=FPS, source={})["steps"]
    for name in ("monsters", "projectiles", "damage_dealt", "x", "nearest_monster_units"):
        assert set(steps[name]) == {None}


def test_stepping_into_the_open_is_a_soft_change() -> None:
    frames = [replace(CALM, time_s=i / float(FPS), outdoors=i >= 120) for i in range(240)]
    found = truth(frames, fps=FPS, source={})["soft_changes_s"]
    assert found == [pytest.approx(120 / float(FPS), abs=0.5)]


def test_shots_need_trigger_and_ammunition() -> None:
    attack = np.zeros(100, bool)
    attack[20:30] = attack[60:70] = True
    ammo = [50 if tic < 25 else 49 for tic in range(100)]
    shots = spent_shots(attack, ammo)
    assert shots[20:30].all() and not shots[30:].any()
