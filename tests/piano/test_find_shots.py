"""A clip is cut where its camera moves or another picture comes, to the frame."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from drawn import Camera, Look, draw, worst_error

from photoplayer.piano.find import find_shots
from photoplayer.video.glimpse import glimpses, stretch

_FPS = 10
_SIZE = (480, 270)


def _film(path: Path, parts: Sequence[tuple[np.ndarray, int]], *, keys_every: int = 12) -> Path:
    """Grey pictures, each held for some frames."""
    with av.open(str(path), "w") as container:
        options = {"g": str(keys_every), "sc_threshold": "0", "preset": "veryfast", "crf": "18"}
        stream = container.add_stream("libx264", rate=_FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = *_SIZE, "yuv420p"
        number = 0
        for picture, count in parts:
            for _ in range(count):
                frame = av.VideoFrame.from_ndarray(np.repeat(picture[:, :, None], 3, axis=2), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, _FPS)
                container.mux(stream.encode(frame))
                number += 1
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def views() -> dict[str, np.ndarray]:
    return {
        "home": draw(Camera(), _SIZE).picture,
        "bumped": draw(Camera(at_x=26.6, turn_deg=1), _SIZE).picture,
        "dimmer": draw(Camera(), _SIZE, look=Look(white=0.6, body=0.1, around=0.28, seed=0)).picture,
        "face": np.random.default_rng(5).integers(90, 160, _SIZE[::-1]).astype(np.uint8),
        "black": np.zeros(_SIZE[::-1], np.uint8),
    }


def test_cut_to_a_face_and_back_shares_the_keyboard(views: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = _film(tmp_path / "a.mp4", [(views["home"], 37), (views["face"], 30), (views["home"], 33)])
    shots = find_shots(path)
    assert [shot.keyboard is not None for shot in shots] == [True, False, True]
    assert [shot.start_s for shot in shots] == pytest.approx([0.0, 3.7, 6.7], abs=0.11)
    assert shots[-1].end_s == pytest.approx(10.0, abs=0.11)
    assert shots[0].keyboard is shots[2].keyboard


def test_a_bump_makes_a_new_shot(views: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = _film(tmp_path / "b.mp4", [(views["home"], 43), (views["bumped"], 40)])
    first, second = find_shots(path)
    assert second.start_s == first.end_s == pytest.approx(4.3, abs=0.11)
    assert first.keyboard is not None and second.keyboard is not None
    assert worst_error(second.keyboard, draw(Camera(at_x=26.6, turn_deg=1), _SIZE).truth) < 0.2


def test_light_that_changes_splits_nothing(views: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = _film(tmp_path / "c.mp4", [(views["home"], 40), (views["dimmer"], 40)])
    (shot,) = find_shots(path)
    assert shot.keyboard is not None


def test_nothing_but_black(views: dict[str, np.ndarray], tmp_path: Path) -> None:
    told: list[float] = []
    (shot,) = find_shots(_film(tmp_path / "d.mp4", [(views["black"], 25)]), progress=told.append)
    assert shot.keyboard is None and (shot.start_s, shot.end_s) == pytest.approx((0.0, 2.5))
    assert told == sorted(told) and told[-1] == 1.0


def test_part_of_a_clip(views: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = _film(tmp_path / "e.mp4", [(views["face"], 30), (views["home"], 50)])
    (shot,) = find_shots(path, start_s=4.0, end_s=7.0)
    assert shot.keyboard is not None and (shot.start_s, shot.end_s) == (4.0, 7.0)


@pytest.mark.parametrize("keys_every", [3, 100])
def test_glimpses_come_in_order_and_in_time(
    views: dict[str, np.ndarray], tmp_path: Path, keys_every: int
) -> None:
    path = _film(tmp_path / "f.mp4", [(views["black"], 30), (views["face"], 30)], keys_every=keys_every)
    seen = list(glimpses(path, end_s=6.0, step_s=0.5, patience_s=1.0))
    times = np.array([picture.time_s for picture in seen])
    assert times[0] == 0.0 and (np.diff(times) > 0).all() and np.diff(times).max() <= 1.5
    assert all((picture.grey.mean() > 60) == (picture.time_s > 2.95) for picture in seen)


def test_a_stretch_is_whole(views: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = _film(tmp_path / "g.mp4", [(views["black"], 30), (views["face"], 30)])
    times = [picture.time_s for picture in stretch(path, 2.5, 3.5)]
    assert times == pytest.approx(np.arange(25, 35) / 10)
