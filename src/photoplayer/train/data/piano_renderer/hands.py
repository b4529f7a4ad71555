"""Hands and forearms: bones posed by inverse kinematics, tubes around them.

Every moment is computed at once: arrays begin with the number of moments ``n``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.piano_renderer.gestures import HandPath
from photoplayer.train.data.piano_renderer.keys import WHITE_MM
from photoplayer.train.data.piano_renderer.look import PlayerLook, Rgb
from photoplayer.train.data.piano_renderer.mesh import Kind, Paint
from photoplayer.train.data.piano_renderer.tubes import Ring, TubeBuilder, Tubes, unit

Floats = npt.NDArray[np.float64]

_BONES = np.array([[42.0, 31, 25], [43, 25, 21], [47, 29, 22], [43, 27, 22], [34, 20, 19]])
"""Millimetres from the knuckle outwards; the thumb's first is its metacarpal."""

_KNUCKLES = np.array([[-23.0, 60, -11], [-23, 2, 0], [0, 0, 2], [20, 5, 0], [37, 15, -5]])
"""Beside, behind and above the middle knuckle (right hand); the thumb's root near the wrist."""

_WIDTHS = np.array(
    [
        [15.0, 10.8, 9.4, 8.0],
        [9.4, 8.4, 7.6, 6.6],
        [9.6, 8.6, 7.8, 6.8],
        [9.0, 8.0, 7.3, 6.3],
        [8.0, 7.0, 6.3, 5.5],
    ]
)
"""Radii of each finger at its knuckle, its joints and its tip."""

_FINGER_MM, _BACK_MM, _FOREARM_MM = 54.0, 86.0, 360.0
"""From the middle fingertip back to its knuckle, on to the wrist, and on to the elbow."""

_MOST_STRETCH = 1.3
_PAD_MM = 5.5
"""From a fingertip's middle down to its pad."""


@dataclass(frozen=True, eq=False)
class Pose:
    """Bones of one hand: ``fingers (n, 5, 4, 3)`` joints from knuckle to tip, ``wrist``, ``elbow (n, 3)``,
    ``across (n, 3)`` a unit vector to the little finger's side."""

    fingers: Floats
    wrist: Floats
    elbow: Floats
    across: Floats


def pose(path: HandPath, player: PlayerLook) -> Pose:
    """Bones for a path."""
    sign, size = (1.0 if path.hand else -1.0), player.size
    up = np.array([0.0, 0.0, 1.0])
    knuckle = path.place + np.array([0, _FINGER_MM * size, 0])
    knuckle[:, 2] = player.arch_mm * size + 0.35 * path.tips[:, 1:4, 2].mean(axis=1) + 0.65 * path.raised
    elbow = np.empty_like(knuckle)
    elbow[:, 0] = 0.6 * (player.seat * WHITE_MM + sign * player.elbow_mm) + 0.4 * path.place[:, 0]
    elbow[:, 1] = knuckle[:, 1] + _FOREARM_MM
    elbow[:, 2] = 5.0 + 0.4 * path.raised
    yaw = np.clip(np.arctan2(elbow[:, 0] - knuckle[:, 0], elbow[:, 1] - knuckle[:, 1]) * 0.6, -0.5, 0.5)
    back = np.stack([np.sin(yaw), np.cos(yaw), np.zeros_like(yaw)], axis=1)
    across = sign * np.stack([np.cos(yaw), -np.sin(yaw), np.zeros_like(yaw)], axis=1)
    wrist = knuckle + back * (_BACK_MM * size) + up * player.wrist_mm
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

    A chain that is a little too short is stretched: labels say that the finger is there.
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
    high = unit(bulge - np.sum(bulge * ahead, axis=1, keepdims=True) * ahead)
    joints = [root]
    for bone, angle in zip(bones, (rise, rise - bent, rise - 1.6 * bent), strict=True):
        step = (bone * stretch)[:, None] * (np.cos(angle)[:, None] * ahead + np.sin(angle)[:, None] * high)
        joints.append(joints[-1] + step)
    return np.stack(joints, axis=1)


def hand_tubes(poses: Sequence[tuple[int, Pose]], player: PlayerLook) -> Tubes:
    """All tubes of the hands given as ``(hand, pose)``."""
    made = TubeBuilder()
    for hand, bones in poses:
        for finger in range(5):
            _finger(made, bones, hand, finger, player)
        _palm(made, bones, player)
        _arm(made, bones, hand, player)
    return made.tubes()


def _reddened(rgb: Rgb) -> Rgb:
    return (rgb[0] * 1.05, rgb[1] * 0.88, rgb[2] * 0.86)


