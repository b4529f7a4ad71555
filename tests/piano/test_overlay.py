"""Lit keys: the right pixels in the right colour at the right time, and no others."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_piano import SIZE, keyboard, picture_of
from photoplayer.piano.keyboard import Keyboard, Shot
from photoplayer.piano.layout import LOWEST_PITCH
from photoplayer.piano.overlay import COLOURS, Overlay
from photoplayer.piano.roll import HeardNote

NOTES = (HeardNote(1.0, 2.0, 60, 80, 1.0, "left"), HeardNote(1.5, 3.0, 61, 80, 1.0, "right"))


def changed(overlay: Overlay, time_s: float, image: np.ndarray) -> np.ndarray:
    return (overlay.paint(image, time_s) != image).any(axis=2)


def middle_of(where: Keyboard, pitch: int, scale: float = 1.0) -> tuple[int, int]:
    x, y = (where.polygons[pitch - LOWEST_PITCH].mean(axis=0) + 0.5) * scale - 0.5
    return round(y), round(x)


def test_keys_light_up_while_they_are_held() -> None:
    overlay, image = Overlay([Shot(0.0, 5.0, keyboard())], NOTES), picture_of(keyboard())
    lit = {t: changed(overlay, t, image) for t in (0.9, 1.2, 1.7, 2.5, 3.1)}
    left, right = middle_of(keyboard(), 60), middle_of(keyboard(), 61)
    assert [bool(lit[t][left]) for t in lit] == [False, True, True, False, False]
    assert [bool(lit[t][right]) for t in lit] == [False, False, True, True, False]
    assert not lit[0.9].any() and not lit[3.1].any()
    assert not lit[1.2][middle_of(keyboard(), 62)] and not lit[1.2][:80].any()


def test_hands_have_their_colours() -> None:
    overlay, image = Overlay([Shot(0.0, 5.0, keyboard())], NOTES), np.zeros((*SIZE[::-1], 3), np.uint8)
    shown = overlay.paint(image, 1.8)
    for pitch, hand in ((60, "left"), (61, "right")):
        colour = shown[middle_of(keyboard(), pitch)].astype(float)
        assert colour / colour.max() == pytest.approx(np.array(COLOURS[hand]) / max(COLOURS[hand]), abs=0.05)


def test_a_keyboard_measured_in_a_smaller_picture_is_scaled() -> None:
    overlay = Overlay([Shot(0.0, 5.0, keyboard())], NOTES)
    large = np.zeros((2 * SIZE[1], 2 * SIZE[0], 3), np.uint8)
    assert changed(overlay, 1.2, large)[middle_of(keyboard(), 60, scale=2.0)]


def test_shots_without_a_keyboard_and_keys_outside_the_picture_stay_as_they_are() -> None:
    away = keyboard(corners=np.array([(-700.0, 90.0), (10.0, 90.0), (10.0, 180.0), (-700.0, 180.0)]))
    image = picture_of(keyboard())
    overlay = Overlay([Shot(0.0, 1.6, None), Shot(1.6, 5.0, away)], NOTES)
    assert not changed(overlay, 1.2, image).any() and not changed(overlay, 1.8, image).any()


def test_the_given_picture_is_not_painted_on() -> None:
    image = picture_of(keyboard()).copy()
    image.flags.writeable = False
    Overlay([Shot(0.0, 5.0, keyboard())], NOTES).paint(image, 1.2)
