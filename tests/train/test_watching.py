"""Windows of recorded play: the same again by number, in step with what is true, with plants."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.errors import InputError
from photoplayer.train.data.watching import STEPS, TARGETS, Recording, Sampler


def recording(game: str, grey: int, steps: int = 150) -> Recording:
    """Pictures of one grey; a fight in the second half."""
    pictures = np.full((3 * steps, 60, 80, 3), grey, np.uint8)
    truth = np.zeros((steps, len(TARGETS)), np.float32)
    truth[steps // 2 :, TARGETS.index("fight")] = 1
    truth[steps // 2 :, TARGETS.index("intensity")] = 0.8
    return Recording(f"{game}_1", game, "games", pictures, truth)


@pytest.fixture(scope="module")
def sampler() -> Sampler:
    return Sampler([recording("maze", 60), recording("chaser", 180)], seed=3)


def test_a_window_is_the_same_again(sampler: Sampler) -> None:
    one, other = (
        sampler.window(5),
        Sampler([recording("maze", 60), recording("chaser", 180)], seed=3).window(5),
    )
    assert np.array_equal(one.pictures, other.pictures) and np.array_equal(one.truth, other.truth)
    assert not np.array_equal(one.pictures, sampler.window(6).pictures)


def test_windows_have_their_shape_and_plants(sampler: Sampler) -> None:
    drawn = [sampler.window(number) for number in range(40)]
    assert {w.pictures.shape for w in drawn} == {(STEPS, 3, 60, 80, 3)}
    assert {w.truth.shape for w in drawn} == {(STEPS, len(TARGETS))}
    changes = [int((w.truth[:, TARGETS.index("change")] == 1).sum()) for w in drawn]
    assert set(changes) == {0, 1}, "joined or not"
    assert any((w.truth[:, TARGETS.index("idle")] == 1).any() for w in drawn), "menus and black"


def test_what_is_planted_still_is_no_fight(sampler: Sampler) -> None:
    for number in range(40):
        truth = sampler.window(number).truth
        idle = truth[:, TARGETS.index("idle")] == 1
        assert not truth[idle][:, TARGETS.index("fight")].any()
        assert (truth[idle][:, TARGETS.index("intensity")] < 0.1).all()


def test_recordings_shorter_than_a_window_are_left_out() -> None:
    both = Sampler([recording("maze", 60, steps=20), recording("chaser", 180)], seed=1)
    alone = Sampler([recording("chaser", 180)], seed=1)
    assert np.array_equal(both.window(2).pictures, alone.window(2).pictures)
    with pytest.raises(InputError, match="24 s"):
        Sampler([recording("maze", 60, steps=20)], seed=1)
