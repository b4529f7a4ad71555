"""Tapes hold every window once, at home, and come back from disk; draws are the same with their seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.errors import InputError
from photoplayer.music.score import Note, Part, Score
from photoplayer.music.trio import DRUM_TOKENS, FIRST_PITCH, LINE_TOKENS, home_shift
from photoplayer.music.trio_find import find_trios
from photoplayer.train.data.own_trios import own_scores
from photoplayer.train.data.trio_draw import Changes, Draw
from photoplayer.train.data.trios import Tape, joined, load_tape, tape_of


def band(seed: int, *, bars: int = 8, shift: int = 0) -> Score:
    dice = np.random.default_rng(seed)
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    tune = tuple(Note(q / 2, q / 2 + 0.5, int(60 + shift + dice.choice(scale)), 80) for q in range(8 * bars))
    bass = tuple(
        Note(4.0 * b, 4.0 * b + 4, int(36 + shift + dice.choice([0, 5, 7])), 80) for b in range(bars)
    )
    kit = tuple(Note(float(q), q + 0.1, int(dice.choice([36, 38, 42])), 80) for q in range(4 * bars))
    return Score(
        (Part("tune", 48, tune), Part("bass", 33, bass), Part("kit", 0, kit, is_drum=True)), 4.0 * bars
    )


@pytest.fixture(scope="module")
def tape() -> Tape:
    return tape_of([("a", band(1)), ("b", band(2, shift=3))], bars=4)


def test_windows_are_those_that_are_found_in_the_scores(tape: Tape) -> None:
    found = [
        trio for score in (band(1), band(2, shift=3)) for _, trio in find_trios(score, bars_each=4, gap=1)
    ]
    assert len(tape) == len(found) == 10
    for number, trio in enumerate(found):
        mine = tape.trio(number)
        assert np.array_equal(mine.melody, trio.melody) and np.array_equal(mine.drums, trio.drums)
        assert (mine.melody_program, mine.bass_program) == (48, 33)
        assert tape.shifts[number] == home_shift(trio)
    assert tape.names == ("a", "b") and tape.first_bars.tolist() == [0, 1, 2, 3, 4] * 2


def test_a_batch_is_at_home_and_moves_as_asked(tape: Tape) -> None:
    windows = np.arange(len(tape))
    melody, bass, drums = tape.batch(windows)
    assert melody.shape == bass.shape == drums.shape == (10, 64)
    higher, _, _ = tape.batch(windows, 2)
    begins = melody >= FIRST_PITCH
    assert np.array_equal((higher - melody)[begins], np.full(begins.sum(), 2))
    assert np.array_equal(higher[~begins], melody[~begins])


def test_the_same_window_twice_is_one(tape: Tape) -> None:
    assert len(tape_of([("a", band(1)), ("again", band(1))], bars=4)) == 5


def test_tapes_come_back_from_disk_and_join(tape: Tape, tmp_path: Path) -> None:
    tape.save(tmp_path / "tape.npz")
    back = load_tape(tmp_path / "tape.npz")
    assert back.names == tape.names and np.array_equal(
        back.batch(np.array([3]))[0], tape.batch(np.array([3]))[0]
    )
    other = tape_of([("c", band(3))], bars=4)
    both = joined([back, other])
    assert len(both) == 15 and both.names == ("a", "b", "c")
    assert np.array_equal(both.trio(12).melody, other.trio(2).melody)
    assert both.sources[12] == 2
    (tmp_path / "no.npz").write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"no\.npz is no tape"):
        load_tape(tmp_path / "no.npz")


def test_batches_come_back_with_their_seed_and_hold_what_there_is(tape: Tape) -> None:
    draw = Draw([tape, tape], (0.5, 0.5), seed=1)
    first = draw.batch(0, 32)
    assert all(np.array_equal(a, b) for a, b in zip(first, draw.batch(0, 32), strict=True))
    assert not np.array_equal(first[0], draw.batch(1, 32)[0])
    plain = Draw([tape], (1.0,), seed=1, changes=Changes(0, 0, 0, 0, 0, 0, 0, 0)).batch(0, 16)
    known = {row.tobytes() for row in tape.batch(np.arange(len(tape)))[0]}
    assert all(row.tobytes() in known for row in plain[0])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_whatever_is_changed_is_still_a_trio(tape: Tape, number: int) -> None:
    melody, bass, drums = Draw([tape], (1.0,), seed=2, changes=Changes(*(0.9,) * 8)).batch(number, 8)
    for line, top in ((melody, LINE_TOKENS), (bass, LINE_TOKENS), (drums, DRUM_TOKENS)):
        assert line.shape == (8, 64) and line.min() >= 0 and line.max() < top


def test_our_own_pieces_are_trios_and_the_same_every_time() -> None:
    (name, score), (_, again) = (next(own_scores(1, seed=3)) for _ in range(2))
    assert name == "own/3/0" and score == again
    assert [part.is_drum for part in score.parts] == [False, False, True]
    windows = tape_of([(name, score)], bars=16)
    assert len(windows) > 60
