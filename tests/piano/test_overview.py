"""The roll in small: nothing is lost between columns, and its size does not follow the video's."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.overview import MOST_COLUMNS, Overview
from photoplayer.piano.roll import Roll


def roll(times_s: np.ndarray, held: tuple[float, float], key: int, *, continues: bool = True) -> Roll:
    down = np.zeros((len(times_s), KEY_COUNT), dtype=np.float32)
    down[(times_s >= held[0]) & (times_s < held[1]), key] = 0.9
    return Roll(times_s=times_s, down=down, seen=np.ones(KEY_COUNT, dtype=bool), continues=continues)


@pytest.mark.parametrize("fps", [15, 25, 60])
def test_a_held_key_is_one_unbroken_bar(fps: int) -> None:
    overview = Overview(2.0, 12.0)
    times_s = 2.0 + np.arange(10 * fps) / fps
    for part in np.array_split(times_s, 7):
        overview.add(roll(part, (4.0, 9.0), key=40))
    bar = overview.down[:, 40] > 0.5
    inside = np.flatnonzero(bar)
    assert bar[inside[0] : inside[-1] + 1].all()
    edges = overview.columns(np.array([4.0, 9.0]))
    assert abs(inside[0] - edges[0]) <= 30 / fps + 1 and abs(inside[-1] - edges[1]) <= 30 / fps + 1
    assert not overview.down[:, 41].any()


def test_a_short_press_in_an_hour_is_still_there() -> None:
    overview = Overview(0.0, 3600.0)
    times_s = 1800 + np.arange(250) / 25
    overview.add(roll(times_s, (1804.0, 1804.1), key=3, continues=False))
    assert overview.down.shape == (MOST_COLUMNS, KEY_COUNT)
    assert (overview.down[:, 3] > 0.5).sum() == 1


def test_a_gap_between_shots_is_not_filled() -> None:
    overview = Overview(0.0, 10.0)
    overview.add(roll(np.arange(50) / 25, (0.0, 2.0), key=5, continues=False))
    overview.add(roll(8 + np.arange(50) / 25, (9.0, 9.5), key=5, continues=False))
    first, last = overview.columns(np.array([2.1, 8.9]))
    assert not overview.down[first:last, 5].any()
