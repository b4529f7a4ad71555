"""Single pictures: the one on screen at a time, from files that seek well and badly."""

from __future__ import annotations

from pathlib import Path

import pytest
from filmed import film, number_in

from photoplayer.errors import InputError
from photoplayer.video import still


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.mp4", {}),
        ("b.mp4", {"options": {"g": "200", "bf": "3"}, "offset_s": 2.0}),
        ("c.mkv", {"options": {"g": "12"}}),
        ("d.wmv", {"codec": "wmv2"}),
    ],
)
def test_the_picture_on_screen_at_a_time(tmp_path: Path, name: str, how: dict) -> None:
    clip = film(tmp_path / name, **how)
    for time_s, number in ((0.0, 0), (0.51, 15), (1.34, 40), (99.0, 59)):
        assert number_in(still(clip, time_s)) == number


def test_no_video_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("hello")
    with pytest.raises(InputError, match=r"text\.mp4"):
        still(tmp_path / "text.mp4", 0.0)
