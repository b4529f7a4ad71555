"""From a video and its shots to strips: decoded once, straightened, with the clean plate of the moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from photoplayer.piano.keyboard import Shot
from photoplayer.piano.plate import SAMPLE_S, Plate
from photoplayer.piano.strip import Pictures, Strip
from photoplayer.piano.warp import Warp
from photoplayer.video import luma
from photoplayer.video.glimpse import glimpses

MAX_FPS = 32.0
"""Pictures a second that are read; of 50 or 60 every second one. More tell little of when a key falls."""

SEEDED_S = 240.0
MOST_SEEDS = 20
"""The plate of a shot begins with up to so many pictures out of its first four minutes."""

BLOCK_S = 12.0
"""A strip's length: its plate is made of what it shows, and of what was before."""


def strips(
    path: Path,
    shots: Sequence[Shot],
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
    max_fps: float | None = None,
) -> Iterator[Strip]:
    """Strips of all shots with a keyboard, in order, about ``BLOCK_S`` long.

    Memory does not grow with the video's length. Raises :class:`InputError` as
    :func:`photoplayer.video.luma` does.
    """
    rate = MAX_FPS if max_fps is None else min(max_fps, MAX_FPS)
    pictures = luma(path, start_s=start_s, end_s=end_s, max_fps=rate)
    remaining = list(shots)
    cutter: _Cutter | None = None
    for picture in pictures:
        while remaining and picture.time_s >= remaining[0].end_s:
            remaining.pop(0)
            if cutter:
                yield from cutter.rest()
                cutter = None
        if not remaining:
            return
        shot = remaining[0]
        if shot.keyboard is None or picture.time_s < shot.start_s:
            continue
        cutter = cutter or _Cutter(path, shot)
        yield from cutter.take(picture.time_s, picture.grey)
    if cutter:
        yield from cutter.rest()


class _Cutter:
    """Gathers one shot's pictures into strips."""

    def __init__(self, path: Path, shot: Shot) -> None:
        assert shot.keyboard is not None
        self._seen = shot.keyboard.visible
        self._warp = Warp(shot.keyboard)
        self._plate = Plate(_seeds(path, shot, self._warp))
        self._times: list[float] = []
        self._pictures: list[Pictures] = []
        self._next_sample_s = 0.0
        self._continues = False

    def take(self, time_s: float, grey: Pictures) -> Iterator[Strip]:
        if self._times and time_s - self._times[0] >= BLOCK_S:
            yield from self.rest()
        picture = self._warp.straighten(grey)
        if time_s >= self._next_sample_s:
            self._plate.see(picture)
            self._next_sample_s = time_s + SAMPLE_S
        self._times.append(time_s)
        self._pictures.append(picture)

    def rest(self) -> Iterator[Strip]:
        """What was gathered so far as one strip."""
        if not self._times:
            return
        yield Strip(
            times_s=np.array(self._times),
            pictures=np.stack(self._pictures),
            plate=self._plate.estimate(),
            seen=self._seen,
            continues=self._continues,
        )
        self._times, self._pictures, self._continues = [], [], True


def _seeds(path: Path, shot: Shot, warp: Warp) -> list[Pictures]:
    """Strips of key pictures from all over the shot: where they lie, since seeking costs little there."""
    end_s = min(shot.end_s, shot.start_s + SEEDED_S)
    step_s = max((end_s - shot.start_s) / MOST_SEEDS, SAMPLE_S)
    found = glimpses(path, start_s=shot.start_s, end_s=end_s, step_s=step_s, patience_s=np.inf)
    return [warp.straighten(glimpse.grey) for glimpse in islice(found, MOST_SEEDS)]
