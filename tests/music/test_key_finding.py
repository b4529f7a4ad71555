"""Keys are heard on every tonic, and silence has none."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.music.key_finding import find_key
from photoplayer.music.theory import Key


@pytest.mark.parametrize("tonic", range(12))
def test_keys_are_heard_on_every_tonic(tonic: int) -> None:
    major, minor = np.zeros(12), np.zeros(12)
    major[[(tonic + step) % 12 for step in (0, 0, 4, 7, 2, 5, 9, 11)]] = (4, 4, 3, 3, 1, 1, 1, 1)
    minor[[(tonic + step) % 12 for step in (0, 0, 3, 7, 2, 5, 8, 10)]] = (4, 4, 3, 3, 1, 1, 1, 1)
    assert find_key(major)[0] == Key(tonic, "major")
    assert find_key(minor)[0] == Key(tonic, "minor")
    assert find_key(major)[2] > 0 > find_key(minor)[2]


def test_no_pitches_have_no_key() -> None:
    assert find_key(np.zeros(12))[1:] == (0.0, 0.0)
