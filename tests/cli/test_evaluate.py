"""``photoplayer evaluate`` from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photoplayer.cli.evaluate import Evaluate, pairs
from photoplayer.errors import InputError
from photoplayer.music.midi_write import write_midi
from photoplayer.music.score import Note, Part, Score


def write(path: Path, *, late: float = 0.0, down: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    played = tuple(Note(i + late, i + late + 0.5, 60 + i - down, 64) for i in range(8))
    return write_midi(Score((Part("Piano", 0, played),), end=20.0), path)


def test_the_truth_is_shifted_and_transposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard, played = write(tmp_path / "heard.mid", late=2.0), write(tmp_path / "played.mid", down=12)
    assert Evaluate("transcription", heard, played, truth_shift=1.0, transpose=12, json=True).run() == 0
    one, mean = map(json.loads, capsys.readouterr().out.splitlines())
    assert (one["name"], one["onset50"], one["on+off50"]) == ("heard", 1.0, 1.0)
    assert mean["mean"]["onset50"] == [1.0, 1.0, 1.0]


def test_folders_go_together_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        write(tmp_path / "heard" / f"{name}.mid")
        write(tmp_path / "played" / f"{name}.mid")
    Evaluate("transcription", tmp_path / "heard", tmp_path / "played").run()
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:4]] == ["a", "b", "mean"]
    write(tmp_path / "heard" / "c.mid")
    with pytest.raises(InputError, match=r"no c\.mid"):
        pairs(tmp_path / "heard", tmp_path / "played")
    with pytest.raises(InputError, match="file and a folder"):
        pairs(tmp_path / "heard", tmp_path / "played" / "a.mid")
