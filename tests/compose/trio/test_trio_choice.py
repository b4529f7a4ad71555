"""The code that is taken for a section has what was asked for, and is no training tune's."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.compose.trio.choice import OFFERS, TEMPERATURE, suited
from photoplayer.compose.trio.codec import decode
from photoplayer.compose.trio.known import shipped_known
from photoplayer.compose.trio.space import shipped_space
from photoplayer.music.trio_attributes import ATTRIBUTES


@pytest.mark.parametrize("wish", [-0.8, 0.8])
def test_music_has_what_was_asked_for(wish: float) -> None:
    space = shipped_space()
    targets = np.full(len(ATTRIBUTES), wish, np.float32)
    offers = space.sample(OFFERS, seed=2, temperature=TEMPERATURE)
    free, bound = (suited(space, offers, targets, free=each)[None] for each in (True, False))
    missed, at_first = (float(np.abs(space.heard(code) - targets).max()) for code in (free, bound))
    assert missed < 0.3 and missed < at_first
    assert not shipped_known().has(decode(free)[0])
    assert any(np.array_equal(bound[0], offer) for offer in offers)
