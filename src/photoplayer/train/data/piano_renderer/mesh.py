"""Triangles with what the shader wants to know of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.piano_renderer.look import Rgb

Floats = npt.NDArray[np.float32]
FLOATS_PER_VERTEX = 12
"""Position 3, normal 3, colour 3, gloss, kind, key."""


class Kind(IntEnum):
    """How a surface is shaded."""

    PLAIN, WHITE_KEY, BLACK_KEY, LACQUER, SKIN, WOOD, CLOTH, CARPET = range(8)


class Mesh:
    """Collects faces; ``vertices()`` gives ``(3 n, 12) float32``, three rows a triangle."""

    def __init__(self) -> None:
        self._parts: list[Floats] = []

    def face(
        self,
        corners: Sequence[Sequence[float]],
        *,
        rgb: Rgb,
        kind: Kind,
        gloss: float = 0.1,
        key: int = -1,
        normals: Sequence[Sequence[float]] | None = None,
        up: Sequence[float] = (0.0, 0.0, 1.0),
    ) -> None:
        """A convex flat face. Without ``normals`` (one a corner), its own normal on the side of ``up``."""
        points = np.asarray(corners, dtype=np.float32)
        if normals is None:
            normal = np.cross(points[1] - points[0], points[2] - points[0])
            normal = normal / max(float(np.linalg.norm(normal)), 1e-9)
            if float(normal @ np.asarray(up, dtype=np.float32)) < 0:
                normal = -normal
            shading = np.repeat(normal[None], len(points), axis=0)
        else:
            shading = np.asarray(normals, dtype=np.float32)
        rows = np.empty((len(points), FLOATS_PER_VERTEX), np.float32)
        rows[:, :3], rows[:, 3:6], rows[:, 6:9] = points, shading, rgb
        rows[:, 9:] = gloss, float(kind), float(key)
        fan = [index for i in range(1, len(points) - 1) for index in (0, i, i + 1)]
        self._parts.append(rows[fan])

    def box(
        self, low: Sequence[float], high: Sequence[float], *, rgb: Rgb, kind: Kind, gloss: float = 0.1
    ) -> None:
        """An upright box without its bottom."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        paint = {"rgb": rgb, "kind": kind, "gloss": gloss}
        self.face([(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)], **paint)
        self.face([(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)], up=(0, -1, 0), **paint)
        self.face([(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)], up=(0, 1, 0), **paint)
        self.face([(x0, y0, z0), (x0, y1, z0), (x0, y1, z1), (x0, y0, z1)], up=(-1, 0, 0), **paint)
        self.face([(x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)], up=(1, 0, 0), **paint)

    def vertices(self) -> Floats:
        """All triangles."""
        if not self._parts:
            return np.zeros((0, FLOATS_PER_VERTEX), np.float32)
        return np.ascontiguousarray(np.concatenate(self._parts))
