"""The piano's keyboard as a plane figure: where each key lies, in units that no camera changes.

``x`` runs in white-key widths from the left edge of the lowest key (0) to the right edge of the highest
(52); ``y`` from the far end of the keys at the fallboard (0) to the edge at the player (1). Offsets of the
black keys are those of common pianos, to a few hundredths of a width.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

LOWEST_PITCH, HIGHEST_PITCH = 21, 108
KEY_COUNT = HIGHEST_PITCH - LOWEST_PITCH + 1
PITCHES_PER_OCTAVE, WHITES_PER_OCTAVE = 12, 7

BLACK_WIDTH, BLACK_LENGTH = 0.58, 0.63
"""Of a black key: in white-key widths, and as a share of a white key's length."""

_BLACK_SHIFTS = {1: -0.09, 3: 0.09, 6: -0.12, 8: 0.0, 10: 0.12}
"""Pitch class of a black key: how far its middle lies right of the gap between its white neighbours."""

_WHITE_CLASSES = (0, 2, 4, 5, 7, 9, 11)
_WHITES_BELOW_LOWEST = sum(p % PITCHES_PER_OCTAVE in _WHITE_CLASSES for p in range(LOWEST_PITCH))


def is_black(pitch: int) -> bool:
    """Whether the key of a MIDI pitch is a black one."""
    return pitch % PITCHES_PER_OCTAVE in _BLACK_SHIFTS


def whites_below(pitch: int) -> int:
    """White keys left of a pitch, counted from A0; below 0 or above 52 for pitches no piano has."""
    octave, within = divmod(pitch, PITCHES_PER_OCTAVE)
    below = octave * WHITES_PER_OCTAVE + sum(white < within for white in _WHITE_CLASSES)
    return below - _WHITES_BELOW_LOWEST


WHITE_COUNT = whites_below(HIGHEST_PITCH) + 1


def key_edges(pitch: int) -> tuple[float, float]:
    """Left and right edge of a key in white-key widths; of a white key, at the player's edge."""
    if not is_black(pitch):
        left = float(whites_below(pitch))
        return left, left + 1.0
    middle = whites_below(pitch) + _BLACK_SHIFTS[pitch % PITCHES_PER_OCTAVE]
    return middle - BLACK_WIDTH / 2, middle + BLACK_WIDTH / 2


def key_middle(pitch: int) -> float:
    """Middle of a key in white-key widths."""
    left, right = key_edges(pitch)
    return (left + right) / 2


def key_outline(pitch: int) -> Points:
    """The visible top of a key, ``(corners, 2)`` points (x, y) in order around it.

    A white key is cut out where black keys stand: between them it is as narrow as they leave it.
    """
    left, right = key_edges(pitch)
    if is_black(pitch):
        return np.array([(left, 0.0), (right, 0.0), (right, BLACK_LENGTH), (left, BLACK_LENGTH)])
    neck_left = key_edges(pitch - 1)[1] if pitch > LOWEST_PITCH and is_black(pitch - 1) else left
    neck_right = key_edges(pitch + 1)[0] if pitch < HIGHEST_PITCH and is_black(pitch + 1) else right
    return np.array(
        [
            (neck_left, 0.0),
            (neck_right, 0.0),
            (neck_right, BLACK_LENGTH),
            (right, BLACK_LENGTH),
            (right, 1.0),
            (left, 1.0),
            (left, BLACK_LENGTH),
            (neck_left, BLACK_LENGTH),
        ]
    )


PITCHES = tuple(range(LOWEST_PITCH, HIGHEST_PITCH + 1))
BLACK = np.array([is_black(pitch) for pitch in PITCHES])
"""``(88,)``: which keys are black."""
