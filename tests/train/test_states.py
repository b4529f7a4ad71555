"""States of ViZDoom and human truth files, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.train.data.states import read_states

STEPS = 12


def steps(**columns: object) -> dict[str, list[object]]:
    """Four quiet seconds in ViZDoom with some columns replaced."""
    plain: dict[str, object] = {
        "combat": False, "fighting": False, "damage_taken": 0, "health": 100, "monsters_awake": 0,
        "nearest_monster_units": None, "projectiles": 0, "x": 0, "y": 0, "angle_deg": 0.0, "light": 128,
        "menu": False, "dead": False, **columns,
    }  # fmt: skip
    return {k: v if isinstance(v, list) else [v] * STEPS for k, v in plain.items()}


def test_a_quiet_place_is_calm() -> None:
    states = read_states(steps())
    assert not states.danger.any() and not states.pace.any() and not states.idle.any()
    assert states.felt().arousal == pytest.approx(np.full(STEPS, 0.08))


def test_an_awake_monster_is_the_more_dangerous_the_nearer() -> None:
    far, near, asleep = (
        read_states(steps(nearest_monster_units=units, monsters_awake=awake)).danger[0]
        for units, awake in ((1500, 1), (200, 1), (200, 0))
    )
    assert near > 0.5 > far > 0 == asleep


def test_human_demos_tell_danger_by_what_hurts() -> None:
    states = read_states(
        steps(monsters_awake=None, projectiles=None, damage_taken=[0, 7] + [0] * 10, fighting=True)
    )
    assert states.danger.tolist() == [0.5, 0.9] + [0.5] * 10


def test_running_and_turning_are_pace_and_a_teleport_is_none() -> None:
    running = read_states(steps(x=[190 * i for i in range(STEPS)])).pace
    turning = read_states(steps(angle_deg=[(350 + 90 * i) % 360 for i in range(STEPS)])).pace
    jump = read_states(steps(x=[0] * 6 + [5000] * 6)).pace
    assert running[1:] == pytest.approx(np.full(STEPS - 1, 0.7))
    assert turning[1:] == pytest.approx(np.full(STEPS - 1, 0.3))
    assert not jump.any()


def test_what_is_not_known_is_held() -> None:
    states = read_states(steps(x=[0, None, None, 0] + [0] * 8, light=[None] * STEPS, health=[None] * STEPS))
    assert not states.pace.any() and (states.light == 0.5).all() and (states.health == 1).all()


def test_a_menu_over_a_fight_feels_like_nothing_going_on() -> None:
    fight = steps(combat=True, nearest_monster_units=50, monsters_awake=3, menu=True)
    assert read_states(fight).felt().arousal == pytest.approx(np.full(STEPS, 0.08))
