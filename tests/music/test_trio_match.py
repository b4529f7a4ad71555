"""Onsets are counted, not silence."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.music.trio import Trio
from photoplayer.music.trio_attributes import ATTRIBUTES, attributes
from photoplayer.music.trio_match import Matched, match, match_drums, match_line, mean_f1


def line(**events: int) -> np.ndarray:
    tokens = np.zeros(16, np.uint8)
    for step, token in events.items():
        tokens[int(step[1:])] = token
    return tokens


def test_silence_has_accuracy_and_no_f1() -> None:
    truth = line(s0=40, s4=42, s8=44, s12=1)
    found = match_line(truth, np.zeros(16, np.uint8))
    assert found.accuracy == pytest.approx(12 / 16) and found.f1 == 0


def test_an_onset_is_right_where_step_and_pitch_are() -> None:
    truth = line(s0=40, s4=42, s8=44)
    made = line(s0=40, s4=43, s9=44)
    assert (match_line(truth, made).found, match_line(truth, made).f1) == (1, pytest.approx(1 / 3))
    assert match_line(truth, truth).f1 == 1


def test_drums_are_counted_class_by_class() -> None:
    found = match_drums(line(s0=0b11, s4=0b100), line(s0=0b01, s4=0b110))
    assert (found.found, found.there, found.written) == (2, 3, 3)


def test_sets_add_up_and_lines_are_averaged() -> None:
    trio = Trio(line(s0=40), line(s0=20), line(s0=1))
    parts = match(trio, Trio(line(s0=40), line(s0=21), line(s0=1)))
    assert mean_f1(parts) == pytest.approx(2 / 3)
    assert (parts[0] + parts[1]).f1 == pytest.approx(0.5)
    assert Matched().f1 == 1


def test_attributes_of_a_bar_by_hand() -> None:
    """Melody quarters on C4, bass one long C2, four kicks: quarters are speed 2."""
    melody = line(s0=41, s4=41, s8=41, s12=41)
    trio = Trio(melody, line(s0=17), line(s0=1, s4=1, s8=1, s12=1))
    found = dict(zip(ATTRIBUTES, attributes(trio), strict=True))
    assert found["speed"] == pytest.approx(2) and found["density"] == 5 and found["drums"] == 4
    assert found["register"] == 60 and found["syncopation"] == 0
    late = Trio(line(s2=41, s6=41), line(s0=17), line())
    assert dict(zip(ATTRIBUTES, attributes(late), strict=True))["syncopation"] == pytest.approx(2 / 3)
