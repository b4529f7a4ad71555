"""Sung lines read from MusicXML that can be read at sight."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from photoplayer.errors import InputError
from photoplayer.train.data.songs import read_song, songs

SIGNATURE = """<attributes><divisions>2</divisions><key><fifths>1</fifths></key>
<time><beats>4</beats><beat-type>4</beat-type></time></attributes>"""


def sung(step: str, octave: int, duration: int, *, inside: str = "", tie: str = "") -> str:
    tied = f'<tie type="{tie}"/>' if tie else ""
    return (
        f"<note>{inside}<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
        f"<duration>{duration}</duration>{tied}<voice>1</voice><lyric><text>la</text></lyric></note>"
    )


def rest(duration: int) -> str:
    return f"<note><rest/><duration>{duration}</duration><voice>1</voice></note>"


def write_song(folder: Path, *measures: str, name: str = "scores__Lang,_Josephine__Op_1__Lied__lc1") -> Path:
    piano = "<part id='P2'><measure number='1'>" + rest(8) + "</measure></part>"
    bars = "".join(f"<measure number='{i}'>{content}</measure>" for i, content in enumerate(measures, 1))
    path = folder / f"{name}.mxl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("score.xml", f"<score-partwise>{piano}<part id='P1'>{bars}</part></score-partwise>")
    return path


def test_the_part_with_words_is_read_in_quarters(tmp_path: Path) -> None:
    first = SIGNATURE + sung("G", 4, 3) + sung("A", 4, 1) + rest(2) + sung("B", 4, 2, tie="start")
    second = sung("B", 4, 4, tie="stop") + sung("D", 5, 4)
    song = read_song(write_song(tmp_path, first, second))
    assert song.composer == "Lang, Josephine"
    (stretch,) = song.stretches
    assert (stretch.bar_quarters, stretch.bars) == (4.0, 2)
    assert [(n.onset, n.offset, n.pitch) for n in stretch.notes] == [
        (0, 1.5, 67),
        (1.5, 2, 69),
        (3, 6, 71),
        (6, 8, 74),
    ]


def test_chords_give_their_top_and_grace_notes_are_left_out(tmp_path: Path) -> None:
    grace = "<note><grace/><pitch><step>F</step><octave>5</octave></pitch><voice>1</voice></note>"
    bar = SIGNATURE + grace + sung("C", 5, 4) + sung("E", 5, 4, inside="<chord/>") + sung("G", 4, 4)
    (stretch,) = read_song(write_song(tmp_path, bar)).stretches
    assert [(n.onset, n.pitch) for n in stretch.notes] == [(0, 76), (2, 67)]


def test_an_upbeat_and_a_change_of_meter_begin_new_stretches(tmp_path: Path) -> None:
    waltz = "<attributes><time><beats>3</beats><beat-type>4</beat-type></time></attributes>"
    song = read_song(
        write_song(
            tmp_path,
            SIGNATURE + sung("D", 4, 2),
            sung("G", 4, 8),
            sung("A", 4, 8),
            waltz + sung("B", 4, 6),
        )
    )
    assert [(s.bar_quarters, s.bars, len(s.notes)) for s in song.stretches] == [(4.0, 2, 2), (3.0, 1, 1)]


def test_what_is_no_score_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "x.mxl"
    broken.write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"x\.mxl is no compressed MusicXML"):
        read_song(broken)
    with pytest.raises(InputError, match=r"no \.mxl scores"):
        list(songs(tmp_path / "empty"))
