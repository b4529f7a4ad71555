"""Melodies that nobody composed: their range, their length, and what a 2-gram knows."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from photoplayer.evaluate.melody_controls import Bigram, looped_scale, random_walk
from photoplayer.music.score import Note


def test_a_walk_moves_by_small_steps_in_c_and_fills_its_bars() -> None:
    walk = random_walk(Random(1), bars=16)
    assert walk[-1].offset == 64
    assert all(a.offset == b.onset and abs(a.pitch - b.pitch) <= 4 for a, b in pairwise(walk))
    assert {note.pitch % 12 for note in walk} <= {0, 2, 4, 5, 7, 9, 11}


def test_a_scale_goes_up_in_eighths() -> None:
    scale = looped_scale(Random(2), bars=2)
    assert len(scale) == 16
    assert [note.pitch - scale[0].pitch for note in scale[:8]] == [0, 2, 4, 5, 7, 9, 11, 12]


def test_a_bigram_says_only_what_it_heard() -> None:
    heard = tuple(Note(i * 1.0, i + 1.0, pitch, 80) for i, pitch in enumerate((60, 64, 67, 60, 65, 60, 64)))
    known = set(pairwise(note.pitch for note in heard))
    made = Bigram([heard]).write(Random(3), bars=16)
    starts_again = {(a, 60) for a in (60, 64, 65, 67)}
    assert made[-1].offset == 64
    assert set(pairwise(note.pitch for note in made)) <= known | starts_again
    assert (60, 65) in set(pairwise(note.pitch for note in made))


def test_a_bigram_needs_something_to_learn_from() -> None:
    with pytest.raises(ValueError, match="two notes"):
        Bigram([[Note(0, 1, 60, 80)]])
