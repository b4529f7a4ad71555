"""The command line as a user meets it: results, names, exit status, one sentence when it fails."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av
import mido
import numpy as np
import pytest
from shell import RUN, fails_in_one_sentence, leftovers, run

from photoplayer import video
from photoplayer.sound import write_audio


def test_everything_comes_out_beside_the_clip(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    clip = make_clip(seconds=6)
    assert run("score", clip, "--format", "mp4,mid,wav,flac,ogg,json,png,toml,musicxml") == 0
    made = {p.suffix for p in tmp_path.glob("clip_scored.*")}
    assert made == {".mp4", ".mid", ".wav", ".flac", ".ogg", ".json", ".png", ".toml", ".musicxml"}
    scored = video.probe(tmp_path / "clip_scored.mp4")
    assert scored.has_audio and scored.duration_s == pytest.approx(6, abs=1 / 12)
    manifest = json.loads((tmp_path / "clip_scored.json").read_text())
    assert manifest["seed"] == 1 and manifest["music"]["duration_s"] == pytest.approx(6, abs=1e-3)
    assert (tmp_path / "clip_scored.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(clip: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        assert run("score", clip, "-o", tmp_path / f"{name}.mid", "--seed", seed) == 0
    a, b, c = ((tmp_path / f"{name}.mid").read_bytes() for name in "abc")
    assert a == b != c


def test_the_music_ends_with_the_picture(clip: Path, tmp_path: Path) -> None:
    assert run("score", clip, "-o", tmp_path / "music.mid") == 0
    assert leftovers(tmp_path) == ["music.mid"]
    midi = mido.MidiFile(tmp_path / "music.mid")
    assert midi.length == pytest.approx(12.0, abs=0.5)


def test_stems_versions_and_plan(clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "music"
    assert run("score", clip, "-o", out, "--format", "ogg", "--stems", "--intensities", 3,
               "--write-plan", tmp_path / "plan.toml", "--mood", "chill") == 0  # fmt: skip
    names = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert {"new/music.ogg", "new/music_calm.ogg", "new/music_medium.ogg", "new/music_full.ogg"} < names
    assert {"new/music_stems/bass.ogg", "plan.toml"} < names


def test_a_plan_played_again_gives_the_same_midi(clip: Path, tmp_path: Path) -> None:
    assert run("score", clip, "-o", tmp_path / "a.mid", "--write-plan", tmp_path / "plan.toml") == 0
    assert run("score", clip, "-o", tmp_path / "b.mid", "--plan", tmp_path / "plan.toml") == 0
    assert run("compose", tmp_path / "plan.toml", "-o", tmp_path / "c.mid") == 0
    a, b, c = ((tmp_path / f"{name}.mid").read_bytes() for name in "abc")
    assert a == b == c


@pytest.mark.parametrize(
    "engine",
    [
        ("--engine", "trio", "--thicken"),
        ("--engine", "melody", "--bare"),
        ("--engine", "melody", "--parts", "trio"),
    ],
)
def test_every_engine_plays_a_plan_without_a_picture(tmp_path: Path, engine: tuple[str, ...]) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('[[section]]\nmood = "calm"\nbars = 4\nbpm = 90\n')
    assert run("compose", plan, "-o", tmp_path / "band.mid") == 0
    assert run("compose", plan, "-o", tmp_path / "a.mid", *engine) == 0
    assert run("score", "--plan", plan, "-o", tmp_path / "b.mid", *engine) == 0
    band, a, b = ((tmp_path / f"{name}.mid").read_bytes() for name in ("band", "a", "b"))
    assert a == b != band
    assert mido.MidiFile(tmp_path / "a.mid").length == pytest.approx(16 * 60 / 90, abs=0.5)


def test_a_timeline_alone_is_scored(tmp_path: Path) -> None:
    timeline = {"duration_s": 10, "intensity": [0.1] * 15 + [0.9] * 15, "changes_s": [5.0]}
    path = tmp_path / "scene.json"
    path.write_text(json.dumps(timeline))
    assert run("score", "--timeline", path, "--format", "mid,json") == 0
    manifest = json.loads((tmp_path / "scene_scored.json").read_text())
    starts = [section["start_s"] for section in manifest["music"]["sections"]]
    assert starts == pytest.approx([0, 5], abs=0.5)


def test_folders_json_lines_and_skipping(
    make_clip: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    make_clip("clips/a.mp4", seconds=2)
    (clips / "b.mp4").write_text("not a video")
    arguments = ("score", clips, "-o", tmp_path / "out", "--format", "mid", "--json")
    assert run(*arguments) == 1
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert good["files"] == [str(tmp_path / "out" / "a_scored.mid")]
    assert "b.mp4" in bad["error"]
    assert run(*arguments) == 1
    assert "already there" in json.loads(capsys.readouterr().out.splitlines()[0])["error"]
    stamp = (tmp_path / "out" / "a_scored.mid").stat().st_mtime_ns
    (clips / "b.mp4").unlink()
    assert run(*arguments, "--skip-existing") == 0
    assert (tmp_path / "out" / "a_scored.mid").stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    ("name", "content"),
    [("text.mp4", b"hello, I am a text"), ("empty.mp4", b""), ("noise.avi", bytes(range(256)) * 40)],
)
def test_what_is_no_video_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert run("score", tmp_path / name) == 1
    fails_in_one_sentence(capsys, name)
    assert leftovers(tmp_path) == [name]


def test_a_truncated_file_is_told(
    make_clip: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = make_clip()
    clip.write_bytes(clip.read_bytes()[:2000])
    assert run("score", clip) == 1
    fails_in_one_sentence(capsys, "clip.mp4")
    assert leftovers(tmp_path) == ["clip.mp4"]


def test_missing_and_empty_inputs_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", tmp_path / "gone.mp4") == 1
    fails_in_one_sentence(capsys, "gone.mp4")
    assert run("score", tmp_path) == 1
    fails_in_one_sentence(capsys, str(tmp_path))
    assert run("score") == 1
    fails_in_one_sentence(capsys, "--timeline")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *[(option, "seed.mid") for option in ("--melody", "--timeline", "--plan", "--soundfont")],
        *[
            ("--soundfont", "gone.sf2"),
            ("--key", "H"),
            ("--mood", "grim"),
            ("--bpm", "9999"),
            ("--format", "doc"),
        ],
    ],
)
def test_unusable_options_are_told(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    (tmp_path / "seed.mid").write_bytes(
        b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0MTrk\x00\x00\xff\xff\x00"
    )
    argument = tmp_path / value if "." in value else value
    assert run("score", clip, "-o", tmp_path / "out.wav", option, argument) == 1
    fails_in_one_sentence(capsys, value)
    assert leftovers(tmp_path) == ["seed.mid"]


def test_results_in_the_way_are_kept(clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out.mid").write_text("mine")
    assert run("score", clip, "-o", tmp_path / "out.mid") == 1
    fails_in_one_sentence(capsys, "out.mid", "--overwrite")
    assert (tmp_path / "out.mid").read_text() == "mine"


def test_an_output_below_a_file_is_told(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run("score", clip, "-o", tmp_path / "file" / "out.mid") == 1
    fails_in_one_sentence(capsys, str(tmp_path / "file"))


@pytest.mark.parametrize("size", [(16, 16), (2, 2)])
def test_tiny_pictures_are_scored(
    make_clip: Callable[..., Path], tmp_path: Path, size: tuple[int, int]
) -> None:
    clip = make_clip(seconds=1.5, size=size)
    assert run("score", clip, "--format", "mp4,mid,png") == 0
    assert video.probe(tmp_path / "clip_scored.mp4").has_audio


def test_sound_without_a_picture_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_audio(tmp_path / "song.wav", [np.zeros((2, 4410), np.float32)])
    assert run("score", tmp_path / "song.wav") == 1
    fails_in_one_sentence(capsys, "song.wav")
    assert leftovers(tmp_path) == ["song.wav"]


def test_one_picture_as_a_gif_is_scored(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "one.gif"), "w") as container:
        stream = container.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "rgb8"
        picture = av.VideoFrame.from_ndarray(np.full((24, 32, 3), 90, np.uint8), format="rgb24")
        container.mux(stream.encode(picture.reformat(format="rgb8")))
        container.mux(stream.encode(None))
    assert run("score", tmp_path / "one.gif") == 0
    assert {p.suffix for p in tmp_path.glob("one_scored.*")} == {".mp4", ".mid", ".wav", ".json", ".png"}


def test_8k_is_scored(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    clip = make_clip(seconds=0.25, size=(7680, 4320))
    assert run("score", clip, "--format", "mid,mp4") == 0


def test_the_clips_own_sound_is_kept_on_request(clip: Path, tmp_path: Path) -> None:
    assert run("score", clip, "-o", tmp_path / "once.mp4") == 0
    assert run("score", tmp_path / "once.mp4", "-o", tmp_path / "twice.mp4", "--keep-sound", "0.3") == 0
    assert video.probe(tmp_path / "twice.mp4").has_audio


def limit_files_to(size: int) -> Callable[[], None]:
    """A full disk, as far as a process can tell: writes past ``size`` bytes fail."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("name", ["out.mid", "out.wav", "out.mp4", "out.png", "out.json"])
