"""Planted changes stand where the labels say, and what is no change has no label."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from photoplayer.scene.looks import LOOK_VALUES
from photoplayer.train.data import scene_effects as effects
from photoplayer.train.data.scene_samples import kept_sample, sample
from photoplayer.train.data.scene_takes import UNSURE, Take, looks_of

LIKENESS = LOOK_VALUES - 2
"""Column of a look that says how alike the picture before is."""


def take(level: str, seed: int, count: int = 300) -> Take:
    """A place that hardly moves."""
    source = np.random.default_rng(seed)
    wall = source.integers(40, 210, (6, 8, 3)).repeat(10, axis=0).repeat(10, axis=1)
    noise = source.integers(0, 6, (count, 60, 80, 3))
    return Take(level, (wall + noise).astype(np.uint8), np.zeros(count, bool), np.zeros(count, np.int8))


TAKES = [take("a", 1), take("b", 2), take("c", 3)]


@pytest.mark.parametrize("seed", range(12))
def test_a_sample_has_its_length_and_its_labels(seed: int) -> None:
    drawn = sample(TAKES, random.Random(seed), length=200)
    assert drawn.looks.shape == (200, LOOK_VALUES) and drawn.fight.shape == drawn.cut.shape == (200,)
    assert set(np.unique(drawn.cut)) <= {0, 1, UNSURE}
    assert drawn.cut[0] != 1


def test_hard_cuts_are_where_pictures_differ() -> None:
    alike = [
        float(drawn.looks[at, LIKENESS])
        for drawn in (sample(TAKES, random.Random(seed), length=200) for seed in range(12))
        for at in np.flatnonzero(drawn.cut == 1)
        if UNSURE not in drawn.cut[max(at - 1, 0) : at + 2]
    ]
    assert len(alike) > 8
    assert np.median(alike) < 0.7


def test_a_sample_is_kept_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "s" / "0.npy"
    drawn = kept_sample(path, TAKES, "1/train/0", length=100)
    again = kept_sample(path, [], "1/train/0", length=100)
    assert np.array_equal(drawn.looks, again.looks) and np.array_equal(drawn.cut, again.cut)
    assert [p.name for p in path.parent.iterdir()] == ["0.npy"]


def test_looks_do_not_depend_on_the_batch() -> None:
    pictures = TAKES[0].pictures[:50]
    assert np.array_equal(looks_of(pictures), looks_of(pictures, batch=7))


def test_flash_and_pain_end_by_themselves() -> None:
    for event in (effects.flash, effects.pain):
        pictures = np.full((30, 60, 80, 3), 90, np.float32)
        event(pictures, 10, random.Random(1))
        touched = np.flatnonzero((pictures != 90).any(axis=(1, 2, 3)))
        assert touched[0] == 10 and touched[-1] < 20


def test_an_overlay_leaves_most_of_the_picture() -> None:
    for seed in range(40):
        mask, drawn = effects.draw_overlay(TAKES[0].pictures, random.Random(seed))
        assert mask.mean() < 0.45 and drawn.shape[1:] == (60, 80, 3)
