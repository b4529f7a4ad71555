"""Pitches by name, middle C being C4."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.music.theory import parse_pitch, pitch_name


@given(st.integers(0, 127))
def test_every_name_is_read_back(pitch: int) -> None:
    assert parse_pitch(pitch_name(pitch)) == pitch


@pytest.mark.parametrize(
    ("name", "pitch"),
    [("A0", 21), ("C4", 60), ("c8", 108), ("F#3", 54), ("Cb4", 59), ("B♭1", 34), ("C-1", 0)],
)
def test_names_people_write(name: str, pitch: int) -> None:
    assert parse_pitch(name) == pitch


@pytest.mark.parametrize("text", ["", "H2", "C", "4", "C##b4", "C4.", "do"])
def test_what_is_no_pitch_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="no pitch"):
        parse_pitch(text)
