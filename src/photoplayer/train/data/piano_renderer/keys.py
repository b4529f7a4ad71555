"""The keys as solids: where each lies and its triangles.

The world: x to the treble from A0's left edge, y from the fallboard to the player, z up, in millimetres; tops
of unpressed white keys lie at z = 0. (Seen from above with y downwards this is a left-handed frame.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import (
    BLACK,
    KEY_COUNT,
    LOWEST_PITCH,
    PITCHES_PER_OCTAVE,
    key_middle,
    whites_below,
)
from photoplayer.train.data.piano_renderer.look import PianoLook
from photoplayer.train.data.piano_renderer.mesh import Floats, Kind, Mesh, Paint

Floats64 = npt.NDArray[np.float64]

WHITE_MM = 23.5
_WALL_MM = 22.0
_ROUND_MM, _LIP_MM, _BENDS = 2.5, 1.5, 2
"""A white key's front edge: its radius, what hangs over below it, faces of the rounding."""

_SOFT_MM = 1.3
"""Width of the bevel around a black key's top."""

_NUDGED_CLASSES = (1, 3, 6, 8, 10)


@dataclass(frozen=True, eq=False)
class Keys:
    """Where keys lie. ``edges (88, 4)`` mm: left and right at the player's end, then left and right of the
    neck between the black keys (of a black key: its foot, twice). ``beside (88, 4)``: indices of the white
    keys to the left and right and of the black keys to the left and right, -1 for none."""

    edges: npt.NDArray[np.float64]
    beside: npt.NDArray[np.int64]
    present: npt.NDArray[np.bool_]

    def middle(self, key: int) -> float:
        """Where a finger hits the key: of a white one, the middle of its head."""
        return float(self.edges[key, :2].mean())


def lay_keys(piano: PianoLook) -> Keys:
    """Where the keys of an instrument lie."""
    edges = np.zeros((KEY_COUNT, 4))
    beside = np.full((KEY_COUNT, 4), -1)
    first, last = piano.first_pitch - LOWEST_PITCH, piano.last_pitch - LOWEST_PITCH
    present = np.zeros(KEY_COUNT, dtype=bool)
    present[first : last + 1] = True
    for key in np.flatnonzero(BLACK):
        pitch = int(key) + LOWEST_PITCH
        nudge = piano.black_nudges[_NUDGED_CLASSES.index(pitch % PITCHES_PER_OCTAVE)]
        middle, half = (key_middle(pitch) + nudge) * WHITE_MM, piano.black_width * WHITE_MM / 2
        edges[key] = middle - half, middle + half, middle - half, middle + half
    for key in np.flatnonzero(~BLACK):
        left = whites_below(int(key) + LOWEST_PITCH) * WHITE_MM + piano.gap_mm / 2
        right = left + WHITE_MM - piano.gap_mm
        edges[key] = left, right, left, right
        for side, step in ((0, -1), (1, 1)):
            near = key + step
            if not first <= near <= last:
                continue
            if BLACK[near]:
                beside[key, 2 + side] = near
                wall = edges[near, 1 - side] - step * piano.gap_mm
                edges[key, 2 + side] = max(wall, left) if side == 0 else min(wall, right)
                near += step
            if first <= near <= last:
                beside[key, side] = near
    return Keys(edges, beside, present)


def add_keys(mesh: Mesh, piano: PianoLook, keys: Keys) -> None:
    """All keys of the instrument, unpressed; each vertex knows its key."""
    tints = _tints(piano)
    for key in np.flatnonzero(keys.present):
        if BLACK[key]:
            _add_black(mesh, piano, keys, int(key))
        else:
            _add_white(mesh, piano, keys, int(key), tints[key])


def _tints(piano: PianoLook) -> Floats64:
    dice = np.random.default_rng(piano.button_seed + 17)
    bright = 1 + piano.ageing * dice.standard_normal((KEY_COUNT, 1))
    yellow = np.abs(piano.ageing * dice.standard_normal((KEY_COUNT, 1)))
    return np.asarray(np.clip(bright * (1 - yellow * np.array([0.0, 0.25, 1.2])), 0.2, 1.3))


