"""Pairs of pictures and music: written and read, matched, and made of a user's own table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photoplayer import video
from photoplayer.cli.data import Data
from photoplayer.errors import InputError
from photoplayer.music.midi_write import write_midi
from photoplayer.music.score import Note, Part, Score
from photoplayer.scene.affect import asked
from photoplayer.train.data import own_pairs, pictures
from photoplayer.train.data.pairing import TuneWindow, _Chooser
from photoplayer.train.data.pairs import Pair, read_pairs, write_pairs
from photoplayer.video import Frame


def a_pair(folder: Path) -> Pair:
    return Pair(
        folder / "frames" / "a.npy", 24, 48, Path("/tunes/b.mid"), 4, 16, "maze", "procgen/maze/001", "b",
        "val", (0.25, 0.5, -0.125), 95.0, 0.3, "minor",
    )  # fmt: skip


def test_pairs_come_back(tmp_path: Path) -> None:
    pair = a_pair(tmp_path)
    write_pairs(tmp_path, [pair, replace(pair, split="test")])
    assert read_pairs(tmp_path) == [pair, replace(pair, split="test")]
    assert read_pairs(tmp_path, "test") == [replace(pair, split="test")]
    assert "frames/a.npy" in (tmp_path / "pairs.csv").read_text()


@pytest.mark.parametrize(("old", "new"), [("val", "valid"), ("95.0", "fast"), ("16,maze", "maze")])
def test_a_broken_line_is_named(tmp_path: Path, old: str, new: str) -> None:
    write_pairs(tmp_path, [a_pair(tmp_path)])
    table = tmp_path / "pairs.csv"
    table.write_text(table.read_text().replace(old, new))
    with pytest.raises(InputError, match="line 2"):
        read_pairs(tmp_path)


def test_no_table_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="photoplayer data pair"):
        read_pairs(tmp_path)


def windows() -> list[TuneWindow]:
    plain = TuneWindow("x.mid", "x", "train", 0, 100.0, 1, True)
    return [
        replace(plain, tune="slow", bpm=80.0, level=0),
        replace(plain, tune="fast", bpm=160.0, level=2, major=False),
        replace(plain, tune="fast", bpm=161.0, level=2, major=False),
        replace(plain, tune="middling"),
    ]


def test_a_fight_gets_the_fast_dark_tune_and_a_menu_the_slow_bright_one() -> None:
    chooser = _Chooser(windows(), "train")
    assert chooser.best(asked(0.95, 0.7, -0.5), 1)[0].tune == "fast"
    assert chooser.best(asked(0.08, 0.1, 0.15), 1)[0].tune == "slow"


def test_a_window_has_different_tunes_and_often_taken_ones_grow_dear() -> None:
    chooser = _Chooser(windows(), "train")
    first = [chooser.best(asked(0.95, 0.7, -0.5), 2) for _ in range(40)]
    assert all(len({window.tune for window in found}) == 2 for found in first)
    assert len({window.tune for found in first for window in found}) == 3


def test_a_split_without_tunes_is_said() -> None:
    with pytest.raises(InputError, match="split val"):
        _Chooser([], "val")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a tune of 24 bars at 120 bpm and a 'clip' of 40 s."""
    notes = tuple(Note(float(q), q + 1.0, 60 + (0, 4, 7, 5)[q % 4], 80) for q in range(96))
    write_midi(Score((Part("lead", 0, notes),), 96.0), tmp_path / "tune.mid")
    frame = np.zeros((60, 80, 3), np.uint8)
    monkeypatch.setattr(video, "frames", lambda *_, rate_hz, **__: (Frame(i / 3, frame) for i in range(120)))
    return tmp_path


def test_a_table_of_ones_own_makes_windows_and_measures_what_is_not_said(own: Path) -> None:
    (own / "mine.csv").write_text("clip,midi,start_s,end_s,energy\nplay.mp4,tune.mid,4,,high\n")
    found = own_pairs.own_pairs(own / "mine.csv", own / "out")
    assert [(pair.first, pair.count) for pair in found] == [(12, 48), (60, 48)]
    assert {pair.split for pair in found} <= {"train", "val", "test"} and len({p.split for p in found}) == 1
    assert found[0].energy == pytest.approx(5 / 6) and found[0].bpm == pytest.approx(120)
    assert pictures.mapped(found[0].frames).shape == (120, 60, 80, 3)
    write_pairs(own / "out", found)
    assert read_pairs(own / "out") == found


def test_the_command_makes_the_folder_for_pairs(own: Path) -> None:
    with pytest.raises(InputError, match="holds no gameplay clips"):
        Data("pair", out=own / "new" / "pairs", gameplay=own / "none", midi=(own,)).run()
    assert (own / "new" / "pairs" / "tunes.json").is_file(), "what was measured is kept for the next time"
    with pytest.raises(InputError, match="give --midi"):
        Data("pair", out=own / "other", gameplay=own).run()
    assert not (own / "other").exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("play.mp4,tune.mid,50,,,", "nothing from start_s"),
        ("play.mp4,tune.mid,,,loud,", "energy is 'loud'"),
        ("play.mp4,tune.mid,,,,somewhere", "split is 'somewhere'"),
        ("play.mp4,tune.mid,soon,,,", "soon"),
        ("play.mp4,none.mid,,,,", "none.mid"),
    ],
)
def test_a_line_that_is_wrong_is_named_with_its_reason(own: Path, line: str, said: str) -> None:
    (own / "mine.csv").write_text(f"clip,midi,start_s,end_s,energy,split\n{line}\n")
    with pytest.raises(InputError, match=f"line 2.*{said}"):
        own_pairs.own_pairs(own / "mine.csv", own / "out")


def test_a_table_without_the_columns_is_said(own: Path) -> None:
    (own / "mine.csv").write_text("clip,music\nplay.mp4,tune.mid\n")
    with pytest.raises(InputError, match="no column midi"):
        own_pairs.own_pairs(own / "mine.csv", own / "out")


@pytest.mark.parametrize(
    "array", [np.zeros((3, 60, 80), np.uint8), np.zeros((3, 8, 8, 3), np.uint8), np.zeros(4)]
)
def test_other_arrays_are_no_pictures(tmp_path: Path, array: np.ndarray) -> None:
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(InputError, match=r"a\.npy"):
        pictures.mapped(tmp_path / "a.npy")
