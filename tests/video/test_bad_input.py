"""Whatever is wrong, one clear sentence, and nothing half-written."""

from __future__ import annotations

import errno
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from filmed import film, playlist_bait

from photoplayer.errors import InputError, OutputError
from photoplayer.video import container_for, frames, mux, probe, read_sound

ENTRANCES: list[Callable[[Path], Any]] = [
    probe,
    frames,
    read_sound,
    container_for,
    lambda path: mux(path, [], path.parent / "out.mp4"),
]


def refused(path: Path) -> None:
    """Every entrance turns the file away in one sentence that names it, and leaves nothing behind."""
    before = sorted(path.parent.iterdir())
    for entrance in ENTRANCES:
        with pytest.raises(InputError) as caught:
            entrance(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
    assert sorted(path.parent.iterdir()) == before


@pytest.fixture(autouse=True)
def _nothing_on_stderr(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    yield
    assert capfd.readouterr().err == ""


def test_missing(tmp_path: Path) -> None:
    refused(tmp_path / "none.mp4")


def test_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a.mp4"
    folder.mkdir()
    refused(folder)


@pytest.mark.parametrize("data", [b"", b"hello, this is a text\n" * 50, os.urandom(5000), b"\0" * 5000])
def test_not_a_video(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    refused(path)


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp4")
    refused(tmp_path / "a.mp4")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", count=3)
    path.chmod(0)
    refused(path)


def test_sound_only(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as target:
        stream = target.add_stream("aac", rate=44_100)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 4096), np.float32), "fltp", "stereo")
        frame.sample_rate = 44_100
        target.mux(stream.encode(frame))
        target.mux(stream.encode())
    refused(path)
    with pytest.raises(InputError, match="sound but no picture"):
        probe(path)


def test_index_missing(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes()[:-2000])
    refused(path)


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.avi", "a.ts"])
def test_broken_off_midway_gives_what_is_there(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    options = {"movflags": "+faststart"} if name == "a.mp4" else {}
    path = film(
        tmp_path / name,
        clock_hz=30 if "avi" in name else 90_000,
        options={"bf": "0"},
        container_options=options,
        grain=True,
    )
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    with caplog.at_level(logging.WARNING):
        got = list(frames(path, size=(16, 12)))
    assert 5 < len(got) < 60
    info = probe(path)
    assert info.duration_s == pytest.approx(len(got) / 30, abs=0.07)
    out = tmp_path / "out.mp4"
    mux(path, [], out)
    assert probe(out).duration_s == pytest.approx(info.duration_s, abs=0.04)


def test_damage_in_the_middle_is_stepped_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = film(tmp_path / "a.mkv", count=120, options={"g": "20", "bf": "0"})
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 600] = os.urandom(600)
    path.write_bytes(bytes(data))
    got = list(frames(path, size=(16, 12)))
    assert len(got) > 60
    assert all(a.time_s < b.time_s for a, b in pairwise(got))


@pytest.mark.parametrize("kind", ["hls", "concat", "sdp"])
@pytest.mark.parametrize("name", ["a.mp4", "a.m3u8", "a.txt"])
def test_playlists_are_not_followed(tmp_path: Path, kind: str, name: str) -> None:
    secret = film(tmp_path / "secret.ts", count=30, options={"bf": "0"})
    path = tmp_path / name
    path.write_text(playlist_bait(secret)[kind])
    refused(path)


def test_addresses_are_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = film(tmp_path / "a.ts", count=3)
    monkeypatch.chdir(tmp_path)
    for name in (f"concat:{clip}", "http://127.0.0.1/a.mp4", f"file:{clip}", "lavfi:testsrc"):
        with pytest.raises(InputError):
            probe(Path(name))


def test_a_name_like_an_address_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film(tmp_path / "a.mp4", count=3).rename(tmp_path / "data:x%03d [1].mp4")
    monkeypatch.chdir(tmp_path)
    assert probe(Path("data:x%03d [1].mp4")).width == 128


def test_a_clock_gone_wild_is_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", [0, 1, 3_000_000], clock_hz=1000)
    with pytest.raises(InputError, match="more than a day"):
        probe(path)
    with pytest.raises(InputError, match="more than a day"):
        list(frames(path, rate_hz=6, size=(16, 12)))
    with pytest.raises(InputError, match="more than a day"):
        mux(path, [], tmp_path / "out.mkv")
    assert not list(tmp_path.glob("*out*"))


def test_more_pixels_than_memory_may_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = film(tmp_path / "a.mkv", count=2, codec="ffv1")
    monkeypatch.setattr("photoplayer.video.source.MAX_PIXELS", 64 * 48)
    refused(path)


def test_eight_k(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as target:
        stream = target.add_stream("mjpeg", rate=30)
        stream.width, stream.height, stream.pix_fmt = 7680, 4320, "yuvj420p"
        target.mux(stream.encode(av.VideoFrame(7680, 4320, "yuvj420p")))
        target.mux(stream.encode())
    assert probe(path).width == 7680
    assert next(iter(frames(path, size=(160, 90)))).image.shape == (90, 160, 3)


def left_behind(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_no_such_folder_to_write(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4", count=3)
    with pytest.raises(OutputError, match="make the folder"):
        mux(clip, [], tmp_path / "none" / "out.mp4")


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4", count=3)
    (tmp_path / "out.mp4").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        mux(clip, [], tmp_path / "out.mp4")
    assert left_behind(tmp_path) == ["a.mp4", "out.mp4"]


def test_not_over_the_video_itself(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4", count=3)
    before = clip.read_bytes()
    with pytest.raises(OutputError, match="another name"):
        mux(clip, [], clip)
    assert clip.read_bytes() == before


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv"])
def test_full_disk(tmp_path: Path, name: str) -> None:
    """The system refuses to let any file grow beyond 20 kB, as a full disk would."""
    clip = film(tmp_path / "a.mp4", count=30, grain=True, options={"crf": "3"})
    assert clip.stat().st_size > 40_000
    script = (
        "import resource, sys; from pathlib import Path; from photoplayer.video import mux\n"
        "from photoplayer.errors import OutputError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try: mux(Path(sys.argv[1]), [], Path(sys.argv[2]))\n"
        "except OutputError as problem: print(problem); sys.exit(7)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(clip), str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert "disk is full" in done.stdout
    assert left_behind(tmp_path) == ["a.mp4"]


def test_no_permission_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = film(tmp_path / "a.mp4", count=3)

    def denied(self: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "replace", denied)
    with pytest.raises(OutputError, match="no permission"):
        mux(clip, [], tmp_path / "out.mp4")
    assert left_behind(tmp_path) == ["a.mp4"]


@pytest.mark.parametrize("blow", [KeyboardInterrupt, InputError, RuntimeError])
def test_whatever_stops_the_sound_leaves_nothing(tmp_path: Path, blow: type[BaseException]) -> None:
    clip = film(tmp_path / "a.mp4")
    old = tmp_path / "out.mp4"
    old.write_text("as it was")

    def blocks() -> Iterator[np.ndarray]:
        yield np.zeros((2, 30_000), np.float32)
        raise blow("stop")

    with pytest.raises(blow):
        mux(clip, blocks(), old)
    assert left_behind(tmp_path) == ["a.mp4", "out.mp4"]
    assert old.read_text() == "as it was"


@pytest.fixture
def keyboard_heard() -> Iterator[None]:
    """A shell that runs the tests in the background has them ignore the keyboard."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("keyboard_heard")
def test_interrupt_from_the_keyboard(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4")

    def blocks() -> Iterator[np.ndarray]:
        for step in range(100):
            if step == 5:
                os.kill(os.getpid(), signal.SIGINT)
            yield np.zeros((2, 1000), np.float32)

    with pytest.raises(KeyboardInterrupt):
        mux(clip, blocks(), tmp_path / "out.mp4")
    assert left_behind(tmp_path) == ["a.mp4"]


@pytest.mark.parametrize("block", [np.zeros((1, 9), np.float32), np.full((2, 9), np.nan, np.float32)])
def test_blocks_that_are_no_sound(tmp_path: Path, block: np.ndarray) -> None:
    clip = film(tmp_path / "a.mp4", count=3)
    with pytest.raises(ValueError, match="block of sound"):
        mux(clip, [block], tmp_path / "out.mp4")
    assert left_behind(tmp_path) == ["a.mp4"]
