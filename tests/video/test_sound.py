"""The clip's own sound lies where it is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from filmed import film

from photoplayer.video import read_sound


def heard(path: Path, **options: int) -> np.ndarray:
    blocks = list(read_sound(path, **options))
    assert all(block.shape[0] == 2 and block.dtype == np.float32 for block in blocks)
    return np.concatenate([np.zeros((2, 0), np.float32), *blocks], axis=1)


def loud_from_to(sound: np.ndarray, rate_hz: int = 44_100) -> tuple[float, float]:
    loud = np.flatnonzero(np.abs(sound[0]) > 0.1)
    return loud[0] / rate_hz, loud[-1] / rate_hz


@pytest.mark.parametrize("name", ["a.mov", "a.mp4", "a.mkv"])
def test_late_start_is_silence(tmp_path: Path, name: str) -> None:
    begin, end = loud_from_to(heard(film(tmp_path / name, sound_s=(0.5, 1.5))))
    assert begin == pytest.approx(0.5, abs=0.003)
    assert end == pytest.approx(1.5, abs=0.03)


def test_sound_before_the_picture_is_cut(tmp_path: Path) -> None:
    sound = heard(film(tmp_path / "a.mov", offset_s=1.0, sound_s=(-0.75, 0.5)))
    begin, end = loud_from_to(sound)
    assert begin < 0.002
    assert end == pytest.approx(0.5, abs=0.003)


def test_longer_sound_ends_with_the_picture(tmp_path: Path) -> None:
    assert heard(film(tmp_path / "a.mov", sound_s=(0, 5))).shape[1] == 2 * 44_100


def test_another_rate(tmp_path: Path) -> None:
    sound = heard(film(tmp_path / "a.mov", sound_s=(0, 5)), rate_hz=48_000)
    assert sound.shape[1] == 2 * 48_000
    spectrum = np.abs(np.fft.rfft(sound[0]))
    assert np.argmax(spectrum) / 2 == pytest.approx(440, abs=1)
    assert np.abs(sound).max() == pytest.approx(0.5, abs=0.02)


def test_no_sound(tmp_path: Path) -> None:
    assert heard(film(tmp_path / "a.mp4", count=3)).shape == (2, 0)