def _finger(made: TubeBuilder, bones: Pose, hand: int, finger: int, player: PlayerLook) -> None:
    joints = bones.fingers[:, finger]
    steps = np.diff(joints, axis=1)
    ways, lengths = unit(steps), np.linalg.norm(steps, axis=2)
    plane = _bending_plane(ways, bones.across if finger else np.cross(ways[:, 0], [0.0, 0, 1.0]))
    wide = _WIDTHS[finger] * player.size * player.plump
    flesh = Paint(player.skin_rgb, Kind.SKIN, 0.3)
    red = Paint(_reddened(player.skin_rgb), Kind.SKIN, 0.3)
    rings = [
        (bone, share, radius, red if bone and not share else flesh, 0.0)
        for bone in range(3)
        for share, radius in (
            *(() if bone else ((-0.4, wide[0] * 0.55), (-0.15, wide[0] * 0.92))),
            (0.0, wide[bone] * (1.04 if bone else 1.0)),
            (0.3, (wide[bone] + wide[bone + 1]) / 2 * (0.97 if bone < 2 else 1.04)),
            (0.7, (wide[bone] + wide[bone + 1]) / 2 * (0.96 if bone < 2 else 1.03)),
        )
    ]
    caps = ((0.86, 1.0, 0.1), (1.0, 0.87, 0.5), (1.12, 0.6, 0.8), (1.20, 0.02, 1.0))
    rings += [(2, share, wide[3] * radius, red, tilt) for share, radius, tilt in caps]
    for i, (bone, share, radius, paint, tilt) in enumerate(rings):
        way = unit(ways[:, bone - 1] + ways[:, bone]) if bone and not share else ways[:, bone]
        centre = joints[:, bone] + ways[:, bone] * (share * lengths[:, bone])[:, None]
        over = np.cross(way, plane)
        made.add(Ring(centre, plane * radius, over * radius * 0.9, way), paint, tilt=tilt, joined=i > 0)
        if player.nail_rgb is not None and bone == 2 and 0.7 <= share < 1.15:
            made.paint_top(Paint(player.nail_rgb, Kind.SKIN, 0.6), above=float(over[:, 2].mean()) > 0)
    if player.ring == (hand, finger):
        for share, joined in ((0.42, False), (0.52, True)):
            centre = joints[:, 0] + ways[:, 0] * (share * lengths[:, 0])[:, None]
            band = Ring(
                centre, plane * wide[0] * 1.12, np.cross(ways[:, 0], plane) * wide[0] * 1.12, ways[:, 0]
            )
            made.add(band, Paint(player.metal_rgb, Kind.PLAIN, 0.9), joined=joined)


def _bending_plane(ways: Floats, guess: Floats) -> Floats:
    """Normals of the planes fingers bend in, on the side of ``guess``; where they are straight, that."""
    plane = np.cross(ways[:, 0], ways[:, 2])
    plane = unit(np.where(np.linalg.norm(plane, axis=1, keepdims=True) > 0.02, plane, guess))
    side = np.sign(np.sum(plane * guess, axis=1, keepdims=True))
    return np.asarray(plane * np.where(side == 0, 1, side))


_PALM = (
    # share of the way from wrist to knuckles, half thickness mm, width as a share, lean of the normals
    (1.10, 2.0, 0.86, 0.9),
    (1.06, 7.0, 0.97, 0.55),
    (0.98, 10.5, 1.02, 0.2),
    (0.80, 12.5, 1.03, 0.0),
    (0.50, 14.0, 1.02, 0.0),
    (0.25, 14.5, 0.97, 0.0),
    (0.05, 14.5, 0.90, 0.0),
    (-0.15, 15.0, 0.86, 0.0),
    (-0.40, 15.5, 0.86, 0.0),
)


def _palm(made: TubeBuilder, bones: Pose, player: PlayerLook) -> None:
    index, little = (bones.fingers[:, f, 0] for f in (1, 4))
    size, fat = player.size, player.plump
    far, wrist = (index + little) / 2, bones.wrist
    along = unit(far - wrist)
    skin = Paint(player.skin_rgb, Kind.SKIN, 0.25)
    for i, (share, thick, side, tilt) in enumerate(_PALM):
        broad = float(np.clip(share, 0, 1))
        half = (little - index) / 2 * 1.24 * broad + bones.across * (27.0 * size) * (1 - broad)
        thumbwards = -bones.across * (4.0 * size * np.sin(np.pi * broad))  # the ball of the thumb
        centre = wrist + (far - wrist) * share - np.array([0, 0, 3.0 * size]) + thumbwards
        over = unit(np.cross(half, along))
        ring = Ring(centre, half * side * (0.97 + 0.03 * fat), over * thick * size * fat, along)
        made.add(ring, skin, tilt=tilt, joined=i > 0)


def _arm(made: TubeBuilder, bones: Pose, hand: int, player: PlayerLook) -> None:
    scale = player.size * player.plump
    way = unit(bones.elbow - bones.wrist)
    side = unit(bones.across - np.sum(bones.across * way, axis=1, keepdims=True) * way)
    over = np.cross(way, side)
    start = bones.wrist - np.array([0, 0, 3.0 * player.size])

    def tube(rings: Sequence[tuple[float, float, float]], paint: Paint) -> None:
        for i, (mm, wide, thick) in enumerate(rings):
            made.add(
                Ring(start + way * mm, side * wide * scale, over * thick * scale, way), paint, joined=i > 0
            )

    skin = (
        (-22, 19, 10),
        (0, 23.5, 15),
        (30, 26, 18),
        (70, 30, 24),
        (130, 37, 32),
        (220, 43, 40),
        (700, 50, 50),
    )
    tube(skin, Paint(player.skin_rgb, Kind.SKIN, 0.25))
    if player.sleeve_rgb is not None:
        s = player.sleeve_mm
        lip = ((s, 27 + s * 0.05, 22 + s * 0.06), (s + 1, 35 + s * 0.06, 28 + s * 0.06))
        rest = ((s + 60, 40 + s * 0.05, 34 + s * 0.05), (s + 180, 50, 48), (460, 60, 58), (740, 64, 62))
        tube((*lip, *rest), Paint(player.sleeve_rgb, Kind.CLOTH, 0.0))
    if player.watch == hand:
        tube(
            ((18, 20, 12), (18, 28.5, 20.5), (38, 30.5, 22.5), (38, 20, 12)),
            Paint(player.metal_rgb, Kind.PLAIN, 0.8),
        )
