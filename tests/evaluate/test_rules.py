"""Planted faults are counted, and music without them is not blamed."""

from __future__ import annotations

import io

import mido
import pytest

from photoplayer.evaluate.rules import (
    Faults,
    Rate,
    empty_bars,
    find_faults,
    out_of_key_notes,
    out_of_range_notes,
    parallel_moves,
    stuck_notes,
    unended_notes,
)
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.score import KeyChange, MeterChange, Note, Part, Score
from photoplayer.music.theory import Key, Meter

IN_C = (KeyChange(0, Key(0)),)
IN_A_MINOR = (KeyChange(0, Key(9, "minor")),)


def line(*pitches: int, length: float = 1.0) -> tuple[Note, ...]:
    return tuple(Note(i * length, (i + 1) * length, pitch, 80) for i, pitch in enumerate(pitches))


def score(notes: tuple[Note, ...], *, program: int = 0, end: float = 16.0, **kwargs: object) -> Score:
    return Score((Part("P", program, notes),), end, **kwargs)  # type: ignore[arg-type]


def test_a_leap_to_a_foreign_note_is_out_of_key() -> None:
    assert out_of_key_notes(score(line(60, 66, 60), keys=IN_C)) == Rate(1, 3)


def test_passing_and_neighbour_tones_are_excused() -> None:
    assert out_of_key_notes(score(line(60, 61, 62), keys=IN_C)) == Rate(0, 3)
    assert out_of_key_notes(score(line(67, 66, 67), keys=IN_C)) == Rate(0, 3)


def test_a_long_one_or_one_left_by_leap_is_not() -> None:
    assert out_of_key_notes(score(line(60, 61, 62, length=2.0), keys=IN_C)) == Rate(1, 3)
    assert out_of_key_notes(score(line(60, 61, 65), keys=IN_C)) == Rate(1, 3)
    assert out_of_key_notes(score(line(61, 62, 64), keys=IN_C)) == Rate(1, 3)


def test_raised_sixth_and_seventh_belong_to_minor_only() -> None:
    assert out_of_key_notes(score(line(69, 66, 68, 69), keys=IN_A_MINOR)) == Rate(0, 4)
    assert out_of_key_notes(score(line(69, 64, 68, 64), keys=IN_C)) == Rate(1, 4)


def test_keys_change_where_they_say() -> None:
    keys = (KeyChange(0, Key(0)), KeyChange(2, Key(6)))
    assert out_of_key_notes(score(line(60, 67, 66, 73), keys=keys)) == Rate(0, 4)
    assert out_of_key_notes(score(line(66, 73, 60, 67), keys=keys)).count == 4


def test_without_a_key_the_best_scale_judges() -> None:
    assert out_of_key_notes(score(line(62, 64, 66, 67, 69, 71, 73, 65))) == Rate(1, 8)


def test_parallel_fifths_and_octaves() -> None:
    assert parallel_moves(line(67, 69, 71), line(48, 50, 52), 7) == Rate(2, 2)
    assert parallel_moves(line(60, 62), line(36, 38), 0) == Rate(1, 1)
    # Contrary motion, a held bass, other intervals and octave leaps of one harmony are no fault.
    assert parallel_moves(line(67, 64), line(48, 57), 7).count == 0
    assert parallel_moves(line(67, 69), line(48, 48), 7) == Rate(0, 0)
    assert parallel_moves(line(64, 65), line(48, 50), 7) == Rate(0, 1)
    assert parallel_moves(line(60, 72), line(36, 48), 0) == Rate(0, 1)


def test_lead_and_bass_are_found_by_their_layers() -> None:
    parts = (
        Part("x", 0, line(67, 69), layer="lead"),
        Part("y", 0, line(48, 50), layer="bass"),
        Part("z", 33, line(40, 41), layer="pulse"),
    )
    assert find_faults(Score(parts, 4.0)).parallel_fifths == Rate(1, 1)


def test_empty_bars_inside_but_not_around() -> None:
    notes = (Note(4, 8, 60, 80), Note(12, 13, 60, 80))
    assert empty_bars(score(notes, end=32.0)) == Rate(1, 3)
    held = (Note(4, 12, 60, 80), Note(12, 13, 60, 80))
    assert empty_bars(score(held, end=32.0)) == Rate(0, 3)
    assert empty_bars(Score((), 4.0)) == Rate()


def test_stuck_notes_by_length_and_by_the_end() -> None:
    assert stuck_notes(score((Note(0, 16, 60, 80),))) == Rate(0, 1)
    assert stuck_notes(score((Note(0, 16.5, 60, 80),), end=20.0)) == Rate(1, 1)
    assert stuck_notes(score((Note(15, 16.1, 60, 80),))) == Rate(1, 1)
    waltz = (MeterChange(0, Meter(3, 4)),)
    assert stuck_notes(score((Note(0, 13, 60, 80),), meters=waltz)) == Rate(1, 1)


def test_out_of_range() -> None:
    assert out_of_range_notes(score(line(54, 55, 103, 104), program=40)) == Rate(2, 4)
    drums = Part("Kit", 0, line(36, 81, 20), is_drum=True)
    assert out_of_range_notes(Score((drums,), 4.0)) == Rate(1, 3)


def test_unended_notes_in_bytes() -> None:
    assert unended_notes(to_bytes(score(line(60, 60, 62)))) == Rate(0, 3)
    track = mido.MidiTrack([mido.Message("note_on", note=n, time=9) for n in (60, 60, 62)])
    track.append(mido.Message("note_off", note=60, time=9))
    stream = io.BytesIO()
    mido.MidiFile(tracks=[track]).save(file=stream)
    assert unended_notes(stream.getvalue()) == Rate(2, 3)  # 60 struck again, 62 held for ever


def test_faults_add_up() -> None:
    one = Faults(out_of_key=Rate(1, 4), stuck_notes=Rate(0, 4))
    total = one + one
    assert total.out_of_key == Rate(2, 8)
    assert total.out_of_key.share == pytest.approx(0.25)
    assert Rate().share == 0
