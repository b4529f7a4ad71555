"""Rolls on their way through the generator: windows of four seconds at 25 columns, and back again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.roll import Curves, Roll
from photoplayer.piano.roll2midi import HOP, RATE_HZ, WINDOW, at_times, grid, mended

SEEN = np.ones(KEY_COUNT, dtype=bool)


def roll(down: Curves, rate_hz: float, *, start_s: float = 0.0, continues: bool = False) -> Roll:
    return Roll(times_s=start_s + np.arange(len(down)) / rate_hz, down=down, seen=SEEN, continues=continues)


def slow_wave(count: int, rate_hz: float) -> Curves:
    """Curves that 25 columns a second hold well."""
    phases = np.arange(KEY_COUNT) / KEY_COUNT
    return (0.5 + 0.5 * np.sin(np.arange(count)[:, None] / rate_hz + 6 * phases)).astype(np.float32)


class Watched:
    """A generator that changes nothing and remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[Curves] = []

    def __call__(self, columns: Curves) -> Curves:
        assert columns.shape == (WINDOW, KEY_COUNT)
        self.shown.append(columns)
        return columns


def together(rolls: list[Roll]) -> Curves:
    return np.concatenate([r.down for r in rolls])


@pytest.mark.parametrize("rate_hz", [20.0, 25.0, 29.97])
@pytest.mark.parametrize("count", [1, 2, 60, 100, 133, 150, 151, 421])
def test_a_generator_that_changes_nothing_changes_nothing(rate_hz: float, count: int) -> None:
    given_ = slow_wave(count, rate_hz)
    out = list(mended([roll(given_, rate_hz, start_s=3.3)], Watched()))
    np.testing.assert_allclose(np.concatenate([r.times_s for r in out]), 3.3 + np.arange(count) / rate_hz)
    np.testing.assert_allclose(together(out), given_, atol=0.03)
    assert [r.continues for r in out] == [False] + [True] * (len(out) - 1)


def test_windows_lie_four_seconds_long_every_two_and_the_last_is_filled_up() -> None:
    watched = Watched()
    count = WINDOW + HOP + 20
    list(mended([roll(np.ones((count, KEY_COUNT), np.float32), RATE_HZ)], watched))
    assert [int(w[:, 0].sum()) for w in watched.shown] == [WINDOW, WINDOW, HOP + 20]


def test_what_the_last_window_covers_needs_no_other() -> None:
    watched = Watched()
    list(mended([roll(np.ones((WINDOW, KEY_COUNT), np.float32), RATE_HZ)], watched))
    assert len(watched.shown) == 1


def test_two_windows_are_averaged_where_they_overlap() -> None:
    told: list[float] = []

    def numbered(columns: Curves) -> Curves:
        told.append(float(len(told) + 1))
        return np.full_like(columns, told[-1])

    count = WINDOW + HOP
    out = together(list(mended([roll(np.zeros((count, KEY_COUNT), np.float32), RATE_HZ)], numbered)))[:, 0]
    assert out.tolist() == [1.0] * HOP + [1.5] * HOP + [2.0] * HOP


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 90), min_size=1, max_size=6).filter(sum), st.sampled_from([20.0, 30.0]))
def test_however_a_shot_is_cut_the_same_comes_out(lengths: list[int], rate_hz: float) -> None:
    whole = slow_wave(sum(lengths), rate_hz)
    parts, at = [], 0
    for length in lengths:
        parts.append(roll(whole[at : at + length], rate_hz, start_s=at / rate_hz, continues=at > 0))
        at += length
    once, cut = Watched(), Watched()
    expected = together(list(mended([roll(whole, rate_hz)], once)))
    np.testing.assert_allclose(together(list(mended(parts, cut))), expected, atol=1e-5)
    np.testing.assert_allclose(np.stack(cut.shown), np.stack(once.shown), atol=1e-5)


def test_shots_are_mended_apart() -> None:
    watched = Watched()
    ones, zeros = (np.full((60, KEY_COUNT), value, np.float32) for value in (1.0, 0.0))
    out = list(mended([roll(ones, 25), roll(zeros, 25, start_s=9)], watched))
    assert len(watched.shown) == 2 and watched.shown[1].max() == 0
    assert not next(r.continues for r in out if r.times_s[0] >= 9)


def test_what_is_settled_goes_out_while_more_comes_in() -> None:
    fed = 0

    def rolls() -> object:
        nonlocal fed
        for second in range(60):
            fed = second
            yield roll(slow_wave(25, 25), 25, start_s=float(second), continues=second > 0)

    first = next(iter(mended(rolls(), Watched())))  # type: ignore[arg-type]
    assert fed <= 5 and first.times_s[0] == 0.0


def test_between_times_curves_are_straight_and_beyond_them_level() -> None:
    curves = np.array([[0.0], [1.0], [0.0]], dtype=np.float32)
    times_s = np.array([1.0, 2.0, 4.0])
    wanted = np.array([0.0, 1.25, 2.0, 3.0, 9.0])
    assert at_times(wanted, times_s, curves)[:, 0].tolist() == pytest.approx([0.0, 0.25, 1.0, 0.5, 0.0])
    assert at_times(wanted, times_s[:1], curves[:1])[:, 0].tolist() == [0.0] * 5


def test_the_grid_has_a_column_every_forty_milliseconds() -> None:
    np.testing.assert_allclose(grid(1.0, 2, 1.2), [1.08, 1.12, 1.16, 1.2])
    assert len(grid(1.0, 6, 1.2)) == 0
