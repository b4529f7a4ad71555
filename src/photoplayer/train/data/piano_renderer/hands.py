"""Hands and forearms as tubes: bones posed by inverse kinematics, rings of vertices around them.

Every moment is computed at once: arrays begin with the number of moments ``n``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.piano_renderer.gestures import HandPath
from photoplayer.train.data.piano_renderer.look import PlayerLook, Rgb
from photoplayer.train.data.piano_renderer.mesh import FLOATS_PER_VERTEX, Kind
from photoplayer.train.data.piano_renderer.keys import WHITE_MM

Floats = npt.NDArray[np.float64]

_BONES = np.array([[46.0, 33, 26], [43, 25, 21], [47, 29, 22], [43, 27, 22], [34, 20, 19]])
"""Millimetres from the knuckle outwards; the thumb's first is its metacarpal."""
_KNUCKLES = np.array([[-25.0, 66, -10], [-23, 2, 0], [0, 0, 2], [20, 5, 0], [37, 15, -5]])
"""Beside, behind and above the middle knuckle (right hand); the thumb's root near the wrist."""
_WIDTHS = np.array([[13.0, 10.5, 9.2, 8.0], [9.4, 8.4, 7.6, 6.6], [9.6, 8.6, 7.8, 6.8], [9.0, 8.0, 7.3, 6.3], [8.0, 7.0, 6.3, 5.5]])
_BACK_MM = 86.0
_SIDES = 12
_MOST_STRETCH = 1.3
_PAD_MM = 5.5
"""From a fingertip's middle down to its pad."""


@dataclass(frozen=True, eq=False)
class Tubes:
    """``rings (n, r, 4, 3)``: centre, two half axes, direction; ``tilt (r,)``: how far normals lean along the
    direction (sine); ``paint (r, sides, 6)``: colour, gloss, kind, key; ``pairs (k,)``: rings joined to the next."""

    rings: Floats
    tilt: Floats
    paint: npt.NDArray[np.float32]
    pairs: npt.NDArray[np.int64]

    def triangles(self, moment: int) -> npt.NDArray[np.float32]:
        """``(3 m, 12)`` vertices of one moment."""
        centre, u, v, along = (self.rings[moment, :, i, None] for i in range(4))
        turn = 2 * np.pi * np.arange(_SIDES) / _SIDES
        c, s = np.cos(turn)[None, :, None], np.sin(turn)[None, :, None]
        lean = self.tilt[:, None, None]
        wide_u, wide_v = (np.maximum(np.sum(a * a, axis=-1, keepdims=True), 1e-6) for a in (u, v))
        outward = c * u / wide_u + s * v / wide_v
        outward /= np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-9)
        rows = np.empty((len(self.tilt), _SIDES, FLOATS_PER_VERTEX), np.float32)
        rows[..., :3] = centre + c * u + s * v
        rows[..., 3:6] = outward * np.sqrt(1 - lean**2) + along * lean
        rows[..., 6:] = self.paint
        here = np.arange(_SIDES)
        there = (here + 1) % _SIDES
        a, b = rows[self.pairs], rows[self.pairs + 1]
        faces = np.stack([a[:, here], a[:, there], b[:, there], a[:, here], b[:, there], b[:, here]], axis=2)
        return np.ascontiguousarray(faces.reshape(-1, FLOATS_PER_VERTEX))


@dataclass(frozen=True, eq=False)
class Pose:
    """Bones of one hand: ``fingers (n, 5, 4, 3)`` joints from knuckle to tip, ``wrist``, ``elbow (n, 3)``,
    ``across (n, 3)`` a unit vector to the little finger's side (right hand: treble)."""

    fingers: Floats
    wrist: Floats
    elbow: Floats
    across: Floats


def pose(path: HandPath, player: PlayerLook) -> Pose:
    """Bones for a path."""
    sign = 1.0 if path.hand else -1.0
    size = player.size
    mean_z = path.tips[:, 1:4, 2].mean(axis=1)
    knuckle = path.place + [0, 54.0 * size, 0]
    knuckle[:, 2] = player.arch_mm * size + 0.35 * mean_z + 0.65 * path.raised
    elbow = np.empty_like(knuckle)
    elbow[:, 0] = 0.6 * (player.seat * WHITE_MM + sign * player.elbow_mm) + 0.4 * path.place[:, 0]
    elbow[:, 1] = knuckle[:, 1] + 330.0
    elbow[:, 2] = 5.0 + 0.4 * path.raised
    yaw = np.arctan2(elbow[:, 0] - knuckle[:, 0], elbow[:, 1] - knuckle[:, 1]) * 0.6
    yaw = np.clip(yaw, -0.5, 0.5)
    back = np.stack([np.sin(yaw), np.cos(yaw), np.zeros_like(yaw)], axis=1)
    across = sign * np.stack([np.cos(yaw), -np.sin(yaw), np.zeros_like(yaw)], axis=1)
    up = np.array([0.0, 0.0, 1.0])
    wrist = knuckle + back * (_BACK_MM * size)
    wrist[:, 2] += player.wrist_mm
    joints = np.empty((len(knuckle), 5, 4, 3))
    for finger in range(5):
        beside, behind, above = _KNUCKLES[finger] * size
        root = knuckle + across * beside + back * behind + up * above
        tip = path.tips[:, finger] + up * (_PAD_MM * size)
        bulge = up * 0.75 - across * 0.5 + back * 0.35 if finger == 0 else np.broadcast_to(up, root.shape)
        joints[:, finger] = _bend(root, tip, _BONES[finger] * size, bulge)
    return Pose(joints, wrist, elbow, across)


