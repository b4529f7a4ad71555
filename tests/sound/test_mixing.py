from __future__ import annotations

import numpy as np
import pytest
from sounds import exact_true_peak_db, joined

from photoplayer.sound import mix_under


def tone(frames: int, *, level: float = 0.2, hz: float = 330.0) -> np.ndarray:
    wave = level * np.sin(2 * np.pi * hz * np.arange(frames) / 44_100)
    return np.array([wave, -wave], np.float32)


def blocks_of(sound: np.ndarray, size: int) -> list[np.ndarray]:
    return [sound[:, start : start + size] for start in range(0, sound.shape[1], size)]


@pytest.mark.parametrize("size", [1, 333, 5000, 100_000])
@pytest.mark.parametrize("frames", [0, 10_000, 20_000, 30_000])
def test_any_blocks_and_lengths(size: int, frames: int) -> None:
    if size == 1 and frames > 10_000:
        frames = 10_000
    music, under = tone(20_000), tone(frames, hz=1000)
    mixed = list(mix_under(blocks_of(music, 6000), blocks_of(under, size), gain=0.5))
    expected = music.copy()
    common = min(frames, 20_000)
    expected[:, :common] += 0.5 * under[:, :common]
    assert [block.shape[1] for block in mixed] == [6000, 6000, 6000, 2000]
    np.testing.assert_allclose(joined(mixed), expected, atol=1e-6)


def test_mono_goes_to_both_sides() -> None:
    mixed = joined(mix_under([np.zeros((2, 1000), np.float32)], [tone(1000)[:1]], gain=1.0))
    np.testing.assert_allclose(mixed, np.broadcast_to(tone(1000)[:1], (2, 1000)), atol=1e-6)


def test_the_sum_stays_under_the_ceiling() -> None:
    music, under = tone(100_000, level=0.85), tone(100_000, level=0.9)
    mixed = joined(mix_under(blocks_of(music, 65_536), blocks_of(under, 1024), gain=1.0))
    assert exact_true_peak_db(mixed[:, 5000:-5000] * np.hanning(90_000)) <= -1
    assert np.abs(mixed).max() <= 10 ** (-1 / 20)


def test_a_longer_sound_is_not_read_to_its_end() -> None:
    read = 0

    def endless():
        nonlocal read
        while True:
            read += 1
            yield np.zeros((2, 1000), np.float32)

    assert joined(mix_under([tone(5000)], endless(), gain=1.0)).shape == (2, 5000)
    assert read == 5
