"""The five rules, there and back: by hand, and for any melody on the grid."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.music.melody_code import (
    FIRST_PITCH,
    HIGHEST,
    HOLD,
    LOWEST,
    REST,
    TOKENS,
    grid_of,
    grid_of_pairs,
    in_c,
    notes_of,
    pairs_of,
)
from photoplayer.music.score import Note
from photoplayer.music.theory import Key

C4, E4 = FIRST_PITCH + 12, FIRST_PITCH + 16


def note(onset: float, offset: float, pitch: int) -> Note:
    return Note(onset, offset, pitch, 80)


@st.composite
def melodies(draw: st.DrawFn) -> tuple[Note, ...]:
    """One line on sixteenths in four bars, some notes apart, some tied over the bar."""
    cuts = sorted(draw(st.sets(st.integers(0, 63), max_size=40)))
    notes = []
    for first, end in pairwise([*cuts, 64]):
        length = draw(st.integers(0, end - first))
        if length:
            notes.append(note(first / 4, (first + length) / 4, draw(st.integers(LOWEST, HIGHEST))))
    return tuple(notes)


@given(melodies())
def test_a_melody_on_the_grid_comes_back(melody: tuple[Note, ...]) -> None:
    grid = grid_of(melody, bars=4)
    assert notes_of(grid) == melody
    pairs = pairs_of(grid)
    assert (np.abs(pairs) <= 1).all()
    assert (grid_of_pairs(pairs, bars=4) == grid).all()
    assert notes_of(grid_of_pairs(pairs)) == melody


def test_values_by_hand() -> None:
    # A dotted quarter on C3, a quarter rest, a whole note's rest of the bar is two eighths of B6 … as pairs.
    pairs = pairs_of(grid_of((note(0, 1.5, LOWEST), note(2.5, 3, HIGHEST), note(3, 4, HIGHEST)), bars=1))
    lowest = 2 * FIRST_PITCH / (TOKENS - 1) - 1
    hold, rest = -1.0, 2 / (TOKENS - 1) - 1
    expected = [(lowest, 0.0), (hold, -0.5), (rest, 0.0), (1.0, -0.5), (1.0, 0.0)]
    assert pairs == pytest.approx(np.array(expected))


def test_values_between_levels_are_the_nearest_and_strange_ones_are_bounded() -> None:
    pairs = np.array([[0.99, 1.2], [-3.0, -0.6], [np.nan, -1.0]], np.float32)
    grid = grid_of_pairs(pairs)
    assert list(grid[:16]) == [TOKENS - 1] + [HOLD] * 15
    assert list(grid[16:18]) == [HOLD, HOLD]  # the lowest pitch is a hold: the note goes on
    assert len(grid) == 19


def test_a_hold_after_silence_is_silence() -> None:
    assert notes_of([HOLD, HOLD, C4, HOLD, REST, HOLD, REST, E4]) == (note(0.5, 1, 60), note(1.75, 2, 64))
    assert list(grid_of((note(1, 2, 60),), bars=1)[:9]) == [
        REST,
        HOLD,
        HOLD,
        HOLD,
        C4,
        HOLD,
        HOLD,
        HOLD,
        REST,
    ]


def test_what_lasts_too_long_is_cut_and_what_is_too_short_filled_up() -> None:
    assert notes_of(grid_of((note(3, 9, 60), note(20, 21, 62)), bars=1)) == (note(3, 4, 60),)
    short = grid_of_pairs(np.zeros((0, 2), np.float32), bars=1)
    assert list(short) == [REST] + [HOLD] * 15
    assert not notes_of(short)


def test_everything_stands_in_c() -> None:
    assert [n.pitch for n in in_c((note(0, 1, 62), note(1, 2, 66)), Key(2))] == [60, 64]
    assert [n.pitch for n in in_c((note(0, 1, 69),), Key(9, "minor"))] == [72]
    assert in_c((), Key(3)) == ()


def test_a_low_tune_is_moved_by_octaves_and_outliers_folded() -> None:
    low = tuple(note(i, i + 1, pitch) for i, pitch in enumerate((36, 40, 43, 84)))
    assert [n.pitch for n in in_c(low, Key(0))] == [48, 52, 55, 84]
    with pytest.raises(ValueError, match="outside"):
        grid_of(low, bars=1)
