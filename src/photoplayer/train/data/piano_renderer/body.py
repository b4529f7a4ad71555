"""What stands around the keys: fallboard, cheeks, rails, panel, table, floor, things that lie about."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from photoplayer.piano.layout import LOWEST_PITCH
from photoplayer.train.data.piano_renderer.keys import Keys
from photoplayer.train.data.piano_renderer.look import PianoLook, Rgb, RoomLook
from photoplayer.train.data.piano_renderer.mesh import Kind, Mesh, Paint

_BED_MM, _BOTTOM_MM = -23.0, -120.0
_PANEL_TOP_MM, _STEP_MM = 10.0, 14.0
_BLACK: Rgb = (0.009, 0.009, 0.009)


def add_body(mesh: Mesh, piano: PianoLook, keys: Keys) -> None:
    """The instrument without its keys."""
    left = float(keys.edges[piano.first_pitch - LOWEST_PITCH, 0]) - 1.5
    right = float(keys.edges[piano.last_pitch - LOWEST_PITCH, 1]) + 1.5
    front = piano.length_mm + 3
    body = Paint(piano.body_rgb, Kind.WOOD if piano.body_wood else Kind.LACQUER, piano.body_gloss)
    mesh.flat(left, right, -60, front + 1, _BED_MM, Paint(_BLACK))
    tall = 14.0 if piano.style == "digital" else 28.0
    for x0, x1 in ((left - piano.cheek_mm, left), (right, right + piano.cheek_mm)):
        mesh.box((x0, -40, _BOTTOM_MM), (x1, front + piano.slip_mm, tall), body)
    mesh.box((left, front, _BOTTOM_MM), (right, front + piano.slip_mm, piano.slip_top_mm), body)
    if piano.felt_rgb is not None:
        mesh.box((left, -4, -5), (right, -0.5, 1.5), Paint(piano.felt_rgb, Kind.CLOTH, 0.0))
    if piano.style == "digital":
        _add_panel(mesh, piano, left, right, body)
    else:
        _add_fallboard(mesh, piano, left - piano.cheek_mm, right + piano.cheek_mm, body)


def _add_fallboard(mesh: Mesh, piano: PianoLook, x0: float, x1: float, body: Paint) -> None:
    """A step behind the keys, the leaning board that mirrors them, what is behind it."""
    near, far = -2.0, -14.0
    mesh.upright(x0, x1, near, -10, _STEP_MM, body, to=1)
    mesh.flat(x0, x1, far, near, _STEP_MM, body)
    top, back = _STEP_MM + piano.board_mm, far - 0.25 * piano.board_mm
    board = [(x0, far, _STEP_MM), (x1, far, _STEP_MM), (x1, back, top), (x0, back, top)]
    mesh.face(board, body, up=(0, 1, 0))
    if piano.style == "upright":
        matt = Paint(body.rgb, Kind.WOOD if piano.body_wood else Kind.PLAIN, body.gloss)
        mesh.flat(x0, x1, back - 40, back, top, matt)
        mesh.upright(x0, x1, back - 40, top, top + 350, matt, to=1)
        mesh.flat(x0, x1, back - 340, back - 40, top + 350, matt)
    else:
        mesh.flat(x0, x1, back - 260, back, top, body)
        mesh.upright(x0, x1, back - 260, top - 200, top, body, to=-1)


def _add_panel(mesh: Mesh, piano: PianoLook, left: float, right: float, body: Paint) -> None:
    """A digital piano's top: speaker cloths, buttons, a display."""
    far, top = -piano.board_mm, _PANEL_TOP_MM
    mesh.box((left - piano.cheek_mm, far, _BOTTOM_MM), (right + piano.cheek_mm, -1.5, top), body)
    if not piano.buttons:
        return
    dice = np.random.default_rng(piano.button_seed)
    wide = right - left
    red, green, blue = (
        float(c) for c in np.clip(np.asarray(piano.body_rgb) * 2 + dice.uniform(0, 0.3, 3), 0, 0.9)
    )
    share = float(dice.uniform(0.1, 0.22)) * wide
    for x in (left, right - share):
        mesh.box((x, far + 12, top), (x + share, -16, top + 0.8), Paint(_BLACK, Kind.CLOTH))
    for _ in range(piano.buttons):
        x, y = (
            float(dice.uniform(left + 0.24 * wide, right - 0.26 * wide)),
            0.55 * far + float(dice.choice([-18, 0, 18])),
        )
        size = float(dice.choice([8, 14, 22]))
        mesh.box((x, y - 4, top), (x + size, y + 4, top + 2.5), Paint((red, green, blue), Kind.PLAIN, 0.3))
    if dice.random() < 0.5:
        x = left + float(dice.uniform(0.4, 0.6)) * wide
        glow = (0.1, float(dice.uniform(0.2, 0.6)), float(dice.uniform(0.2, 0.7)))
        mesh.box((x, 0.75 * far, top), (x + 70, 0.4 * far, top + 1), Paint(glow, Kind.PLAIN, 0.4))


