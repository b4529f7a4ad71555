"""Pseudo-trios: the song's tune as it is, a bass on its chords, drums; and only songs that are free."""

from __future__ import annotations

import random
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from photoplayer.errors import InputError
from photoplayer.music.score import Note, Part
from photoplayer.music.theory import Chord
from photoplayer.train.data.song_trios import accompanied, is_usable, lead_sheets, song_scores
from photoplayer.train.data.song_writers import DIED, LAST_YEAR, is_free, writers_of
from photoplayer.train.data.songs import Song, Stretch, read_song
from photoplayer.train.data.trios import tape_of

TUNE = tuple(Note(float(q), q + 1.0, 60 + (0, 4, 7, 5)[q % 4], 80) for q in range(32))
SHEET = Stretch(4.0, 8, TUNE, chords=((0.0, Chord(0)), (8.0, Chord(5, "m")), (16.0, Chord(7, "7", 11))))


def parts(stretch: Stretch, seed: int = 1) -> tuple[Part, Part, Part]:
    melody, bass, drums = accompanied(stretch, random.Random(seed)).parts
    return melody, bass, drums


def test_a_lead_sheet_keeps_its_tune_and_gets_a_bass_on_its_chords() -> None:
    for seed in range(12):
        melody, bass, drums = parts(SHEET, seed)
        assert melody.notes == TUNE
        assert drums.is_drum and len(drums.notes) > 8
        at_once = {n.onset: n.pitch % 12 for n in bass.notes}
        assert len(at_once) > 4 and at_once.get(0.0, 0) == 0
        assert (at_once.get(8.0, 5), at_once.get(16.0, 11)) == (5, 11)


def test_a_song_with_piano_keeps_its_own_bass() -> None:
    low = (Note(0.0, 16.0, 36, 80), Note(16.0, 32.0, 43, 80))
    melody, bass, drums = parts(replace(SHEET, bass=low, chords=()))
    assert bass.notes == low and melody.notes == TUNE and drums.notes


def test_stretches_without_what_a_trio_needs_are_left_out() -> None:
    assert is_usable(SHEET)
    assert not is_usable(replace(SHEET, chords=()))
    assert not is_usable(replace(SHEET, notes=()))
    assert not is_usable(replace(SHEET, bar_quarters=3.0))


def test_the_same_seed_gives_the_same_windows() -> None:
    song = Song("a", "nobody", (SHEET, replace(SHEET, chords=())))
    (name, score), *others = song_scores([song], seed=4)
    assert name == "song/a" and not others
    assert [score] == [again for _, again in song_scores([song], seed=4)]
    assert len(tape_of([(name, score)], bars=4)) == 5


def test_only_songs_of_writers_known_to_have_died_long_ago_are_free() -> None:
    assert writers_of("dataset__Fred_E._Ahlert-Roy_Turk__Walkin'__Walkin'") == ("Fred E. Ahlert", "Roy Turk")
    assert writers_of("dataset__Tony_Jackson_[1]__Pretty_Baby__Pretty_Baby") == ("Tony Jackson",)
    assert is_free("dataset__[Traditional]__Greensleeves__Greensleeves")
    assert is_free("dataset__George_Gershwin__Swanee__Swanee")
    assert not is_free("dataset__George_Gershwin-Ira_Gershwin__Summertime__Summertime")
    assert not is_free("dataset__Lorenz_Hart-Richard_Rodgers__My_Funny_Valentine__My_Funny_Valentine")
    assert not is_free("dataset__Al_Dubin-Harry_Warren__Shadow_Waltz__Shadow_Waltz")
    assert not is_free("a song that names nobody")
    assert max(DIED.values()) <= LAST_YEAR


def test_chords_and_the_bass_staff_are_read(tmp_path: Path) -> None:
    chord = (
        "<harmony><root><root-step>B</root-step><root-alter>-1</root-alter></root><kind>minor-seventh</kind>"
        "<bass><bass-step>A</bass-step><bass-alter>-1</bass-alter></bass></harmony>"
    )
    note = "<note><pitch><step>{}</step><octave>{}</octave></pitch><duration>{}</duration>{}</note>"
    signature = "<attributes><divisions>2</divisions></attributes>"
    sung = signature + note.format("G", 4, 4, "<lyric/>") + chord + note.format("A", 4, 4, "<lyric/>")
    played = (
        signature
        + note.format("E", 5, 8, "<staff>1</staff>")
        + "<backup><duration>8</duration></backup>"
        + note.format("C", 3, 8, "<staff>2</staff>")
        + "<backup><duration>8</duration></backup>"
        + note.format("G", 3, 4, "<staff>2</staff>")
        + note.format("C", 2, 4, "<staff>2</staff>")
    )
    path = tmp_path / "dataset__Stephen_Foster__A__A.mxl"
    with zipfile.ZipFile(path, "w") as archive:
        both = "".join(f"<part><measure>{bar}</measure></part>" for bar in (sung, played))
        archive.writestr("score.xml", f"<score-partwise>{both}</score-partwise>")
    (stretch,) = read_song(path).stretches
    assert stretch.chords == ((2.0, Chord(10, "m7", 8)),)
    assert [(n.onset, n.offset, n.pitch) for n in stretch.bass] == [(0, 2, 48), (2, 4, 36)]
    assert [song.name for song in lead_sheets(tmp_path)] == [path.stem]
    with pytest.raises(InputError, match="no lead sheets"):
        next(lead_sheets(tmp_path / "none"))
