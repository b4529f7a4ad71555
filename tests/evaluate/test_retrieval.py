"""Finding a piece's own clip: always, by chance, and where it cannot be told."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.evaluate.retrieval import own_found

DICE = np.random.default_rng(1)
ASKED = DICE.normal(size=(60, 3))
PLACES = np.array([f"level {i // 2}" for i in range(60)])


def test_music_that_is_what_its_clip_asks_for_is_always_found() -> None:
    assert (own_found(ASKED, ASKED, PLACES) == 1).all()
    # Ranks alone count: another scale is the same answer.
    assert (own_found(np.exp(ASKED) * 7, ASKED, PLACES) == 1).all()


def test_music_for_other_clips_is_found_by_chance() -> None:
    found = own_found(DICE.permutation(ASKED), ASKED, PLACES, draws=100)
    assert found.mean() == pytest.approx(1 / 20, abs=0.03)


def test_music_that_is_always_the_same_is_found_by_chance() -> None:
    same = np.ones((60, 3))
    assert own_found(same, same, PLACES).mean() == pytest.approx(1 / 20)


def test_clips_of_the_own_place_are_not_drawn() -> None:
    asked = np.repeat(np.arange(30.0), 2)[:, None]  # two clips of a level ask for the same
    assert (own_found(asked, asked, PLACES) == 1).all()
    with pytest.raises(ValueError, match="20 clips are wanted"):
        own_found(ASKED, ASKED, np.array(["one"] * 60))
