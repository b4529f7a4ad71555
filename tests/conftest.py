"""Small things every room's tests may want: a short clip with two scenes, drawn here."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import settings

from drawn_piano import ReadsGrey, draw_piano, keyboard
from photoplayer.piano import find, listen
from photoplayer.piano.keyboard import Shot
from photoplayer.piano.threshold import ThresholdDecoder

# On the integration machine the same cases every time; elsewhere new ones, which find new faults.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "explore")

FPS = 12


def draw_clip(path: Path, seconds: float = 12.0, *, size: tuple[int, int] = (160, 120)) -> Path:
    """Two scenes of moving noise, one bright and one dark and red, each half of the clip."""
    width, height = size
    dice = np.random.default_rng(1)
    scenes = dice.integers(0, 80, (2, height, width, 3), dtype=np.uint8)
    scenes[0] += 150
    scenes[1, ..., 0] += 70
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "30"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        count = max(round(seconds * FPS), 1)
        for i in range(count):
            picture = np.roll(scenes[2 * i // count], i, axis=1)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 12 s clip; do not write beside it."""
    return draw_clip(tmp_path_factory.mktemp("clip") / "two scenes.mp4")


@pytest.fixture
def make_clip(tmp_path: Path) -> Callable[..., Path]:
    """Draws a clip of any length or size in the test's own folder."""
    return lambda name="clip.mp4", **how: draw_clip(tmp_path / name, **how)


@pytest.fixture(scope="session")
def piano_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``drawn_piano.TUNE`` played on a drawn keyboard, 5 s; do not write beside it."""
    return draw_piano(tmp_path_factory.mktemp("piano") / "tune.mp4")


@pytest.fixture
def plain_eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drawn keyboard is known and read by its greys: what is tested then is all but the networks."""

    def find_shots(
        path: Path, *, start_s: float = 0.0, end_s: float = 0.0, **_others: object
    ) -> tuple[Shot, ...]:
        return (Shot(start_s, end_s, keyboard()),)

    monkeypatch.setattr(find, "find_shots", find_shots, raising=False)
    monkeypatch.setattr(listen, "reader_for", lambda _model, _decoder: ReadsGrey().read)
    monkeypatch.setattr(listen, "decoder_for", lambda _model, _decoder: ThresholdDecoder(0.5))
