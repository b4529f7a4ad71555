"""The one rule over what simple games know, and how they are played."""

from __future__ import annotations

import random

import pytest

from gameplay.arena import Box, Rule, View, Watch, danger
from gameplay.arena_player import Player, Wish
from gameplay.procgen_player import HABITS

PLAYER = Box(0.5, 0.5)
FAR, NEAR = Box(1.4, 0.5, mark=1), Box(0.6, 0.5, mark=1)


RULE = Rule(fights=True)


def fights(view: View, rule: Rule = RULE) -> bool:
    return Watch(rule, 15).see(view)[0]


def test_a_foe_that_is_near_is_a_fight_and_danger() -> None:
    assert fights(View(PLAYER, foes=(NEAR,))) and not fights(View(PLAYER, foes=(FAR,)))
    assert danger(View(PLAYER, foes=(NEAR,))) > danger(View(PLAYER, foes=(FAR,))) > 0 == danger(View(PLAYER))


def test_firing_is_a_fight_only_where_there_is_a_foe_to_be_hit() -> None:
    shot = (Box(0.5, 0.3),)
    assert not fights(View(PLAYER, own=shot))
    assert fights(View(PLAYER, own=shot, foes=(FAR,)))
    assert not fights(View(PLAYER, own=shot, foes=(FAR,)), Rule(fights=True, duel=0.5))


def test_shots_that_come_near_are_a_fight() -> None:
    assert fights(View(PLAYER, shots=(NEAR,))) and not fights(View(PLAYER, shots=(FAR,)))


def test_calm_games_and_menus_and_death_have_no_fights() -> None:
    assert not fights(View(PLAYER, foes=(NEAR,)), Rule(fights=False))
    assert not fights(View(PLAYER, foes=(NEAR,), menu=True))
    assert not fights(View(PLAYER, foes=(NEAR,), dead=True))
    assert Watch(Rule(fights=True), 15).see(View(PLAYER, foes=(NEAR,), menu=True)) == (False, 0.0, 0.0)


def test_a_games_own_word_goes_before_the_rule() -> None:
    assert fights(View(fight=True)) and not fights(View(PLAYER, foes=(NEAR,), fight=False))


def test_a_hit_is_a_fight_for_a_while_but_a_new_level_is_no_hit() -> None:
    watch = Watch(Rule(fights=True), 15)
    views = [View(PLAYER, foes=(FAR,), health=health) for health in (1.0, 0.8, *[0.8] * 12)]
    found = [watch.see(view)[0] for view in views]
    assert found[:2] == [False, True] and found[-1] is False
    assert not watch.see(View(PLAYER, foes=(FAR,), health=0.1, level=1))[0]


def test_pace_grows_with_the_players_speed_and_with_what_moves() -> None:
    def pace(after: View) -> float:
        watch = Watch(Rule(fights=False), 15)
        watch.see(View(PLAYER, hazards=(FAR,)))
        return watch.see(after)[2]

    still = pace(View(PLAYER, hazards=(FAR,)))
    moving = pace(View(Box(0.53, 0.5), hazards=(FAR,)))
    both = pace(View(Box(0.53, 0.5), hazards=(Box(1.3, 0.5, mark=1),)))
    assert 0 == still < moving < both <= 1
    assert pace(View(PLAYER, pace=3.0)) == 1.0


@pytest.mark.parametrize("style", ["pilot", "walker", "side", "runner", "turner", "flapper", "puzzler"])
def test_the_same_seed_plays_the_same(style: str) -> None:
    def wishes(seed: int) -> list[Wish]:
        player = Player(HABITS[0], style, random.Random(seed), fps=15, hop=0.2)  # type: ignore[arg-type]
        return [player.wish(View(PLAYER, foes=(FAR,))) for _ in range(60)]

    assert wishes(1) == wishes(1) != wishes(2)
    assert all(wish.x in (-1, 0, 1) and wish.y in (-1, 0, 1) for wish in wishes(3))


def test_habits_differ_in_firing_not_only_at_foes() -> None:
    def shots(name: str, view: View) -> int:
        habit = next(habit for habit in HABITS if habit.name == name)
        player = Player(habit, "pilot", random.Random(5), fps=15, hop=0.1)
        return sum(player.wish(view).fire for _ in range(300))

    assert shots("pacifist", View(PLAYER, foes=(NEAR,))) == 0
    assert shots("gunhappy", View(PLAYER)) > 50
    assert shots("hunter", View(PLAYER, foes=(NEAR,))) > shots("coward", View(PLAYER, foes=(NEAR,)))


def test_careful_ones_keep_off_what_hurts() -> None:
    habit = next(habit for habit in HABITS if habit.name == "careful")
    player = Player(habit, "side", random.Random(2), fps=15, hop=0.1)
    wishes = [player.wish(View(PLAYER, hazards=(Box(0.55, 0.5),))).x for _ in range(200)]
    assert sum(wishes) < -50
