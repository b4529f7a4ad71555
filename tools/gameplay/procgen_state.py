"""Reads what a Procgen game knows out of ``get_state``: the player, everything that moves, and the grid.

The layout is that of ``Game::serialize`` and ``BasicAbstractGame::serialize`` in openai/procgen (MIT),
serialisation version 0: little-endian 4-byte integers and floats, strings with their length before them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from .errors import RecordError

PLAYER = 0
_OPTIONS, _LEVEL_FIELDS, _STEP_FIELDS = 12, 5, 16
_ENTITY = struct.Struct("<6f25i")
_VERSION = 0


@dataclass(frozen=True)
class Thing:
    """Something in the world: centre, velocity and half size in cells, and the game's own number for it."""

    kind: int
    x: float
    y: float
    vx: float
    vy: float
    rx: float
    ry: float

    def gap(self, other: Thing) -> float:
        """Distance between the two boxes, cells."""
        dx = max(abs(self.x - other.x) - self.rx - other.rx, 0.0)
        dy = max(abs(self.y - other.y) - self.ry - other.ry, 0.0)
        return float(np.hypot(dx, dy))


@dataclass(frozen=True)
class World:
    """A game at one moment. ``grid (height, width)`` holds the game's numbers for cells, row 0 lowest."""

    player: Thing
    things: tuple[Thing, ...]
    grid: np.ndarray
    top_speed: float


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def number(self) -> int:
        (value,) = struct.unpack_from("<i", self._content, self._at)
        self._at += 4
        return int(value)

    def real(self) -> float:
        (value,) = struct.unpack_from("<f", self._content, self._at)
        self._at += 4
        return float(value)

    def skip(self, fields: int) -> None:
        self._at += 4 * fields

    def skip_text(self) -> None:
        length = self.number()
        self._at += length

    def thing(self) -> Thing:
        x, y, vx, vy, rx, ry, kind, *_ = _ENTITY.unpack_from(self._content, self._at)
        self._at += _ENTITY.size
        return Thing(kind, x, y, vx, vy, rx, ry)

    def numbers(self, count: int) -> np.ndarray:
        values = np.frombuffer(self._content, "<i4", count, self._at)
        self._at += 4 * count
        return values


def read_world(content: bytes) -> World:
    """The world in the bytes of ``get_state``. Raises RecordError where they are of another version."""
    reader = _Reader(content)
    try:
        if (version := reader.number()) != _VERSION:
            raise RecordError(f"Procgen's state has version {version}, only {_VERSION} is read.")
        reader.skip_text()
        reader.skip(_OPTIONS + _LEVEL_FIELDS)
        for _ in range(2):  # two generators of random numbers: seeded or not, and their state
            reader.skip(1)
            reader.skip_text()
        reader.skip(_STEP_FIELDS)
        things = [reader.thing() for _ in range(reader.number())]
        reader.skip(4 + 5)  # background; size, actions and mixing of the player
        top_speed = reader.real()
        reader.skip(1 + 3 + 2 + 3)
        reader.skip(1)
        reader.skip_text()
        reader.skip(3 + 6)
        width, height = reader.number(), reader.number()
        grid = reader.numbers(reader.number()).reshape(height, width)
    except (struct.error, ValueError) as error:
        raise RecordError(f"Procgen's state cannot be read ({error}); use procgen-mirror 0.10.7.") from error
    player = next((thing for thing in things if thing.kind == PLAYER), None)
    if player is None:
        raise RecordError("Procgen's state shows no player.")
    return World(player, tuple(t for t in things if t is not player), grid, top_speed)
