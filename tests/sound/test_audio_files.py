from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sounds import read_audio, rms_db

from photoplayer.errors import OutputError, SetupError
from photoplayer.sound import vorbis, write_audio
from photoplayer.sound.files import FORMATS

RATE_HZ = 44_100


resource = pytest.importorskip("resource", reason="file size limits are POSIX")


def chord(frames: int) -> np.ndarray:
    t = np.arange(frames) / RATE_HZ
    left, right = (sum(np.sin(2 * np.pi * hz * t) for hz in notes) for notes in ((220, 277, 330), (440, 660)))
    return (0.2 * np.array([left, right])).astype(np.float32)


def blocks_of(sound: np.ndarray, size: int = 10_000) -> Iterator[np.ndarray]:
    for start in range(0, sound.shape[1], size):
        yield sound[:, start : start + size]


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("frames", [100_001, 44_100, 131_072])
def test_what_is_written_is_read_back(tmp_path: Path, ending: str, frames: int) -> None:
    sound, path = chord(frames), tmp_path / f"sound{ending}"
    write_audio(path, blocks_of(sound))
    read, rate_hz = read_audio(path)
    assert rate_hz == RATE_HZ
    assert read.shape == (2, frames)  # also lossy formats keep the length: loops depend on it
    assert rms_db(read - sound) < rms_db(sound) - (70 if ending in (".wav", ".flac") else 30)
    assert list(tmp_path.iterdir()) == [path]


def test_vorbis_through_the_copy_in_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vorbis, "system_libraries", lambda *_: iter(()))
    monkeypatch.setattr(vorbis, "_sndfile", vorbis._sndfile.__wrapped__)
    write_audio(tmp_path / "sound.ogg", blocks_of(chord(50_000)))
    assert read_audio(tmp_path / "sound.ogg")[0].shape == (2, 50_000)


def test_vorbis_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vorbis, "system_libraries", lambda *_: iter(()))
    monkeypatch.setattr(vorbis, "bundled_libraries", lambda *_: iter(()))
    monkeypatch.setattr(vorbis, "_sndfile", vorbis._sndfile.__wrapped__)
    with pytest.raises(SetupError, match="install it"):
        write_audio(tmp_path / "sound.ogg", blocks_of(chord(50_000)))
    assert list(tmp_path.iterdir()) == []


def test_dither_whispers_and_silence_is_zero(tmp_path: Path) -> None:
    path = tmp_path / "soft.wav"
    soft = chord(88_200) * 1e-4  # 2 steps of 16 bits: rounding alone would distort it
    write_audio(path, [np.zeros((2, 44_100), np.float32), soft])
    read, _ = read_audio(path)
    assert not read[:, :44_100].any()
    error = read[0, 44_100:] - soft[0]
    assert abs(np.corrcoef(error, soft[0])[0, 1]) < 0.02
    assert -101 < rms_db(error) < -93


def test_full_scale_does_not_wrap(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    write_audio(path, [np.array([[1.5], [-1.5]], np.float32) * np.ones((2, 1000), np.float32)])
    read, _ = read_audio(path)
    assert read[0].min() > 0.99 and read[1].max() < -0.99


def test_nothing_is_a_file_without_sound(tmp_path: Path) -> None:
    write_audio(tmp_path / "empty.wav", [])
    assert (tmp_path / "empty.wav").stat().st_size < 200


def test_an_ending_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"use \.wav, \.flac, \.ogg, \.mp3"):
        write_audio(tmp_path / "sound.xyz", [])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"sound\.wav"):
        write_audio(tmp_path / "missing" / "sound.wav", [])


def test_an_interruption_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    path.write_text("the old one")

    def interrupted() -> Iterator[np.ndarray]:
        yield chord(50_000)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_audio(path, interrupted())
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", FORMATS)
def test_a_full_disk(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"sound{ending}"
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 400_000)).astype(np.float32)
    old_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    old_handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, old_limit[1]))
    try:
        with pytest.raises(OutputError, match="sound"):
            write_audio(path, blocks_of(noise))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old_limit)
        signal.signal(signal.SIGXFSZ, old_handler)
    assert list(tmp_path.iterdir()) == []
