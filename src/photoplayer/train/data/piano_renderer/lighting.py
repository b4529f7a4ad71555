"""Light that is worked out before the shaders see it: lamps' views for shadows, shade under hands, noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from photoplayer.train.data.piano_renderer.look import Lamp

Floats = npt.NDArray[np.float64]

NOISE_SIZE = 256


@dataclass(frozen=True, eq=False)
class LampView:
    """A direction towards the lamp ``ray (3,)``, world to its clip space ``matrix (4, 4)``, and how soft its
    shadows are, as a share of its picture's width."""

    ray: Floats
    matrix: Floats
    soft: float


def view_of(lamp: Lamp, box: Floats) -> LampView:
    """What a far lamp sees of a box given by its corners ``(8, 3)`` mm, and of what stands before it."""
    height, turn = np.radians(lamp.height_deg), np.radians(lamp.turn_deg)
    ray = np.array([np.cos(height) * np.cos(turn), np.cos(height) * np.sin(turn), np.sin(height)])
    along = np.array([1.0, 0.0, 0.0]) - ray[0] * ray
    along /= np.linalg.norm(along)
    axes = np.stack([along, np.cross(ray, along), -ray])
    seen = box @ axes.T
    low, high = seen.min(axis=0), seen.max(axis=0)
    low[2] -= 400.0
    scale = 2 / (high - low)
    matrix = np.eye(4)
    matrix[:3, :3] = axes * scale[:, None]
    matrix[:3, 3] = -(high + low) / (high - low)
    return LampView(ray, matrix, lamp.softness_mm / float(high[0] - low[0]))


def noise_tile() -> npt.NDArray[np.uint8]:
    """A tile of smooth noise in two octaves, as much dark as bright."""
    dice = np.random.default_rng(7)
    tile = np.zeros((NOISE_SIZE, NOISE_SIZE))
    for cell, strength in ((4, 1.0), (2, 0.5), (1, 0.35)):
        rough = dice.standard_normal((NOISE_SIZE // cell, NOISE_SIZE // cell))
        tile += strength * gaussian_filter(np.kron(rough, np.ones((cell, cell))), cell * 0.6, mode="wrap")
    ranks = tile.ravel().argsort().argsort().reshape(tile.shape)
    return np.asarray(255 * ranks / (ranks.size - 1), np.uint8)


def openness(
    balls: npt.NDArray[np.float64], box: tuple[float, float, float, float], size: tuple[int, int]
) -> npt.NDArray[np.uint8]:
    """``(rows, columns)``: how much of the sky points of the plane z = 0 see past balls ``(k, 4)`` (mm).

    ``box`` is x0, y0, x1, y1 (mm), ``size`` columns and rows. Of a ball at height z and distance d, radius r,
    a share of r² z / d³ is hidden.
    """
    x0, y0, x1, y1 = box
    columns, rows = size
    across, along = (x1 - x0) / columns, (y1 - y0) / rows
    hidden = np.zeros((rows, columns), np.float32)
    for x, y, z, r in balls:
        z, reach = max(z, 2.0), 60.0 + z
        a, b = max(int((x - reach - x0) / across), 0), min(int((x + reach - x0) / across) + 1, columns)
        c, d = max(int((y - reach - y0) / along), 0), min(int((y + reach - y0) / along) + 1, rows)
        if a >= b or c >= d:
            continue
        dx = x0 + (np.arange(a, b, dtype=np.float32) + 0.5) * across - x
        dy = y0 + (np.arange(c, d, dtype=np.float32) + 0.5) * along - y
        square = dx[None] ** 2 + dy[:, None] ** 2 + z * z + 1
        hidden[c:d, a:b] += r * r * z / (square * np.sqrt(square))
    return np.asarray(255 / (1 + 0.9 * hidden), np.uint8)
