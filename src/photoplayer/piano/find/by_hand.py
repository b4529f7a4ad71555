"""A keyboard told by hand, by its four corners."""

from __future__ import annotations

import numpy as np

from photoplayer.errors import InputError
from photoplayer.piano.keyboard import Keyboard, homography_between
from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH, Points, key_edges


def keyboard_from_corners(
    corners: Points,
    size: tuple[int, int],
    *,
    first_pitch: int = LOWEST_PITCH,
    last_pitch: int = HIGHEST_PITCH,
) -> Keyboard:
    """The keyboard whose keys' far left, far right, near right and near left corners are ``(4, 2)`` pixels of
    a picture of ``size`` (width, height): far at the fallboard, left the lowest key.

    They may lie outside the picture. Raises :class:`InputError` where they are no picture of a rectangle.
    """
    corners = np.asarray(corners, dtype=np.float64)
    told = ",".join(f"{value:g}" for value in corners.ravel())
    if corners.shape != (4, 2) or not np.isfinite(corners).all():
        raise InputError(f"the keyboard's corners {told} are not four points; give x1,y1,…,x4,y4 in pixels.")
    if not LOWEST_PITCH <= first_pitch < last_pitch <= HIGHEST_PITCH:
        raise InputError(
            f"keys {first_pitch} to {last_pitch} are not on a piano; give pitches "
            f"{LOWEST_PITCH} to {HIGHEST_PITCH}."
        )
    sides = np.roll(corners, -1, axis=0) - corners
    following = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0]
    if not (np.all(turns > 1) or np.all(turns < -1)):
        raise InputError(
            f"the keyboard's corners {told} are crossed or on a line; give far left, far right, near right "
            "and near left."
        )
    left, right = key_edges(first_pitch)[0], key_edges(last_pitch)[1]
    plane = np.array([(left, 0.0), (right, 0.0), (right, 1.0), (left, 1.0)])
    return Keyboard(
        homography=homography_between(plane, corners),
        size=size,
        first_pitch=first_pitch,
        last_pitch=last_pitch,
    )
