"""Where the camera stands: from a look's wishes to a projection, and from there to the truth's homography.

Pixels here are the renderer's: x right, y down, (0, 0) the outer corner of the first pixel. The homography of
the truth counts as :class:`photoplayer.piano.keyboard.Keyboard` does, whole numbers at pixel centres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.keyboard import apply_homography, homography_between
from photoplayer.piano.layout import WHITE_COUNT
from photoplayer.train.data.piano_renderer.keys import WHITE_MM
from photoplayer.train.data.piano_renderer.look import CameraLook

Matrix = npt.NDArray[np.float64]
_NEAR_MM, _FAR_MM = 60.0, 12_000.0


@dataclass(frozen=True, eq=False)
class Camera:
    """``projection (4, 4)``: world to clip space, rows first; ``eye (3,)`` mm; ``plane (3, 3)``: (x, y, 1) in
    mm on the plane of the key tops to pixels, without the lens's bulge."""

    size: tuple[int, int]
    projection: Matrix
    eye: Matrix
    plane: Matrix
    bulge: float
    mirrored: bool

    def homography(self, length_mm: float) -> Matrix:
        """Keyboard convention to pixels; with a bulging lens the best fit over the part in the picture."""
        grid = np.array(
            [(x, y) for x in np.linspace(0, WHITE_COUNT, 2 * WHITE_COUNT + 1) for y in (0.0, 0.5, 1.0)]
        )
        exact = self.straight(length_mm)
        straight = apply_homography(exact, grid) + 0.5
        width, height = self.size
        margin = 0.02 * width
        inside = np.all((straight > -margin) & (straight < (width + margin, height + margin)), axis=1)
        if not self.bulge or inside.sum() < 12:
            return exact
        return homography_between(grid[inside], self.bent(straight[inside]) - 0.5)

    def straight(self, length_mm: float) -> Matrix:
        """Keyboard convention to the pixels of a lens without bulge."""
        exact = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]]) @ self.plane
        exact = exact @ np.diag([WHITE_MM, length_mm, 1.0])
        return np.asarray(exact / exact[2, 2])

    def bent(self, pixels: Matrix) -> Matrix:
        """Where the lens puts what a straight lens would show at ``(n, 2)`` pixels."""
        centre, radius = self._centre()
        aim = (np.asarray(pixels) - centre) / radius
        found = aim.copy()
        for _ in range(8):
            found = aim / (1 + self.bulge * np.sum(found**2, axis=1, keepdims=True))
        return np.asarray(found * radius + centre)

    def _centre(self) -> tuple[Matrix, float]:
        width, height = self.size
        return np.array([width / 2, height / 2]), float(np.hypot(width, height)) / 2


def place_camera(look: CameraLook, *, length_mm: float) -> Camera:
    """The camera that shows the keys of ``look.span`` over the picture's width."""
    height, turn = np.radians(min(look.height_deg, 89.9)), np.radians(look.turn_deg)
    forward = -np.array([np.cos(height) * np.sin(turn), np.cos(height) * np.cos(turn), np.sin(height)])
    side = np.array([np.cos(turn), -np.sin(turn), 0.0])
    down = np.cross(side, forward)
    if down @ np.array([np.sin(turn), np.cos(turn), 0.0]) < 0:
        down = -down
    roll = np.radians(look.roll_deg)
    right, low = np.cos(roll) * side + np.sin(roll) * down, np.cos(roll) * down - np.sin(roll) * side
    if look.mirrored:
        right = -right
    width, tall = look.size
    focal = width / 2 / np.tan(np.radians(look.field_deg) / 2)
    ends = np.array([(x * WHITE_MM, length_mm / 2, 0.0) for x in look.span])
    middle = ends.mean(axis=0)

    def pixels(points: Matrix, distance: float) -> Matrix:
        away = points - (middle - distance * forward)
        deep = np.maximum(away @ forward, 1.0)
        return np.stack([focal * (away @ right) / deep, focal * (away @ low) / deep], axis=-1)

    near, far = 150.0, 20_000.0
    for _ in range(50):
        distance = (near + far) / 2
        a, b = pixels(ends, distance)
        wide = abs(b[0] - a[0]) if abs(np.cos(turn + roll)) > 0.5 else float(np.linalg.norm(b - a))
        near, far = (distance, far) if wide > width else (near, distance)
    eye = middle - distance * forward
    shift = np.array(look.middle) * (width, tall) - pixels(ends, distance).mean(axis=0)
    axes = np.stack([focal * right + shift[0] * forward, focal * low + shift[1] * forward, forward])
    to_pixels = np.concatenate([axes, -(axes @ eye)[:, None]], axis=1)
    depth = (_FAR_MM + _NEAR_MM) / (_FAR_MM - _NEAR_MM)
    shove = -2 * _FAR_MM * _NEAR_MM / (_FAR_MM - _NEAR_MM)
    projection = np.stack(
        [
            2 * to_pixels[0] / width - to_pixels[2],
            to_pixels[2] - 2 * to_pixels[1] / tall,
            depth * to_pixels[2] + np.array([0, 0, 0, shove]),
            to_pixels[2],
        ]
    )
    return Camera((width, tall), projection, eye, to_pixels[:, [0, 1, 3]], look.bulge, look.mirrored)