def _bend(root: Floats, tip: Floats, bones: Floats, bulge: Floats) -> Floats:
    """``(n, 4, 3)`` joints of a three-bone chain; the last joint bends 0.6 times as much as the middle one.

    A chain that is too short is stretched: labels say that the finger is there.
    """
    flex = np.linspace(0.06, 1.9, 80)
    ends = bones[0] + bones[1] * np.exp(-1j * flex) + bones[2] * np.exp(-1.6j * flex)
    spans, rises = np.abs(ends), -np.angle(ends)
    aim = tip - root
    far = np.maximum(np.linalg.norm(aim, axis=1), 1e-6)
    stretch = np.clip(far / spans[0], 1.0, _MOST_STRETCH)
    bent = np.interp(-np.minimum(far / stretch, spans[0]), -spans, flex)
    rise = np.interp(bent, flex, rises)
    ahead = aim / far[:, None]
    high = bulge - np.sum(bulge * ahead, axis=1, keepdims=True) * ahead
    high /= np.maximum(np.linalg.norm(high, axis=1, keepdims=True), 1e-6)
    joints = [root]
    for bone, angle in zip(bones, (rise, rise - bent, rise - 1.6 * bent), strict=True):
        step = (bone * stretch)[:, None] * (np.cos(angle)[:, None] * ahead + np.sin(angle)[:, None] * high)
        joints.append(joints[-1] + step)
    return np.stack(joints, axis=1)


def _unit(v: Floats) -> Floats:
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9))


class _Builder:
    def __init__(self) -> None:
        self.rings: list[Floats] = []
        self.tilt: list[float] = []
        self.paint: list[npt.NDArray[np.float32]] = []
        self.pairs: list[int] = []

    def ring(
        self, centre: Floats, u: Floats, v: Floats, along: Floats, rgb: Rgb, *, kind: Kind, gloss: float,
        tilt: float = 0.0, joined: bool = True,
    ) -> None:
        if joined and self.rings:
            self.pairs.append(len(self.rings) - 1)
        self.rings.append(np.stack([centre, u, v, along], axis=1))
        self.tilt.append(tilt)
        self.paint.append(np.tile(np.array([*rgb, gloss, float(kind), -1.0], np.float32), (_SIDES, 1)))


def hand_tubes(poses: Sequence[tuple[int, Pose]], player: PlayerLook) -> Tubes:
    """All tubes of the hands given as ``(hand, pose)``."""
    made = _Builder()
    for hand, bones in poses:
        for finger in range(5):
            _finger(made, bones, hand, finger, player)
        _palm(made, bones, player)
        _arm(made, bones, hand, player)
    return Tubes(np.stack(made.rings, axis=1), np.array(made.tilt), np.stack(made.paint), np.array(made.pairs))


def _shade(rgb: Rgb, by: tuple[float, float, float]) -> Rgb:
    return (rgb[0] * by[0], rgb[1] * by[1], rgb[2] * by[2])


