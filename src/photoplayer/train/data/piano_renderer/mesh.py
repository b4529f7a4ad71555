"""Triangles with what the shader wants to know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.piano_renderer.look import Rgb

Floats = npt.NDArray[np.float32]
Point = tuple[float, float, float]

FLOATS_PER_VERTEX = 12
"""Position 3, normal 3, colour 3, gloss, kind, key."""


class Kind(IntEnum):
    """How a surface is shaded."""

    PLAIN, WHITE_KEY, BLACK_KEY, LACQUER, SKIN, WOOD, CLOTH, CARPET = range(8)


@dataclass(frozen=True)
class Paint:
    """A surface: colour, kind, gloss 0..1 and the key (0..87) it moves with, -1 for none."""

    rgb: Rgb
    kind: Kind = Kind.PLAIN
    gloss: float = 0.1
    key: int = -1


class Mesh:
    """Collects faces; ``vertices()`` gives ``(3 n, 12) float32``, three rows a triangle."""

    def __init__(self) -> None:
        self._parts: list[Floats] = []

    def face(
        self,
        corners: Sequence[Point],
        paint: Paint,
        *,
        normals: Sequence[Point] | None = None,
        up: Point = (0.0, 0.0, 1.0),
    ) -> None:
        """A convex flat face. Without ``normals`` (one a corner), its own normal on the side of ``up``."""
        points = np.asarray(corners, dtype=np.float32)
        if normals is None:
            shading = np.repeat(_normal(corners, up)[None], len(points), axis=0)
        else:
            shading = np.asarray(normals, dtype=np.float32)
        rows = np.empty((len(points), FLOATS_PER_VERTEX), np.float32)
        rows[:, :3], rows[:, 3:6], rows[:, 6:9] = points, shading, paint.rgb
        rows[:, 9:] = paint.gloss, float(paint.kind), float(paint.key)
        fan = [index for i in range(1, len(points) - 1) for index in (0, i, i + 1)]
        self._parts.append(rows[fan])

    def flat(self, x0: float, x1: float, y0: float, y1: float, z: float, paint: Paint) -> None:
        """A level rectangle seen from above."""
        self.face([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], paint)

    def upright(
        self, x0: float, x1: float, y: float, z0: float, z1: float, paint: Paint, *, to: float
    ) -> None:
        """An upright rectangle along x whose face looks to the player (``to`` 1) or away (-1)."""
        self.face([(x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1)], paint, up=(0, to, 0))

    def sideways(
        self, x: float, y0: float, y1: float, z0: float, z1: float, paint: Paint, *, to: float
    ) -> None:
        """An upright rectangle along y whose face looks to the treble (``to`` 1) or the bass (-1)."""
        self.face([(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)], paint, up=(to, 0, 0))

    def box(self, low: Point, high: Point, paint: Paint) -> None:
        """An upright box without its bottom."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        self.flat(x0, x1, y0, y1, z1, paint)
        self.upright(x0, x1, y0, z0, z1, paint, to=-1)
        self.upright(x0, x1, y1, z0, z1, paint, to=1)
        self.sideways(x0, y0, y1, z0, z1, paint, to=-1)
        self.sideways(x1, y0, y1, z0, z1, paint, to=1)

    def vertices(self) -> Floats:
        """All triangles."""
        if not self._parts:
            return np.zeros((0, FLOATS_PER_VERTEX), np.float32)
        return np.ascontiguousarray(np.concatenate(self._parts))


def _normal(corners: Sequence[Point], up: Point) -> Floats:
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = corners[:3]
    (ux, uy, uz), (vx, vy, vz) = (bx - ax, by - ay, bz - az), (cx - ax, cy - ay, cz - az)
    x, y, z = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    length = (x * x + y * y + z * z) ** 0.5 or 1.0
    side = 1 if x * up[0] + y * up[1] + z * up[2] >= 0 else -1
    return np.array([x, y, z], np.float32) * np.float32(side / length)
