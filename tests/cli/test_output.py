"""``-o``: a name, a folder, and a folder that is not there yet, for all commands alike."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from shell import leftovers, run

from photoplayer.cli.output import Output, placed
from photoplayer.cli.targets import named_output, plan_targets
from photoplayer.errors import OutputError
from photoplayer.music import write_midi
from photoplayer.music.score import Note, Part, Score


def write_tune(path: Path) -> Path:
    notes = tuple(Note(i / 2, i / 2 + 0.4, 60 + i % 5, 80) for i in range(32))
    return write_midi(Score((Part("Piano", 0, notes),), end=16.0), path)


@pytest.mark.parametrize("name", ["new", "new/", "new.mid/", "there", "there/", "."])
def test_a_slash_or_being_there_makes_a_folder(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    assert Output.named(name) == Output(Path(name), is_folder=name != "new")


def test_results_go_where_they_are_told() -> None:
    usual = Path("here/tune_rendered")
    assert placed(None, usual) == usual
    assert placed(Output(Path("out/a")), usual) == Path("out/a")
    assert placed(Output(Path("out"), is_folder=True), usual) == Path("out/tune_rendered")


def test_many_inputs_make_a_folder_of_any_name_but_that_of_a_file() -> None:
    sources = [Path("a/x.mid"), Path("b/y.mid")]
    stem, ending = named_output(Output(Path("out")), ("mid",), inputs=2)
    assert [t.stem for t in plan_targets(sources, stem, ending="_r")] == [Path("out/x_r"), Path("out/y_r")]
    assert ending is None
    with pytest.raises(OutputError, match=r"^out\.mid names one file for 2 inputs"):
        named_output(Output(Path("out.mid")), ("mid",), inputs=2)


def test_a_new_folder_with_a_slash_takes_the_result(tmp_path: Path) -> None:
    tune = write_tune(tmp_path / "tune.mid")
    assert run("render", tune, "--format", "mid", "-o", f"{tmp_path / 'new'}{os.sep}") == 0
    assert run("render", tune, "-o", tmp_path / "other" / "name.mid") == 0
    assert leftovers(tmp_path) == ["name.mid", "tune.mid", "tune_rendered.mid"]
    assert (tmp_path / "new" / "tune_rendered.mid").is_file()


def test_numbered_results_go_into_a_new_folder(tmp_path: Path) -> None:
    assert run("sample", "-o", f"{tmp_path / 'new'}{os.sep}") == 0
    assert (tmp_path / "new" / "sample_01.mid").is_file()
