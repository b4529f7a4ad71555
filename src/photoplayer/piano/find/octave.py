"""The octave told by a person."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from photoplayer.piano.find.found import named
from photoplayer.piano.keyboard import Keyboard
from photoplayer.piano.layout import (
    HIGHEST_PITCH,
    LOWEST_PITCH,
    PITCHES,
    PITCHES_PER_OCTAVE,
    WHITES_PER_OCTAVE,
)


def lowest_whole(keyboard: Keyboard) -> int | None:
    """The lowest key of the instrument that lies wholly in the picture."""
    width, height = keyboard.size
    for pitch, outline in zip(PITCHES, keyboard.polygons, strict=True):
        inside = (outline >= -1).all() and (outline <= np.array([width, height])).all()
        if inside and keyboard.first_pitch <= pitch <= keyboard.last_pitch:
            return pitch
    return None


def with_lowest(keyboard: Keyboard, lowest_pitch: int) -> tuple[Keyboard, str]:
    """The keyboard moved by whole octaves, so that its lowest whole key is ``lowest_pitch`` or nearest to it,
    and a remark where it cannot be just that."""
    found = lowest_whole(keyboard)
    if found is None:
        return keyboard, ""
    octaves = round((lowest_pitch - found) / PITCHES_PER_OCTAVE)
    shift = octaves * PITCHES_PER_OCTAVE
    shown = np.nonzero(keyboard.visible)[0]
    if PITCHES[shown[0]] + shift < LOWEST_PITCH or PITCHES[shown[-1]] + shift > HIGHEST_PITCH:
        return keyboard, f"; so many keys do not fit on a piano from {named(lowest_pitch)} on"
    remark = ""
    if found + shift != lowest_pitch:
        remark = f"; the lowest key looks like {named(found + shift)}, not {named(lowest_pitch)}"
    if octaves == 0:
        return replace(keyboard, octave_known=True), remark
    homography = keyboard.homography @ np.array(
        [[1.0, 0.0, -octaves * WHITES_PER_OCTAVE], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    )
    moved = replace(
        keyboard,
        homography=homography / homography[2, 2],
        first_pitch=max(keyboard.first_pitch + shift, LOWEST_PITCH),
        last_pitch=min(keyboard.last_pitch + shift, HIGHEST_PITCH),
        octave_known=True,
    )
    full = (keyboard.first_pitch, keyboard.last_pitch) == (LOWEST_PITCH, HIGHEST_PITCH)
    if full:  # a piano cut off: only what it shows has moved
        moved = replace(moved, first_pitch=LOWEST_PITCH, last_pitch=HIGHEST_PITCH)
    return moved, remark
