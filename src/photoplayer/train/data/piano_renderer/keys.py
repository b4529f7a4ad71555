"""The keys as solids: where each lies and its triangles.

The world: x to the treble from A0's left edge, y from the fallboard to the player, z up, in millimetres; tops
of unpressed white keys lie at z = 0. (Seen from above with y downwards this is a left-handed frame.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import BLACK, KEY_COUNT, LOWEST_PITCH, PITCHES_PER_OCTAVE, key_middle, whites_below
from photoplayer.train.data.piano_renderer.look import PianoLook, Rgb
from photoplayer.train.data.piano_renderer.mesh import Floats, Kind, Mesh

WHITE_MM = 23.5
_WALL_MM = 22.0
_ROUND_MM = 2.5
_NUDGED_CLASSES = (1, 3, 6, 8, 10)


@dataclass(frozen=True, eq=False)
class Keys:
    """Edges in mm. ``edges (88, 4)``: left and right at the player's end, then left and right of the neck
    between the black keys (for a black key both are its foot). ``beside (88, 4)``: indices of the white key to
    the left and right and of the black key to the left and right, -1 for none."""

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


def _tints(piano: PianoLook) -> npt.NDArray[np.float64]:
    dice = np.random.default_rng(piano.button_seed + 17)
    bright = 1 + piano.ageing * dice.standard_normal((KEY_COUNT, 1))
    yellow = np.abs(piano.ageing * dice.standard_normal((KEY_COUNT, 1)))
    return np.asarray(np.clip(bright * (1 - yellow * np.array([0.0, 0.25, 1.2])), 0.2, 1.3))


def _add_white(mesh: Mesh, piano: PianoLook, keys: Keys, key: int, tint: npt.NDArray[np.float64]) -> None:
    left, right, neck_left, neck_right = keys.edges[key]
    red, green, blue = np.clip(np.asarray(piano.white_rgb) * tint, 0, 0.95)
    top: dict[str, object] = {"rgb": (red, green, blue), "kind": Kind.WHITE_KEY, "gloss": piano.white_gloss}
    top["key"] = key
    wall = top | {"rgb": piano.wall_rgb, "gloss": 0.05}
    cut = piano.length_mm * piano.black_length + piano.gap_mm * 1.5
    end, low = piano.length_mm, -_WALL_MM
    flat = end - _ROUND_MM
    paint: dict[str, object]
    mesh.face([(neck_left, 0, 0), (neck_right, 0, 0), (neck_right, cut, 0), (neck_left, cut, 0)], **top)  # type: ignore[arg-type]
    mesh.face([(left, cut, 0), (right, cut, 0), (right, flat, 0), (left, flat, 0)], **top)  # type: ignore[arg-type]
    bends = np.radians([0, 30, 60, 90])
    for a, b in zip(bends[:-1], bends[1:], strict=True):
        ya, za = flat + _ROUND_MM * np.sin(a), _ROUND_MM * (np.cos(a) - 1)
        yb, zb = flat + _ROUND_MM * np.sin(b), _ROUND_MM * (np.cos(b) - 1)
        slopes = [(0, np.sin(a), np.cos(a))] * 2 + [(0, np.sin(b), np.cos(b))] * 2
        mesh.face([(left, ya, za), (right, ya, za), (right, yb, zb), (left, yb, zb)], normals=slopes, **top)  # type: ignore[arg-type]
    for y, z0, z1, paint in ((end, -_ROUND_MM, -_ROUND_MM - 1.5, top), (end - 1.2, -_ROUND_MM - 1.5, low, top)):
        mesh.face([(left, y, z0), (right, y, z0), (right, y, z1), (left, y, z1)], up=(0, 1, 0), **paint)  # type: ignore[arg-type]
    for x, neck, out in ((left, neck_left, -1.0), (right, neck_right, 1.0)):
        mesh.face([(x, cut, 0), (x, flat, 0), (x, flat, low), (x, cut, low)], up=(out, 0, 0), **wall)  # type: ignore[arg-type]
        mesh.face([(x, flat, 0), (x, end - 1, -_ROUND_MM), (x, end - 1, low), (x, flat, low)], up=(out, 0, 0), **wall)  # type: ignore[arg-type]
        mesh.face([(neck, 0, 0), (neck, cut, 0), (neck, cut, low), (neck, 0, low)], up=(out, 0, 0), **wall)  # type: ignore[arg-type]
        if abs(x - neck) > 0.01:
            mesh.face([(x, cut, 0), (neck, cut, 0), (neck, cut, low), (x, cut, low)], up=(0, -1, 0), **wall)  # type: ignore[arg-type]


def _add_black(mesh: Mesh, piano: PianoLook, keys: Keys, key: int) -> None:
    left, right = keys.edges[key, :2]
    middle, half = (left + right) / 2, (right - left) / 2
    foot = piano.length_mm * piano.black_length
    high, low = piano.black_height_mm, -_WALL_MM
    crown, lean = half * piano.black_crown, 0.42 * high
    soft = 1.3
    paint: dict[str, object] = {"rgb": piano.black_rgb, "kind": Kind.BLACK_KEY, "gloss": piano.black_gloss, "key": key}
    front = foot - lean
    flat = crown - soft
    side = np.array([high, 0, half - crown]) / np.hypot(high, half - crown)
    mesh.face([(middle - flat, 0, high), (middle + flat, 0, high), (middle + flat, front - soft, high), (middle - flat, front - soft, high)], **paint)  # type: ignore[arg-type]
    for sign in (-1.0, 1.0):
        normal = (sign * side[0], 0.0, side[2])
        top, edge, base = middle + sign * flat, middle + sign * crown, middle + sign * half
        drop = high - 0.6 * soft
        mesh.face(
            [(top, 0, high), (top, front - soft, high), (edge, front, drop), (edge, 0, drop)],
            normals=[(0, 0, 1), (0, 0, 1), normal, normal],
            **paint,  # type: ignore[arg-type]
        )
        mesh.face([(edge, 0, drop), (edge, front, drop), (base, foot, 0), (base, 0, 0)], up=normal, **paint)  # type: ignore[arg-type]
        mesh.face([(base, 0, 0), (base, foot, 0), (base, foot, low), (base, 0, low)], up=(sign, 0, 0), **paint)  # type: ignore[arg-type]
    drop, tilt = high - 0.6 * soft, (0.0, 0.9, 0.43)
    mesh.face(
        [(middle - flat, front - soft, high), (middle + flat, front - soft, high), (middle + crown, front, drop), (middle - crown, front, drop)],
        normals=[(0, 0, 1), (0, 0, 1), tilt, tilt],
        **paint,  # type: ignore[arg-type]
    )
    mesh.face([(middle - crown, front, drop), (middle + crown, front, drop), (middle + half, foot, 0), (middle - half, foot, 0)], up=(0, 1, 1), **paint)  # type: ignore[arg-type]
    mesh.face([(left, foot, 0), (right, foot, 0), (right, foot, low), (left, foot, low)], up=(0, 1, 0), **paint)  # type: ignore[arg-type]


def keyboard_picture(piano: PianoLook, keys: Keys, rgb: Rgb | None = None) -> Floats:
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
