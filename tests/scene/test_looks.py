"""What is measured in a picture, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.scene.looks import CELL_CHANNELS, CELLS, LOOK_VALUES, look, look_at

GREY, RED_LESS_GREY, FLASH = (CELL_CHANNELS.index(name) for name in ("grey", "red", "flash"))


def two(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.stack([first, second])


def test_a_red_corner_is_seen_where_it_is() -> None:
    picture = np.zeros((60, 80, 3), np.uint8)
    picture[:10, 70:] = (255, 0, 0)
    looks = look_at(two(picture, picture), np.zeros(1))
    grey = (77 * 255 >> 8) / 255
    assert looks.cells.shape == (1, *CELLS, len(CELL_CHANNELS))
    assert looks.cells[0, 0, 7, GREY] == pytest.approx(grey)
    assert looks.cells[0, 0, 7, RED_LESS_GREY] == pytest.approx(1 - grey)
    assert looks.cells[0, 1:, :, GREY].sum() == 0
    assert looks.histograms["hue"][0, 0] == pytest.approx(100 / (50 * 80))


def test_a_flash_is_a_jump_upwards_only() -> None:
    dark, light = np.zeros((60, 80, 3), np.uint8), np.full((60, 80, 3), 200, np.uint8)
    assert look_at(two(dark, light), np.zeros(1)).cells[0, ..., FLASH].min() == 1
    assert look_at(two(light, dark), np.zeros(1)).cells[0, ..., FLASH].max() == 0


def test_a_turned_picture_is_like_the_one_before(stage) -> None:
    wall = stage.wall(5, (1.0, 0.8, 0.6))
    turned = look_at(two(wall[:, 100:180], wall[:, 116:196]), np.zeros(1)).likeness[0]
    other = look_at(two(wall[:, 100:180], wall[:, 400:480]), np.zeros(1)).likeness[0]
    assert turned[1] > 0.97 > turned[0]
    assert other[1] < 0.9


def test_histograms_are_shares_and_looks_are_complete(stage) -> None:
    pictures = stage.walk(stage.wall(2, (0.4, 0.9, 0.7)), 40)
    batches = list(look(stage.frames(pictures), batch=16))
    assert [len(batch) for batch in batches] == [16, 16, 8]
    assert batches[0].flat().shape == (16, LOOK_VALUES)
    for name in ("palette", "grey", "edges"):
        assert batches[1].histograms[name].sum(axis=1) == pytest.approx(np.ones(16), abs=1e-5)


def test_batches_do_not_matter(stage) -> None:
    pictures = stage.walk(stage.wall(2, (0.4, 0.9, 0.7)), 25)
    whole = np.concatenate([batch.flat() for batch in look(stage.frames(pictures), batch=25)])
    cut = np.concatenate([batch.flat() for batch in look(stage.frames(pictures), batch=4)])
    assert np.array_equal(whole, cut)
