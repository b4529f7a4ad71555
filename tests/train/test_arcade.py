"""Games drawn by chance: the same again by number, none like another, and true to what is seen."""

from __future__ import annotations

import random

import numpy as np
import pytest

from photoplayer.train.data.arcade import Board, Corridor, Flat, Game, Road, draw_game
from photoplayer.train.data.arcade.told import states_of
from photoplayer.train.data.watching import Recording, arcades

KINDS = (Flat, Corridor, Road, Board)


@pytest.mark.parametrize("kind", KINDS)
def test_a_game_is_the_same_again_and_another_is_another(kind: type[Game]) -> None:
    one, same, other = (kind(random.Random(seed)).play(20)[0] for seed in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, other)
    assert one.shape == (60, 60, 80, 3) and one.dtype == np.uint8


@pytest.mark.parametrize("kind", [Flat, Corridor])
def test_some_games_fight_and_some_never_do(kind: type[Game]) -> None:
    shares = [kind(random.Random(seed)).play(60)[1].combat.mean() for seed in range(30)]
    assert 5 <= sum(share == 0 for share in shares) <= 20
    assert any(0.2 < share < 0.8 for share in shares), "fights begin and end"


@pytest.mark.parametrize("kind", [Road, Board])
def test_races_and_puzzles_move_and_never_fight(kind: type[Game]) -> None:
    for seed in range(6):
        pictures, states = kind(random.Random(seed)).play(60)
        assert (pictures[1:] != pictures[:-1]).any()
        assert not states.combat.any() and not states.danger.any() and states.pace.max() > 0


def test_shots_and_blasts_are_seen_where_a_fight_is_told() -> None:
    """Pictures change more in fights than out of them, in most games that have both and do not scroll."""
    more = []
    for seed in range(40):
        game = Flat(random.Random(seed))
        pictures, states = game.play(120)
        fight = states.combat > 0
        if game.standing and 0.2 < fight.mean() < 0.8:
            change = np.abs(np.diff(pictures.astype(int), axis=0)).mean(axis=(1, 2, 3))
            steps = np.append(change, change[-1]).reshape(-1, 3).mean(axis=1)
            more.append(steps[fight].mean() > steps[~fight].mean())
    assert len(more) >= 4 and np.mean(more) > 0.8


def test_states_of_steps_worked_by_hand() -> None:
    told = np.zeros((90, 3))
    told[45] = (1, 0.7, 0.3)
    states = states_of(told)
    assert [int(i) for i in np.flatnonzero(states.combat)] == list(range(12, 19)), "a second to either side"
    assert states.danger[15] == 0.7 and states.danger.sum() == pytest.approx(0.7)
    assert states.pace[15] == pytest.approx(0.1)


def test_all_kinds_are_drawn() -> None:
    kinds = {type(draw_game(random.Random(seed))) for seed in range(60)}
    assert kinds == set(KINDS)


def test_a_picture_of_another_game_lies_behind_some() -> None:
    """Seen in the corners of games whose camera stands still."""
    still = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    seen = [draw_game(random.Random(seed), [still]).play(12)[0][0] for seed in range(40)]
    alike = [(picture == still).all(axis=2).mean() > 0.7 for picture in seen]
    assert 2 <= sum(alike) <= 20


def test_arcades_are_recordings_with_targets() -> None:
    found = arcades(2, seed=5, steps=12)
    assert [(r.game, len(r), len(r.pictures)) for r in found] == [("arcade", 12, 36)] * 2
    again = arcades(2, seed=5, steps=12)
    assert np.array_equal(found[1].pictures, again[1].pictures)
    behind = Recording("x", "x", "bots", np.zeros((6, 60, 80, 3), np.uint8), found[0].truth)
    assert len(arcades(2, seed=5, steps=12, behind=[behind])) == 2
