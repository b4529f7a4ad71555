"""Tubes of elliptic rings, whose shape changes from moment to moment and whose paint does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.piano_renderer.mesh import FLOATS_PER_VERTEX, Paint

Floats = npt.NDArray[np.float64]

_SIDES = 12
_TURN = 2 * np.pi * np.arange(_SIDES) / _SIDES


def unit(v: Floats) -> Floats:
    """Vectors ``(..., 3)`` of length 1."""
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9))


@dataclass(frozen=True, eq=False)
class Ring:
    """At ``n`` moments, each ``(n, 3)``: the centre, two half axes ``u`` and ``v`` and the tube's direction.

    Faces look outwards where u, v and the direction are turned as x, y and z.
    """

    centre: Floats
    u: Floats
    v: Floats
    along: Floats


@dataclass(frozen=True, eq=False)
class Tubes:
    """``rings (n, r, 4, 3)``; ``tilt (r,)``: how far normals lean along the direction (sine); ``paint
    (r, sides, 6)``: colour, gloss, kind, key; ``pairs (k,)``: rings joined to the next."""

    rings: Floats
    tilt: Floats
    paint: npt.NDArray[np.float32]
    pairs: npt.NDArray[np.int64]

    def triangles(self, moment: int) -> npt.NDArray[np.float32]:
        """``(3 m, 12)`` vertices of one moment."""
        centre, u, v, along = (self.rings[moment, :, i, None] for i in range(4))
        c, s = np.cos(_TURN)[None, :, None], np.sin(_TURN)[None, :, None]
        lean = self.tilt[:, None, None]
        wide_u, wide_v = (np.maximum(np.sum(a * a, axis=-1, keepdims=True), 1e-6) for a in (u, v))
        outward = unit(c * u / wide_u + s * v / wide_v)
        rows = np.empty((len(self.tilt), _SIDES, FLOATS_PER_VERTEX), np.float32)
        rows[..., :3] = centre + c * u + s * v
        rows[..., 3:6] = outward * np.sqrt(1 - lean**2) + along * lean
        rows[..., 6:] = self.paint
        here = np.arange(_SIDES)
        there = (here + 1) % _SIDES
        a, b = rows[self.pairs], rows[self.pairs + 1]
        faces = np.stack([a[:, here], a[:, there], b[:, there], a[:, here], b[:, there], b[:, here]], axis=2)
        return np.ascontiguousarray(faces.reshape(-1, FLOATS_PER_VERTEX))


class TubeBuilder:
    """Collects rings."""

    def __init__(self) -> None:
        self._rings: list[Floats] = []
        self._tilt: list[float] = []
        self._paint: list[npt.NDArray[np.float32]] = []
        self._pairs: list[int] = []

    def add(self, ring: Ring, paint: Paint, *, tilt: float = 0.0, joined: bool = True) -> None:
        """One more ring, joined to the last one or the first of a tube."""
        if joined:
            self._pairs.append(len(self._rings) - 1)
        self._rings.append(np.stack([ring.centre, ring.u, ring.v, ring.along], axis=1))
        self._tilt.append(tilt)
        self._paint.append(np.tile(_row(paint), (_SIDES, 1)))

    def paint_top(self, paint: Paint, *, above: bool) -> None:
        """Paint the part of the last ring around its +v side, or its -v side."""
        self._paint[-1][np.sin(_TURN) * (1 if above else -1) > 0.6] = _row(paint)

    def tubes(self) -> Tubes:
        """All rings."""
        return Tubes(
            np.stack(self._rings, axis=1), np.array(self._tilt), np.stack(self._paint), np.array(self._pairs)
        )


def _row(paint: Paint) -> npt.NDArray[np.float32]:
    return np.array([*paint.rgb, paint.gloss, float(paint.kind), float(paint.key)], np.float32)
