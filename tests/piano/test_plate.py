"""The clean plate: hands go, light stays."""

from __future__ import annotations

import numpy as np

from drawn_piano import keyboard, picture_of
from photoplayer.piano.plate import Plate, levels
from photoplayer.piano.strip import OUTSIDE, STRIP_WIDTH, WHITE_WIDTH_PX
from photoplayer.piano.warp import Warp

SKIN = 130
STRIP = Warp(keyboard()).straighten(picture_of(keyboard())[..., 0])


def with_hand(left: int) -> np.ndarray:
    picture = STRIP.copy()
    picture[15:, left : left + 5 * WHITE_WIDTH_PX] = SKIN
    return picture


def test_hands_that_move_leave_no_trace() -> None:
    plate = Plate()
    for left in range(0, 700, 40):
        plate.see(with_hand(left))
    assert np.abs(plate.estimate().astype(int) - STRIP).max() <= 2


def test_a_hand_that_rests_most_of_the_time_leaves_white_and_black_keys_alone() -> None:
    plate = Plate()
    for k in range(30):
        plate.see(with_hand(300 if k % 3 else 600))
    found = plate.estimate()[:, 300:380].astype(int)
    hidden = np.abs(with_hand(300)[:, 300:380].astype(int) - STRIP[:, 300:380]) > 30
    off = np.abs(found - STRIP[:, 300:380]) > 30
    assert off.sum() < 0.4 * hidden.sum()  # what is left are edges of keys, where neither quantile is sure


def test_what_lies_under_a_resting_hand_is_known_from_elsewhere() -> None:
    plate = Plate(seeds=[(with_hand(left) * 0.8).astype(np.uint8) for left in range(0, 700, 30)])
    for _ in range(10):
        plate.see(with_hand(300))
    assert (np.abs(plate.estimate().astype(int) - STRIP) > 20).mean() < 0.002


def test_the_plate_follows_the_light() -> None:
    plate = Plate()
    for k in range(100):
        plate.see(STRIP if k < 50 else (STRIP * 0.6).astype(np.uint8))
    assert np.abs(plate.estimate().astype(int) - (STRIP * 0.6).astype(int)).max() <= 2


def test_levels_are_the_greys_of_black_and_white_keys() -> None:
    shade = np.linspace(1.0, 0.5, STRIP_WIDTH)
    black, white = levels((STRIP * shade).astype(np.uint8))
    assert np.abs(white[100:-100] / shade[100:-100] - 225).max() < 20
    assert black.max() < 40
    assert (white - black > 24 - 1e-3).all()


def test_levels_leave_out_what_is_not_in_the_picture() -> None:
    cut = STRIP.copy()
    cut[:, :400] = OUTSIDE
    assert np.abs(levels(cut)[:, 450:] - levels(STRIP)[:, 450:]).max() < 12
