"""From frames to a Timeline: planted cuts come back, flashes and pans do not, odd clips do no harm."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer import scene
from photoplayer.scene import ANALYSIS_RATE_HZ, Timeline
from photoplayer.scene.features import BLOCK
from photoplayer.scene.timeline import steps_in

WOOD, STONE, GRASS = (1.0, 0.6, 0.3), (0.5, 0.6, 1.0), (0.4, 1.0, 0.4)


def watched(stage, pictures: list[np.ndarray]) -> Timeline:
    return scene.watch(stage.frames(pictures), duration_s=max(len(pictures) / ANALYSIS_RATE_HZ, 0.05))


def three_places(stage) -> list[np.ndarray]:
    return [
        picture
        for seed, tint in enumerate((WOOD, STONE, GRASS))
        for picture in stage.walk(stage.wall(seed, tint), 12 * ANALYSIS_RATE_HZ)
    ]


def test_planted_cuts_are_found_to_the_picture(stage) -> None:
    found = watched(stage, three_places(stage)).changes_s
    assert found == pytest.approx((12.0, 24.0), abs=1.5 / ANALYSIS_RATE_HZ)


def test_flashes_are_no_cuts(stage) -> None:
    pictures = three_places(stage)
    for at in range(20, len(pictures) - 20, 31):
        for index in (at, at + 1):
            pictures[index] = (pictures[index] // 4 + np.array([190, 180, 120])).astype(np.uint8)
    found = watched(stage, pictures).changes_s
    assert len(found) == 2
    assert found == pytest.approx((12.0, 24.0), abs=0.3)


def test_a_pan_is_no_cut(stage) -> None:
    assert watched(stage, stage.walk(stage.wall(3, STONE), 250, speed=2.0)).changes_s == ()


def test_a_constant_picture_has_no_changes_and_no_events(stage) -> None:
    timeline = watched(stage, [np.full((60, 80, 3), 90, np.uint8)] * 200)
    assert timeline.changes_s == () and timeline.events == ()
    assert np.ptp(timeline.intensity) < 0.05


def test_black_is_calm(stage) -> None:
    timeline = watched(stage, [np.zeros((60, 80, 3), np.uint8)] * 100)
    assert timeline.intensity.max() == 0
    assert timeline.changes_s == ()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_hardly_any_frames(stage, count: int) -> None:
    timeline = watched(stage, stage.walk(stage.wall(1, WOOD), count))
    assert timeline.intensity.shape == (1,) and timeline.changes_s == ()


def test_no_frames_at_all_are_a_calm_scene() -> None:
    timeline = scene.watch(iter(()), duration_s=2.0)
    assert timeline.intensity.shape == (6,) and not timeline.intensity.any()


def test_a_clip_that_ends_early_keeps_its_last_state(stage) -> None:
    timeline = scene.watch(stage.frames(stage.walk(stage.wall(1, WOOD), 30)), duration_s=10.0)
    assert timeline.tension.shape == (steps_in(10.0),)
    assert np.ptp(timeline.valence[-6:]) < 0.02


def test_frames_of_another_size_are_refused(stage) -> None:
    with pytest.raises(ValueError, match="analysis wants"):
        watched(stage, [np.zeros((10, 10, 3), np.uint8)])


def test_the_same_frames_give_the_same_timeline(stage) -> None:
    pictures = three_places(stage)
    assert watched(stage, pictures) == watched(stage, pictures)


def test_seams_between_blocks_do_not_show(stage) -> None:
    # The cut lies where the network's first block ends; the clip needs two blocks.
    wood, grass = stage.wall(0, WOOD), stage.wall(2, GRASS)
    pictures = stage.walk(wood, BLOCK) + stage.walk(grass, BLOCK // 2)
    found = watched(stage, pictures).changes_s
    assert found == pytest.approx((BLOCK / ANALYSIS_RATE_HZ,), abs=0.2)


def test_progress_counts_seconds(stage) -> None:
    told: list[float] = []
    scene.watch(stage.frames(stage.walk(stage.wall(1, WOOD), 40)), duration_s=40 / 9, progress=told.append)
    assert told == sorted(told) and len(told) == 40
    assert told[-1] == pytest.approx(39 / 9)


def test_a_menu_in_the_middle_of_play_is_calm(stage) -> None:
    play = stage.walk(stage.wall(5, WOOD), 24 * ANALYSIS_RATE_HZ, speed=3.0)
    menu = play[100] // 3
    for row in (15, 25, 35):
        menu[row : row + 4, 20:60] = 230
    half = len(play) // 2
    timeline = watched(stage, [*play[:half], *[menu] * (10 * ANALYSIS_RATE_HZ), *play[half:]])
    start = 3 * half // ANALYSIS_RATE_HZ
    assert timeline.intensity[start + 6 : start + 24].max() <= 0.16
    assert timeline.seen_by == "looks and watcher"
