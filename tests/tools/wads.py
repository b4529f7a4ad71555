"""Builds small archives for tests."""

from __future__ import annotations

import struct

import numpy as np


def wad_bytes(lumps: list[tuple[str, bytes]]) -> bytes:
    body, directory, offset = b"", b"", 12
    for name, data in lumps:
        directory += struct.pack("<II8s", offset + len(body), len(data), name.encode())
        body += data
    return struct.pack("<4sII", b"IWAD", len(lumps), offset + len(body)) + body + directory


def patch_bytes(indices: np.ndarray) -> bytes:
    """A picture lump; -1 is a hole."""
    height, width = indices.shape
    columns, offsets, at = b"", [], 8 + 4 * width
    for x in range(width):
        offsets.append(at + len(columns))
        for y in range(height):
            if indices[y, x] >= 0:
                columns += bytes([y, 1, 0, int(indices[y, x]), 0])
        columns += b"\xff"
    return struct.pack(f"<HHhh{width}I", width, height, 0, 0, *offsets) + columns
