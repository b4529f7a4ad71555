"""What differs from the clean plate is looked at, and all that a key's vector depends on; nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.piano.layout import KEY_COUNT, PITCHES, key_middle
from photoplayer.piano.stir import WHITES, stirring, stretches
from photoplayer.piano.strip import MARGIN_WHITES, STRIP_HEIGHT, STRIP_WIDTH, WHITE_WIDTH_PX

LEVELS = np.stack([np.full(STRIP_WIDTH, 30.0), np.full(STRIP_WIDTH, 200.0)]).astype(np.float32)
PLATE = np.full((STRIP_HEIGHT, STRIP_WIDTH), 180, dtype=np.uint8)
MIDDLES = np.array([key_middle(pitch) for pitch in PITCHES]) + MARGIN_WHITES


def touched(*whites: float) -> np.ndarray:
    """The plate with something on it at these places, in white-key widths from the strip's left edge."""
    picture = PLATE.copy()
    for white in whites:
        left = int(white * WHITE_WIDTH_PX)
        picture[20:44, left : left + WHITE_WIDTH_PX] = 120
    return picture


def test_nothing_stirs_in_noise() -> None:
    noise = np.random.default_rng(1).normal(0, 6, (3, STRIP_HEIGHT, STRIP_WIDTH))
    assert not stirring((PLATE + noise).clip(0, 255).astype(np.uint8), PLATE, LEVELS).any()
    assert stretches(np.zeros(KEY_COUNT, dtype=bool)) == []


@pytest.mark.parametrize("white", [0.0, 20.0, 53.0])
def test_keys_around_what_is_touched_stir(white: float) -> None:
    still, moved = stirring(np.stack([PLATE, touched(white)]), PLATE, LEVELS)
    assert not still.any()
    near = np.abs(MIDDLES - white - 0.5) < 1.7
    assert moved[near].all()
    assert not moved[np.abs(MIDDLES - white - 0.5) > 3.5].any()


def test_stretches_hold_their_keys_and_what_these_are_seen_by() -> None:
    (stirs,) = stirring(touched(10, 12, 40)[None], PLATE, LEVELS)
    found = stretches(stirs)
    assert len(found) == 2  # the first two hands lie close together
    for stretch in found:
        middles = MIDDLES[stretch.keys]
        assert stretch.first <= max(middles[0] - 1.25, 0) and min(middles[-1] + 1.25, WHITES) <= stretch.end
    covered = np.zeros(KEY_COUNT, dtype=bool)
    for stretch in found:
        covered[stretch.keys] = True
    assert covered[stirs].all() and covered.sum() < KEY_COUNT / 2
