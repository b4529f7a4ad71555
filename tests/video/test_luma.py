"""Grey pictures as they are coded: the same moments, sizes and brightness as the RGB ones."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from filmed import film

from photoplayer.video import frames, luma
from photoplayer.video.decode import _Clock


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"rotation": 90.0},
        {"mirror": True},
        {"codec": "libx264", "pixel_format": "yuv444p"},
        {"aspect": Fraction(4, 3)},
        {"size": (126, 94)},
    ],
    ids=str,
)
def test_luma_is_the_grey_of_the_picture(tmp_path: Path, options: dict[str, object]) -> None:
    clip = film(tmp_path / "clip.mp4", count=6, **options)  # type: ignore[arg-type]
    pairs = list(zip(frames(clip), luma(clip), strict=True))
    for colour, grey in pairs:
        assert grey.time_s == colour.time_s
        assert grey.grey.shape == colour.image.shape[:2]
        expected = colour.image @ np.array([0.299, 0.587, 0.114])
        assert np.corrcoef(grey.grey.ravel(), expected.ravel())[0, 1] > 0.98  # full range or video range


def test_pictures_are_left_out_evenly(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", count=60, fps=60)
    times = [picture.time_s for picture in luma(clip, max_fps=32)]
    assert np.allclose(times, np.arange(30) / 30, atol=1e-3)
    assert len(list(luma(clip, max_fps=100))) == 60


def test_a_part_of_the_clip(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", count=60, fps=30)
    times = [picture.time_s for picture in luma(clip, start_s=0.5, end_s=1.0)]
    assert np.allclose(times, 0.5 + np.arange(15) / 30, atol=1e-3)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_a_late_part_is_reached_without_what_comes_before(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = film(tmp_path / name, count=240, fps=30, options={"g": "30"})
    whole = [picture.time_s for picture in luma(clip)]
    decoded = 0
    place = _Clock.place

    def counted(clock: _Clock, frame: object) -> object:
        nonlocal decoded
        decoded += 1
        return place(clock, frame)  # type: ignore[arg-type]

    monkeypatch.setattr(_Clock, "place", counted)
    late = [picture.time_s for picture in luma(clip, start_s=6.0)]
    assert late == [time_s for time_s in whole if time_s >= 6.0]
    assert decoded < len(whole)
