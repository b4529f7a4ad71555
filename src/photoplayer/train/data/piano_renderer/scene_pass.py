"""From triangles to light: lamps' shadow maps, then what the camera sees, edges smoothed by multisampling.

Only the parts of the picture that a moment changes are drawn; the rest stays from the moment before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from photoplayer.piano.keyboard import apply_homography
from photoplayer.piano.layout import BLACK, KEY_COUNT
from photoplayer.train.data.piano_renderer import shaders
from photoplayer.train.data.piano_renderer.body import add_body, add_room
from photoplayer.train.data.piano_renderer.camera import Camera
from photoplayer.train.data.piano_renderer.keys import WHITE_MM, add_keys, keyboard_picture, lay_keys
from photoplayer.train.data.piano_renderer.lighting import NOISE_SIZE, LampView, noise_tile, openness, view_of
from photoplayer.train.data.piano_renderer.look import Look
from photoplayer.train.data.piano_renderer.mesh import FLOATS_PER_VERTEX, Floats, Kind, Mesh
from photoplayer.train.data.piano_renderer.opengl import context, matrix, uniform
from photoplayer.train.data.piano_renderer.regions import Region, changed, merged

_SHADOW_SIZE = (1536, 512)
_NEAR_BOX, _NEAR_SIZE = (-60.0, -30.0, 1290.0, 200.0), (288, 48)
"""The part of the keys' plane (x0, y0, x1, y1 mm) that hands shade, and the texture of it."""

_MOST_MOVING = 16_000
_FINE_PX = 18.0
"""White keys wider than this show that shadows are made of few looks at the shadow map."""

_TILT = 0.08
"""Pressed keys turn their faces by about this much (radians)."""

_TO_TEXTURE = np.array([[0.5, 0, 0, 0.5], [0, 0.5, 0, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 1.0]])
_LAYOUT = ("3f 3f 4f 2f", "place", "normal", "paint", "made")
_DEPTH_LAYOUT = ("3f 28x 2f", "place", "made")
_TEXTURES = ("shade_a", "shade_b", "keys_seen", "near_hands", "noise")
"""Samplers of the scene's shader, in order of their units."""


@dataclass(frozen=True, eq=False)
class Moment:
    """What moves: ``down (88,)`` 0..1, the hands' triangles ``(n, 12)``, balls ``(k, 4)`` for their nearness
    (mm), and how bright the lamps are now."""

    down: npt.NDArray[np.float64]
    hands: Floats
    balls: npt.NDArray[np.float64]
    brightness: float = 1.0


NOTHING = Moment(np.zeros(KEY_COUNT), np.zeros((0, FLOATS_PER_VERTEX), np.float32), np.zeros((0, 4)))
"""All keys up, nobody there."""