def add_room(mesh: Mesh, room: RoomLook) -> None:
    """Floor, perhaps a table, things that lie about, the player's lap."""
    kind = {"plain": Kind.PLAIN, "wood": Kind.WOOD, "carpet": Kind.CARPET}[room.ground]
    if room.legs_rgb is not None:
        _add_lap(mesh, room.lap_mm, Paint(room.legs_rgb, Kind.CLOTH, 0.0))
    if room.table_rgb is not None:
        mesh.box(
            (-250, -480, _BOTTOM_MM - 40), (1450, 240, _BOTTOM_MM + 2), Paint(room.table_rgb, Kind.WOOD, 0.3)
        )
    dice = np.random.default_rng(room.clutter_seed)
    for _ in range(room.clutter):
        x, y = float(dice.uniform(-300, 1500)), float(dice.choice([-1, 1])) * float(dice.uniform(330, 700))
        wide, deep, tall = (float(v) for v in dice.uniform((60, 40, 5), (400, 250, 120)))
        base = _BOTTOM_MM + 2 if room.table_rgb is not None and y < 0 else room.ground_mm
        grey, tint = float(dice.uniform(0.02, 0.6)), dice.normal(0, 0.25, 3)
        red, green, blue = (float(np.clip(grey * np.exp(t), 0, 0.9)) for t in tint)
        kind_of = Kind(int(dice.choice([Kind.PLAIN, Kind.CLOTH, Kind.WOOD])))
        mesh.box((x, y, base), (x + wide, y + deep, base + tall), Paint((red, green, blue), kind_of))
    mesh.flat(-6000, 7000, -5000, 5000, room.ground_mm, Paint(room.ground_rgb, kind, 0.15))


def _add_lap(mesh: Mesh, middle_mm: float, paint: Paint) -> None:
    """Two thighs under the keyboard's edge and the body behind them, as half tubes."""
    angles = np.radians(np.linspace(-100, 100, 9))
    for side in (-1, 1):
        near, far = (
            np.array([middle_mm + side * 95, 560.0, -90.0]),
            np.array([middle_mm + side * 150, 215.0, -140.0]),
        )
        for a, b in pairwise(angles):
            ring = [(float(np.sin(t)), 0.0, float(np.cos(t))) for t in (a, b)]
            corners = [
                tuple(float(v) for v in end + radius * np.array(n))
                for end, radius, n in (
                    (near, 85.0, ring[0]),
                    (near, 85.0, ring[1]),
                    (far, 65.0, ring[1]),
                    (far, 65.0, ring[0]),
                )
            ]
            mesh.face(corners, paint, normals=[ring[0], ring[1], ring[1], ring[0]])  # type: ignore[arg-type]
    mesh.box((middle_mm - 190, 560, -200), (middle_mm + 190, 800, 330), paint)
