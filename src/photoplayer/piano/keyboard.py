"""Where a piano's keyboard lies in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import (
    HIGHEST_PITCH,
    LOWEST_PITCH,
    PITCHES,
    Points,
    key_edges,
    key_outline,
)
from photoplayer.piano.lens import bent

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Keyboard:
    """A keyboard as one camera sees it.

    ``homography`` ``(3, 3)`` takes points of the keyboard's plane (see :mod:`photoplayer.piano.layout`: x in
    white-key widths from A0's left edge, y from the fallboard 0 to the player's edge 1) to pixels of a
    picture of ``size`` (width, height), x to the right and y down, whole numbers at pixel centres, as a
    straight lens would show them; ``bulge`` bends them (see :mod:`photoplayer.piano.lens`). Keys of the
    instrument run from ``first_pitch`` to ``last_pitch``. ``confidence`` is 0..1; ``octave_known`` is false
    where the octave is a guess (the pitch classes are not).
    """

    homography: Matrix
    size: tuple[int, int]
    first_pitch: int = LOWEST_PITCH
    last_pitch: int = HIGHEST_PITCH
    confidence: float = 1.0
    octave_known: bool = True
    bulge: float = 0.0

    @cached_property
    def corners(self) -> Points:
        """``(4, 2)`` pixels: far left, far right, near right, near left of the instrument's keys."""
        left, right = key_edges(self.first_pitch)[0], key_edges(self.last_pitch)[1]
        return self.to_picture(np.array([(left, 0.0), (right, 0.0), (right, 1.0), (left, 1.0)]))

    @cached_property
    def polygons(self) -> tuple[Points, ...]:
        """The 88 keys' outlines in pixels, lowest key first."""
        return tuple(self.to_picture(key_outline(pitch)) for pitch in PITCHES)

    @cached_property
    def visible(self) -> npt.NDArray[np.bool_]:
        """``(88,)``: which keys the instrument has and the picture shows, at least most of."""
        width, height = self.size
        shown = np.zeros(len(PITCHES), dtype=bool)
        for i, (pitch, outline) in enumerate(zip(PITCHES, self.polygons, strict=True)):
            x, y = outline.mean(axis=0)
            shown[i] = (
                self.first_pitch <= pitch <= self.last_pitch and 0 <= x <= width - 1 and 0 <= y <= height - 1
            )
        return shown

    @cached_property
    def view(self) -> Literal["player", "piano"]:
        """The side the camera looks from; from the player's, the keys' near edge is lower in the picture."""
        far, near = self.corners[:2, 1].mean(), self.corners[2:, 1].mean()
        return "player" if near >= far else "piano"

    @cached_property
    def mirrored(self) -> bool:
        """Whether left and right are exchanged, as front cameras of phones do."""
        (ax, ay), (bx, by), _, (dx, dy) = self.corners
        return bool((bx - ax) * (dy - ay) - (by - ay) * (dx - ax) < 0)

    def to_picture(self, points: Points) -> Points:
        """``(n, 2)`` points of the keyboard's plane, in pixels."""
        straight = apply_homography(self.homography, points)
        return np.stack(bent(straight[:, 0], straight[:, 1], self.size, self.bulge), axis=1)


@dataclass(frozen=True)
class Shot:
    """A stretch of video with one still camera: from ``start_s`` to before ``end_s``; no keyboard: None."""

    start_s: float
    end_s: float
    keyboard: Keyboard | None


def apply_homography(homography: Matrix, points: Points) -> Points:
    """``(n, 2)`` points through a ``(3, 3)`` homography."""
    mapped = np.asarray(points, dtype=np.float64) @ homography[:, :2].T + homography[:, 2]
    return np.asarray(mapped[:, :2] / mapped[:, 2:], dtype=np.float64)


def homography_between(source: Points, target: Points) -> Matrix:
    """The homography that takes four or more points to four or more others (least squares).

    Raises ``ValueError`` where they do not settle it (three on a line).
    """
    rows = []
    for (x, y), (u, v) in zip(np.asarray(source, float), np.asarray(target, float), strict=True):
        rows.append((x, y, 1, 0, 0, 0, -u * x, -u * y, -u))
        rows.append((0, 0, 0, x, y, 1, -v * x, -v * y, -v))
    _, values, vectors = np.linalg.svd(np.array(rows))
    if values[7] < 1e-9 * values[0] or abs(vectors[-1][8]) < 1e-12:
        raise ValueError(f"the points {np.asarray(target).tolist()} are no picture of a keyboard")
    return np.asarray((vectors[-1] / vectors[-1][8]).reshape(3, 3), dtype=np.float64)
