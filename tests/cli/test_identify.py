"""``photoplayer identify`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shell import fails_in_one_sentence, run

from photoplayer.music import write_midi
from photoplayer.music.score import Note, Part, Score

STEPS = (0, 4, 2, 7, 5, 9, 7, 11, 12, 9, 5, 4)


def tune(number: int) -> Score:
    pitches = [60 + STEPS[(i * (number + 1) + i // 5) % len(STEPS)] for i in range(100)]
    notes = tuple(
        Note(i * 0.75, i * 0.75 + 0.5 + 0.25 * (i % 2), pitch, 80) for i, pitch in enumerate(pitches)
    )
    return Score((Part("Lead", 0, notes),), end=80.0)


@pytest.fixture
def music(tmp_path: Path) -> Path:
    (tmp_path / "music").mkdir()
    for number in range(5):
        write_midi(tune(number), tmp_path / "music" / f"tune_{number}.mid")
    return tmp_path / "music"


def test_a_table_for_people_and_lines_for_scripts(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = write_midi(tune(3), tmp_path / "unknown.mid")
    assert run("identify", query, "--index", music) == 0
    assert "unknown.mid: tune_3.mid" in capsys.readouterr().err
    assert run("identify", query, "--index", music, "--json", "--most", 2) == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert told["known"] and told["matches"][0]["piece"] == "tune_3.mid" and len(told["matches"]) <= 2


def test_one_bad_file_stops_no_other(music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.mid").write_text("no music")
    query = write_midi(tune(2), tmp_path / "good.mid")
    assert run("identify", tmp_path / "bad.mid", query, "--index", music) == 1
    shown = capsys.readouterr().err
    assert "bad.mid" in shown and "good.mid: tune_2.mid" in shown


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = write_midi(tune(2), tmp_path / "good.mid")
    assert run("identify", query, "--index", tmp_path / "nowhere") != 0
    fails_in_one_sentence(capsys, "nowhere")
