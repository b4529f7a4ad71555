"""The truth of every frame and key, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.train.data.strip_truth import FAR_S, truth_of

NOTES = np.array([[0.10, 0.30, 60, 127.0], [0.42, 0.50, 60, np.nan], [0.20, 0.60, 61, 63.5]])
TIMES = np.arange(0, 1, 0.05)


def test_held_from_press_to_release() -> None:
    truth = truth_of(NOTES, TIMES)
    held = np.flatnonzero(truth.down[:, 60 - LOWEST_PITCH])
    assert TIMES[held] == pytest.approx([0.1, 0.15, 0.2, 0.25, 0.45])
    assert truth.down.shape == (len(TIMES), KEY_COUNT)
    assert truth.down[:, 62 - LOWEST_PITCH].sum() == 0


def test_distances_are_to_the_nearest_press_and_release() -> None:
    truth = truth_of(NOTES, TIMES)
    key = 60 - LOWEST_PITCH
    assert truth.to_onset_s[0, key] == pytest.approx(0.10)
    assert truth.to_onset_s[5, key] == pytest.approx(-0.15)  # 0.25: the first press is nearer
    assert truth.to_onset_s[6, key] == pytest.approx(0.12)  # 0.30: the second
    assert truth.to_offset_s[8, key] == pytest.approx(0.10)
    assert (truth.to_onset_s[:, 70 - LOWEST_PITCH] == FAR_S).all()


def test_velocity_belongs_to_the_nearest_press_and_may_be_unknown() -> None:
    truth = truth_of(NOTES, TIMES)
    assert truth.velocity[2, 60 - LOWEST_PITCH] == 1.0
    assert np.isnan(truth.velocity[8, 60 - LOWEST_PITCH])
    assert truth.velocity[5, 61 - LOWEST_PITCH] == 0.5
