"""A trio that says what a training tune says is known, in any key; what is common property is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photoplayer import trios
from photoplayer.compose.trio.known import (
    RUN_STEPS,
    Known,
    drawn_again,
    marks_of,
    read_known,
    shipped_known,
)
from photoplayer.compose.trio.space import shipped_space
from photoplayer.errors import SetupError
from photoplayer.music.melody_steps import Step, melody_steps
from photoplayer.music.trio import FIRST_PITCH, Trio, decode_line


def a_trio(seed: int, *, notes: int = 64) -> Trio:
    dice = np.random.default_rng(seed)
    melody = np.zeros(256, np.uint8)
    melody[: 4 * notes : 4] = FIRST_PITCH + dice.integers(30, 50, notes)
    return Trio(melody, np.zeros(256, np.uint8), np.zeros(256, np.uint16))


def steps_of(trio: Trio) -> list[Step]:
    return melody_steps(decode_line(trio.melody))


def test_a_copy_is_known_in_any_key_and_another_tune_is_not() -> None:
    tune = a_trio(1)
    known = Known(marks_of([steps_of(tune)]))
    assert known.has(tune) and known.has(tune.transposed(5)) and known.has(tune.cut(4, 4))
    assert not known.has(a_trio(2))


def test_as_many_steps_as_people_share_are_not_a_copy() -> None:
    tune = a_trio(1)
    known = Known(marks_of([steps_of(tune)]))
    assert known.has(a_trio(1, notes=RUN_STEPS + 1))
    assert not known.has(a_trio(1, notes=RUN_STEPS))


def test_scales_and_repeated_figures_belong_to_everybody() -> None:
    melody = np.zeros(256, np.uint8)
    melody[::4] = FIRST_PITCH + np.tile([39, 43, 46, 43], 16)
    figure = Trio(melody, np.zeros(256, np.uint8), np.zeros(256, np.uint16))
    assert not Known(marks_of([steps_of(figure), steps_of(a_trio(3))])).has(figure)


def test_what_is_known_is_drawn_again_and_the_rest_stays() -> None:
    copies, others = [a_trio(1), a_trio(2)], [a_trio(3), a_trio(4)]
    known = Known(marks_of([steps_of(copies[1])]))
    assert drawn_again(lambda turn: list(others if turn else copies), known) == [copies[0], others[1]]
    assert drawn_again(lambda _: list(copies), known) == copies


def test_what_is_sampled_is_not_known() -> None:
    made = trios.drawn(40, shipped_space(), seed=1, temperature=0.8)
    assert not any(shipped_known().has(trio) for trio in made)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "known.npz"
    path.write_bytes(b"nothing")
    with pytest.raises(SetupError, match="damaged"):
        read_known(path)
    with path.open("wb") as file:
        np.savez(file, marks=np.zeros((2, 2), np.uint32))
    with pytest.raises(SetupError, match="no marks"):
        read_known(path)
