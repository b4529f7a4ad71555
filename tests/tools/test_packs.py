"""The table of packages' games, its readings, and the plan of their clips. No game is needed."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gameplay.arena import Rule
from gameplay.arena_player import Wish
from gameplay.errors import RecordError
from gameplay.pack_clips import Take, play, takes
from gameplay.pack_games import PACK_GAMES
from gameplay.procgen_player import HABITS
from gameplay.splits import SPLITS, split_of_game
from gameplay.stage import PackGame, Reader, Reading, box_of

READING = Reading(
    player="ship",
    foes="[f for f in foes if f.alive]",
    shots="nothing.there",
    health="lives / 3",
    menu="title",
)
GAME = PackGame("toy", "gym", "", READING, Rule(fights=True), "pilot", "none", "nothing")


class Toy:
    """A stage with one ship and two foes, one of them gone; the title is shown for three pictures."""

    height = 100.0

    def __init__(self) -> None:
        self.pictures = 0
        self.begun: list[str] = []

    def play(self, wish: Wish) -> None:
        self.pictures += 1

    def begin(self, key: str) -> None:
        self.begun.append(key)
        self.pictures += 1

    def picture(self) -> np.ndarray:
        return np.full((100, 160, 3), self.pictures % 250, np.uint8)

    def names(self) -> Iterable[Mapping[str, Any]]:
        rect = SimpleNamespace(centerx=60, centery=50, width=10, height=10)
        foes = [SimpleNamespace(x=70, y=50, alive=True), SimpleNamespace(x=50, y=50, alive=False)]
        yield {"unrelated": 1}
        yield {"ship": SimpleNamespace(rect=rect), "foes": foes, "lives": 2, "title": self.pictures < 3}

    def ended(self) -> str:
        return ""


def test_a_view_is_read_from_the_games_own_names() -> None:
    view = Reader(GAME).view(Toy())
    assert view.player is not None and (view.player.x, view.player.y, view.player.rx) == (0.6, 0.5, 0.05)
    (foe,) = view.foes
    assert foe.gap(view.player) == pytest.approx(0.05)
    assert view.shots == () and view.health == pytest.approx(2 / 3) and view.menu and not view.dead


@pytest.mark.parametrize(
    ("thing", "box"),
    [
        ((3, 4), (3, 4, 0, 0)),
        ((3, 4, 2), (3, 4, 2, 2)),
        (SimpleNamespace(x=3, y=4, w=2, h=6), (4, 7, 2, 6)),
        (SimpleNamespace(center_x=3, center_y=4, width=2, height=6), (3, 4, 2, 6)),
        (SimpleNamespace(pos=(3, 4)), (3, 4, 0, 0)),
    ],
)
def test_boxes_of_what_games_keep(thing: Any, box: tuple[float, ...]) -> None:
    assert box_of(thing) == box


def test_every_game_of_the_table_can_be_read_and_played() -> None:
    for name, game in PACK_GAMES.items():
        assert name == game.name and name.isalnum()
        Reader(game)  # compiles
        assert game.engine in ("gym", "pygame", "arcade", "pyxel")
        assert len(game.keys) == 5 and (game.act or game.engine != "gym")
        assert game.licence and game.needs
        assert game.rule.fights or not (game.reading.shots or game.reading.own), "what shoots can fight"


def test_whole_games_are_held_out_with_and_without_fights() -> None:
    for fights in (True, False):
        games = [name for name, game in PACK_GAMES.items() if game.rule.fights is fights]
        found = Counter(split_of_game(name) for name in games)
        assert set(found) == set(SPLITS)
        assert all(found[split] >= len(games) // 8 for split in ("val", "test")) and found["train"] >= 8
    assert split_of_game("kaz") == split_of_game("kaz") == "train"


def test_clips_are_planned_with_other_habits_and_by_seed() -> None:
    plan = takes(("kaz", "aliens"), count=4, duration_s=30, seed=1)
    assert len({take.name for take in plan}) == 8
    assert {take.split for take in plan if take.game.name == "aliens"} == {"test"}
    assert len({take.habit.name for take in plan if take.game.name == "kaz"}) == 4
    assert plan == takes(("kaz", "aliens"), count=4, duration_s=30, seed=1)
    assert plan != takes(("kaz", "aliens"), count=4, duration_s=30, seed=2)
    with pytest.raises(RecordError, match="nosuchgame"):
        takes(("nosuchgame",), count=1, duration_s=30, seed=1)


def test_menus_are_begun_and_then_played() -> None:
    game = PackGame(
        "toy", "gym", "", READING, Rule(fights=True), "pilot", "none", "nothing", begin=("return", "space")
    )
    toy = Toy()
    played = play(Take(game, 0, HABITS[0], "train", 3, 5.0, cards=False), toy)
    moments = [moment for _, moment in itertools.islice(played, 40)]
    assert [moment.menu for moment in moments[:4]] == [True, True, True, False]
    assert not moments[0].fighting and moments[-1].fighting and moments[-1].shown == moments[0].shown + 1
