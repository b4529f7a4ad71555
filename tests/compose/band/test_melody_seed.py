"""Somebody's tune as a theme: key, grid, phrases, and that one still hears it."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from melody_cases import (
    BIRTHDAY,
    GREENSLEEVES,
    HIGH,
    LOW,
    ODE,
    TWINKLE,
    WASHERWOMAN,
    make_phrases,
    make_section,
    make_spans,
    moves,
    tune,
)

from photoplayer.compose.band.melody import lead
from photoplayer.compose.band.melody_meter import find_meter
from photoplayer.compose.band.melody_seed import find_key, theme_from
from photoplayer.compose.band.melody_styles import MELODY_STYLES
from photoplayer.compose.band.motif import develop
from photoplayer.compose.band.theme import BEAT, legal
from photoplayer.errors import InputError
from photoplayer.music.score import Note
from photoplayer.music.theory import Key, Meter

FOUR, THREE, SIX = Meter(4, 4), Meter(3, 4), Meter(6, 8)


def sing(
    melody: tuple[Note, ...], meter: Meter, key: Key, *, into: Meter | None = None, bars: int = 12
) -> tuple[Note, ...]:
    section = make_section(bars=bars, meter=into or meter, key=key)
    phrases = make_phrases(bars)
    return lead(
        section,
        phrases,
        make_spans(section, phrases),
        theme=theme_from(melody, meter=meter),
        style=MELODY_STYLES["village"],
        low=LOW,
        high=HIGH,
        seed=1,
        path=(),
    )


@pytest.mark.parametrize(
    ("melody", "key"), [(TWINKLE, Key(0)), (ODE, Key(0)), (GREENSLEEVES, Key(9, "minor"))]
)
def test_keys_of_known_tunes_in_every_transposition(melody: tuple[Note, ...], key: Key) -> None:
    for shift in range(-5, 7):
        moved = [replace(note, pitch=note.pitch + shift) for note in melody]
        assert find_key(moved) == Key((key.tonic + shift) % 12, key.mode)


@pytest.mark.parametrize(
    ("melody", "meter"),
    [(TWINKLE, FOUR), (ODE, FOUR), (GREENSLEEVES, THREE), (WASHERWOMAN, SIX), (BIRTHDAY, THREE)],
    ids=["twinkle", "ode", "greensleeves", "washerwoman", "birthday"],
)
def test_meters_of_known_tunes(melody: tuple[Note, ...], meter: Meter) -> None:
    assert find_meter(melody) == meter
    assert theme_from(melody).meter == meter


def test_too_few_notes_are_in_common_time() -> None:
    assert find_meter(()) == find_meter(ODE[:2]) == FOUR


def test_a_modal_scale_and_no_notes_at_all() -> None:
    dorian = tune("d4:2 e4:1 f4:1 g4:1 a4:2 b4:1 a4:2 g4:1 f4:1 e4:1 d4:4")
    assert find_key(dorian) == Key(2, "dorian")
    assert find_key(()) == Key(0)


@pytest.mark.parametrize("key", [Key(0), Key(2), Key(9), Key(5)], ids=str)
@pytest.mark.parametrize("melody", [TWINKLE, ODE], ids=["twinkle", "ode"])
def test_the_first_statement_is_the_tune(melody: tuple[Note, ...], key: Key) -> None:
    bars = round(melody[-1].offset / 4)
    sung = sing(melody, FOUR, key, bars=bars)
    wanted, heard = moves(melody), moves(sung)
    cut = len([note for note in melody if note.onset < (bars - 1) * 4]) - 1
    same = sum(a == b for a, b in zip(wanted[:cut], heard, strict=False))
    assert same >= 0.9 * cut
    assert [note.onset for note in sung[:cut]] == [note.onset for note in melody[:cut]]


def test_a_later_statement_is_the_tune_with_more_to_it() -> None:
    section = make_section(bars=8, key=Key(10))
    phrases = make_phrases(8)
    later = [
        lead(
            section,
            phrases,
            make_spans(section, phrases),
            theme=theme_from(ODE),
            style=MELODY_STYLES["village"],
            low=LOW,
            high=HIGH,
            statement=statement,
            seed=1,
            path=(),
        )
        for statement in (0, 1)
    ]
    first, again = ({(note.onset, note.pitch) for note in notes if note.onset < 12} for notes in later)
    assert len(first & again) >= 0.8 * len(first)
    assert len(again) > len(first)


def test_a_minor_tune_in_major_keeps_its_steps_and_its_leading_tones() -> None:
    sung = sing(GREENSLEEVES, THREE, Key(9), bars=16)
    assert [n.pitch % 12 for n in sung[:4]] == [1, 2, 4, 6]
    assert {note.pitch % 12 for note in sung} <= set(Key(9).pitch_classes)


def test_a_minor_tune_in_its_own_mode_keeps_the_raised_seventh() -> None:
    sung = sing(GREENSLEEVES, THREE, Key(9, "minor"), bars=16)
    assert 8 in {note.pitch % 12 for note in sung}


def test_a_tune_goes_into_other_meters_whole() -> None:
    for into in (THREE, SIX, Meter(2, 4), Meter(5, 4)):
        sung = sing(ODE, FOUR, Key(0), into=into, bars=8)
        steps = moves(sung)[:12]
        wanted = moves(ODE)[:12]
        assert sum(a == b for a, b in zip(steps, wanted, strict=True)) >= 9


def test_played_by_hand_it_is_read_as_written() -> None:
    rng = random.Random(4)
    for _ in range(10):
        by_hand = [
            replace(
                note,
                onset=max(note.onset + rng.uniform(-0.06, 0.06), 0),
                offset=note.offset + rng.uniform(-0.1, 0.1),
            )
            for note in ODE
        ]
        read, written = (theme_from(tuple(t), meter=FOUR, key=Key(0)) for t in (by_hand, ODE))
        for line, expected in zip(read.lines, written.lines, strict=True):
            assert line.tones[:-1] == expected.tones[:-1]


def test_chords_under_the_tune_are_left_out() -> None:
    chords = [Note(bar * 4.0, bar * 4 + 3.9, pitch, 70) for bar in range(8) for pitch in (48, 52, 55)]
    assert theme_from((*ODE, *chords), meter=FOUR, key=Key(0)) == theme_from(ODE, meter=FOUR, key=Key(0))


def test_phrases_are_found_and_alike_ones_share_a_letter() -> None:
    lines = theme_from(ODE, meter=FOUR).lines
    assert [(line.letter, line.bars) for line in lines] == [("A", 4), ("A", 4)]
    lines = theme_from(GREENSLEEVES, meter=THREE).lines
    assert [line.letter for line in lines][:3] == ["A", "B", "A"]


def test_an_upbeat_stands_before_the_first_bar() -> None:
    theme = theme_from(GREENSLEEVES, meter=THREE)
    assert [tone.onset for tone in theme.lines[0].tones[:2]] == [-BEAT, 0]


def test_a_tune_shorter_than_the_section_goes_round() -> None:
    sung = sing(tune("c4:1 e4:1 g4:2"), FOUR, Key(0), bars=8)
    by_bar = [[n.onset % 4 for n in sung if n.onset // 4 == bar] for bar in range(7)]
    assert by_bar == [[0, 1, 2]] * 7


def test_one_note_is_a_tune() -> None:
    sung = sing((Note(0, 1, 64, 90),), FOUR, Key(0), bars=5)
    assert sung[0].onset == 0
    assert sung[-1].pitch % 12 == 0


def test_no_notes_are_none() -> None:
    with pytest.raises(InputError, match="no notes"):
        theme_from((), meter=FOUR)


note_lists = st.lists(
    st.builds(
        lambda onset, length, pitch: Note(onset, onset + length, pitch, 80),
        st.floats(0, 200),
        st.floats(0.01, 40),
        st.integers(0, 127),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(notes=note_lists, meter=st.sampled_from((FOUR, THREE, SIX, Meter(7, 8))), bars=st.integers(1, 9))
def test_any_notes_make_a_theme_that_can_be_sung(notes: list[Note], meter: Meter, bars: int) -> None:
    theme = theme_from(tuple(notes), meter=meter)
    assert theme.literal
    again = develop(theme, degree_of_change=0.6, style=MELODY_STYLES["boss"], seed=bars, path=())
    assert all(legal(line.tones) == line.tones for line in (*theme.lines, *again.lines))
    sung = sing(tuple(notes), meter, Key(3, "dorian"), bars=bars)
    assert all(LOW <= note.pitch <= HIGH for note in sung)
    assert all(a.offset <= b.onset + 1e-9 for a, b in itertools.pairwise(sung))
