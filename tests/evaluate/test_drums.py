"""Statistics of drums."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.evaluate.drums import drum_likeness, drum_statistics


def beat(*, snare: bool = True) -> np.ndarray:
    """Four bars: kick on the first beat, snare on the third, cymbals on every quarter."""
    bar = np.zeros(16, np.int64)
    bar[::4] |= 4
    bar[0] |= 1
    bar[8] |= 2 * snare
    return np.tile(bar, 4)


def test_statistics_by_hand() -> None:
    found = drum_statistics(np.stack([beat(), np.zeros(64, np.int64)]), classes=3)
    assert found["strokes"].tolist() == [[6.0], [0.0]]
    places = found["places"][0].reshape(16, 3)
    assert places[0].tolist() == [1, 0, 1] and places[8].tolist() == [0, 1, 1] and places[2].sum() == 0
    assert found["returns"].tolist() == [[1, 1, 0, 0], [0, 0, 0, 0]]  # four bars: nothing is eight bars ago


def test_a_bar_that_comes_back_in_part() -> None:
    grid = beat()
    grid[16 + 8] = 4  # the second bar has no snare: one of four steps that strike differs
    returns = drum_statistics(grid[None], classes=3)["returns"][0]
    assert returns[0] == pytest.approx((3 + 3 + 4) / 12)


def test_drums_are_like_themselves_and_unlike_noise() -> None:
    dice = np.random.default_rng(1)
    real = np.stack([np.where(dice.random(64) < 0.1, dice.integers(0, 8, 64), beat()) for _ in range(30)])
    noise = dice.integers(0, 8, (30, 64))
    assert drum_likeness(real, real, classes=3)["mean"] > 0.9 > drum_likeness(noise, real, classes=3)["mean"]
