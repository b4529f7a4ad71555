"""Truth files of games that are no shooters."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gameplay.moments import Moment, truth_of
from photoplayer.train.data.states import read_states

FPS = Fraction(15)


def moments(count: int, **at: Moment) -> list[Moment]:
    """``count`` quiet moments; ``m12=moment`` puts another there."""
    return [Moment(**{**vars(at.get(f"m{i}", Moment(0.0))), "time_s": float(i / FPS)}) for i in range(count)]


def test_combat_reaches_a_second_to_either_side_and_danger_is_the_peak() -> None:
    fight = Moment(0.0, fighting=True, danger=0.8)
    truth = truth_of(moments(90, m45=fight), fps=FPS, source={})
    steps = truth["steps"]
    assert truth["duration_s"] == 6 and len(steps["combat"]) == 18
    assert [i for i, c in enumerate(steps["combat"]) if c] == list(range(6, 13))
    assert steps["danger"][9] == 0.8 and sum(steps["danger"]) == 0.8
    assert [i for i, f in enumerate(steps["fighting"]) if f] == [9]


def test_screens_are_no_combat_and_their_ends_are_soft_changes() -> None:
    played = [Moment(i / 15, fighting=True, shown=0) for i in range(30)]
    won = [Moment(i / 15, victory=True, shown=1) for i in range(30, 60)]
    truth = truth_of(played + won, fps=FPS, source={})
    assert truth["changes_s"] == [] and truth["soft_changes_s"] == [2.0]
    assert truth["steps"]["combat"] == [True] * 6 + [False] * 6
    assert truth["steps"]["victory"] == [False] * 6 + [True] * 6


def test_its_states_are_read_by_the_package() -> None:
    dark = Moment(0.0, danger=0.4, health=0.5, pace=0.25, light=0.1)
    states = read_states(truth_of(moments(30, m29=dark), fps=FPS, source={})["steps"])
    assert len(states) == 6
    assert states.light[:5] == pytest.approx(np.full(5, 0.5)), "unknown light is neither dark nor bright"
    assert (states.danger[5], states.health[5], states.light[5]) == (0.4, 0.5, 0.1)
    feeling = states.felt()
    assert feeling.tension[5] > feeling.tension[0]
