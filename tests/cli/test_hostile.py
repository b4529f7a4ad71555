"""The command line in rough hands: odd names, conflicts, inputs in danger, streams that are closed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from shell import RUN, fails_in_one_sentence, leftovers, run

from photoplayer.cli.targets import gather

TWO_BARS = "[[section]]\nbars = 2\n"


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    path = tmp_path / "scene.json"
    path.write_text(json.dumps({"duration_s": 4}))
    return path


@pytest.mark.parametrize("options", [("--write-plan", "clip.mp4", "--format", "mid"), ("-o", "clip.mp4")])
def test_no_result_replaces_the_clip(
    make_clip: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
) -> None:
    clip = make_clip(seconds=1)
    before = clip.read_bytes()
    named = [tmp_path / option if option.endswith("mp4") else option for option in options]
    assert run("score", clip, *named, "--overwrite") == 1
    fails_in_one_sentence(capsys, "clip.mp4", "input")
    assert clip.read_bytes() == before and leftovers(tmp_path) == ["clip.mp4"]


def test_no_result_replaces_the_timeline(
    scene: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("score", "--timeline", scene, "-o", tmp_path / "scene", "--overwrite") == 1
    fails_in_one_sentence(capsys, "scene.json", "input")
    assert json.loads(scene.read_text()) == {"duration_s": 4}


@pytest.mark.parametrize(
    ("options", "needle"),
    [
        (("--format", "mp4"), "without a video"),
        (("--format", ""), "nothing to write"),
        (("-o", "music.avi"), ".avi"),
        (("--format", "wav", "--soundfont", "gone.sf2", "-o", "new/deep/music"), "gone.sf2"),
        (("--soundfont", "gone.sf2", "--stems", "-o", "new/music"), "gone.sf2"),
    ],
)
def test_what_cannot_be_written_leaves_nothing(
    scene: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    needle: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("score", "--timeline", scene, *options) == 1
    fails_in_one_sentence(capsys, needle)
    assert [p.name for p in tmp_path.iterdir()] == ["scene.json"]


def test_a_plan_and_a_mood_are_told_apart(
    scene: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.toml").write_text(TWO_BARS)
    assert run("score", "--plan", tmp_path / "plan.toml", "--mood", "boss") == 1
    fails_in_one_sentence(capsys, "plan.toml", "mood")


def test_one_file_cannot_hold_two_results(
    make_clip: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips = [make_clip(name, seconds=1) for name in ("a.mp4", "b.mp4")]
    assert run("score", *clips, "-o", tmp_path / "music.mid") == 1
    fails_in_one_sentence(capsys, "music.mid", "folder")
    assert leftovers(tmp_path) == ["a.mp4", "b.mp4"]


def test_earlier_results_and_hidden_files_are_no_inputs(tmp_path: Path) -> None:
    for name in ("a.mp4", "a_scored.mp4", "._a.mp4", "B.MP4", "notes.txt"):
        (tmp_path / name).touch()
    found = gather([tmp_path], [".mp4"], results="_scored")
    assert [path.name for path in found] == ["B.MP4", "a.mp4"]


def test_a_name_that_is_too_long_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", "x" * 300 + ".mp4") == 1
    fails_in_one_sentence(capsys, "too long")


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes there alone")
def test_a_name_that_is_no_text_is_scored(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    clip = make_clip(seconds=1)
    odd = clip.rename(tmp_path / os.fsdecode(b"$x_^\xff {.mp4"))
    done = subprocess.run(
        [*RUN, "score", odd, "-o", tmp_path / os.fsdecode(b"\xff"), "--format", "json,png,mid"],
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert b"\xff.json" in done.stdout
    manifest = json.loads((tmp_path / os.fsdecode(b"\xff.json")).read_text(encoding="utf-8"))
    assert manifest["video"] == odd.name


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize(
    ("streams", "status"),
    [("2>&-", 0), (">&- 2>&-", 0), (">/dev/full", 1), ("| true; exit ${PIPESTATUS[0]}", 1)],
)
def test_closed_and_full_streams_end_well(scene: Path, tmp_path: Path, streams: str, status: int) -> None:
    command = " ".join([*RUN, "score", "--timeline", str(scene), "-o", str(tmp_path / "music.mid")])
    done = subprocess.run(["bash", "-c", f"{command} {streams}"], capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "music.mid").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("option", ["--melody", "--timeline", "--plan", None])
def test_a_pipe_is_not_waited_for(
    scene: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str | None
) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    given = ["--timeline", scene] if option == "--melody" else []
    assert run("score", *given, *([option] if option else []), tmp_path / "pipe.mp4") == 1
    fails_in_one_sentence(capsys, "pipe.mp4", "regular file")
