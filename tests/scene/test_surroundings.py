"""What a step's surroundings say of it, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.scene.surroundings import VIEWS, surroundings


def parts(steps: np.ndarray) -> np.ndarray:
    """The five views of a first number that runs as ``steps``."""
    rows = surroundings(np.column_stack([steps, np.zeros((len(steps), 2))]))
    assert rows.shape == (len(steps), 3 * VIEWS) and rows.dtype == np.float32
    return rows.reshape(len(steps), VIEWS, 3)[:, :, 0]


def test_a_stroke_is_seen_from_around_it() -> None:
    stroke = np.zeros(400)
    stroke[200] = 1.0
    seen = parts(stroke)
    assert seen[200] == pytest.approx([1, 1 / 7, 1 / 25, 1, 1 - 1 / 181], abs=1e-6)
    assert seen[206] == pytest.approx([0, 0, 1 / 25, 1, -1 / 181], abs=1e-6)
    assert seen[207, 3] == 0 and seen[291] == pytest.approx(0, abs=1e-6)


def test_the_ends_are_held_and_the_minute_counts_what_there_is() -> None:
    seen = parts(np.array([4.0, 0.0]))
    assert seen[0] == pytest.approx([4, 4 * 4 / 7, 4 * 13 / 25, 4, 2], abs=1e-6)
    assert parts(np.full(1, 0.5))[0] == pytest.approx([0.5, 0.5, 0.5, 0.5, 0], abs=1e-6)
