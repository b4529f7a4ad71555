"""Heard notes as a score, and how long held ones sound."""

from __future__ import annotations

import pytest

from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH
from photoplayer.piano.roll import HeardNote
from photoplayer.piano.sustain import fade, heard_s
from photoplayer.piano.written import LEFT, RIGHT, to_score


def test_a_second_is_two_quarters() -> None:
    score = to_score([HeardNote(1.5, 2.0, 60, 77)], hands=False, end_s=10.0)
    (part,) = score.parts
    (note,) = part.notes
    assert (part.name, part.program) == ("Piano", 0)
    assert (note.onset, note.offset, note.pitch, note.velocity) == (3.0, 4.0, 60, 77)
    assert score.duration_s == pytest.approx(10.0)


def test_hands_are_parts() -> None:
    notes = [HeardNote(1.0, 2.0, 60, 64, hand="right"), HeardNote(1.0, 2.0, 40, 64, hand="left")]
    right, left = to_score(notes, hands=True).parts
    assert (right.name, left.name) == (RIGHT, LEFT)
    assert ([n.pitch for n in right.notes], [n.pitch for n in left.notes]) == ([60], [40])


def test_a_note_ends_where_its_key_is_struck_again() -> None:
    (part,) = to_score([HeardNote(1.0, 2.1, 60, 64), HeardNote(2.0, 3.0, 60, 64)], hands=False).parts
    assert [(n.onset, n.offset) for n in part.notes] == [(2.0, 4.0), (4.0, 6.0)]


def test_no_notes_make_an_empty_score() -> None:
    assert to_score([], hands=False, end_s=3.0).duration_s == pytest.approx(3.0)


def test_held_notes_fade_and_short_ones_do_not() -> None:
    short, long = fade([HeardNote(0.0, 0.3, 60, 64), HeardNote(1.0, 30.0, 60, 64)])
    assert short.offset_s == 0.3
    assert long.offset_s == pytest.approx(1.0 + heard_s(60, 64))


def test_low_and_loud_notes_sound_longest() -> None:
    assert heard_s(60, 64) == pytest.approx(2.9, abs=0.1)
    assert heard_s(LOWEST_PITCH, 127) == pytest.approx(50 / 3)
    assert heard_s(HIGHEST_PITCH, 127) == pytest.approx(50 / 80)
    lengths = [heard_s(60, velocity) for velocity in range(1, 128)]
    assert lengths == sorted(lengths)
    assert min(lengths) >= 0.15
