"""Procgen's state read from bytes built by hand, and what is made of it."""

from __future__ import annotations

import random
import struct

import numpy as np
import pytest

from gameplay.errors import RecordError
from gameplay.procgen_clips import takes
from gameplay.procgen_games import GAMES, HELD_OUT, danger, fighting, pace
from gameplay.procgen_player import HABITS, Player
from gameplay.procgen_state import Thing, World, read_world
from gameplay.splits import split_of_number


def text(content: bytes) -> bytes:
    return struct.pack("<i", len(content)) + content


def thing(kind: int, x: float, y: float, vx: float = 0.0) -> bytes:
    return struct.pack("<6f25i", x, y, vx, 0.0, 0.5, 0.5, kind, *[0] * 24)


def state(*things: bytes, version: int = 0) -> bytes:
    """The bytes of ``get_state`` of a 3 x 2 world."""
    ints = lambda count: struct.pack(f"<{count}i", *[0] * count)  # noqa: E731
    generator = ints(1) + text(b"123 456")
    return b"".join(
        [
            struct.pack("<i", version), text(b"starpilot"), ints(12 + 5), generator, generator, ints(16),
            struct.pack("<i", len(things)), *things,
            ints(4 + 5), struct.pack("<f", 0.75), ints(1 + 3 + 2 + 3), generator, ints(3 + 6),
            struct.pack("<3i", 3, 2, 6), struct.pack("<6i", 1, 2, 3, 4, 5, 6),
        ]
    )  # fmt: skip


def test_a_world_comes_back() -> None:
    world = read_world(state(thing(0, 1.0, 1.5), thing(4, 5.0, 1.5, vx=-0.25)))
    assert (world.player.x, world.player.y, world.top_speed) == (1.0, 1.5, 0.75)
    (foe,) = world.things
    assert (foe.kind, foe.x, foe.vx) == (4, 5.0, -0.25)
    assert foe.gap(world.player) == pytest.approx(3.0)
    assert world.grid.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    "content", [state(thing(0, 1, 1), version=1), state(thing(4, 1, 1)), state(thing(0, 1, 1))[:150], b""]
)
def test_other_bytes_are_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(RecordError, match="Procgen"):
        read_world(content)


def world(*things: Thing, speed: float = 0.0) -> World:
    return World(Thing(0, 5, 5, speed, 0, 0.4, 0.4), things, np.full((20, 20), 100), 0.5)


def test_danger_falls_with_distance_and_a_shot_counts_more_than_a_rock() -> None:
    game = GAMES["starpilot"]
    near, far = (danger(game, world(Thing(2, 5 + d, 5, -0.4, 0, 0.2, 0.2))) for d in (1.5, 6))
    rock = danger(game, world(Thing(5, 6.5, 5, -0.2, 0, 0.2, 0.2)))
    assert near > 2 * far > 0 and near > rock
    assert danger(game, world()) == 0


def test_a_small_fish_is_no_danger() -> None:
    game = GAMES["bigfish"]
    small, large = (danger(game, world(Thing(2, 6, 5, 0.2, 0, r, r))) for r in (0.2, 0.9))
    assert small == 0 and large > 0.5


def test_fighting_needs_a_foe_and_not_a_trigger_alone() -> None:
    game = GAMES["starpilot"]
    own = Thing(1, 7, 5, 0.8, 0, 0.2, 0.2)
    assert not fighting(game, world(own)), "fires at nothing"
    assert fighting(game, world(own, Thing(4, 14, 5, -0.3, 0, 0.5, 0.5)))
    assert fighting(game, world(Thing(4, 9, 5, -0.3, 0, 0.5, 0.5))), "near, without a shot"
    assert not fighting(GAMES["coinrun"], world(Thing(5, 6, 5, 0.1, 0, 0.5, 0.5))), "a platformer's slime"


def test_pace_counts_the_player_and_what_moves_around() -> None:
    game = GAMES["chaser"]
    movers = [Thing(6, 6 + i, 5, 0.3, 0, 0.5, 0.5) for i in range(4)]
    still, alone, busy = (pace(game, w) for w in (world(), world(speed=0.5), world(*movers, speed=0.5)))
    assert still == 0 < alone < busy <= 1


@pytest.mark.parametrize("name", sorted(GAMES))
@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.name)
def test_players_play_the_same_again_and_only_actions_there_are(name: str, habit: object) -> None:
    scene = world(Thing(4, 8, 6, -0.2, 0, 0.5, 0.5), Thing(5, 3, 5, 0.1, 0, 0.5, 0.5))
    runs = []
    for _ in range(2):
        player = Player(habit, GAMES[name], random.Random(7))
        runs.append([player.act(scene) for _ in range(120)])
    assert runs[0] == runs[1] and set(runs[0]) <= set(range(10))
    if GAMES[name].own and habit.name == "pacifist":
        assert 9 not in runs[0]


def test_splits_leave_out_games_and_levels() -> None:
    plan = takes(tuple(GAMES), count=6, duration_s=60, seed=1)
    by_game = {name: [take.split for take in plan if take.game.name == name] for name in GAMES}
    assert by_game["starpilot"] == ["test"] * 6 and by_game["maze"] == ["val"] * 6
    assert by_game["chaser"] == ["train"] * 4 + ["val", "test"]
    assert len({take.level for take in plan}) == len(plan)
    for split in ("val", "test"):
        held = [GAMES[name] for name, its in HELD_OUT.items() if its == split]
        assert {game.fights for game in held} == {True, False}
    assert [split_of_number(n, 1) for n in range(1)] == ["test"]
