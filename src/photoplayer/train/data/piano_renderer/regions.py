"""Which parts of the picture a moment changes: the rest keeps what was drawn once without hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.piano_renderer.camera import Camera
from photoplayer.train.data.piano_renderer.keys import Keys

Floats = npt.NDArray[np.float64]
_SHADOW_FLOOR_MM = -12.0
_MARGIN_MM = 34.0
"""Hands darken what is as near as this."""


class Region(NamedTuple):
    """Pixels as OpenGL counts them: from the lower left corner."""

    x: int
    y: int
    width: int
    height: int


def changed(
    camera: Camera,
    keys: Keys,
    down: Floats,
    hands: npt.NDArray[np.float32],
    rays: Sequence[Floats],
    length_mm: float,
) -> list[Region]:
    """Around each hand with its shadows and around each key that is not up. ``hands (n, 12)`` vertices, one
    hand after the other or empty; ``rays``: towards the lamps."""
    groups: list[Floats] = []
    points = hands[::13, :3].astype(np.float64)
    if len(points):
        for half in np.array_split(points, 2):
            group = [half]
            group += [half - ray * ((half[:, 2:] - _SHADOW_FLOOR_MM) / ray[2]) for ray in rays]
            near = np.concatenate(group)
            near = near[near[:, 1] < 2000]
            groups.append(
                np.concatenate(
                    [near - _MARGIN_MM * np.array([1, 1, 0.2]), near + _MARGIN_MM * np.array([1, 1, 0.2])]
                )
            )
    for key in np.flatnonzero(down > 1e-5):
        left, right = keys.edges[key, :2] + (-26, 26)
        groups.append(
            np.array([(x, y, z) for x in (left, right) for y in (-12, length_mm + 20) for z in (-25, 14)])
        )
    boxes = [_box(camera, group) for group in groups]
    return merged([box for box in boxes if box.width > 0 and box.height > 0])


def _box(camera: Camera, points: Floats) -> Region:
    width, height = camera.size
    clip = points @ camera.projection[:, :3].T + camera.projection[:, 3]
    if np.any(clip[:, 3] < 20):
        return Region(0, 0, width, height)
    x = (clip[:, 0] / clip[:, 3] + 1) * width / 2
    y = (clip[:, 1] / clip[:, 3] + 1) * height / 2
    x0, x1 = (int(v) for v in np.clip((x.min() - 2, x.max() + 3), 0, width))
    y0, y1 = (int(v) for v in np.clip((y.min() - 2, y.max() + 3), 0, height))
    return Region(x0, y0, x1 - x0, y1 - y0)


def merged(boxes: Sequence[Region]) -> list[Region]:
    """Boxes that do not overlap and cover all given ones."""
    left = list(boxes)
    done: list[Region] = []
    while left:
        box = left.pop()
        for other in left:
            if _touch(box, other):
                left.remove(other)
                left.append(_union(box, other))
                break
        else:
            done.append(box)
    return sorted(done)


def _touch(a: Region, b: Region) -> bool:
    return not (a.x + a.width < b.x or b.x + b.width < a.x or a.y + a.height < b.y or b.y + b.height < a.y)


def _union(a: Region, b: Region) -> Region:
    x, y = min(a.x, b.x), min(a.y, b.y)
    return Region(x, y, max(a.x + a.width, b.x + b.width) - x, max(a.y + a.height, b.y + b.height) - y)
