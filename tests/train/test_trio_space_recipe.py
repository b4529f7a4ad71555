"""The prior finds planted clusters, ways move one attribute alone, eyes give what the engine reads."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from photoplayer.compose.trio.codec import WINDOW_CODE  # noqa: E402
from photoplayer.compose.trio.eyes import MOMENTS, PICTURES, look, see  # noqa: E402
from photoplayer.music.trio_attributes import ATTRIBUTES  # noqa: E402
from photoplayer.scene.glances import Glances  # noqa: E402
from photoplayer.train.data.trio_pairs import arcade_windows  # noqa: E402
from photoplayer.train.nets.frame_vae import Committee, FrameVAE, SeenNet, summed_up  # noqa: E402
from photoplayer.train.recipes.trio_frame import asked_by, changed, correlations  # noqa: E402
from photoplayer.train.recipes.trio_space import mixed, mixture, ways_of  # noqa: E402


def test_the_prior_finds_planted_clusters() -> None:
    dice = np.random.default_rng(0)
    middles = 10 * dice.normal(size=(3, 20))
    of = dice.integers(0, 3, 600)
    direction = dice.normal(size=20)
    codes = (middles[of] + dice.normal(size=(600, 1)) * direction + 0.1 * dice.normal(size=(600, 20))).astype(
        "f4"
    )
    weights, centres, spans = mixture(codes, 3, 2, seed=1)
    nearest = np.abs(centres[:, None] - middles[None]).mean(axis=2).min(axis=1)
    assert (nearest < 0.5).all() and weights.sum() == pytest.approx(1)
    first = spans[0, 0] / np.linalg.norm(spans[0, 0])
    assert abs(first @ direction) / np.linalg.norm(direction) > 0.98


def test_a_way_moves_its_own_attribute_and_leaves_the_others() -> None:
    """Attributes that are correlated are told apart, where codes say them linearly."""
    dice = np.random.default_rng(1)
    codes = dice.normal(size=(4000, 12)).astype("f4")
    slopes = dice.normal(size=(12, 3))
    slopes[:, 1] = 0.8 * slopes[:, 0] + 0.4 * slopes[:, 1]
    ways = ways_of(codes, codes @ slopes)
    assert ways @ slopes == pytest.approx(np.eye(3), abs=0.12)


def test_mixed_codes_keep_every_number_and_lose_their_company() -> None:
    codes = np.random.default_rng(2).normal(size=(200, 5)).astype("f4")
    codes[:, 1] = codes[:, 0]
    found = mixed(codes, seed=1)
    assert np.array_equal(np.sort(found, axis=0), np.sort(codes, axis=0))
    assert abs(np.corrcoef(found[:, 0], found[:, 1])[0, 1]) < 0.3


def test_eyes_give_attributes_and_codes() -> None:
    pictures, asked = arcade_windows(1, seed=3)
    assert pictures.shape == (3, MOMENTS, PICTURES, 60, 80, 3) and asked.shape == (3, len(ATTRIBUTES))
    seen = see(pictures)
    plain = summed_up(torch.from_numpy(seen))
    members = [SeenNet(plain.mean(dim=0), plain.std(dim=0) + 1e-3) for _ in range(2)]
    said, codes = Committee(members).eval()(torch.from_numpy(seen))
    assert said.shape == (3, len(ATTRIBUTES)) and codes.shape == (3, WINDOW_CODE)
    each = [member(torch.from_numpy(seen))[0] for member in members]
    assert torch.allclose(said, torch.stack(each).mean(dim=0), atol=1e-6)
    assert np.allclose(asked_by(Committee(members), seen), said.detach().numpy())
    mean, spread = FrameVAE().eval()(torch.from_numpy(pictures[:, 0, 1].copy()))
    assert mean.shape == spread.shape == (3, WINDOW_CODE) and bool((spread > 0).all())


def test_what_ships_reads_what_the_eye_saw() -> None:
    still = Glances(np.zeros((60, 60, 80, 3), np.uint8), 3.0)
    looked = look(still, [(0.0, 4.0), (0.0, 20.0)])
    assert looked.attributes.shape == (2, len(ATTRIBUTES)) and looked.codes.shape == (2, WINDOW_CODE)
    assert np.allclose(looked.attributes[0], looked.attributes[1], atol=1e-5)


def test_clips_are_changed_as_a_whole_and_come_back_with_their_seed() -> None:
    still = np.tile(
        np.random.default_rng(4).integers(0, 255, (3, 1, 1, 60, 80, 3)), (1, MOMENTS, PICTURES, 1, 1, 1)
    ).astype("u1")
    a, b = (changed(still, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(a, b) and a.shape == still.shape
    assert all(np.array_equal(clip[0, 0], clip[-1, -1]) for clip in a)
    assert not np.array_equal(a, still)


def test_correlations_are_by_attribute() -> None:
    asked = np.random.default_rng(6).normal(size=(50, len(ATTRIBUTES)))
    said = asked.copy()
    said[:, 1] *= -1
    found = correlations(said, asked)
    assert found["speed"] == pytest.approx(1) and found["density"] == pytest.approx(-1)
