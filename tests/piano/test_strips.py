"""From a video and its shots to strips, in order, in blocks, nothing held back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drawn_piano import draw_piano, keyboard
from photoplayer.piano import strips as room
from photoplayer.piano.keyboard import Shot
from photoplayer.piano.strips import strips


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_piano(tmp_path_factory.mktemp("strips") / "piano.mp4", seconds=4.0, fps=50)


def test_all_pictures_come_once_in_blocks(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BLOCK_S", 1.5)
    read = list(strips(clip, [Shot(0.0, np.inf, keyboard())]))
    assert [s.continues for s in read] == [False, True, True]
    times = np.concatenate([s.times_s for s in read])
    assert np.allclose(times, np.arange(100) / 25)  # of 50 a second every second one
    assert all(s.pictures.shape[0] == len(s.times_s) and s.seen.all() for s in read)


def test_shots_without_a_keyboard_are_left_out(clip: Path) -> None:
    where = keyboard()
    shots = [Shot(0.0, 1.0, where), Shot(1.0, 3.0, None), Shot(3.0, np.inf, where)]
    first, last = strips(clip, shots)
    assert first.times_s[-1] == pytest.approx(0.96) and last.times_s[0] == pytest.approx(3.0)
    assert not last.continues


def test_a_part_of_the_clip_and_fewer_pictures(clip: Path) -> None:
    (strip,) = strips(clip, [Shot(0.0, np.inf, keyboard())], start_s=1.0, end_s=2.0, max_fps=13)
    assert np.allclose(strip.times_s, 1.0 + 0.08 * np.arange(13))


def test_no_shots_no_strips(clip: Path) -> None:
    assert list(strips(clip, [])) == []
