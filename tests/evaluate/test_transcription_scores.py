"""Transcription scores against cases worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.evaluate.keyframes import held, near, score_frames
from photoplayer.evaluate.notes import Notes, match
from photoplayer.evaluate.transcription import constant_lag_s, score_notes, score_transcription
from photoplayer.evaluate.transcription_table import COLUMNS, means, table, values
from photoplayer.music.score import Note, Part, Score

Row = tuple[float, float, int, float]


def notes(*rows: Row) -> Notes:
    return Notes.from_rows(np.array(rows, dtype=np.float64).reshape(-1, 4))


def melody(count: int = 20, *, late_s: float = 0.0, pitch: int = 60) -> Notes:
    return notes(*((i * 0.5 + late_s, i * 0.5 + 0.3 + late_s, pitch + i % 3, 64.0) for i in range(count)))


def test_the_five_rules_on_one_note_each() -> None:
    truth = notes((1.0, 1.2, 60, 64), (2.0, 4.0, 62, 64), (5.0, 5.2, 64, 64), (6.0, 6.2, 65, 64))
    found = notes(
        (1.04, 1.23, 60, 64),  # both within 50 ms
        (2.04, 4.35, 62, 64),  # offset late by 350 ms, less than a fifth of 2 s
        (5.08, 5.28, 64, 64),  # both within 100 ms
        (6.00, 6.20, 66, 64),  # another key
    )
    scores = score_notes(truth, found)
    assert (scores.onset_50.hits, scores.onset_100.hits) == (2, 3)
    assert (scores.offset_50.hits, scores.offset_100.hits) == (1, 2)
    assert scores.offset_ratio.hits == 2
    assert scores.onset_50.f1 == pytest.approx(2 * 2 / 8)


def test_two_notes_heard_for_one_are_one_hit_and_one_too_many() -> None:
    scores = score_notes(notes((1.0, 2.0, 60, 64)), notes((0.97, 1.2, 60, 64), (1.03, 2.0, 60, 64)))
    assert (scores.onset_50.hits, scores.onset_50.found) == (1, 2)
    assert scores.onset_50.precision == 0.5


def test_as_many_pairs_as_possible_are_made() -> None:
    truth = notes((1.00, 1.01, 60, 64), (1.04, 1.05, 60, 64))
    found = notes((0.96, 1.01, 60, 64), (1.01, 1.05, 60, 64))  # the second could be either
    assert len(match(truth, found, onset_s=0.05)) == 2


def test_a_constant_lag_is_found_and_taken_out() -> None:
    scores = score_transcription(melody(), melody(late_s=0.07))
    assert scores.lag_s == pytest.approx(0.07, abs=1e-6)
    assert (scores.raw.onset_50.f1, scores.raw.onset_100.f1) == (0.0, 1.0)
    assert scores.aligned.onset_50.f1 == scores.aligned.offset_50.f1 == 1.0


def test_lag_is_not_fooled_by_notes_that_are_missing_or_too_many() -> None:
    found = melody(late_s=-0.04)
    kept = [(a, b, int(p), 64.0) for (a, b), p in zip(found.intervals_s, found.pitches, strict=True)][::2]
    assert constant_lag_s(
        melody(), notes(*kept, *((i * 0.37, i * 0.37 + 0.1, 61, 64.0) for i in range(15)))
    ) == (pytest.approx(-0.04, abs=0.004))


def test_lag_of_almost_nothing_is_none() -> None:
    assert constant_lag_s(melody(3), melody(3, late_s=0.05)) == 0.0
    assert constant_lag_s(melody(0), melody(0)) == 0.0


def test_repeats_and_short_notes_are_counted_apart() -> None:
    truth = notes(
        (1.0, 1.1, 60, 64),  # short
        (1.2, 1.5, 60, 64),  # 100 ms after the release, 200 ms after the press: a repeat of one kind
        (3.0, 3.05, 60, 64),  # short, no repeat
        (3.12, 3.4, 60, 64),  # 120 ms after the press: a repeat of both kinds
        (3.15, 3.5, 61, 64),  # another key
    )
    found = notes((1.0, 1.5, 60, 64), (3.0, 3.05, 60, 64), (3.12, 3.4, 60, 64))
    scores = score_transcription(truth, found)
    assert (scores.after_release.found, scores.after_release.true) == (1, 2)
    assert (scores.after_press.found, scores.after_press.true) == (1, 1)
    assert (scores.short.found, scores.short.true) == (2, 2)


def test_false_notes_where_nobody_plays() -> None:
    scores = score_transcription(notes(), melody(3), duration_s=90.0)
    assert scores.false_per_minute == pytest.approx(2.0)
    assert scores.raw.onset_50.f1 == 0.0
    assert math.isnan(scores.short.value)


def test_silence_heard_as_silence() -> None:
    scores = score_transcription(notes(), notes(), duration_s=60.0)
    assert (scores.false_per_minute, scores.raw.onset_50.f1, scores.frames.exact["all"].f1) == (0.0, 1.0, 1.0)


def test_velocity_counts_only_where_the_truth_varies() -> None:
    truth = notes((1, 2, 60, 40), (2, 3, 61, 60), (3, 4, 62, 80))
    found = notes((1, 2, 60, 50), (2, 3, 61, 60), (3, 4, 62, 70), (9, 10, 62, 1))
    velocity = score_transcription(truth, found).velocity
    assert velocity is not None
    assert velocity.correlation == pytest.approx(1.0)
    assert velocity.error == pytest.approx(20 / 3)
    assert score_transcription(melody(), melody()).velocity is None
    assert score_transcription(notes((1, 2, 60, math.nan)), found).velocity is None


def test_frames_by_hand() -> None:
    truth = notes((0.1, 0.5, 60, 64), (0.1, 0.3, 61, 64))
    found = notes((0.2, 0.5, 60, 64))
    times_s = np.arange(10) * 0.1 + 0.05
    frames = score_frames(truth, found, times_s=times_s, edge_s=0.06)
    assert (frames.exact["white"].hits, frames.exact["white"].found, frames.exact["white"].true) == (3, 3, 4)
    assert (frames.exact["black"].hits, frames.exact["black"].found, frames.exact["black"].true) == (0, 0, 2)
    assert frames.exact["all"].f1 == pytest.approx(2 * 3 / (3 + 6))
    # of the white key's frames, those at .15 and .45 lie beside its changes; of the black one's, both do
    assert (frames.tolerant["all"].hits, frames.tolerant["all"].found, frames.tolerant["all"].true) == (
        2,
        2,
        2,
    )


def test_held_begins_with_the_onset_and_stops_before_the_offset() -> None:
    moments = np.array([0.0, 0.1, 0.2, 0.3])
    assert held(np.array([[0.1, 0.3]]), moments).tolist() == [False, True, True, False]
    assert near(np.array([0.15]), moments, 0.05).tolist() == [False, True, True, False]


def test_scores_of_a_score_are_in_seconds_and_its_drums_do_not_count() -> None:
    piano = Part("Piano", 0, (Note(2, 3, 48, 70),))
    drums = Part("Drums", 0, (Note(0, 1, 36, 70),), is_drum=True)
    found = Notes.from_score(Score((piano, drums), end=4.0), transpose=12)
    assert found.intervals_s.tolist() == [[1.0, 1.5]]
    assert found.pitches.tolist() == [60]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9), st.integers(58, 62)), max_size=25))
def test_a_transcription_is_perfect_against_itself(drawn: list[tuple[int, int, int]]) -> None:
    rows = {(onset, pitch): (onset, onset + length / 10, pitch, 64.0) for onset, length, pitch in drawn}
    same = notes(*rows.values())
    scores = score_transcription(same, same)
    assert scores.lag_s == 0.0
    for rule in (scores.raw.onset_50, scores.raw.offset_50, scores.raw.offset_ratio):
        assert rule.hits == len(same)
    assert scores.frames.exact["all"].f1 == 1.0
    assert scores.false_per_minute == 0.0


def test_notes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        notes((2.0, 1.0, 60, 64))
    with pytest.raises(ValueError, match="shape"):
        Notes(intervals_s=np.zeros((2, 2)), pitches=np.zeros(1, dtype=np.int64))


def test_the_table_has_means_with_intervals_and_leaves_out_what_is_not_known() -> None:
    good, bad = (values(score_transcription(melody(), melody(late_s=late))) for late in (0.0, 0.07))
    overall = means([good, bad])
    assert overall["onset50"].mean == pytest.approx(0.5)
    assert (overall["onset50"].low, overall["onset50"].high) == (0.0, 1.0)
    assert overall["vel_corr"].count == 0
    lines = table({"good": good, "bad": bad}).splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["good", "bad", "mean"]
    assert all(name in lines[0] for name in COLUMNS)
    assert lines[3].split()[1] == "50.0"
