"""Glances keep the picture that was on screen, in memory that does not grow with the clip."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from photoplayer.scene.glances import Glances, Glancing
from photoplayer.scene.looks import ANALYSIS_RATE_HZ
from photoplayer.video import Frame


def clip(seconds: float) -> Iterator[Frame]:
    """Pictures whose red tells their second, whose green the ninth of it."""
    for i in range(round(seconds * ANALYSIS_RATE_HZ)):
        image = np.zeros((60, 80, 3), np.uint8)
        image[..., 0], image[..., 1] = divmod(i, ANALYSIS_RATE_HZ)
        yield Frame(i / ANALYSIS_RATE_HZ, image)


def watched(seconds: float, **settings: int) -> Glances:
    glancing = Glancing(**settings)
    assert sum(1 for _ in glancing.tap(clip(seconds))) == round(seconds * ANALYSIS_RATE_HZ)
    return glancing.glances


def test_three_a_second_are_kept() -> None:
    glances = watched(10)
    assert glances.pictures.shape == (30, 60, 80, 3)
    assert glances.pictures[:4, 0, 0, :2].tolist() == [[0, 0], [0, 3], [0, 6], [1, 0]]


def test_a_stretch_gives_the_pictures_on_screen_in_it() -> None:
    glances = watched(20)
    assert glances.between(4, 12, 4)[:, 0, 0, 0].tolist() == [5, 7, 9, 11]
    assert glances.between(3, 3.2, 3)[:, 0, 0, 0].tolist() == [3, 3, 3]
    assert glances.between(15, 40, 2)[:, 0, 0, 0].tolist() == [19, 19]


@pytest.mark.parametrize("seconds", [33, 100, 200])
def test_a_long_clip_is_thinned_and_times_stay_true(seconds: int) -> None:
    glances = watched(seconds, most=100)
    assert 50 <= len(glances.pictures) < 100
    middles = np.array([seconds / 8, 3 * seconds / 8, 5 * seconds / 8, 7 * seconds / 8])
    found = glances.between(0, seconds, 4)[:, 0, 0, 0]
    assert (np.abs(found - middles) <= 1 / glances.rate_hz + 1).all()


def test_nothing_watched_is_no_glance() -> None:
    with pytest.raises(ValueError, match="glances are"):
        _ = Glancing().glances
