from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from photoplayer.sound.audio import RATE_HZ
from photoplayer.sound.loudness import LoudnessMeter


def sine(level_db: float, seconds: float, *, hz: float = 997.0, rate_hz: int = RATE_HZ) -> np.ndarray:
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    one = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * t)
    return np.array([one, one], np.float32)


def measure(samples: np.ndarray, *, block: int = 10_000, rate_hz: int = RATE_HZ) -> float:
    meter = LoudnessMeter(rate_hz)
    for start in range(0, samples.shape[1], block):
        meter.add(samples[:, start : start + block])
    return meter.lufs()


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_a_stereo_sine_at_minus_23(rate_hz: int) -> None:
    """EBU Tech 3341, test signals 1 and 2."""
    assert measure(sine(-23, 20, hz=1000, rate_hz=rate_hz), rate_hz=rate_hz) == pytest.approx(-23, abs=0.1)
    assert measure(sine(-33, 20, hz=1000, rate_hz=rate_hz), rate_hz=rate_hz) == pytest.approx(-33, abs=0.1)


def test_the_gate_leaves_soft_passages_out() -> None:
    """EBU Tech 3341, test signals 3 and 4."""
    three = np.concatenate([sine(-36, 10), sine(-23, 60), sine(-36, 10)], axis=1)
    four = np.concatenate([sine(-72, 10), three, sine(-72, 10)], axis=1)
    assert measure(three) == pytest.approx(-23, abs=0.1)
    assert measure(four) == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("hz", [40.0, 100.0, 700.0, 2000.0, 9000.0])
def test_it_agrees_with_pyloudnorm(hz: float) -> None:
    sound = sine(-20, 3, hz=hz)
    assert measure(sound) == pytest.approx(pyloudnorm.Meter(RATE_HZ).integrated_loudness(sound.T), abs=0.1)


def test_it_agrees_with_pyloudnorm_on_uneven_noise() -> None:
    noise = np.random.default_rng(2).standard_normal((2, 5 * RATE_HZ)) * np.linspace(0.001, 0.2, 5 * RATE_HZ)
    expected = pyloudnorm.Meter(RATE_HZ).integrated_loudness(noise.T)
    assert measure(noise.astype(np.float32)) == pytest.approx(expected, abs=0.1)


def test_block_sizes_do_not_matter() -> None:
    noise = np.random.default_rng(3).standard_normal((2, 100_000)).astype(np.float32)
    results = [measure(noise, block=block) for block in (997, 4411, 65_536, 100_000)]
    assert max(results) - min(results) < 1e-4


def test_gain_after_the_fact_is_gain_before() -> None:
    uneven = np.concatenate([sine(-75, 5), sine(-45, 5)], axis=1)
    meter = LoudnessMeter()
    meter.add(uneven)
    assert meter.lufs(20.0) == pytest.approx(measure(uneven * np.float32(10)), abs=1e-3)


def test_silence_and_nothing() -> None:
    assert measure(np.zeros((2, RATE_HZ), np.float32)) == float("-inf")
    assert measure(np.zeros((2, 0), np.float32)) == float("-inf")


def test_a_sound_shorter_than_a_window_has_a_loudness() -> None:
    assert measure(sine(-20, 0.2)) == pytest.approx(-23, abs=0.5)  # half of a window sounds
