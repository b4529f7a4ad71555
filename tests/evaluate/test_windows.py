"""A window's measures on music whose numbers are known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from photoplayer.evaluate.windows import measure_window, measure_windows, syncopation
from photoplayer.music.score import Note, Part, Score, TempoChange, TempoMap
from photoplayer.music.theory import Key

C_MAJOR = (60, 62, 64, 65, 67, 69, 71, 72)


def scale(bars: int, *, shift: int = 0) -> Part:
    """A major scale in eighths, one a bar."""
    notes = (
        Note(4 * bar + i / 2, 4 * bar + (i + 1) / 2, pitch + shift, 80)
        for bar in range(bars)
        for i, pitch in enumerate((*C_MAJOR[:7], C_MAJOR[0]))
    )
    return Part("scale", 0, tuple(notes))


def drums(bars: int) -> Part:
    return Part("drums", 0, tuple(Note(q, q + 0.1, 36, 100) for q in range(4 * bars)), is_drum=True)


def test_a_scale_with_drums_at_a_known_tempo() -> None:
    score = Score((scale(4), drums(4)), 16.0, TempoMap((TempoChange(0.0, 90.0),)))
    (found,) = measure_windows(score, bars_each=4)
    assert (found.bpm, found.notes_per_bar, found.drums_per_bar, found.parts) == (pytest.approx(90), 12, 4, 2)
    assert found.key == Key(0, "major") and found.mode == "major" and found.brightness > 0
    assert found.register == pytest.approx(np.mean((*C_MAJOR[:7], 60)))
    assert found.energy == "low" and found.syncopation == 0


def test_windows_begin_at_every_bar_and_know_their_own_tempo() -> None:
    score = Score((scale(6),), 24.0, TempoMap((TempoChange(0.0, 60.0), TempoChange(12.0, 120.0))))
    found = measure_windows(score, bars_each=3)
    assert [each.first_bar for each in found] == [0, 1, 2, 3]
    assert found[0].bpm == pytest.approx(60) and found[3].bpm == pytest.approx(120)
    assert measure_window(score, 3, 3) == found[3]
    assert measure_window(score, 4, 3) is None and measure_window(score, -1, 3) is None


@pytest.mark.parametrize(("parts", "energy"), [(5, "low"), (6, "medium"), (9, "medium"), (10, "high")])
def test_energy_is_the_number_of_sounding_parts(parts: int, energy: str) -> None:
    score = Score(tuple(replace(scale(2), name=str(i)) for i in range(parts)), 8.0)
    found = measure_window(score, 0, 2)
    assert found is not None and found.energy == energy


def test_drums_alone_are_no_window() -> None:
    assert measure_windows(Score((drums(4),), 16.0), bars_each=4) == []


def test_syncopation_counts_onsets_that_anticipate_silence() -> None:
    assert syncopation(np.array([0.0, 1.0, 2.0, 3.0]), 4.0) == 0
    assert syncopation(np.array([0.5, 1.5, 2.5]), 4.0) == 1  # every quarter after them is empty
    assert syncopation(np.array([0.5, 1.5, 2.5]), 3.0) == pytest.approx(2 / 3)
    assert syncopation(np.array([0.0, 0.25, 1.0, 1.75, 2.0]), 4.0) == pytest.approx(1 / 5)
