"""What Audeo's recipes learn from: labels, the balance of classes, windows of roll. Without PyTorch."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from audeo_cache import RATE_HZ, write_clip

from photoplayer.piano.audeo import STACK
from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH, key_middle
from photoplayer.piano.roll import Roll
from photoplayer.piano.roll2midi import HOP, WINDOW
from photoplayer.piano.strip import MARGIN_WHITES, WHITE_WIDTH_PX
from photoplayer.train.data.audeo_frames import Frames, held
from photoplayer.train.data.roll_windows import kept_rolls, pooled, windows
from photoplayer.train.data.strip_cache import caches
from photoplayer.train.recipes.video2roll_check import figures, measure

LOW, HIGH = LOWEST_PITCH, LOWEST_PITCH + 60


@pytest.fixture
def frames(tmp_path: Path) -> Frames:
    """A key held for two seconds, another for a tenth of one, silence for the rest."""
    write_clip(tmp_path / "one", [(0.5, 2.5, LOW)], duration_s=4.0)
    write_clip(tmp_path / "two", [(1.0, 1.1, HIGH)], duration_s=2.0, covered_s=(0.5, 1.5))
    return Frames(caches(tmp_path))


def test_a_key_is_held_from_its_press_to_before_its_release() -> None:
    roll = held(np.array([[0.1, 0.3, HIGH, np.nan]]), np.arange(5) / 10 + 1e-9)
    assert roll[:, 60].tolist() == [False, True, True, False, False] and roll.sum() == 2


def test_frames_at_the_ends_and_outside_what_is_known_are_left_out(frames: Frames) -> None:
    one, two = (frames.places[frames.places[:, 0] == n, 1] for n in (0, 1))
    assert one.min() == 2 and one.max() == 4.0 * RATE_HZ - 3
    assert two.min() == 0.5 * RATE_HZ and two.max() == 1.5 * RATE_HZ - 1


def test_rare_keys_and_silence_are_drawn_as_often_as_others(frames: Frames) -> None:
    batch = frames.batch(frames.drawn(random.Random(1), 600))
    shares = [batch.held[:, 0].mean(), batch.held[:, 60].mean(), (~batch.held.any(axis=1)).mean()]
    assert shares == pytest.approx([1 / 3] * 3, abs=0.08)


def test_a_batch_shows_the_frame_with_its_neighbours(frames: Frames) -> None:
    batch = frames.batch(np.array([[0, 10]]))
    assert batch.pictures.shape[:2] == (1, STACK)
    assert np.array_equal(batch.pictures[0], frames.clips[0].pictures[8:13])
    assert batch.held[0].nonzero()[0].tolist() == [0] and batch.seen.all()


def test_spread_places_reach_from_first_to_last(frames: Frames) -> None:
    places = frames.spread(5)
    assert len(places) == 5
    assert places[0].tolist() == frames.places[0].tolist()
    assert places[-1].tolist() == frames.places[-1].tolist()
    assert len(frames.spread(10**6)) == len(frames)


def test_figures_by_hand() -> None:
    """One frame right, one with a false and a missed key, one silent and found so."""
    truth = np.zeros((3, KEY_COUNT), dtype=bool)
    truth[0, 5] = truth[1, 6] = True
    logits = np.full((3, KEY_COUNT), -9.0, dtype=np.float32)
    logits[0, 5] = logits[1, 7] = 9
    found = figures(logits, truth, np.ones_like(truth))
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    assert found.frame_precision == found.frame_recall == found.frame_f1 == pytest.approx(2 / 3)
    assert found.frame_accuracy == pytest.approx(2 / 3) and found.frames == 3
    unseen = np.ones_like(truth)
    unseen[1, 6:8] = False
    assert figures(logits, truth, unseen).f1 == 1.0


def test_the_threshold_is_that_of_the_source() -> None:
    truth = np.ones((1, KEY_COUNT), dtype=bool)
    for probability, recall in ((0.39, 0.0), (0.41, 1.0)):
        logits = np.full((1, KEY_COUNT), np.log(probability / (1 - probability)), dtype=np.float32)
        assert figures(logits, truth, truth).recall == recall


def column(pitch: int) -> int:
    return int((key_middle(pitch) + MARGIN_WHITES) * WHITE_WIDTH_PX)


def test_whoever_sees_the_bars_is_always_right(frames: Frames) -> None:
    def answer(pictures: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        logits = np.full((len(pictures), KEY_COUNT), -20.0, dtype=np.float32)
        logits[:, 0] = np.where(pictures[:, 2, 32, column(LOW)] > 200, 20, -20)
        logits[:, 60] = np.where(pictures[:, 2, 32, column(HIGH)] > 200, 20, -20)
        return logits

    assert measure(answer, frames, frames.places).f1 == 1.0


def test_windows_pair_what_was_said_with_what_was_held(tmp_path: Path) -> None:
    write_clip(tmp_path / "clip", [(1.0, 3.0, HIGH)], duration_s=9.0)
    (clip,) = caches(tmp_path)
    truth = held(clip.notes, clip.times_s).astype(np.float32)
    roll = Roll(times_s=clip.times_s, down=truth, seen=clip.seen)
    found = windows([(clip, roll)])
    assert found.said.shape == found.held.shape == (3, KEY_COUNT, WINDOW)
    assert pooled(found.said, found.held, 0.5)[2] > 0.97
    assert found.held[0, 60, 25:75].all() and found.held[0].sum() == 50
    assert np.array_equal(found.held[1, :, :HOP], found.held[0, :, HOP:])


def test_rolls_are_read_once_for_each_model(tmp_path: Path) -> None:
    write_clip(tmp_path / "cache" / "clip", [(1.0, 2.0, LOW)])
    clips = caches(tmp_path / "cache")
    asked = []

    def read(strips):  # type: ignore[no-untyped-def]
        for strip in strips:
            asked.append(len(strip.times_s))
            yield Roll(
                times_s=strip.times_s,
                down=np.full((len(strip.times_s), KEY_COUNT), 0.25, dtype=np.float32),
                seen=strip.seen,
            )

    for model in (b"a", b"a", b"b"):
        ((_, roll),) = kept_rolls(clips, read, tmp_path / "rolls", model=model)
        assert roll.down.shape == (len(clips[0].times_s), KEY_COUNT) and roll.down.max() == 0.25
    assert len(asked) == 2
