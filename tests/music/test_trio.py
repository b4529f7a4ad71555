"""What is encoded comes back: notes, drums, bars and programs; a trio that is none is refused."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.music.score import MeterChange, Note, Part, Score
from photoplayer.music.theory import Meter
from photoplayer.music.trio import (
    DRUMS,
    FIRST_PITCH,
    HIGHEST,
    LINE_TOKENS,
    LOWEST,
    NOTE_OFF,
    STEPS_PER_BAR,
    Trio,
    decode_drums,
    decode_line,
    encode_drums,
    encode_line,
    held,
    home_shift,
    to_score,
    transposed,
)
from photoplayer.music.trio_find import find_trios, whole_trio


@st.composite
def lines(draw: st.DrawFn, bars: int = 2) -> tuple[Note, ...]:
    """One note at a time on the grid, with rests."""
    borders = sorted(draw(st.sets(st.integers(0, bars * STEPS_PER_BAR), min_size=2, max_size=20)))
    notes = []
    for first, after in pairwise(borders):
        if draw(st.booleans()):
            notes.append(Note(first / 4, after / 4, draw(st.integers(LOWEST, HIGHEST)), 80))
    return tuple(notes)


@given(lines())
def test_a_line_comes_back_note_by_note(notes: tuple[Note, ...]) -> None:
    assert decode_line(encode_line(notes, start=0.0, bars=2)) == notes


@given(lines(), st.floats(0, 100).map(lambda x: round(x * 960) / 960))
def test_a_line_is_told_from_where_its_bars_begin(notes: tuple[Note, ...], start: float) -> None:
    moved = [Note(n.onset + start, n.offset + start, n.pitch, 80) for n in notes]
    assert np.array_equal(encode_line(moved, start=start, bars=2), encode_line(notes, start=0.0, bars=2))


@given(st.lists(st.integers(0, (1 << len(DRUMS)) - 1), min_size=16, max_size=16))
def test_drums_come_back_class_by_class(tokens: list[int]) -> None:
    assert encode_drums(decode_drums(tokens), start=0.0, bars=1).tolist() == tokens


@given(st.lists(st.integers(0, LINE_TOKENS - 1), min_size=1, max_size=40), st.integers(-40, 40))
def test_transposing_keeps_pitch_classes_and_all_that_is_no_pitch(tokens: list[int], by: int) -> None:
    line = np.array(tokens, np.uint8)
    moved = transposed(line, by)
    is_pitch = line >= FIRST_PITCH
    assert np.array_equal(moved[~is_pitch], line[~is_pitch])
    assert ((moved[is_pitch].astype(int) - line[is_pitch] - by) % 12 == 0).all()
    assert (moved[is_pitch] >= FIRST_PITCH).all() and (moved < LINE_TOKENS).all()


def test_chords_give_their_highest_note_and_short_notes_a_step() -> None:
    chord = (Note(0, 1, 60, 80), Note(0, 1, 67, 80), Note(1, 1.05, 72, 80))
    tokens = encode_line(chord, start=0.0, bars=1)
    assert [(n.onset, n.offset, n.pitch) for n in decode_line(tokens)] == [(0, 1, 67), (1, 1.25, 72)]
    assert tokens[5] == NOTE_OFF


@pytest.mark.parametrize("tonic", range(12))
def test_every_key_finds_the_nearest_way_home(tonic: int) -> None:
    notes = [
        Note(i / 2, i / 2 + 0.5, 60 + tonic + step, 80) for i, step in enumerate((0, 4, 7, 0, 2, 4, 5, 7))
    ]
    line = encode_line(notes, start=0.0, bars=1)
    shift = home_shift(Trio(line, line, np.zeros(16, np.uint16)))
    assert (tonic + shift) % 12 == 0 and -5 <= shift <= 6


def band(*, bars: int = 8, melody: int = 48) -> Score:
    """Strings over a bass and a drum, in 4/4 after two bars of 3/4."""
    start = 6.0
    parts = (
        Part("tune", melody, tuple(Note(start + q, start + q + 1, 60 + q % 7, 80) for q in range(4 * bars))),
        Part("bass", 33, tuple(Note(start + 4 * b, start + 4 * b + 3, 40, 80) for b in range(bars))),
        Part(
            "kit", 0, tuple(Note(start + q, start + q + 0.1, 36, 80) for q in range(4 * bars)), is_drum=True
        ),
    )
    return Score(
        parts, start + 4 * bars, meters=(MeterChange(0, Meter(3, 4)), MeterChange(start, Meter(4, 4)))
    )


def test_trios_are_found_where_the_meter_is_and_keep_their_programs() -> None:
    found = list(find_trios(band(), bars_each=4))
    assert [first for first, _ in found] == [2, 3, 4, 5, 6]
    trio = found[0][1]
    assert (trio.bars, trio.melody_program, trio.bass_program) == (4, 48, 33)
    back = to_score(trio)
    assert [note.pitch for note in back.parts[0].notes] == [60 + q % 7 for q in range(16)]
    assert back.end == 16 and len(back.parts[2].notes) == 16


def test_a_part_of_another_kind_is_no_melody_and_a_long_silence_no_trio() -> None:
    assert not list(find_trios(band(melody=98), bars_each=4))
    score = band(bars=12)
    holes = tuple(n for n in score.parts[1].notes if not 18 <= n.onset < 38)  # five bars without a bass
    silent = Score((score.parts[0], Part("bass", 33, holes), score.parts[2]), score.end, meters=score.meters)
    assert [first for first, _ in find_trios(silent, bars_each=4, gap=1)] == [2, 9, 10]


def test_a_whole_piece_is_a_trio_even_where_something_is_missing() -> None:
    whole = whole_trio(band(bars=12))
    assert whole is not None and (whole.bars, whole.melody_program, whole.bass_program) == (12, 48, 33)
    score = band()
    tune = whole_trio(Score((score.parts[0],), score.end, meters=score.meters))
    assert tune is not None and tune.melody.any() and not tune.bass.any() and not tune.drums.any()
    assert whole_trio(Score((score.parts[2],), score.end)) is None
    waltz = Score(score.parts, 6.0, meters=(MeterChange(0, Meter(3, 4)),))
    assert whole_trio(waltz) is None


def test_lines_of_other_lengths_or_tokens_are_no_trio() -> None:
    good, long = np.zeros(16, np.uint8), np.zeros(32, np.uint8)
    with pytest.raises(ValueError, match="whole bars"):
        Trio(good, long, good)
    with pytest.raises(ValueError, match="token"):
        Trio(good + LINE_TOKENS, good, good)


@given(lines())
def test_what_sounds_is_what_the_notes_say(notes: tuple[Note, ...]) -> None:
    sounds = held(encode_line(notes, start=0.0, bars=2))
    at = {step: note.pitch for note in notes for step in range(round(4 * note.onset), round(4 * note.offset))}
    assert sounds.tolist() == [at.get(step, -1) for step in range(2 * STEPS_PER_BAR)]
