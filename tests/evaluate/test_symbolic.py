"""The measures against values worked by hand and against those of known music."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import pytest

from photoplayer.evaluate.controls import (
    BARS,
    one_note,
    random_chromatic,
    random_in_c,
    scale_loop,
    shuffled_bars,
)
from photoplayer.evaluate.distance import COMPARED, distance, floor_distance, values
from photoplayer.evaluate.symbolic import (
    groove_consistency,
    measure,
    parts_per_bar,
    pitch_class_entropy,
    polyphony,
    scale_consistency,
)
from photoplayer.music.score import MeterChange, Note, Part, Score
from photoplayer.music.theory import Meter


def line(*pitches: int, length: float = 1.0) -> tuple[Note, ...]:
    return tuple(Note(i * length, (i + 1) * length, pitch, 80) for i, pitch in enumerate(pitches))


def test_entropy_by_hand() -> None:
    assert pitch_class_entropy(line(60, 72, 48)) == 0
    assert pitch_class_entropy(line(60, 62)) == pytest.approx(1)
    # Shares 1/2, 1/4, 1/4.
    assert pitch_class_entropy(line(60, 60, 62, 64)) == pytest.approx(1.5)
    assert pitch_class_entropy(line(*range(60, 72))) == pytest.approx(math.log2(12))


def test_scale_consistency_by_hand() -> None:
    assert scale_consistency(line(60, 62, 64, 65, 67, 69, 71)) == 1
    # G sharp is outside the scale of the other seven, and no other scale holds more.
    assert scale_consistency(line(60, 62, 64, 65, 67, 69, 71, 68)) == pytest.approx(7 / 8)
    assert scale_consistency(line(*range(60, 72))) == pytest.approx(7 / 12)


def test_groove_by_hand() -> None:
    # Bar 1 has onsets on 4 beats, bar 2 on 2 of them: they differ in 2 of 16 positions.
    notes = (*line(60, 60, 60, 60), Note(4, 5, 60, 80), Note(6, 7, 60, 80))
    assert groove_consistency(Score((Part("P", 0, notes),), 8.0)) == pytest.approx(1 - 2 / 16)


def test_groove_counts_drums_and_the_meters_own_positions() -> None:
    drums = Part(
        "Kit", 0, (Note(0, 0.25, 36, 80), Note(3, 3.25, 36, 80), Note(4, 4.25, 36, 80)), is_drum=True
    )
    waltz = Score((drums,), 6.0, meters=(MeterChange(0, Meter(3, 4)),))
    # Onsets of two bars of twelve positions: {0} and {0, 4}.
    assert groove_consistency(waltz) == pytest.approx(1 - 1 / 12)
    jig = replace(waltz, meters=(MeterChange(0, Meter(6, 8)),))
    assert groove_consistency(jig) == groove_consistency(waltz)


def test_bars_of_different_length_are_not_compared() -> None:
    notes = (Note(0, 1, 60, 80), Note(4.5, 5, 60, 80))
    meters = (MeterChange(0, Meter(4, 4)), MeterChange(4, Meter(3, 4)))
    assert groove_consistency(Score((Part("P", 0, notes),), 7.0, meters=meters)) == 1


def test_a_silent_end_is_not_a_groove() -> None:
    score = Score((Part("P", 0, (Note(0, 1, 60, 80), Note(4, 5, 60, 80))),), 40.0)
    assert groove_consistency(score) == 1


def test_polyphony_by_hand() -> None:
    # Two pitches for one quarter, one for the next, silence after.
    notes = [Note(0, 2, 60, 80), Note(0, 1, 64, 80), Note(9, 10, 60, 80)]
    assert polyphony(notes) == pytest.approx((4 * 2 + 4 * 1 + 4 * 1) / 12)
    # The same pitch twice is one.
    assert polyphony([Note(0, 1, 60, 80), Note(0, 1, 60, 90)]) == 1


def test_parts_per_bar_by_hand() -> None:
    pad = Part("Pad", 88, (Note(0, 8, 60, 80),))
    lead = Part("Lead", 80, (Note(4, 5, 72, 80),))
    assert parts_per_bar(Score((pad, lead), 8.0)) == pytest.approx(1.5)


def test_the_controls_have_the_values_of_the_literature() -> None:
    scale = measure(scale_loop(Random(0)))
    assert scale.pitch_class_entropy == pytest.approx(2.75, abs=0.001)
    assert (scale.scale_consistency, scale.polyphony, scale.pitches_used) == (1, 1, 8)
    assert measure(one_note(Random(0))).pitch_class_entropy == 0
    white, black = measure(random_in_c(Random(0))), measure(random_chromatic(Random(0)))
    assert white.pitch_class_entropy == pytest.approx(2.80, abs=0.03)
    assert white.groove_consistency == pytest.approx(0.5, abs=0.03)
    assert black.pitch_class_entropy == pytest.approx(3.57, abs=0.03)
    assert black.scale_consistency == pytest.approx(0.61, abs=0.04)
    assert black.polyphony == pytest.approx(3.0, abs=0.3)


def test_shuffling_bars_keeps_pitches_and_breaks_order() -> None:
    tune = random_in_c(Random(1))
    shuffled = shuffled_bars(tune, Random(2))
    assert sorted(n.pitch for n in shuffled.notes()) == sorted(n.pitch for n in tune.notes())
    assert shuffled.parts != tune.parts
    assert shuffled.end == BARS * 4


def test_a_score_of_drums_has_no_measures() -> None:
    drums = Part("Kit", 0, (Note(0, 1, 36, 80),), is_drum=True)
    with pytest.raises(ValueError, match="pitched"):
        measure(Score((drums,), 4.0))


def test_distance_by_hand() -> None:
    base = measure(scale_loop(Random(0)))
    real = [replace(base, polyphony=value) for value in (1.0, 3.0)]  # mean 2, standard deviation 1
    ours = [replace(base, polyphony=4.0)]
    assert distance(ours, real, names=["polyphony"]).total == pytest.approx(2)
    assert distance(real, real).total == 0
    assert floor_distance(real, names=["polyphony"]).total == pytest.approx(2)


def test_distance_names_what_it_lacks() -> None:
    piece = measure(scale_loop(Random(0)))
    with pytest.raises(ValueError, match="at least two"):
        distance([piece], [piece])
    with pytest.raises(ValueError, match="not a measure"):
        values([piece], "beauty")
    assert set(COMPARED) <= set(piece.__slots__)