def test_a_full_disk_leaves_nothing_half_written(clip: Path, tmp_path: Path, name: str) -> None:
    done = subprocess.run(
        [*RUN, "score", str(clip), "-o", str(tmp_path / name)],
        capture_output=True, text=True, preexec_fn=limit_files_to(300),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("after_s", [0.1, 1.0, 2.5, 4.0])
def test_an_interruption_leaves_nothing_half_written(clip: Path, tmp_path: Path, after_s: float) -> None:
    # Before our own code runs, an interruption is the interpreter's to tell.
    started = "from photoplayer.cli.main import main; print('up', flush=True); main()"
    process = subprocess.Popen(
        [sys.executable, "-c", started, "score", clip, "-o", tmp_path / "out", "--format", "wav,mp4"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "up\n"
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    _, shown = process.communicate(timeout=60)
    assert set(leftovers(tmp_path)) <= {"out.wav", "out.mp4"}
    if process.returncode:  # it was not done before the signal came
        assert process.returncode in (130, -signal.SIGINT)
        assert "Traceback" not in shown, shown


def test_a_wrong_option_is_a_matter_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", "--nonsense") == 2
    assert "nonsense" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    ["score", "compose", "transcribe", "render", "evaluate", "moods", "instruments", "train", "doctor"],
)
def test_help_is_there_with_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert run(command, "--help") == 0
    shown = capsys.readouterr().out
    if command not in ("moods", "instruments", "doctor"):
        assert f"\n  photoplayer {command}" in shown
