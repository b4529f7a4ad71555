"""What stands around the keys: fallboard, cheeks, rails, panel, table, floor, things that lie about."""

from __future__ import annotations

import numpy as np

from photoplayer.piano.layout import LOWEST_PITCH
from photoplayer.train.data.piano_renderer.keys import Keys
from photoplayer.train.data.piano_renderer.look import PianoLook, Rgb, RoomLook
from photoplayer.train.data.piano_renderer.mesh import Kind, Mesh

_BED_MM = -23.0


def add_body(mesh: Mesh, piano: PianoLook, keys: Keys) -> None:
    """The instrument without its keys."""
    left = float(keys.edges[piano.first_pitch - LOWEST_PITCH, 0]) - 1.5
    right = float(keys.edges[piano.last_pitch - LOWEST_PITCH, 1]) + 1.5
    end = piano.length_mm
    shade = Kind.WOOD if piano.body_wood else Kind.LACQUER
    gloss = piano.body_gloss
    body: dict[str, object] = {"rgb": piano.body_rgb, "kind": shade, "gloss": gloss}
    dark: Rgb = (0.01, 0.01, 0.01)
    mesh.face(_flat(left, right, -60, end + 4, _BED_MM), rgb=dark, kind=Kind.PLAIN)
    cheek = piano.cheek_mm
    tall = 14.0 if piano.style == "digital" else 28.0
    for x0, x1 in ((left - cheek, left), (right, right + cheek)):
        mesh.box((x0, -40, -120), (x1, end + piano.slip_mm + 3, tall), **body)  # type: ignore[arg-type]
    mesh.box((left, end + 3, -120), (right, end + 3 + piano.slip_mm, piano.slip_top_mm), **body)  # type: ignore[arg-type]
    outer = (left - cheek, right + cheek)
    if piano.style == "digital":
        _add_panel(mesh, piano, outer, (left, right), body)
    else:
        _add_fallboard(mesh, piano, outer, body)
    if piano.felt_rgb is not None:
        mesh.box((left, -4, -5), (right, -0.5, 1.5), rgb=piano.felt_rgb, kind=Kind.CLOTH, gloss=0.0)


def _flat(x0: float, x1: float, y0: float, y1: float, z: float) -> list[tuple[float, float, float]]:
    return [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)]


def _add_fallboard(mesh: Mesh, piano: PianoLook, outer: tuple[float, float], body: dict[str, object]) -> None:
    x0, x1 = outer
    lean = 0.25 * piano.board_mm
    foot = 14.0
    mesh.face([(x0, -2, -10), (x1, -2, -10), (x1, -2, foot), (x0, -2, foot)], up=(0, 1, 0), **body)  # type: ignore[arg-type]
    mesh.face([(x0, -2, foot), (x1, -2, foot), (x1, -14, foot + 3), (x0, -14, foot + 3)], **body)  # type: ignore[arg-type]
    top = foot + 3 + piano.board_mm
    mesh.face(
        [(x0, -14, foot + 3), (x1, -14, foot + 3), (x1, -14 - lean, top), (x0, -14 - lean, top)],
        up=(0, 1, 0),
        **body,  # type: ignore[arg-type]
    )
    shelf = -14 - lean - (40 if piano.style == "upright" else 260)
    mesh.face(_flat(x0, x1, shelf, -14 - lean, top), **body)  # type: ignore[arg-type]
    if piano.style == "upright":
        mesh.face([(x0, shelf, top), (x1, shelf, top), (x1, shelf - 30, top + 350), (x0, shelf - 30, top + 350)], up=(0, 1, 0), **body)  # type: ignore[arg-type]
        mesh.face(_flat(x0, x1, shelf - 330, shelf - 30, top + 350), **body)  # type: ignore[arg-type]
    else:
        mesh.face([(x0, shelf, top), (x1, shelf, top), (x1, shelf, top - 200), (x0, shelf, top - 200)], up=(0, -1, 0), **body)  # type: ignore[arg-type]


def _add_panel(
    mesh: Mesh, piano: PianoLook, outer: tuple[float, float], inner: tuple[float, float], body: dict[str, object]
) -> None:
    x0, x1 = outer
    mesh.box((x0, -piano.board_mm, -120), (x1, -1.5, 10.0), **body)  # type: ignore[arg-type]
    dice = np.random.default_rng(piano.button_seed)
    rgb = tuple(float(c) for c in np.clip(np.asarray(piano.body_rgb) * 2 + dice.uniform(0, 0.3, 3), 0, 0.9))
    middle = -piano.board_mm * 0.55
    if piano.buttons:  # a speaker's cloth at both ends, as many digital pianos have
        share = float(dice.uniform(0.1, 0.22)) * (inner[1] - inner[0])
        for a in (inner[0], inner[1] - share):
            mesh.box((a, -piano.board_mm + 12, 10), (a + share, -16, 10.8), rgb=(0.008,) * 3, kind=Kind.CLOTH)
    for _ in range(piano.buttons):
        x = float(dice.uniform(inner[0] + 0.2 * (inner[1] - inner[0]), inner[1] - 0.1 * (inner[1] - inner[0])))
        y = middle + float(dice.choice([-18, 0, 18]))
        width = float(dice.choice([8, 14, 22]))
        mesh.box((x, y - 4, 10), (x + width, y + 4, 12.5), rgb=rgb, kind=Kind.PLAIN, gloss=0.3)  # type: ignore[arg-type]


def add_room(mesh: Mesh, room: RoomLook, piano: PianoLook) -> None:
    """Floor, perhaps a table, things on it."""
    kind = {"plain": Kind.PLAIN, "wood": Kind.WOOD, "carpet": Kind.CARPET}[room.ground]
    mesh.face(_flat(-6000, 7000, -5000, 5000, room.ground_mm), rgb=room.ground_rgb, kind=kind, gloss=0.15)
    if room.table_rgb is not None:
        mesh.box((-250, -480, -160), (1450, 240, -118), rgb=room.table_rgb, kind=Kind.WOOD, gloss=0.3)
    dice = np.random.default_rng(room.clutter_seed)
    for _ in range(room.clutter):
        x, y = float(dice.uniform(-300, 1500)), float(dice.choice([-1, 1])) * float(dice.uniform(330, 700))
        wide, deep, tall = (float(v) for v in dice.uniform((60, 40, 5), (400, 250, 120)))
        base = -118.0 if room.table_rgb is not None and y < 0 else room.ground_mm
        red, green, blue = (float(c) ** 2 * 0.8 for c in dice.uniform(0, 1, 3))
        paint = Kind(int(dice.choice([Kind.PLAIN, Kind.CLOTH, Kind.WOOD])))
        mesh.box((x, y, base), (x + wide, y + deep, base + tall), rgb=(red, green, blue), kind=paint)
