"""What editors lay over such videos: falling bars, a glowing line, sparks, a strip of score, a watermark.

Drawn onto the finished picture in its pixels, so neither the lens nor the sensor touches it; x follows the
keys through the truth's homography. Most of it is tied to the notes, but may be told not to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from photoplayer.piano.keyboard import apply_homography
from photoplayer.piano.layout import key_edges, key_middle
from photoplayer.train.data.piano_renderer import shaders
from photoplayer.train.data.piano_renderer.look import OverlayLook, Rgb
from photoplayer.train.data.piano_renderer.notes import Fingered, KeyPress
from photoplayer.train.data.piano_renderer.opengl import context, matrix, uniform

Matrix = npt.NDArray[np.float64]
_FLAT, _SOFT_ROW, _SOFT_DISC, _SHEET = range(4)
_MOST_VERTICES = 30_000
_FAR = -12.0
"""How far beyond the fallboard (key lengths) darkness reaches."""


class Overlay:
    """Draws one clip's overlay."""

    def __init__(
        self,
        look: OverlayLook,
        *,
        size: tuple[int, int],
        homography: Matrix,
        played: Sequence[Fingered],
        seed: int,
    ) -> None:
        gl = self._gl = context()
        self._look, self._size, self._homography = look, size, homography
        self._dice = np.random.default_rng([seed, 5])
        self._notes = [(f.press, f.hand) for f in played] if look.bars_true else self._false_notes(played)
        self._program = gl.program(vertex_shader=shaders.FLAT_VERTEX, fragment_shader=shaders.FLAT_FRAGMENT)
        self._buffer = gl.buffer(reserve=_MOST_VERTICES * 32, dynamic=True)
        self._array = gl.vertex_array(self._program, [(self._buffer, "2f 4f 2f", "pixel", "paint", "inside")])
        width, height = size
        to_clip = np.array([[2 / width, 0, -1], [0, -2 / height, 1], [0, 0, 1]])
        self._program["to_clip"].write(matrix(to_clip))
        self._sheets = {"score": self._texture(self._score()), "mark": self._texture(self._mark())}
        self._program["sheet"] = 0
        corners = apply_homography(homography, np.array([(0.0, 0.0), (0.0, 1.0)]))
        self._length_px = float(np.linalg.norm(corners[1] - corners[0]))

    def _texture(self, rgba: npt.NDArray[np.uint8]) -> Any:
        return self._gl.texture((rgba.shape[1], rgba.shape[0]), 4, np.ascontiguousarray(rgba).tobytes())

    def _false_notes(self, played: Sequence[Fingered]) -> list[tuple[KeyPress, int]]:
        """As many notes as are played, elsewhere."""
        made = []
        for note in played:
            at = float(self._dice.uniform(0, 20))
            made.append((KeyPress(at, at + 0.3, int(self._dice.integers(30, 90)), 60), note.hand))
        return made

    def draw(self, time_s: float) -> None:
        """Onto the framebuffer in use."""
        look, gl = self._look, self._gl
        gl.disable(gl.DEPTH_TEST)
        gl.enable(gl.BLEND)
        over, add = (gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA), (gl.SRC_ALPHA, gl.ONE)
        if look.dark_above:
            self._paint([self._area(-5, 57, _FAR, -0.015, (0, 0, 0), 1.0)], _FLAT, over)
        if look.bars:
            self._paint(self._bars(time_s), _FLAT, over)
        if look.line:
            reach = look.line_reach
            glow = self._area(-5, 57, -reach, reach * 0.8, look.bar_rgb, look.line)
            core = self._area(-5, 57, -reach * 0.2, reach * 0.2, (1, 1, 1), look.line * 0.7)
            self._paint([glow, core], _SOFT_ROW, add)
        if look.glow:
            self._paint(self._glows(time_s), _SOFT_DISC, add)
        if look.sparks:
            self._paint(self._sparks(time_s), _SOFT_DISC, add)
        if look.score_share:
            width, height = self._size
            self._paint(
                [_quad(0, 0, width, height * look.score_share, (1, 1, 1), 1.0)], _SHEET, over, "score"
            )
        if look.watermark:
            width, height = self._size
            box = (0.03 * width, 0.9 * height, 0.2 * width, 0.96 * height)
            self._paint([_quad(*box, (1, 1, 1), 0.5)], _SHEET, over, "mark")
        if look.letterbox:
            width, height = self._size
            band = look.letterbox * height
            bands = [
                _quad(0, 0, width, band, (0, 0, 0), 1.0),
                _quad(0, height - band, width, height, (0, 0, 0), 1.0),
            ]
            self._paint(bands, _FLAT, over)
        gl.disable(gl.BLEND)

    def _paint(
        self, quads: Sequence[Matrix], style: int, blend: tuple[int, int], sheet: str = "mark"
    ) -> None:
        if not quads:
            return
        vertices = np.concatenate(quads)[: _MOST_VERTICES // 3 * 3]
        self._gl.blend_func = blend
        self._program["style"] = style
        self._sheets[sheet].use(0)
        self._buffer.orphan()
        self._buffer.write(uniform(vertices))
        self._array.render(self._gl.TRIANGLES, vertices=len(vertices))

    def _area(self, x0: float, x1: float, y0: float, y1: float, rgb: Rgb, alpha: float) -> Matrix:
        """A part of the keyboard's plane as two triangles ``(6, 8)``."""
        corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
        return _two_triangles(apply_homography(self._homography, corners) + 0.5, rgb, alpha)

    def _bars(self, time_s: float) -> list[Matrix]:
        look = self._look
        speed = look.bar_speed * self._size[1] / self._length_px
        quads = []
        for press, hand in self._notes:
            near, far = (press.onset_s - time_s) * speed, (press.offset_s - time_s) * speed
            if far < 0 or near > -_FAR * 0.8:
                continue
            left, right = key_edges(press.pitch)
            rgb = look.bar_rgb if hand else look.bar_rgb_left
            quads.append(self._area(left + 0.12, right - 0.12, -far, -max(near, 0), rgb, 1.0))
        return quads

    def _glows(self, time_s: float) -> list[Matrix]:
        look = self._look
        quads = []
        for press, hand in self._notes:
            if press.onset_s <= time_s < press.offset_s:
                x, rgb = key_middle(press.pitch), look.bar_rgb if hand else look.bar_rgb_left
                fade = 1.0 - 0.5 * min((time_s - press.onset_s) / 0.4, 1)
                quads.append(self._area(x - 2.2, x + 2.2, -0.55, 0.45, rgb, look.glow * fade))
                quads.append(self._area(x - 0.8, x + 0.8, -0.25, 0.8, (1, 1, 1), look.glow * fade * 0.5))
        return quads

    def _sparks(self, time_s: float) -> list[Matrix]:
        quads = []
        for i, (press, _) in enumerate(self._notes):
            age = time_s - press.onset_s
            if not 0 <= age < 1.6:
                continue
            dice = np.random.default_rng([i, 3])
            count = self._look.sparks
            drift, rise, size = (
                dice.normal(0, 0.8, count),
                dice.uniform(0.2, 1.6, count),
                dice.uniform(0.02, 0.08, count),
            )
            x = key_middle(press.pitch) + drift * age + 0.3 * np.sin(5 * age + 6 * dice.random(count))
            y = -rise * age
            alpha = np.clip(1 - age / 1.6, 0, 1)
            quads += [
                self._area(a - 3 * s, a + 3 * s, b - 0.4 * s, b + 0.4 * s, self._look.bar_rgb, float(alpha))
                for a, b, s in zip(x, y, size, strict=True)
            ]
        return quads

    def _score(self) -> npt.NDArray[np.uint8]:
        """A white sheet with two staves, bar lines, heads and stems."""
        dice, height, width = self._dice, 160, 900
        sheet = np.full((height, width, 4), 255, np.uint8)
        ink = sheet[..., :3]
        for top in (30, 95):
            for line in range(5):
                ink[top + 8 * line, 30 : width - 30] = 90
            for x in range(30, width, 210):
                ink[top : top + 33, x : x + 2] = 20
            for _ in range(int(dice.integers(12, 50))):
                x, y = int(dice.integers(45, width - 50)), top + 4 * int(dice.integers(-1, 10))
                ink[y - 3 : y + 4, x : x + 9] = 10
                ink[max(y - 26, 0) : y, x + 8 : x + 10] = 10
        return sheet

    def _mark(self) -> npt.NDArray[np.uint8]:
        """Strokes that look like a name from afar."""
        dice, sheet = self._dice, np.zeros((40, 200, 4), np.uint8)
        sheet[..., :3] = 255
        for i in range(int(dice.integers(4, 11))):
            x = 6 + 18 * i
            for _ in range(3):
                if dice.random() < 0.5:
                    y = int(dice.choice([6, 18, 31]))
                    sheet[y : y + 4, x : x + 12, 3] = 255
                else:
                    a = x + int(dice.choice([0, 9]))
                    sheet[6:34, a : a + 4, 3] = 255
        return sheet


def _quad(x0: float, y0: float, x1: float, y1: float, rgb: Rgb, alpha: float) -> Matrix:
    return _two_triangles(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]), rgb, alpha, unit=True)


def _two_triangles(corners: Matrix, rgb: Rgb, alpha: float, *, unit: bool = False) -> Matrix:
    inside = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float)
    if unit:
        inside = (inside + 1) / 2
    paint = np.broadcast_to(np.array([*rgb, alpha]), (4, 4))
    return np.concatenate([corners, paint, inside], axis=1)[[0, 1, 2, 0, 2, 3]]
