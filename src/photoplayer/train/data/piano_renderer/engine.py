"""A look before a camera: moments in, pictures out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.piano_renderer import shaders
from photoplayer.train.data.piano_renderer.camera import Camera
from photoplayer.train.data.piano_renderer.look import Look
from photoplayer.train.data.piano_renderer.opengl import context, uniform
from photoplayer.train.data.piano_renderer.scene_pass import Moment, ScenePass

Picture = npt.NDArray[np.uint8]
_SEEDS = 65_521
"""The shader counts in floats: noise repeats after so many frames."""


class Stage:
    """Draws pictures of one look for one camera; ``final`` is the framebuffer of the last one."""

    def __init__(self, look: Look, camera: Camera, *, samples: int = 4) -> None:
        gl = self._gl = context()
        self._sensor, self._camera = look.sensor, camera
        steps = look.sensor.steps
        self._scene = ScenePass(look, camera, count=steps, samples=samples)
        self._lens = gl.program(
            vertex_shader=shaders.POST_VERTEX, fragment_shader=shaders.post_fragment(steps)
        )
        corners = gl.buffer(uniform([-1, -1, 1, -1, -1, 1, 1, 1]))
        self._square = gl.vertex_array(self._lens, [(corners, "2f", "corner")])
        self.final = gl.framebuffer(gl.texture(camera.size, 3))
        sensor, lens = look.sensor, self._lens
        lens["pictures"] = list(range(steps)) if steps > 1 else 0
        lens["size"] = tuple(float(v) for v in camera.size)
        lens["lens"] = (camera.bulge, sensor.blur_px, sensor.vignette, sensor.sharpen)
        lens["balance"] = sensor.balance

    def draw(self, moments: Sequence[Moment], *, frame: int) -> None:
        """One picture into ``final``: the mean of ``sensor.steps`` moments, through lens and sensor.

        ``frame`` seeds the sensor's noise.
        """
        for i, moment in enumerate(moments):
            self._scene.draw(moment, i)
        sensor, lens, gl = self._sensor, self._lens, self._gl
        exposure = sensor.exposure * float(np.mean([m.brightness for m in moments]))
        lens["tone"] = (exposure, 1 / sensor.gamma, sensor.contrast, sensor.black)
        lens["grain"] = (sensor.saturation, sensor.noise, float(frame % _SEEDS))
        for unit, texture in enumerate(self._scene.taken):
            texture.use(unit)
        gl.disable(gl.DEPTH_TEST)
        self.final.use()
        self._square.render(gl.TRIANGLE_STRIP)

    def read(self) -> Picture:
        """``(height, width, 3)``, the picture drawn last."""
        width, height = self._camera.size
        raw = np.frombuffer(self.final.read(components=3, alignment=1), np.uint8)
        return np.ascontiguousarray(raw.reshape(height, width, 3)[::-1])
