"""A bent lens: the way there and back, and what lies outside the picture."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import KEY_LENGTH, Camera

from photoplayer.piano.find.aspect import log_aspect
from photoplayer.piano.lens import MOST, bent, pull

SIZE = (1280, 720)


@pytest.mark.parametrize("bulge", [-MOST, -0.01, 0.015, MOST])
def test_bent_undoes_pull(bulge: float) -> None:
    x, y = (grid.ravel() for grid in np.meshgrid(np.linspace(0, 1279, 9), np.linspace(0, 719, 7)))
    out_x, out_y = pull(x, y, SIZE)
    back = bent(x + bulge * out_x, y + bulge * out_y, SIZE, bulge)
    assert np.abs(np.stack(back) - (x, y)).max() < 1e-3


def test_a_corner_moves_by_the_bulge_of_half_a_diagonal() -> None:
    x, y = pull(np.array([1279.5]), np.array([719.5]), SIZE)
    assert np.hypot(x, y) == pytest.approx(np.hypot(*SIZE) / 2)


@pytest.mark.parametrize("bulge", [-MOST, MOST])
def test_what_lies_farther_out_stays_farther_out(bulge: float) -> None:
    x = np.linspace(640, 6000, 400)
    seen, _ = bent(x, np.full_like(x, 360.0), SIZE, bulge)
    assert (np.diff(seen) > 0).all()


def test_length_by_width_is_sure_from_above_and_a_guess_aslant() -> None:
    told, unsure = log_aspect(Camera().plane(SIZE), SIZE, 26.0)
    assert told == pytest.approx(np.log(KEY_LENGTH), abs=0.005) and unsure < 0.005
    aslant, more_unsure = log_aspect(Camera(tilt_deg=35).plane(SIZE), SIZE, 26.0)
    assert more_unsure > 0.02 and abs(aslant - np.log(KEY_LENGTH)) < 2 * more_unsure
