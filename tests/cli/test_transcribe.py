"""``photoplayer transcribe`` as a user meets it: results, names, exit status, one sentence when it fails."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from shell import RUN, fails_in_one_sentence, leftovers, run

from drawn_piano import draw_piano, keyboard
from photoplayer.piano import find
from photoplayer.piano.keyboard import Shot
from photoplayer.sound import write_audio

CORNERS = ",".join(str(value) for value in keyboard().corners.ravel().round(2))


@pytest.fixture
def no_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "find_shots", lambda path, **_: (Shot(0.0, 1.0, None),), raising=False)


@pytest.mark.usefixtures("plain_eyes")
class TestOnADrawnPiano:
    def test_results_lie_beside_the_clip_with_a_table(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        clip = draw_piano(tmp_path / "tune.mp4")
        assert run("transcribe", clip) == 0
        names = [f"tune_transcribed{ending}" for ending in (".mid", ".wav", ".mp4", ".png")]
        assert leftovers(tmp_path) == sorted(["tune.mp4", *names])
        shown = capsys.readouterr()
        assert shown.out.splitlines() == [str(tmp_path / name) for name in names]
        for needle in ("88 keys (A0 to C8)", "player's side", "notes       8", "x real time"):
            assert needle in shown.err

    def test_a_name_with_an_ending_says_the_format(self, piano_clip: Path, tmp_path: Path) -> None:
        assert run("transcribe", piano_clip, "-o", tmp_path / "new" / "tune.mid", "--hands") == 0
        assert leftovers(tmp_path) == ["tune.mid"]

    def test_folders_json_lines_and_skipping(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        clips = tmp_path / "clips"
        clips.mkdir()
        draw_piano(clips / "a.mp4", seconds=2.0)
        (clips / "b.mp4").write_text("not a video")
        arguments = ("transcribe", clips, "-o", tmp_path / "out", "--format", "mid", "--overlay", "--json")
        assert run(*arguments) == 1
        good, bad = map(json.loads, capsys.readouterr().out.splitlines())
        out = tmp_path / "out"
        assert good["files"] == [str(out / "a_transcribed.mid"), str(out / "a_transcribed_overlay.mp4")]
        assert good["notes"] == 3 and good["keys_never_seen"] == [] and good["partial"] == []
        assert "b.mp4" in bad["error"]
        stamp = (out / "a_transcribed.mid").stat().st_mtime_ns
        (clips / "b.mp4").unlink()
        assert run(*arguments, "--skip-existing") == 0
        assert (out / "a_transcribed.mid").stat().st_mtime_ns == stamp

    def test_earlier_results_are_no_inputs(self, tmp_path: Path) -> None:
        draw_piano(tmp_path / "tune.mp4", seconds=1.0)
        assert run("transcribe", tmp_path, "--format", "mp4", "--overlay") == 0
        assert run("transcribe", tmp_path, "--format", "mid") == 0
        assert [path.name for path in tmp_path.glob("*.mid")] == ["tune_transcribed.mid"]

    def test_results_in_the_way_are_kept(
        self, piano_clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "out.mid").write_text("mine")
        assert run("transcribe", piano_clip, "-o", tmp_path / "out.mid") == 1
        fails_in_one_sentence(capsys, "out.mid", "--overwrite")
        assert (tmp_path / "out.mid").read_text() == "mine"

    def test_a_time_as_people_write_it(self, piano_clip: Path, tmp_path: Path) -> None:
        assert (
            run("transcribe", piano_clip, "-o", tmp_path / "x.json", "--start", "0:01", "--end", "2.5") == 0
        )
        notes = json.loads((tmp_path / "x.json").read_text())["notes"]
        assert [note["name"] for note in notes] == ["D4", "E4", "F4"]

    @pytest.mark.skipif(os.name != "posix", reason="file names are bytes there alone")
    def test_a_name_that_is_no_text(self, tmp_path: Path) -> None:
        odd = draw_piano(tmp_path / "tune.mp4", seconds=1.0).rename(tmp_path / os.fsdecode(b"$x_^\xff {.mp4"))
        assert run("transcribe", odd, "-o", tmp_path / os.fsdecode(b"\xff"), "--format", "json,png,mid") == 0
        told = json.loads((tmp_path / os.fsdecode(b"\xff.json")).read_text(encoding="utf-8"))
        assert told["video"] == odd.name


def test_no_keyboard_leaves_a_sentence_and_a_picture(
    no_keyboard: None, make_clip: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = make_clip(seconds=1)
    assert run("transcribe", clip) == 1
    fails_in_one_sentence(capsys, "clip.mp4", "--keyboard", "--lowest-key", "clip_transcribed_keyboard.png")
    assert leftovers(tmp_path) == ["clip.mp4", "clip_transcribed_keyboard.png"]
    with av.open(str(tmp_path / "clip_transcribed_keyboard.png")) as container:
        assert next(container.decode(video=0)).width == 160


def test_a_picture_in_the_way_is_kept(
    no_keyboard: None, make_clip: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clip_transcribed_keyboard.png").write_text("mine")
    assert run("transcribe", make_clip(seconds=1)) == 1
    fails_in_one_sentence(capsys, "clip.mp4")
    assert (tmp_path / "clip_transcribed_keyboard.png").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.mp4", b"hello, I am a text"),
        ("empty.mp4", b""),
        ("noise.avi", bytes(range(256)) * 40),
        ("list.mp4", b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
    ],
)
def test_what_is_no_video_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert run("transcribe", tmp_path / name) == 1
    fails_in_one_sentence(capsys, name)
    assert leftovers(tmp_path) == [name]


def test_sound_without_a_picture_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_audio(tmp_path / "song.wav", [np.zeros((2, 4410), np.float32)])
    assert run("transcribe", tmp_path / "song.wav") == 1
    fails_in_one_sentence(capsys, "song.wav")
    assert leftovers(tmp_path) == ["song.wav"]


def test_missing_and_empty_inputs_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("transcribe", tmp_path / "gone.mp4") == 1
    fails_in_one_sentence(capsys, "gone.mp4")
    assert run("transcribe", tmp_path) == 1
    fails_in_one_sentence(capsys, str(tmp_path))
    assert run("transcribe") == 1
    fails_in_one_sentence(capsys, "name a video")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--start", "soon"),
        ("--fps", "3"),
        ("--keyboard", "1,2,3"),
        ("--lowest-key", "H2"),
        ("--format", "doc"),
        ("--min-confidence", "7"),
        ("--model", "ears"),
        ("--instrument", "kotto"),
    ],
)
def test_unusable_options_are_told(
    piano_clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    assert run("transcribe", piano_clip, "-o", tmp_path / "out", option, value) == 1
    fails_in_one_sentence(capsys, value)
    assert leftovers(tmp_path) == []


def test_a_wrong_choice_is_a_matter_of_usage(piano_clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("transcribe", piano_clip, "--decoder", "luck") == 2
    assert "luck" in capsys.readouterr().err


def test_help_is_there_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("transcribe", "--help") == 0
    shown = capsys.readouterr().out
    for option in ("\n  photoplayer transcribe clip.mp4", "--lowest-key", "--min-confidence", "--overlay"):
        assert option in shown


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    done = subprocess.run(
        [*RUN, "transcribe", tmp_path / "pipe.mp4"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and "regular file" in done.stderr and "Traceback" not in done.stderr
