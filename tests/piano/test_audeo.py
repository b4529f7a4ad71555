"""Strips on their way into Video2Roll Net: the right neighbours, the right size, keys out of sight silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.models import Model
from photoplayer.piano import audeo
from photoplayer.piano.audeo import (
    PICTURE_HEIGHT,
    PICTURE_WIDTH,
    STACK,
    AudeoNet,
    resized,
    stacked,
)
from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH, key_middle
from photoplayer.piano.strip import MARGIN_WHITES, STRIP_HEIGHT, STRIP_WIDTH, WHITE_WIDTH_PX, Strip

SEEN = np.ones(KEY_COUNT, dtype=bool)


def strip(greys: list[int], *, start_s: float = 0.0, continues: bool = False) -> Strip:
    """Pictures of one grey each, 20 a second."""
    pictures = np.zeros((len(greys), STRIP_HEIGHT, STRIP_WIDTH), dtype=np.uint8)
    pictures += np.array(greys, dtype=np.uint8)[:, None, None]
    return Strip(
        times_s=start_s + np.arange(len(greys)) / 20,
        pictures=pictures,
        plate=np.zeros((STRIP_HEIGHT, STRIP_WIDTH), dtype=np.uint8),
        seen=SEEN,
        continues=continues,
    )


def greys_of(strips: list[Strip]) -> list[list[int]]:
    """The stacks that come out, one grey for each picture."""
    return [
        (stack[:, 50, 450] * 255).round().astype(int).tolist() for c in stacked(strips) for stack in c.stacks
    ]


def test_a_picture_stands_between_its_neighbours_and_ends_are_repeated() -> None:
    assert greys_of([strip([10, 20, 30, 40])]) == [
        [10, 10, 10, 20, 30],
        [10, 10, 20, 30, 40],
        [10, 20, 30, 40, 40],
        [20, 30, 40, 40, 40],
    ]


def test_shots_do_not_see_each_other() -> None:
    chunks = list(stacked([strip([10, 20]), strip([90], start_s=5)]))
    assert [c.continues for c in chunks if 5.0 in c.times_s] == [False]
    assert greys_of([strip([10, 20]), strip([90], start_s=5)])[-1] == [90] * STACK


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=5).filter(sum))
def test_however_a_shot_is_cut_the_same_stacks_come_out(lengths: list[int]) -> None:
    greys = [10 * (i + 1) for i in range(sum(lengths))]
    parts, at = [], 0
    for length in lengths:
        parts.append(strip(greys[at : at + length], start_s=at / 20, continues=at > 0))
        at += length
    chunks = list(stacked(parts))
    np.testing.assert_allclose(np.concatenate([c.times_s for c in chunks]), np.arange(at) / 20)
    assert greys_of(parts) == greys_of([strip(greys)])
    assert [c.continues for c in chunks] == [False] + [True] * (len(chunks) - 1)


def test_resizing_keeps_keys_in_place_and_cuts_the_margins() -> None:
    picture = np.zeros((1, STRIP_HEIGHT, STRIP_WIDTH), dtype=np.uint8)
    middle = (key_middle(LOWEST_PITCH + 39) + MARGIN_WHITES) * WHITE_WIDTH_PX
    picture[:, 32:, int(middle) - 3 : int(middle) + 3] = 255
    picture[:, :, : MARGIN_WHITES * WHITE_WIDTH_PX] = 255
    out = resized(picture)[0]
    assert out.shape == (PICTURE_HEIGHT, PICTURE_WIDTH) and out.dtype == np.float32
    assert out[:, 0].max() == 0 and out[90].max() == pytest.approx(1) and out[40].max() == 0
    whites = PICTURE_WIDTH / (STRIP_WIDTH / WHITE_WIDTH_PX - 2 * MARGIN_WHITES)
    found = float((np.arange(PICTURE_WIDTH) * out[90]).sum() / out[90].sum()) + 0.5
    assert found / whites == pytest.approx(key_middle(LOWEST_PITCH + 39), abs=0.1)


def test_a_straight_ramp_stays_one() -> None:
    ramp = np.broadcast_to(np.linspace(0, 250, STRIP_WIDTH).astype(np.uint8), (1, STRIP_HEIGHT, STRIP_WIDTH))
    across = resized(ramp)[0, 7] * 255
    steps = np.diff(across)
    assert np.all(steps >= -1e-3) and steps.max() < 2


class Bright:
    """In the network's place: key 0 is as sure as the middle picture is bright; all others are sure."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def run(self, _outputs: None, feed: dict[str, Any]) -> list[Any]:
        frames = feed["frames"]
        assert frames.flags.c_contiguous and frames.dtype == np.float32
        self.sizes.append(len(frames))
        logits = np.full((len(frames), KEY_COUNT), 50.0, dtype=np.float32)
        logits[:, 0] = (frames[:, 2].mean(axis=(1, 2)) - 0.5) * 1000
        return [logits]


@pytest.fixture
def bright(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bright]:
    session = Bright()
    monkeypatch.setattr(audeo, "load", lambda name: Model(session, {"name": name}))  # type: ignore[arg-type]
    yield session


def test_a_roll_has_every_picture_once_and_nothing_but_down(bright: Bright) -> None:
    first = strip([0, 250] * 20)
    second = strip([250, 0, 0], start_s=2.0, continues=True)
    rolls = list(AudeoNet().read([first, second]))
    np.testing.assert_allclose(
        np.concatenate([r.times_s for r in rolls]), np.concatenate((first.times_s, second.times_s))
    )
    down = np.concatenate([r.down for r in rolls])
    assert down.dtype == np.float32
    assert (down[:, 0] > 0.5).tolist() == [False, True] * 20 + [True, False, False]
    assert rolls[0].onset is None and rolls[0].velocity is None
    assert max(bright.sizes) <= 16


def test_keys_out_of_sight_are_silent(bright: Bright) -> None:
    seen = SEEN.copy()
    seen[60:] = False
    rolls = list(AudeoNet().read([replace(strip([0, 0, 0]), seen=seen)]))
    down = np.concatenate([r.down for r in rolls])
    assert (down[:, 1:60] > 0.99).all() and (down[:, 60:] == 0).all()
    assert all((r.seen == seen).all() for r in rolls)


def test_nothing_in_nothing_out(bright: Bright) -> None:
    assert list(AudeoNet().read([])) == [] and list(AudeoNet().read([strip([])])) == []