class ScenePass:
    """Draws moments of one look for one camera into ``count`` textures, as square roots of light."""

    def __init__(self, look: Look, camera: Camera, *, count: int, samples: int) -> None:
        gl = self._gl = context()
        self._look, self._camera, self._keys = look, camera, lay_keys(look.piano)
        still = self._mesh()
        lamps = look.light.lamps
        self._scene = gl.program(
            vertex_shader=shaders.SCENE_VERTEX,
            fragment_shader=shaders.scene_fragment(len(lamps), fine=self._key_px() > _FINE_PX),
        )
        self._depth = gl.program(vertex_shader=shaders.DEPTH_VERTEX, fragment_shader=shaders.DEPTH_FRAGMENT)
        self._moving = gl.buffer(reserve=_MOST_MOVING * FLOATS_PER_VERTEX * 4, dynamic=True)
        all_still, facing = gl.buffer(still.tobytes()), gl.buffer(_facing(still, camera.eye).tobytes())
        self._draw_still = gl.vertex_array(self._scene, [(facing, *_LAYOUT)])
        self._draw_moving = gl.vertex_array(self._scene, [(self._moving, *_LAYOUT)])
        self._shade_still = gl.vertex_array(self._depth, [(all_still, *_DEPTH_LAYOUT)])
        self._shade_moving = gl.vertex_array(self._depth, [(self._moving, *_DEPTH_LAYOUT)])
        self._many = gl.framebuffer(
            gl.renderbuffer(camera.size, 4, samples=samples),
            gl.depth_renderbuffer(camera.size, samples=samples),
        )
        self.taken = [self._clamped(gl.texture(camera.size, 4)) for _ in range(count)]
        self._targets = [gl.framebuffer(texture) for texture in self.taken]
        self._shadows = [self._shadow_map() for _ in lamps]
        self._near = self._clamped(gl.texture(_NEAR_SIZE, 1, alignment=1))
        seen = keyboard_picture(look.piano, self._keys)
        self._seen = gl.texture((seen.shape[1], seen.shape[0]), 3, seen.tobytes(), dtype="f4")
        self._noise = gl.texture((NOISE_SIZE, NOISE_SIZE), 1, noise_tile().tobytes(), alignment=1)
        self._noise.build_mipmaps()
        box = self._shadow_box()
        self._views = [view_of(lamp, box) for lamp in lamps]
        self._set_constants()
        self._drawn: list[list[Region]] = [[] for _ in self._targets]
        for target in self._targets:
            self._draw(NOTHING, target, [Region(0, 0, *camera.size)])

    def draw(self, moment: Moment, index: int) -> None:
        """One moment into texture ``index``."""
        rays = [view.ray for view in self._views]
        length = self._look.piano.length_mm
        now = changed(self._camera, self._keys, moment.down, moment.hands, rays, length)
        self._draw(moment, self._targets[index], merged(now + self._drawn[index]))
        self._drawn[index] = now

    def _key_px(self) -> float:
        """Width of a white key in the picture's middle."""
        width, height = self._camera.size
        x, y, w = np.linalg.inv(self._camera.plane) @ (width / 2, height / 2, 1.0)
        at = np.array([(x / w, y / w), (x / w + WHITE_MM, y / w)])
        return float(np.linalg.norm(np.diff(apply_homography(self._camera.plane, at), axis=0)))

    def _mesh(self) -> Floats:
        mesh = Mesh()
        add_keys(mesh, self._look.piano, self._keys)
        add_body(mesh, self._look.piano, self._keys)
        add_room(mesh, self._look.room)
        return mesh.vertices()

    def _clamped(self, texture: Any) -> Any:
        texture.repeat_x = texture.repeat_y = False
        return texture

    def _shadow_map(self) -> tuple[Any, Any]:
        texture = self._clamped(self._gl.depth_texture(_SHADOW_SIZE))
        texture.compare_func = "<="
        return texture, self._gl.framebuffer(depth_attachment=texture)

    def _set_constants(self) -> None:
        look, piano, scene = self._look, self._look.piano, self._scene
        scene["camera"].write(matrix(self._camera.projection))
        scene["hinge"] = self._depth["hinge"].value = (piano.travel_mm, piano.pivot_mm, piano.length_mm)
        scene["edges"].write(uniform(self._keys.edges))
        scene["eye"] = tuple(self._camera.eye)
        scene["sky"], scene["bounce"] = look.light.sky_rgb, look.light.bounce_rgb
        scene["board"] = (piano.length_mm, WHITE_MM, piano.pivot_mm, piano.dust)
        for unit, name in enumerate(_TEXTURES):
            if name in scene:
                scene[name] = unit
        x0, y0, x1, y1 = _NEAR_BOX
        scene["near_place"] = (-x0 / (x1 - x0), -y0 / (y1 - y0), 1 / (x1 - x0), 1 / (y1 - y0))
        scene["soft"] = (self._views[0].soft, self._views[-1].soft)
        for name, view, lamp in zip("ab", self._views, look.light.lamps, strict=False):
            scene[f"ray_{name}"] = tuple(view.ray)
            scene[f"lamp_{name}"].write(matrix(_TO_TEXTURE @ view.matrix))
            scene[f"light_{name}"] = tuple(lamp.strength * c for c in lamp.rgb)

    def _shadow_box(self) -> npt.NDArray[np.float64]:
        """The corners of what may cast or catch shadows that matter: visible keys and the hands."""
        width, height = self._camera.size
        rim = np.array([(x, y, 1.0) for x in (0, width / 2, width) for y in (0, height / 2, height)])
        plane = rim @ np.linalg.inv(self._camera.plane).T
        across = plane[:, 0] / plane[:, 2]
        ends = self._keys.edges[self._keys.present][:, :2]
        low = max(float(across.min()) - 60, float(ends.min()) - 40)
        high = min(float(across.max()) + 60, float(ends.max()) + 40)
        if high - low < 100:
            low, high = float(ends.min()), float(ends.max())
        return np.array([(x, y, z) for x in (low, high) for y in (-40.0, 230.0) for z in (-25.0, 90.0)])

    def _draw(self, moment: Moment, target: Any, regions: list[Region]) -> None:
        gl, count = self._gl, len(moment.hands)
        for program in (self._scene, self._depth):
            program["down"].write(uniform(moment.down))
        self._scene["walls"].write(uniform(self._walls(moment.down)))
        self._near.write(openness(moment.balls, _NEAR_BOX, _NEAR_SIZE))
        if count:
            self._moving.orphan()
            self._moving.write(uniform(moment.hands))
        gl.enable(gl.DEPTH_TEST)
        for (_, frame), view in zip(self._shadows, self._views, strict=True):
            self._draw_shadow(frame, view, count)
        shades = [texture for texture, _ in self._shadows]
        for unit, texture in enumerate((shades[0], shades[-1], self._seen, self._near, self._noise)):
            texture.use(unit)
        for region in regions:
            self._draw_region(target, region, count)

    def _draw_shadow(self, frame: Any, view: LampView, count: int) -> None:
        frame.use()
        frame.clear(depth=1.0)
        self._depth["camera"].write(matrix(view.matrix))
        self._shade_still.render(self._gl.TRIANGLES)
        if count:
            self._shade_moving.render(self._gl.TRIANGLES, vertices=count)

    def _draw_region(self, target: Any, region: Region, count: int) -> None:
        gl = self._gl
        self._many.scissor = region
        self._many.use()
        self._many.clear(0.0, 0.0, 0.0, 1.0)
        if count:  # what covers comes first: what it hides is not shaded
            gl.front_face = "ccw" if self._camera.mirrored else "cw"
            gl.enable(gl.CULL_FACE)
            self._draw_moving.render(gl.TRIANGLES, vertices=count)
            gl.disable(gl.CULL_FACE)
        self._draw_still.render(gl.TRIANGLES)
        target.scissor = region
        target.use()
        gl.copy_framebuffer(target, self._many)

    def _walls(self, down: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """``(88, 4)``: how far what stands beside a key is above its top, at its front (mm)."""
        piano = self._look.piano
        fall = down * piano.travel_mm
        top = np.append(np.where(BLACK, piano.black_height_mm - fall, -fall), 0.0)
        beside = np.where(self._keys.beside < 0, KEY_COUNT, self._keys.beside)
        walls = np.maximum(top[beside] + fall[:, None], 0)
        walls[:, 2:] *= self._keys.beside[:, 2:] >= 0
        return np.asarray(walls)


def _facing(vertices: Floats, eye: npt.NDArray[np.float64]) -> Floats:
    """Without the triangles the camera only sees from behind; upward ones first, as they hide the others."""
    triangles = vertices.reshape(-1, 3, FLOATS_PER_VERTEX)
    normals, middles = triangles[:, :, 3:6].mean(axis=1), triangles[:, :, :3].mean(axis=1)
    towards = eye - middles
    cosines = np.sum(normals * towards, axis=1) / np.linalg.norm(towards, axis=1)
    kept, tops = cosines > -_TILT, normals[:, 2] > 0.9
    is_black, is_key = triangles[:, 0, 10] == Kind.BLACK_KEY, triangles[:, 0, 11] >= 0
    order = np.argsort(np.where(is_key, 2 * ~tops + ~is_black, 5)[kept], kind="stable")
    return np.ascontiguousarray(triangles[kept][order])
