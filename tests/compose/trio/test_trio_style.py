"""A style file holds numbers and nothing else: it comes back as it was, and a hostile one is refused."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.compose.trio.codec import WINDOW_CODE
from photoplayer.compose.trio.mlp import Mlp
from photoplayer.compose.trio.style import SIZES, Style, load_style
from photoplayer.errors import InputError, PlanError


@pytest.fixture(scope="module")
def style() -> Style:
    dice = np.random.default_rng(0)
    layers = tuple(
        ((dice.normal(size=(b, a)) / a**0.5).astype(np.float16).astype(np.float32), np.zeros(b, np.float32))
        for a, b in pairwise(SIZES)
    )
    ones = np.ones(WINDOW_CODE, np.float32)
    return Style(Mlp(layers), 2 * ones, 0.5 * ones, 0.1 * ones, 7)


def test_a_style_comes_back_as_it_was(style: Style, tmp_path: Path) -> None:
    style.save(tmp_path / "my.style")
    back = load_style(tmp_path / "my.style")
    assert back.tunes == 7
    assert np.array_equal(back.sample(3, seed=1), style.sample(3, seed=1))


def test_sliders_hold_what_they_are_set_to(style: Style) -> None:
    still = Style(style.decoder, style.centre, style.spread, 0 * style.noise, 7)
    a = still.sample(4, seed=1, axes=(0.5, -1, 0, 0))
    assert np.allclose(a, a[0], atol=1e-5)
    assert not np.allclose(a[0], still.sample(1, seed=1, axes=(2, 1, 0, 0))[0], atol=1e-2)


@pytest.mark.parametrize("axes", [(1, 2, 3, 4, 5), (9.0,), (float("nan"),)])
def test_sliders_beyond_their_ends_are_refused(style: Style, axes: tuple[float, ...]) -> None:
    with pytest.raises(PlanError, match="style axes"):
        style.sample(1, seed=1, axes=axes)


def test_what_is_no_style_is_told(style: Style, tmp_path: Path) -> None:
    path = tmp_path / "bad.style"
    with pytest.raises(InputError, match=r"bad\.style"):
        load_style(path)
    style.save(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="personalize"):
        load_style(path)


@pytest.mark.parametrize("wrong", ["shape", "nan", "object", "version", "huge", "missing"])
def test_arrays_that_are_none_of_ours_are_refused(style: Style, tmp_path: Path, wrong: str) -> None:
    style.save(tmp_path / "good.style")
    with np.load(tmp_path / "good.style") as archive:
        tables = {name: archive[name] for name in archive.files}
    if wrong == "shape":
        tables["decoder_w0"] = np.zeros((3, 3), np.float16)
    elif wrong == "nan":
        tables["centre"] = tables["centre"] * np.nan
    elif wrong == "object":
        tables["centre"] = np.array([{}], dtype=object)
    elif wrong == "version":
        tables["version"] = np.array(99)
    elif wrong == "huge":
        tables["more"] = np.zeros(40 << 20, np.uint8)
    else:
        del tables["noise"]
    with (tmp_path / "bad.style").open("wb") as file:
        np.savez_compressed(file, **tables)
    with pytest.raises(InputError, match=r"bad\.style is no style"):
        load_style(tmp_path / "bad.style")


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_style_or_an_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("style") / "any.style"
    path.write_bytes(content)
    with pytest.raises(InputError):
        load_style(path)
