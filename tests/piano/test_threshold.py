"""Thresholding as the source does it, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.piano.roll import Roll
from photoplayer.piano.threshold import ThresholdDecoder, read_by_threshold


def roll(down: list[float], *, key: int = 10, begin_s: float = 0.0) -> Roll:
    full = np.zeros((len(down), KEY_COUNT), dtype=np.float32)
    full[:, key] = down
    seen = np.ones(KEY_COUNT, dtype=bool)
    return Roll(times_s=begin_s + np.arange(len(down)) * 0.04, down=full, seen=seen)


def test_a_note_runs_from_the_first_frame_held_to_the_first_free() -> None:
    (note,) = read_by_threshold([roll([0.1, 0.5, 0.9, 0.3, 0.1])])
    assert (note.onset_s, note.offset_s) == (pytest.approx(0.04), pytest.approx(0.12))
    assert (note.pitch, note.velocity) == (LOWEST_PITCH + 10, 100)
    assert note.confidence == pytest.approx(0.7)


def test_notes_go_on_across_rolls_and_are_closed_at_the_end() -> None:
    decoder = ThresholdDecoder()
    assert decoder.feed(roll([0.0, 0.9])) == []
    assert decoder.feed(roll([0.9, 0.9], begin_s=0.08)) == []
    (note,) = decoder.finish()
    assert (note.onset_s, note.offset_s) == (pytest.approx(0.04), pytest.approx(0.16))
    assert decoder.finish() == []


def test_a_gap_closes_and_what_is_not_seen_is_not_heard() -> None:
    after = replace(roll([0.9, 0.9], begin_s=3.0), continues=False)
    assert len(read_by_threshold([roll([0.0, 0.9]), after])) == 2
    assert read_by_threshold([replace(roll([0.9, 0.9]), seen=np.zeros(KEY_COUNT, dtype=bool))]) == []
