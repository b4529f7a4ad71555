"""One line out of many notes, and bars through changes of meter."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.music.bars import bars
from photoplayer.music.melody import find_melody, skyline
from photoplayer.music.score import MeterChange, Note, Part, Score
from photoplayer.music.theory import Meter


def test_skyline_takes_the_top_and_cuts_what_the_next_note_ends() -> None:
    notes = [
        Note(0, 2, 60, 80),
        Note(0, 2, 72, 80),
        Note(1, 3, 74, 80),
        Note(1.5, 2, 50, 80),
        Note(3, 4, 40, 80),
    ]
    assert [(n.onset, n.offset, n.pitch) for n in skyline(notes)] == [(0, 1, 72), (1, 3, 74), (3, 4, 40)]


def test_a_rolled_chord_is_one_note() -> None:
    rolled = [Note(0, 1, 60, 80), Note(0.02, 1, 64, 80), Note(0.04, 1, 67, 80)]
    assert skyline(rolled) == (Note(0, 1, 67, 80),)


NOTES = st.lists(
    st.builds(
        lambda onset, size, pitch: Note(onset / 8, (onset + size) / 8, pitch, 80),
        st.integers(0, 60),
        st.integers(1, 30),
        st.integers(40, 90),
    ),
    max_size=30,
)


@given(NOTES)
def test_a_skyline_is_one_voice_and_its_own_skyline(notes: list[Note]) -> None:
    line = skyline(notes)
    assert all(a.offset <= b.onset for a, b in pairwise(line))
    assert skyline(line) == line
    assert bool(line) == bool(notes)


def test_a_score_of_drums_has_no_melody() -> None:
    drums = Part("Kit", 0, (Note(0, 1, 36, 80),), is_drum=True)
    with pytest.raises(ValueError, match="no melody"):
        find_melody(Score((drums,), 4.0))


def test_a_name_decides_between_equals() -> None:
    notes = tuple(Note(i, i + 1, 70 + i % 5, 80) for i in range(8))
    parts = (Part("Strings", 48, notes), Part("Lead", 48, notes))
    assert find_melody(Score(parts, 8.0)).name == "Lead"


def test_bars_follow_the_meters() -> None:
    meters = (MeterChange(0, Meter(4, 4)), MeterChange(6, Meter(6, 8)))
    found = [(bar.start, bar.end, str(bar.meter)) for bar in bars(Score((), 10.0, meters=meters))]
    assert found == [(0, 4, "4/4"), (4, 6, "4/4"), (6, 9, "6/8"), (9, 10, "6/8")]
