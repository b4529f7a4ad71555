"""The geometry of one Doom level, as arrays, and the sector under a point.

Record layouts: the Unofficial Doom Specs 1.666, chapters 4-2 to 4-9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .errors import RecordError
from .wad import Wad

_THING = np.dtype([("x", "<i2"), ("y", "<i2"), ("angle", "<i2"), ("kind", "<i2"), ("flags", "<i2")])
_LINE = np.dtype(
    [
        ("start", "<u2"),
        ("end", "<u2"),
        ("flags", "<u2"),
        ("special", "<u2"),
        ("tag", "<u2"),
        ("front", "<u2"),
        ("back", "<u2"),
    ]
)
_SIDE = np.dtype([("x", "<i2"), ("y", "<i2"), ("textures", "S24"), ("sector", "<u2")])
_SECTOR = np.dtype(
    [
        ("floor", "<i2"),
        ("ceiling", "<i2"),
        ("floor_flat", "S8"),
        ("ceiling_flat", "S8"),
        ("light", "<i2"),
        ("special", "<u2"),
        ("tag", "<u2"),
    ]
)
_SEG = np.dtype(
    [("start", "<u2"), ("end", "<u2"), ("angle", "<i2"), ("line", "<u2"), ("side", "<u2"), ("o", "<i2")]
)
_SUBSECTOR = np.dtype([("count", "<u2"), ("first", "<u2")])
_NODE = np.dtype(
    [("x", "<i2"), ("y", "<i2"), ("dx", "<i2"), ("dy", "<i2"), ("boxes", "<i2", 8), ("children", "<u2", 2)]
)
_NO_SIDE = 0xFFFF
_LEAF = 0x8000


@dataclass(frozen=True)
class Level:
    """One level: structured arrays as in the archive, and sector indices per line (-1: no back side)."""

    name: str
    things: np.ndarray
    vertices: np.ndarray
    lines: np.ndarray
    front_sector: np.ndarray
    back_sector: np.ndarray
    sectors: np.ndarray
    segs: np.ndarray
    subsectors: np.ndarray
    nodes: np.ndarray
    sides: np.ndarray

    @classmethod
    def read(cls, wad: Wad, name: str) -> Level:
        """Raises RecordError when the level is missing or not in Doom's binary format."""
        parts = wad.level_lumps(name)
        try:
            lines = np.frombuffer(parts["LINEDEFS"], _LINE)
            sides = np.frombuffer(parts["SIDEDEFS"], _SIDE)
            vertices = np.frombuffer(parts["VERTEXES"], "<i2").reshape(-1, 2).astype(np.float64)
            back = np.full(len(lines), -1, np.int64)
            two_sided = lines["back"] != _NO_SIDE
            back[two_sided] = sides["sector"][lines["back"][two_sided]]
            return cls(
                name=name,
                things=np.frombuffer(parts["THINGS"], _THING),
                vertices=vertices,
                lines=lines,
                front_sector=sides["sector"][lines["front"]].astype(np.int64),
                back_sector=back,
                sectors=np.frombuffer(parts["SECTORS"], _SECTOR),
                segs=np.frombuffer(parts["SEGS"], _SEG),
                subsectors=np.frombuffer(parts["SSECTORS"], _SUBSECTOR),
                nodes=np.frombuffer(parts["NODES"], _NODE),
                sides=sides,
            )
        except (KeyError, ValueError, IndexError) as error:
            raise RecordError(f"Level {name} of {wad.path} is not in Doom's binary format.") from error

    def sector_at(self, x: float, y: float) -> int:
        """Index of the sector under a point in map units (walks the BSP tree)."""
        child = len(self.nodes) - 1
        while not child & _LEAF:
            node = self.nodes[child]
            cross = float(node["dx"]) * (y - float(node["y"])) - float(node["dy"]) * (x - float(node["x"]))
            child = int(node["children"][0 if cross < 0 else 1])
        seg = self.segs[self.subsectors[child & ~_LEAF]["first"]]
        line = self.lines[seg["line"]]
        return int(self.sides[line["back" if seg["side"] else "front"]]["sector"])

    def is_outdoors(self, sector: int) -> bool:
        """Whether the sky is above."""
        return bool(self.sectors["ceiling_flat"][sector].rstrip(b"\0") == b"F_SKY1")
