from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import exact_true_peak_db, joined

from photoplayer.sound.audio import RATE_HZ
from photoplayer.sound.limiter import PeakMeter, limited


def blocks_of(sound: np.ndarray, size: int) -> list[np.ndarray]:
    return [sound[:, start : start + size] for start in range(0, sound.shape[1], size)]


def applied(sound: np.ndarray, *, size: int = 5000, gain: float = 1.0) -> np.ndarray:
    return joined(block * curve for block, curve in limited(blocks_of(sound, size), gain=gain))


def bursts(seed: int, level: float = 1.0) -> np.ndarray:
    """Noise up to 18 kHz that jumps between silence and far over full scale."""
    random = np.random.default_rng(seed)
    envelope = np.repeat(random.choice([0, 0.1, 1, 4], 20), 2000)
    spectrum = np.fft.rfft(random.uniform(-1, 1, (2, envelope.size)) * envelope)
    spectrum[:, np.fft.rfftfreq(envelope.size, 1 / RATE_HZ) > 18_000] = 0
    return (level * np.fft.irfft(spectrum)).astype(np.float32)


def test_the_meter_sees_between_the_samples() -> None:
    # A quarter of the sample rate, 45 degrees off: every sample is 3 dB under the curve's top.
    t = np.arange(20_000)
    wave = np.sin(np.pi / 2 * t + np.pi / 4) * np.hanning(t.size)
    meter = PeakMeter()
    for block in blocks_of(np.array([wave, 0 * wave], np.float32), 777):
        meter.add(block)
    assert np.abs(wave).max() == pytest.approx(0.7071, abs=0.001)
    assert meter.peak == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_true_peak_stays_under_the_promise(seed: int) -> None:
    assert exact_true_peak_db(applied(bursts(seed))) <= -1.0


def test_music_under_the_ceiling_is_left_alone() -> None:
    sound = bursts(1, level=0.05)
    np.testing.assert_array_equal(applied(sound), sound)
    np.testing.assert_allclose(applied(sound, gain=2.0), 2 * sound, rtol=1e-6)


def test_the_gain_is_down_before_the_peak_and_comes_back() -> None:
    sound = np.full((2, RATE_HZ), 0.1, np.float32)
    sound[:, RATE_HZ // 2] = 2.0
    gains = np.concatenate([curve for _, curve in limited(blocks_of(sound, 4096))])
    assert gains[RATE_HZ // 2] * 2 <= 10 ** (-1 / 20)
    assert gains[: RATE_HZ // 2 - RATE_HZ // 100].min() == 1  # nothing happens 10 ms before
    assert gains[-1] == 1
    assert np.abs(np.diff(gains)).max() < 0.02  # no step that would click


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, 3000), min_size=1, max_size=12), seed=st.integers(0, 99))
def test_block_sizes_do_not_matter(sizes: list[int], seed: int) -> None:
    total = sum(sizes)
    sound = bursts(seed)[:, :total]
    edges = np.cumsum([0, *sizes])
    pieces = [sound[:, a:b] for a, b in pairwise(edges)]
    out = list(limited(pieces))
    assert [block.shape[1] for block, _ in out] == [curve.size for _, curve in out] == sizes
    whole = np.concatenate([curve for _, curve in limited([sound])])
    np.testing.assert_allclose(np.concatenate([curve for _, curve in out]), whole, atol=1e-6)


def test_the_stream_is_not_collected() -> None:
    """A block leaves as soon as the look-ahead behind it has arrived."""
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield np.zeros((2, 1000), np.float32)

    pairs = limited(endless())
    for _ in range(50):
        next(pairs)
    assert taken <= 53
