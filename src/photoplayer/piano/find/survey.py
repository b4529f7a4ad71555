"""Pictures from all over a clip, small enough to keep, sorted into runs that look alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.piano.find.stills import Picture, shrunk
from photoplayer.video.glimpse import glimpses

_MOST = 120
_STEP_S = 1.0
_PATIENCE_S = (1.5, 5.0)
_FEWEST = 6
"""Samples a clip should have before rare key pictures are put up with."""

SIDE_PX = 1280
"""Longer side that samples are kept at, at most: a hundred of them take a hundred megabytes."""

_THUMB = (24, 40)
_ALIKE = 0.8
"""Correlation of two thumbnails that are of one view."""


@dataclass(frozen=True, eq=False)
class Sample:
    """A ``picture`` kept small, at ``time_s``; ``thumb`` is it tiny, with light and contrast taken out."""

    time_s: float
    picture: Picture
    thumb: npt.NDArray[np.float32]

    def alike(self, other: Sample) -> bool:
        """Whether two samples look like one view, whatever the light."""
        return float((self.thumb * other.thumb).mean()) > _ALIKE


def kept_factor(size: tuple[int, int]) -> int:
    """How many times smaller samples of a video of ``size`` (width, height) are kept."""
    return max(1, -(-max(size) // SIDE_PX))


def surveyed(path: Path, size: tuple[int, int], start_s: float, end_s: float) -> list[Sample]:
    """Samples of a stretch of a video, 120 at most, the more seldom the longer it is."""
    length_s = end_s - start_s
    patience_s = float(np.clip(length_s / _FEWEST, *_PATIENCE_S))
    step_s = max(_STEP_S, length_s / _MOST)
    factor = kept_factor(size)
    taken = glimpses(
        path, start_s=start_s, end_s=end_s, step_s=step_s, patience_s=max(patience_s, 2 * step_s)
    )
    return [Sample(shot.time_s, small(shot.grey, factor), _thumb(shot.grey)) for shot in taken]


def small(picture: Picture, factor: int) -> Picture:
    """A picture as samples keep it."""
    if factor == 1:
        return picture
    return (shrunk(picture, factor) + np.float32(0.5)).astype(np.uint8)


def runs(samples: Sequence[Sample]) -> list[list[int]]:
    """Indices of samples that look alike, whether or not others come between; the largest group first."""
    groups: list[list[int]] = []
    for i, sample in enumerate(samples):
        for group in groups:
            if sample.alike(samples[group[-1]]) or sample.alike(samples[group[0]]):
                group.append(i)
                break
        else:
            groups.append([i])
    return sorted(groups, key=len, reverse=True)


def _thumb(picture: Picture) -> npt.NDArray[np.float32]:
    rows, columns = (
        np.linspace(0, side, n + 1).astype(int) for side, n in zip(picture.shape, _THUMB, strict=True)
    )
    sums = np.add.reduceat(picture.astype(np.float32), rows[:-1], axis=0)
    sums = np.add.reduceat(sums, columns[:-1], axis=1) / np.outer(np.diff(rows), np.diff(columns))
    spread = float(sums.std())
    return np.asarray((sums - sums.mean()) / max(spread, 1.0), dtype=np.float32)
