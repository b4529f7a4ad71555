"""Overlap against areas worked by hand, and melody statistics of melodies that can be read at sight."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.evaluate.melody import (
    DURATION_CLASSES,
    WIDEST_INTERVAL,
    in_key_share,
    likeness,
    melody_statistics,
    pooled_likeness,
)
from photoplayer.evaluate.overlap import (
    mean_ngram_overlap,
    ngram_overlap,
    ngrams,
    overlap_area,
    relative_overlap,
    shared_mass,
)
from photoplayer.music.score import Note


def line(*pitches: int, length: float = 1.0, start: float = 0.0) -> tuple[Note, ...]:
    return tuple(
        Note(start + i * length, start + (i + 1) * length, pitch, 80) for i, pitch in enumerate(pitches)
    )


def walk(random: Random, bars: int = 16) -> tuple[Note, ...]:
    pitch, notes = 60, []
    for i in range(bars * 4):
        pitch = min(max(pitch + random.choice((-2, -1, 1, 2)), 48), 84)
        notes.append(Note(float(i), i + 1.0, pitch, 80))
    return tuple(notes)


def test_shared_mass_by_hand() -> None:
    assert shared_mass([1, 1], [1, 1]) == 1
    assert shared_mass([1, 0], [0, 3]) == 0
    # Shares 3/4, 1/4 against 1/4, 3/4: a quarter and a quarter in common.
    assert shared_mass([3, 1], [1, 3]) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="one size"):
        shared_mass([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="above 0"):
        shared_mass([0, 0], [1, 1])


def test_overlap_of_two_normal_samples_is_the_area_known_for_them() -> None:
    dice = np.random.default_rng(1)
    same = overlap_area(dice.normal(0, 1, 20000), dice.normal(0, 1, 20000))
    apart = overlap_area(dice.normal(0, 1, 20000), dice.normal(2, 1, 20000))
    assert same > 0.97
    # 2 * Phi(-1) = 0.3173; smoothing widens both by 1 %.
    assert apart == pytest.approx(0.317, abs=0.02)
    assert overlap_area(dice.normal(0, 1, 500), dice.normal(50, 1, 500)) < 1e-6
    assert overlap_area([3.0, 3.0], [3.0]) == pytest.approx(1)
    with pytest.raises(ValueError, match="at least one"):
        overlap_area([], [1.0])


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.lists(st.floats(-100, 100), min_size=1))
def test_an_overlap_is_a_share_and_has_no_sides(one: list[float], other: list[float]) -> None:
    area = overlap_area(one, other)
    assert -1e-9 <= area <= 1 + 1e-9
    assert area == pytest.approx(overlap_area(other, one), abs=1e-9)


def test_pieces_that_are_all_alike_overlap_less_than_pieces_of_the_same_kind() -> None:
    dice = np.random.default_rng(2)
    real, kin = dice.normal(0, 1, (80, 6)), dice.normal(0, 1, (80, 6))
    average, strange = np.zeros((80, 6)), dice.normal(6, 1, (80, 6))
    assert relative_overlap(kin, real) > 0.9
    assert relative_overlap(average, real) < 0.7
    assert relative_overlap(strange, real) < 0.05
    with pytest.raises(ValueError, match="three real"):
        relative_overlap(kin, real[:2])


def test_histograms_by_hand() -> None:
    found = melody_statistics(line(60, 64, 62, 86), bars=1)
    intervals = {int(i) - WIDEST_INTERVAL: float(v) for i, v in enumerate(found.intervals) if v}
    assert intervals == pytest.approx({4: 1 / 3, -2: 1 / 3, 12: 1 / 3})  # two octaves count as one
    assert found.leap[0] == pytest.approx((4 + 2 + 24) / 3)
    assert found.durations[DURATION_CLASSES.index(4)] == 1
    assert found.notes_per_bar[0] == 4
    assert found.pitch_range[0] == 26
    assert {i: float(v) for i, v in enumerate(found.pitch_classes) if v} == {0: 0.25, 2: 0.5, 4: 0.25}


def test_pitch_classes_are_counted_from_the_tonic() -> None:
    in_c, in_e = line(60, 62, 64, 60), line(64, 66, 68, 64)
    assert (
        melody_statistics(in_c, bars=1).pitch_classes
        == melody_statistics(in_e, bars=1, tonic=4).pitch_classes
    ).all()


def test_returning_bars_by_hand() -> None:
    # A B A B: bars one apart share rhythm alone, bars two apart everything.
    a, b = (60, 62, 64, 65), (67, 69, 71, 72)
    found = melody_statistics(line(*a, *b, *a, *b), bars=4)
    assert list(found.returns) == [0, 1, 0, 0]
    assert list(found.rhythm_returns) == [1, 1, 0, 0]


def test_breaths_by_hand() -> None:
    # Quarters in three bars, a whole note in the fourth: waits of 1, 1, 1 and 4.
    notes = (*line(*[60, 62] * 6), Note(12, 16, 60, 80))
    assert list(melody_statistics(notes, bars=4).breaths) == pytest.approx([1 / 7, 1 / 7, 1 / 7, 4 / 7])


def test_a_melody_needs_two_notes() -> None:
    with pytest.raises(ValueError, match="two notes"):
        melody_statistics(line(60), bars=1)


def test_the_share_in_key_is_of_major_or_minor() -> None:
    assert in_key_share(line(60, 62, 64, 65)) == 1
    assert in_key_share(line(60, 63, 68, 70)) == 1
    assert in_key_share(line(60, 64, 63, 61)) == pytest.approx(0.5)
    assert in_key_share(line(64, 66, 68, 69), tonic=4) == 1


def test_a_walk_is_like_another_walk_and_unlike_a_scale() -> None:
    random = Random(3)
    real = [melody_statistics(walk(random), bars=16) for _ in range(40)]
    kin = [melody_statistics(walk(random), bars=16) for _ in range(40)]
    scale = [melody_statistics(line(*[60, 62, 64, 65, 67, 69, 71, 72] * 8), bars=16)] * 40
    near, far = likeness(kin, real), likeness(scale, real)
    assert all(near[family] > far[family] for family in ("interval", "phrase", "mean"))
    assert near["mean"] > 0.8
    assert pooled_likeness(kin, real)["interval"] > 0.9


def test_ngrams_know_transposed_copies_and_nothing_else() -> None:
    tune = line(60, 62, 64, 65, 67, 64, 60, 72, 71, 69)
    moved = line(*[note.pitch + 5 for note in tune], start=8.0)
    other = line(60, 59, 57, 60, 64, 62, 55, 53, 52, 48, length=0.5)
    assert ngram_overlap(ngrams(tune), ngrams(moved)) == 1
    assert ngram_overlap(ngrams(tune), ngrams(other)) == 0
    assert ngram_overlap(ngrams(tune), ngrams(line(60))) == 0
    # Nine steps have five runs of five; the first five notes of another tune end share none of them.
    assert len(ngrams(tune)) == 5
    # One pair in three is a copy.
    assert mean_ngram_overlap([tune, moved, other]) == pytest.approx(1 / 3)
