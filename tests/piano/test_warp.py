"""Pictures of the keyboard are pulled straight, whatever the camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drawn_piano import keyboard, picture_of
from photoplayer.piano.keyboard import Keyboard, homography_between
from photoplayer.piano.layout import LOWEST_PITCH, PITCHES, is_black, key_edges, key_middle
from photoplayer.piano.strip import (
    MARGIN_WHITES,
    OUTSIDE,
    STRIP_BOTTOM,
    STRIP_HEIGHT,
    STRIP_TOP,
    STRIP_WIDTH,
    WHITE_WIDTH_PX,
)
from photoplayer.piano.warp import Warp

VIEWS = {
    "straight": ((38.0, 90.0), (665.0, 90.0), (665.0, 180.0), (38.0, 180.0)),
    "from the piano's side": ((665.0, 180.0), (38.0, 180.0), (38.0, 90.0), (665.0, 90.0)),
    "slanted": ((90.0, 60.0), (650.0, 110.0), (690.0, 190.0), (40.0, 130.0)),
    "mirrored": ((665.0, 90.0), (38.0, 90.0), (38.0, 180.0), (665.0, 180.0)),
    "close": ((-400.0, 20.0), (1100.0, 20.0), (1100.0, 220.0), (-400.0, 220.0)),
}


def column(pitch: int) -> int:
    return int((key_middle(pitch) + MARGIN_WHITES) * WHITE_WIDTH_PX)


def row(along: float) -> int:
    return int((along - STRIP_TOP) / (STRIP_BOTTOM - STRIP_TOP) * STRIP_HEIGHT)


@pytest.mark.parametrize("view", VIEWS)
def test_every_key_in_the_picture_lands_in_its_column(view: str) -> None:
    where = keyboard(corners=np.array(VIEWS[view]))
    strip = Warp(where).straighten(picture_of(where)[..., 0])
    assert strip.shape == (STRIP_HEIGHT, STRIP_WIDTH)
    assert where.visible.sum() >= 30
    for pitch in np.flatnonzero(where.visible) + LOWEST_PITCH:
        grey = strip[row(0.3 if is_black(pitch) else 0.85), column(pitch)]
        assert (grey < 90) == is_black(pitch), f"{pitch}: {grey}"


def test_a_bent_picture_is_pulled_as_straight_as_a_straight_one() -> None:
    bent = replace(keyboard(), bulge=0.03)
    plain = Warp(keyboard()).straighten(picture_of(keyboard())[..., 0]).astype(int)
    seen = picture_of(bent)[..., 0]
    pulled, left_bent = (Warp(where).straighten(seen).astype(int) for where in (bent, keyboard()))
    assert np.abs(pulled - plain).mean() < 0.3 * np.abs(left_bent - plain).mean()


def test_a_pressed_key_shows_in_its_own_column_alone() -> None:
    where = keyboard(corners=np.array(VIEWS["slanted"]))
    warp = Warp(where)
    free, held = (warp.straighten(picture_of(where, keys)[..., 0]).astype(int) for keys in ((), (64,)))
    changed = np.flatnonzero(np.abs(free - held).max(axis=0) > 20)
    left, right = ((edge + MARGIN_WHITES) * WHITE_WIDTH_PX for edge in key_edges(64))
    assert len(changed) > 8
    assert changed.min() >= left - 2 and changed.max() <= right + 2


def test_what_the_picture_does_not_show_is_grey() -> None:
    where = keyboard(corners=np.array(VIEWS["close"]))
    strip = Warp(where).straighten(picture_of(where)[..., 0])
    unseen = [column(pitch) for pitch, seen in zip(PITCHES, where.visible, strict=True) if not seen]
    assert len(unseen) > 30
    # A key's middle may lie in the picture's last pixel: the outermost of the unseen ones may be half seen.
    assert (strip[:, unseen[0]] == OUTSIDE).all() and (strip[:, unseen[-1]] == OUTSIDE).all()


def test_fine_pictures_are_averaged_not_sampled() -> None:
    """Noise of a 4K picture must shrink on its way into the strip, where nine of its pixels become one."""
    big = np.array([(100.0, 500.0), (3740.0, 500.0), (3740.0, 1000.0), (100.0, 1000.0)])
    where = keyboard(size=(3840, 1500), corners=big)
    noise = np.random.default_rng(1).integers(0, 256, (1500, 3840), dtype=np.uint8)
    assert Warp(where).straighten(noise)[10:-10, 40:-40].std() < 0.5 * noise.std()


def test_a_keyboard_outside_the_picture_is_refused() -> None:
    plane = np.array([(0.0, 0.0), (52.0, 0.0), (52.0, 1.0), (0.0, 1.0)])
    away = Keyboard(homography=homography_between(plane, plane * (10, 50) + 5000), size=(640, 360))
    with pytest.raises(ValueError, match="nothing of the keyboard"):
        Warp(away)