def _add_white(mesh: Mesh, piano: PianoLook, keys: Keys, key: int, tint: Floats64) -> None:
    left, right, neck_left, neck_right = (float(x) for x in keys.edges[key])
    red, green, blue = (float(c) for c in np.clip(np.asarray(piano.white_rgb) * tint, 0, 0.95))
    top = Paint((red, green, blue), Kind.WHITE_KEY, piano.white_gloss, key)
    wall = Paint(piano.wall_rgb, Kind.WHITE_KEY, 0.05, key)
    cut = piano.length_mm * piano.black_length + piano.gap_mm * 1.5
    end, low = piano.length_mm, -_WALL_MM
    flat, lip = end - _ROUND_MM, -_ROUND_MM - _LIP_MM
    mesh.flat(neck_left, neck_right, 0, cut, 0, top)
    mesh.flat(left, right, cut, flat, 0, top)
    bends = np.radians(np.linspace(0, 90, _BENDS + 1))
    for a, b in pairwise(bends):
        (ya, za), (yb, zb) = (_round(flat, a), _round(flat, b))
        normal_a, normal_b = (
            (0.0, float(np.sin(a)), float(np.cos(a))),
            (0.0, float(np.sin(b)), float(np.cos(b))),
        )
        corners = [(left, ya, za), (right, ya, za), (right, yb, zb), (left, yb, zb)]
        mesh.face(corners, top, normals=[normal_a, normal_a, normal_b, normal_b])
    mesh.upright(left, right, end, lip, -_ROUND_MM, top, to=1)
    mesh.upright(left, right, end - 1.2, low, lip, top, to=1)
    for x, neck, out in ((left, neck_left, -1.0), (right, neck_right, 1.0)):
        mesh.sideways(x, cut, flat, low, 0, wall, to=out)
        slope = [(x, flat, 0.0), (x, end - 1, -_ROUND_MM), (x, end - 1, low), (x, flat, low)]
        mesh.face(slope, wall, up=(out, 0, 0))
        mesh.sideways(neck, 0, cut, low, 0, wall, to=out)
        if abs(x - neck) > 0.01:
            mesh.upright(min(x, neck), max(x, neck), cut, low, 0, wall, to=-1)


def _round(flat: float, angle: float) -> tuple[float, float]:
    return flat + _ROUND_MM * float(np.sin(angle)), _ROUND_MM * (float(np.cos(angle)) - 1)


def _add_black(mesh: Mesh, piano: PianoLook, keys: Keys, key: int) -> None:
    """A foot with upright walls below the white tops, slanting sides and front above, a softened crown."""
    left, right = (float(x) for x in keys.edges[key, :2])
    middle, half = (left + right) / 2, (right - left) / 2
    foot, high, low = piano.length_mm * piano.black_length, piano.black_height_mm, -_WALL_MM
    crown, front = half * piano.black_crown, foot - 0.42 * high
    flat, drop = crown - _SOFT_MM, high - 0.6 * _SOFT_MM
    paint = Paint(piano.black_rgb, Kind.BLACK_KEY, piano.black_gloss, key)
    back = front - _SOFT_MM
    mesh.flat(middle - flat, middle + flat, 0, back, high, paint)
    up = (0.0, 0.0, 1.0)
    lean = np.array([high, half - crown]) / np.hypot(high, half - crown)
    for sign in (-1.0, 1.0):
        normal = (sign * float(lean[0]), 0.0, float(lean[1]))
        top, edge, base = middle + sign * flat, middle + sign * crown, middle + sign * half
        bevel = [(top, 0.0, high), (top, back, high), (edge, front, drop), (edge, 0.0, drop)]
        mesh.face(bevel, paint, normals=[up, up, normal, normal])
        mesh.face([(edge, 0, drop), (edge, front, drop), (base, foot, 0), (base, 0, 0)], paint, up=normal)
        mesh.sideways(base, 0, foot, low, 0, paint, to=sign)
    tilt = (0.0, 0.9, 0.43)
    a, b, c, d = middle - flat, middle + flat, middle + crown, middle - crown
    mesh.face(
        [(a, back, high), (b, back, high), (c, front, drop), (d, front, drop)],
        paint,
        normals=[up, up, tilt, tilt],
    )
    slope = [(d, front, drop), (c, front, drop), (right, foot, 0.0), (left, foot, 0.0)]
    mesh.face(slope, paint, up=(0, 1, 1))
    mesh.upright(left, right, foot, low, 0, paint, to=1)


def keyboard_picture(piano: PianoLook, keys: Keys) -> Floats:
    """``(32, 1248, 3)``: the keys from above, far end first, as lacquer reflects them."""
    rows, per_white = 32, 24
    columns = (KEY_COUNT - int(BLACK.sum())) * per_white
    picture = np.zeros((rows, columns, 3), np.float32)
    pixels = (np.arange(columns) + 0.5) * WHITE_MM / per_white
    for wanted in (False, True):
        for key in np.flatnonzero(keys.present & (wanted == BLACK)):
            across = (pixels >= keys.edges[key, 0]) & (pixels <= keys.edges[key, 1])
            until = round(rows * piano.black_length) if wanted else rows
            picture[:until, across] = piano.black_rgb if wanted else piano.white_rgb
    return picture
