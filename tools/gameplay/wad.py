"""Reads Doom's WAD archives: lumps, levels and patch graphics.

Layout (little endian): a 12-byte header (magic, lump count, directory offset), then 16-byte directory
entries (offset, size, name of 8 bytes padded with NUL). Source: the Unofficial Doom Specs 1.666, chapter 2.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .errors import RecordError

_LEVEL_NAME = re.compile(r"^(E\dM\d|MAP\d\d)$")
_LEVEL_LUMP_COUNT = 10
_TRANSPARENT = -1


@dataclass(frozen=True)
class Lump:
    """One named piece of an archive."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Wad:
    """All lumps of one archive, in directory order."""

    path: Path
    lumps: tuple[Lump, ...]

    @classmethod
    def read(cls, path: Path) -> Wad:
        """Raises RecordError when the file is missing, not a WAD, or its directory points outside it."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RecordError(f"Cannot read {path}: {error.strerror}.") from error
        if len(data) < 12 or data[:4] not in (b"IWAD", b"PWAD"):
            raise RecordError(f"{path} is not a WAD archive; give freedoom1.wad or freedoom2.wad.")
        count, directory = struct.unpack_from("<II", data, 4)
        if directory + 16 * count > len(data):
            raise RecordError(f"{path} is cut short: its directory lies beyond its end.")
        lumps = []
        for index in range(count):
            offset, size, raw_name = struct.unpack_from("<II8s", data, directory + 16 * index)
            if offset + size > len(data):
                raise RecordError(f"{path} is cut short: lump {index} lies beyond its end.")
            name = raw_name.split(b"\0")[0].decode("ascii", "replace").upper()
            lumps.append(Lump(name=name, data=data[offset : offset + size]))
        return cls(path=path, lumps=tuple(lumps))

    def lump(self, name: str) -> bytes:
        """The last lump of that name, as the game resolves it. Raises RecordError when there is none."""
        for lump in reversed(self.lumps):
            if lump.name == name:
                return lump.data
        raise RecordError(f"{self.path} has no lump {name}.")

    def names(self) -> tuple[str, ...]:
        """Every lump name, in directory order."""
        return tuple(lump.name for lump in self.lumps)

    def levels(self) -> tuple[str, ...]:
        """Names of the levels, e.g. ``E1M1`` or ``MAP01``, in directory order."""
        return tuple(lump.name for lump in self.lumps if _LEVEL_NAME.match(lump.name))

    def level_lumps(self, level: str) -> dict[str, bytes]:
        """The lumps that follow a level's marker (THINGS, LINEDEFS, ...)."""
        for index, lump in enumerate(self.lumps):
            if lump.name == level:
                following = self.lumps[index + 1 : index + 1 + _LEVEL_LUMP_COUNT]
                return {part.name: part.data for part in following}
        raise RecordError(f"{self.path} has no level {level}; it has {', '.join(self.levels())}.")

    def palette(self) -> np.ndarray:
        """The first palette, uint8 of shape (256, 3)."""
        return np.frombuffer(self.lump("PLAYPAL")[:768], np.uint8).reshape(256, 3)


@dataclass(frozen=True)
class Patch:
    """A picture with holes: palette indices, -1 where nothing is drawn, and its hot spot."""

    indices: np.ndarray
    left: int
    top: int


def decode_patch(data: bytes) -> Patch:
    """Decodes a column-based picture lump. Raises RecordError when it is malformed."""
    try:
        width, height, left, top = struct.unpack_from("<HHhh", data, 0)
        columns = struct.unpack_from(f"<{width}I", data, 8)
        indices = np.full((height, width), _TRANSPARENT, np.int16)
        for x, offset in enumerate(columns):
            _decode_column(data, offset, indices[:, x])
    except (struct.error, IndexError, ValueError) as error:
        raise RecordError(f"A picture lump of {len(data)} bytes is malformed.") from error
    return Patch(indices=indices, left=left, top=top)


def _decode_column(data: bytes, offset: int, column: np.ndarray) -> None:
    """Posts: row, length, a padding byte, the pixels, a padding byte; row 255 ends the column."""
    while data[offset] != 255:
        row, length = data[offset], data[offset + 1]
        pixels = np.frombuffer(data, np.uint8, count=length, offset=offset + 3)
        column[row : row + length] = pixels
        offset += length + 4
