"""The rule table: signs and extremes that the evidence asks for, additive and monotone, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.scene.affect import BASE, FASTEST_BPM, LEVELS, METERS, RULES, SLOWEST_BPM, asked, felt

shares = st.floats(0, 1)


def test_nothing_going_on_is_the_base() -> None:
    nothing = felt({})
    assert (nothing.arousal, nothing.tension, nothing.valence) == (BASE.arousal, BASE.tension, BASE.valence)


def test_a_fight_in_danger_worked_by_hand() -> None:
    fight = felt({"combat": [0, 1], "danger": [0.5, 1.0], "pace": [0, 1]})
    assert fight.arousal == pytest.approx([0.08 + 0.11, 1.0])
    assert fight.tension == pytest.approx([0.10 + 0.20, 0.10 + 0.20 + 0.40 + 0.05])
    assert fight.valence == pytest.approx([0.15 - 0.125, 0.15 - 0.35 - 0.25 + 0.05])


@given(st.fixed_dictionaries({rule.part: shares for rule in RULES}))
def test_affect_stays_in_range_whatever_the_state(state: dict[str, float]) -> None:
    now = felt(state)
    assert 0 <= now.arousal <= 1 and 0 <= now.tension <= 1 and -1 <= now.valence <= 1


@given(shares, shares, st.sampled_from([rule.part for rule in RULES]))
def test_rules_add_up(one: float, other: float, part: str) -> None:
    """The effect of pace is the same whatever else is going on, as long as nothing is clipped."""
    small = {part: 0.2 * other}
    if part != "pace":
        with_it, without = felt({**small, "pace": 0.2 * one}), felt(small)
        assert with_it.tension - without.tension == pytest.approx(0.2 * one * 0.05)


def test_a_part_no_rule_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="'fear'"):
        felt({"fear": 1.0})


@given(shares, shares, st.floats(-1, 1))
def test_music_is_within_what_can_be_played(arousal: float, tension: float, valence: float) -> None:
    music = asked(arousal, tension, valence)
    assert SLOWEST_BPM <= music.bpm <= FASTEST_BPM
    assert 0 <= music.energy <= 1 and music.level in LEVELS and music.meter in METERS


@given(shares, shares)
def test_tempo_and_energy_rise_with_arousal(one: float, other: float) -> None:
    low, high = (asked(value, 0.4, 0.0) for value in sorted((one, other)))
    assert low.bpm <= high.bpm and low.energy <= high.energy


def test_modes_darken_as_valence_falls() -> None:
    modes = [asked(0.5, 0.5, valence).mode for valence in np.linspace(1, -1, 41)]
    order = ["lydian", "major", "mixolydian", "dorian", "minor", "phrygian"]
    assert sorted(modes, key=order.index) == modes and set(modes) == set(order)


def test_a_menu_is_calm_and_a_fight_is_not() -> None:
    menu, fight = felt({}), felt({"combat": 1, "danger": 0.9, "pace": 0.6})
    calm = asked(float(menu.arousal), float(menu.tension), float(menu.valence))
    loud = asked(float(fight.arousal), float(fight.tension), float(fight.valence))
    assert calm.level == "low" and calm.bpm < 80
    assert loud.level == "high" and loud.bpm > 150 and loud.mode in ("minor", "phrygian", "dorian")
