"""Bars that nearly come back come back; others are left alone."""

from __future__ import annotations

import numpy as np

from photoplayer.compose.trio.repeats import with_returns
from photoplayer.music.trio import STEPS_PER_BAR, Trio


def test_what_nearly_returns_returns_and_the_rest_stays() -> None:
    dice = np.random.default_rng(0)
    a, b = (dice.integers(2, 90, STEPS_PER_BAR) for _ in range(2))
    nearly = a.copy()
    nearly[[3, 9]] += 1 - 2 * (nearly[[3, 9]] > 50)
    other = a.copy()
    other[:3] = 1
    line = np.concatenate([a, b, nearly, other])
    silent = np.zeros_like(line)
    found = with_returns(Trio(line, silent, silent)).melody.reshape(4, -1)
    assert np.array_equal(found[2], a) and np.array_equal(found[1], b) and np.array_equal(found[3], other)


def test_of_equally_near_bars_the_one_four_before_returns() -> None:
    bars = np.random.default_rng(1).integers(2, 90, (5, STEPS_PER_BAR))
    bars[4] = bars[0]
    bars[4, 0] = 1
    bars[2] = bars[4]
    bars[2, 0], bars[0, 0] = 60, 70
    line = bars.reshape(-1)
    found = with_returns(Trio(line, np.zeros_like(line), np.zeros_like(line))).melody.reshape(5, -1)
    assert np.array_equal(found[4], found[0])
