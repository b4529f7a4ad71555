"""The keys network at work: every picture once, with its neighbours, whatever the strips."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from photoplayer.models import Model
from photoplayer.piano.keys import KeysNet, gaps_s
from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.strip import STRIP_HEIGHT, STRIP_WIDTH, Strip

CONTEXT = 3


def strip_of(numbers: range, *, continues: bool) -> Strip:
    """Pictures that carry their own number as grey."""
    pictures = np.stack([np.full((STRIP_HEIGHT, STRIP_WIDTH), n, dtype=np.uint8) for n in numbers])
    return Strip(
        times_s=np.array(numbers) / 25,
        pictures=pictures,
        plate=np.full((STRIP_HEIGHT, STRIP_WIDTH), 200, dtype=np.uint8),
        seen=np.ones(KEY_COUNT, dtype=bool),
        continues=continues,
    )


class Look:
    """Gives each key its picture's number, and those before and after."""

    def run(self, _names: None, inputs: dict[str, Any]) -> list[np.ndarray]:
        assert inputs["pictures"].shape[2] == inputs["plate"].shape[1] == inputs["levels"].shape[1]
        numbers = inputs["pictures"][:, 0, 0].astype(np.float32)
        seen = np.stack([numbers[1:-1], numbers[:-2], numbers[2:]], axis=-1)
        return [np.repeat(seen[:, None], len(inputs["columns"]), axis=1)]


class Hear:
    """Sums numbers over the context; gives own number, the ones around it, and the sum."""

    def run(self, _names: None, inputs: dict[str, Any]) -> list[np.ndarray]:
        keys, gaps = inputs["keys"][0], inputs["gaps_s"][0]
        assert len(keys) == len(gaps)
        padded = np.pad(keys[..., 0], ((CONTEXT, CONTEXT), (0, 0)))
        total = sum(padded[i : i + len(keys)] for i in range(2 * CONTEXT + 1))
        heads = [keys[..., 0], keys[..., 1], keys[..., 2], total, np.broadcast_to(gaps[:, :1], total.shape)]
        return [np.stack([*heads, total * 0 + 2], axis=-1)[None].astype(np.float32)]


def read(strips: list[Strip]) -> list[Any]:
    net = KeysNet(
        look=Model(SimpleNamespace(run=Look().run), {}),  # type: ignore[arg-type]
        hear=Model(SimpleNamespace(run=Hear().run), {"context_frames": CONTEXT, "shift_s": 1.0}),  # type: ignore[arg-type]
    )
    return list(net.read(strips))


def logit(probability: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(probability / (1 - probability))


@pytest.mark.parametrize("cuts", [(0, 20), (0, 7, 20), (0, 1, 2, 20), (0, 2, 4, 6, 20)])
def test_strips_are_seamless_however_they_are_cut(cuts: tuple[int, ...]) -> None:
    pairs = list(pairwise(cuts))
    rolls = read([strip_of(range(a, b), continues=i > 0) for i, (a, b) in enumerate(pairs)])
    assert [len(r.times_s) for r in rolls] == [b - a for a, b in pairs]
    own = np.arange(20.0)
    middle = slice(0, 12)  # where a sigmoid in float32 can be undone
    down = np.concatenate([logit(r.down) for r in rolls])[:, 0]
    before = np.concatenate([logit(r.onset) for r in rolls])[:, 0]
    after = np.concatenate([logit(r.offset) for r in rolls])[:, 0]
    assert np.allclose(down[middle], own[middle], atol=0.2)
    assert np.allclose(before[middle], np.maximum(own - 1, 0)[middle], atol=0.2)
    assert np.allclose(after[middle], own[middle] + 1, atol=0.2)
    if min(b - a for a, b in pairs) >= CONTEXT:
        totals = np.concatenate([r.onset_s for r in rolls])[:, 0]
        expected = [own[max(i - CONTEXT, 0) : i + CONTEXT + 1].sum() for i in range(20)]
        assert np.allclose(totals, expected)


def test_keys_where_nothing_stirs_look_as_on_the_plate() -> None:
    strip = strip_of(range(5), continues=False)
    strip.pictures[:, :, STRIP_WIDTH // 2 :] = 200  # as the plate
    (roll,) = read([strip])
    assert logit(roll.down)[1, 0] == pytest.approx(1, abs=0.2)
    assert (roll.down[:, -1] == 1.0).all()  # 200


def test_a_cut_is_not_looked_across() -> None:
    first, second = read([strip_of(range(5), continues=False), strip_of(range(10, 15), continues=False)])
    assert logit(first.offset)[-1, 0] == pytest.approx(4, abs=0.2)  # itself, not 10
    assert second.onset_s[0, 0] == 10 + 11 + 12 + 13
    assert (first.velocity == 1.0).all()


def test_gaps_at_the_ends_are_the_usual_ones() -> None:
    gaps = gaps_s(np.array([0.0, 0.04, 0.08, 0.2]))
    assert np.allclose(gaps, [[0.04, 0.04], [0.04, 0.04], [0.04, 0.12], [0.12, 0.04]])
    assert gaps_s(np.array([3.0])).shape == (1, 2)
