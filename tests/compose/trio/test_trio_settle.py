"""Tokens become notes of the plan: degrees stay degrees, bars get their meter, chords are heard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.compose.plan import Section
from photoplayer.compose.trio.harmony import chords_under
from photoplayer.compose.trio.settle import in_key, in_meter, octaves_to
from photoplayer.compose.trio.targets import asked_for, targets_of
from photoplayer.music.score import Note
from photoplayer.music.theory import MODES, Key, Meter
from photoplayer.music.trio import STEPS_PER_BAR
from photoplayer.music.trio_attributes import ATTRIBUTES

KEYS = st.builds(Key, st.integers(0, 11), st.sampled_from(MODES))


@given(KEYS, KEYS, st.integers(21, 108), st.booleans())
def test_a_degree_stays_a_degree(source: Key, target: Key, pitch: int, keep: bool) -> None:
    moved = in_key(pitch, source, target, keep=keep)
    assert abs(moved - pitch) <= 8
    if pitch % 12 in source.pitch_classes:
        degree = source.pitch_classes.index(pitch % 12)
        assert moved % 12 == target.pitch_classes[degree]
    elif not keep:
        assert moved % 12 in target.pitch_classes


def test_a_raised_seventh_stays_raised_where_it_passes() -> None:
    a_minor, d_minor = Key(9, "minor"), Key(2, "minor")
    assert in_key(68, a_minor, d_minor, keep=True) == 73
    assert in_key(68, a_minor, d_minor, keep=False) == 72


@pytest.mark.parametrize(("meter", "steps"), [("4/4", 16), ("3/4", 12), ("6/8", 12), ("5/4", 20), ("2/4", 8)])
def test_bars_get_the_length_of_the_meter(meter: str, steps: int) -> None:
    bars = np.arange(2 * STEPS_PER_BAR) % 90
    found = in_meter(bars, Meter.parse(meter))
    assert len(found) == 2 * steps
    assert found[: min(steps, 16)].tolist() == bars[: min(steps, 16)].tolist()
    assert found[steps] == bars[STEPS_PER_BAR]


def test_lines_move_by_octaves_to_their_players() -> None:
    assert octaves_to([36, 40], 62) == 24
    assert octaves_to([], 62) == 0


def section(key: Key, bars: int = 4, **other: object) -> Section:
    return Section("march", bars, 120.0, Meter(4, 4), key, (0.5,) * bars, **other)  # type: ignore[arg-type]


def test_the_chords_that_are_played_are_heard() -> None:
    roots = (0, 5, 7, 0)  # C F G C
    bass = [Note(4 * i, 4 * i + 4, 36 + root, 80) for i, root in enumerate(roots)]
    tune = [
        Note(4 * i + j, 4 * i + j + 1, 60 + r + (0, 4, 7, 4)[j], 80)
        for i, r in enumerate(roots)
        for j in range(4)
    ]
    spans = chords_under(tune, bass, section(Key(0)))
    assert [(span.onset, span.chord.root, span.chord.quality) for span in spans] == [
        (0, 0, ""), (4, 5, ""), (8, 7, ""), (12, 0, ""),
    ]  # fmt: skip
    assert [span.function for span in spans] == ["T", "S", "D", "T"]
    assert spans[-1].offset == 16


def test_a_single_strange_note_changes_no_chord() -> None:
    bass = [Note(0, 8, 36, 80), Note(8, 8.25, 38, 80), Note(8.25, 16, 36, 80)]
    assert [span.chord.root for span in chords_under([], bass, section(Key(0)))] == [0]


def test_targets_follow_the_scene_and_the_key() -> None:
    calm, wild = asked_for(np.array([[0.3, 0.1, 0.1], [-0.5, 0.95, 0.9]]))
    at = ATTRIBUTES.index
    assert wild[at("drums")] > calm[at("drums")] and wild[at("density")] > calm[at("density")]
    assert wild[at("register")] < calm[at("register")]
    assert np.array_equal(targets_of(section(Key(0))), targets_of(section(Key(0), tension=(0.9,) * 4))), (
        "versions of one piece at several energies have the same notes"
    )
