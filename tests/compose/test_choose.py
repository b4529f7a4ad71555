"""Which mood a scene of the rule table asks for."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from photoplayer.compose.choose import Affect, choose
from photoplayer.scene.affect import felt

FIGHT = {"combat": 1, "danger": 0.6, "pace": 0.6, "harm": 0.3}
EXPLORING = {"pace": 0.6, "brightness": 0.5}
DUNGEON = {"pace": 0.3, "danger": 0.4, "darkness": 0.9}


def mood_of(state: Mapping[str, float]) -> str:
    feeling = felt(state)
    affect = Affect(float(feeling.valence), float(feeling.arousal), float(feeling.tension))
    return choose([affect], seed=1)[0].mood.name


@pytest.mark.parametrize("danger", [0.3, 0.6, 1.0])
def test_a_fight_has_the_music_of_a_fight(danger: float) -> None:
    assert mood_of({**FIGHT, "danger": danger}) == "boss"


@pytest.mark.parametrize("state", [{}, EXPLORING, DUNGEON, {"dead": 1}, {"victory": 1, "pace": 0.5}])
def test_nothing_else_has(state: dict[str, float]) -> None:
    assert mood_of(state) != "boss"


def test_a_menu_is_calm() -> None:
    assert mood_of({}) in ("calm", "chill", "mystery")
