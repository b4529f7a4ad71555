"""The example clips, rendered with lacquer that mirrors the keys: the keyboard is found, not its image."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from photoplayer.piano.find import find_shots
from photoplayer.piano.keyboard import Keyboard
from photoplayer.piano.layout import WHITE_COUNT

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["piano", "piano_rest"])
def test_the_keyboard_is_found_to_a_seventh_of_a_white_key(name: str) -> None:
    truth = json.loads((EXAMPLES / f"{name}.json").read_text())
    expected = Keyboard(homography=np.array(truth["homography"]), size=tuple(truth["size"])).corners
    (shot,) = find_shots(EXAMPLES / f"{name}.mp4")
    assert shot.keyboard is not None
    white_px = np.linalg.norm(expected[1] - expected[0]) / WHITE_COUNT
    assert np.linalg.norm(shot.keyboard.corners - expected, axis=1).max() < 0.15 * white_px