def _finger(made: _Builder, bones: Pose, hand: int, finger: int, player: PlayerLook) -> None:
    joints = bones.fingers[:, finger]
    ways = _unit(np.diff(joints, axis=1))
    lengths = np.linalg.norm(np.diff(joints, axis=1), axis=2)
    plane = np.cross(ways[:, 0], ways[:, 2])
    guess = bones.across if finger else np.cross(ways[:, 0], np.array([0.0, 0, 1.0]))
    plane = _unit(np.where(np.linalg.norm(plane, axis=1, keepdims=True) > 0.02, plane, guess))
    flip = np.sign(np.sum(plane * np.where(np.sum(guess * plane, axis=1, keepdims=True) == 0, plane, guess), axis=1))
    plane = plane * np.where(flip == 0, 1, flip)[:, None]
    wide = _WIDTHS[finger] * player.size * player.plump
    red, flesh = _shade(player.skin_rgb, (1.05, 0.88, 0.86)), player.skin_rgb
    plan: list[tuple[int, float, float, Rgb, float]] = []
    for bone in range(3):
        a, b = wide[bone], wide[bone + 1]
        mid = (a + b) / 2 * (0.97 if bone < 2 else 1.04)
        colour = red if bone else flesh
        plan.append((bone, 0.0 if bone else -0.12, a * (1.04 if bone else 1.0), colour, 0.0))
        plan.append((bone, 0.3, mid, flesh, 0.0))
        plan.append((bone, 0.7, mid * 0.99, flesh, 0.0))
    tip = wide[3]
    for share, radius, tilt in ((0.86, 1.0, 0.1), (1.0, 0.87, 0.5), (1.12, 0.6, 0.8), (1.20, 0.02, 1.0)):
        plan.append((2, share, tip * radius, red, tilt))
    for i, (bone, share, radius, rgb, tilt) in enumerate(plan):
        way = ways[:, bone]
        if share == 0.0 and bone:
            way = _unit(ways[:, bone - 1] + ways[:, bone])
        centre = joints[:, bone] + ways[:, bone] * (share * lengths[:, bone])[:, None]
        v = np.cross(way, plane)
        made.ring(centre, plane * radius, v * radius * 0.9, way, rgb, kind=Kind.SKIN, gloss=0.3, tilt=tilt, joined=i > 0)
        if player.nail_rgb is not None and bone == 2 and 0.7 <= share < 1.15:
            _paint_nail(made, player.nail_rgb, v)
    if player.ring == (hand, finger):
        for j, share in enumerate((0.42, 0.52)):
            centre = joints[:, 0] + ways[:, 0] * (share * lengths[:, 0])[:, None]
            size = wide[0] * 1.12
            made.ring(centre, plane * size, np.cross(ways[:, 0], plane) * size, ways[:, 0], player.metal_rgb, kind=Kind.PLAIN, gloss=0.9, joined=j > 0)


def _paint_nail(made: _Builder, rgb: Rgb, v: Floats) -> None:
    """The upper quarter of the ring just made."""
    upper = 1 if float(v[:, 2].mean()) > 0 else -1
    turn = 2 * np.pi * np.arange(_SIDES) / _SIDES
    made.paint[-1][np.sin(turn) * upper > 0.6, :4] = (*rgb, 0.6)


def _palm(made: _Builder, bones: Pose, player: PlayerLook) -> None:
    index, little = (bones.fingers[:, f, 0] for f in (1, 4))
    size = player.size
    far = (index + little) / 2
    wrist = bones.wrist
    up = np.array([0.0, 0.0, 1.0])
    fat = player.plump
    for i, (share, thick, side) in enumerate(((1.10, 2.0, 0.86), (1.06, 7.0, 0.97), (0.98, 10.5, 1.02), (0.8, 12.5, 1.02), (0.5, 14.0, 0.98), (0.2, 14.5, 0.9), (0.0, 14.5, 0.84), (-0.2, 15.5, 0.84))):
        line = (little - index) / 2 * 1.24
        thin = bones.across * (27.0 * size)
        t = min(max(share, 0.0), 1.0)
        half = line * t + thin * (1 - t)
        centre = wrist + (far - wrist) * share - up * (3.0 * size)
        along = _unit(far - wrist)
        normal = _unit(np.cross(half, along))
        tilt = {0: 0.9, 1: 0.55, 2: 0.2}.get(i, 0.0)
        made.ring(centre, half * side * (0.97 + 0.03 * fat), normal * thick * size * fat, along, player.skin_rgb, kind=Kind.SKIN, gloss=0.25, tilt=tilt, joined=i > 0)


def _arm(made: _Builder, bones: Pose, hand: int, player: PlayerLook) -> None:
    size, fat = player.size, player.plump
    way = _unit(bones.elbow - bones.wrist)
    side = _unit(bones.across - np.sum(bones.across * way, axis=1, keepdims=True) * way)
    normal = np.cross(way, side)
    start = bones.wrist - np.array([0, 0, 3.0 * size])

    def tube(points: Sequence[tuple[float, float, float]], rgb: Rgb, kind: Kind, gloss: float) -> None:
        for i, (mm, wide, thick) in enumerate(points):
            made.ring(start + way * mm, side * wide * size * fat, normal * thick * size * fat, way, rgb, kind=kind, gloss=gloss, joined=i > 0)

    tube(((-14, 24, 14), (10, 25, 17), (50, 28, 22), (120, 36, 31), (220, 43, 40), (420, 46, 46)), player.skin_rgb, Kind.SKIN, 0.25)
    if player.sleeve_rgb is not None:
        s = player.sleeve_mm
        tube(((s, 27 + s * 0.05, 22 + s * 0.06), (s + 1, 35 + s * 0.06, 28 + s * 0.06), (s + 60, 40 + s * 0.05, 34 + s * 0.05), (s + 180, 50, 48), (460, 60, 58)), player.sleeve_rgb, Kind.CLOTH, 0.0)
    if player.watch == hand:
        tube(((18, 20, 12), (18, 28.5, 20.5), (38, 30.5, 22.5), (38, 20, 12)), player.metal_rgb, Kind.PLAIN, 0.8)
