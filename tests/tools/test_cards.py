"""Screens between play."""

from __future__ import annotations

import random

import numpy as np
import pytest

pytest.importorskip("PIL")

from gameplay.cards import draw_card

BEHIND = np.full((120, 160, 3), 140, np.uint8)


@pytest.mark.parametrize("kind", ["menu", "victory", "dead"])
def test_a_card_shows_words_over_what_was_played(kind: str) -> None:
    for seed in range(12):
        frames = list(draw_card(kind, BEHIND, random.Random(seed), fps=15).frames())
        assert {frame.shape for frame in frames} == {BEHIND.shape} and len(frames) >= 15
        assert all(np.array_equal(frame, frames[0]) for frame in frames), "it stands still"
        assert len(np.unique(frames[0].reshape(-1, 3), axis=0)) > 2, "there is something written on it"


def test_black_is_black_and_cards_are_drawn_by_the_dice() -> None:
    black = draw_card("black", BEHIND, random.Random(1), fps=9)
    assert not black.still.any()
    one, same, other = (draw_card("menu", BEHIND, random.Random(s), fps=9).still for s in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, other)
