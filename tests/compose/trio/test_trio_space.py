"""The space of codes: critics know their slope, constraints help, draws come back, files are checked."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from photoplayer.compose.trio.codec import WINDOW_CODE, between
from photoplayer.compose.trio.mlp import Mlp
from photoplayer.compose.trio.space import (
    ATTRIBUTE_SIZES,
    REALISM_SIZES,
    Space,
    read_space,
    shipped_space,
)
from photoplayer.errors import SetupError
from photoplayer.music.trio_attributes import ATTRIBUTES


def random_mlp(sizes: tuple[int, ...], seed: int) -> Mlp:
    dice = np.random.default_rng(seed)
    return Mlp(
        tuple(
            ((dice.normal(size=(b, a)) * (2 / a) ** 0.5).astype(np.float32), np.zeros(b, np.float32))
            for a, b in pairwise(sizes)
        )
    )


@pytest.fixture(scope="module")
def space() -> Space:
    dice = np.random.default_rng(0)
    table = lambda *shape: dice.normal(size=shape).astype(np.float32)  # noqa: E731
    return Space(
        weights=np.array([0.5, 0.5], np.float32),
        centres=table(2, WINDOW_CODE),
        spans=0.3 * table(2, 3, WINDOW_CODE),
        ways=table(len(ATTRIBUTES), WINDOW_CODE),
        levels=np.ones((len(ATTRIBUTES), 2), np.float32),
        scale=np.full(WINDOW_CODE, 1.5, np.float32),
        realism=random_mlp(REALISM_SIZES, 1),
        attributes=random_mlp(ATTRIBUTE_SIZES, 2),
    )


def test_a_network_knows_its_slope() -> None:
    net, dice = random_mlp((6, 8, 7, 3), 3), np.random.default_rng(4)
    x, pull = (dice.normal(size=shape).astype(np.float32) for shape in ((2, 6), (2, 3)))
    slope = net.pulled(x, pull)
    for i in range(6):
        step = np.zeros((2, 6), np.float32)
        step[:, i] = 1e-2
        rise = ((net(x + step) - net(x - step)) * pull).sum(axis=1) / 2e-2
        assert slope[:, i] == pytest.approx(rise, abs=2e-2)


def test_constraints_bring_attributes_nearer_and_keep_codes_real(space: Space) -> None:
    codes = space.sample(6, seed=1)
    targets = np.tile(np.linspace(-1, 1, len(ATTRIBUTES)).astype(np.float32), (6, 1))
    moved = space.constrained(codes, targets)
    before, after = (np.abs(space.foretold(c) - targets).mean() for c in (codes, moved))
    assert after < 0.6 * before
    assert space.realness(moved).mean() >= space.realness(codes).mean() - 0.05


def test_draws_come_back_with_their_seed_and_a_temperature_of_0_is_a_centre(space: Space) -> None:
    assert np.array_equal(space.sample(5, seed=7), space.sample(5, seed=7))
    assert not np.array_equal(space.sample(5, seed=7), space.sample(5, seed=8))
    cold = space.sample(5, seed=7, temperature=0.0)
    assert all(any(np.allclose(code, centre) for centre in space.centres) for code in cold)


def test_more_of_an_attribute_is_its_way(space: Space) -> None:
    codes = space.sample(2, seed=1)
    assert np.allclose(
        space.more(codes, {"drums": 2.0}) - codes, 2 * space.ways[ATTRIBUTES.index("drums")], atol=1e-5
    )
    assert np.array_equal(space.more(codes, {}), codes)


def test_what_is_written_is_read_again(space: Space, tmp_path: Path) -> None:
    path = tmp_path / "space.npz"
    np.savez(path, **space.tables())
    assert np.array_equal(read_space(path).sample(2, seed=1), space.sample(2, seed=1))
    np.savez(path, **{**space.tables(), "ways": np.zeros((2, 2), np.float32)})
    with pytest.raises(SetupError, match=r"space\.npz"):
        read_space(path)
    path.write_bytes(b"PK no more")
    with pytest.raises(SetupError):
        read_space(path)


def test_between_two_codes_is_as_long_as_they_are() -> None:
    dice = np.random.default_rng(5)
    a, b = (dice.normal(size=WINDOW_CODE).astype(np.float32) for _ in range(2))
    assert between(a, b, 0.0) == pytest.approx(a, abs=1e-4) and between(a, b, 1.0) == pytest.approx(
        b, abs=1e-4
    )
    middle = np.linalg.norm(between(a, b, 0.5))
    assert middle == pytest.approx((np.linalg.norm(a) + np.linalg.norm(b)) / 2, rel=1e-3)
    assert between(a, a, 0.5) == pytest.approx(a) and np.isfinite(between(a, -a, 0.5)).all()
    assert between(np.zeros_like(a), b, 0.5) == pytest.approx(b / 2)


def test_the_shipped_ways_raise_what_they_are_named_for() -> None:
    space = shipped_space()
    codes = space.sample(40, seed=3)
    for name in ("density", "drums", "register"):
        i = ATTRIBUTES.index(name)
        rise = (space.foretold(space.more(codes, {name: 1.0})) - space.foretold(codes))[:, i]
        assert rise.mean() > 0.3, name
