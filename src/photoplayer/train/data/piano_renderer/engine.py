"""Draws with OpenGL through EGL, without a window: two lamps with shadows, one picture, one pass for the lens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from photoplayer.errors import SetupError
from photoplayer.piano.layout import BLACK, KEY_COUNT
from photoplayer.train.data.piano_renderer import shaders
from photoplayer.train.data.piano_renderer.body import add_body, add_room
from photoplayer.train.data.piano_renderer.camera import Camera
from photoplayer.train.data.piano_renderer.keys import WHITE_MM, add_keys, keyboard_picture, lay_keys
from photoplayer.train.data.piano_renderer.look import Lamp, Look
from photoplayer.train.data.piano_renderer.mesh import FLOATS_PER_VERTEX, Floats, Kind, Mesh
from photoplayer.train.data.piano_renderer.regions import Region, changed, merged

Picture = npt.NDArray[np.uint8]
_SHADOW_SIZE = (1536, 512)
_NEAR_BOX, _NEAR_SIZE = (-60.0, -30.0, 1290.0, 200.0), (288, 48)
_NOISE_SIZE = 256
_MOST_MOVING = 16_000
_TILT = 0.08
"""Pressed keys turn their faces by about this much (radians)."""
_TO_TEXTURE = np.array([[0.5, 0, 0, 0.5], [0, 0.5, 0, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 1.0]])
_LAYOUT = ("3f 3f 4f 2f", "place", "normal", "paint", "made")


@lru_cache(maxsize=1)
def context() -> Any:
    """The process's OpenGL context. Raises :class:`SetupError` where the machine has none to give."""
    try:
        import moderngl
    except ImportError as problem:
        raise SetupError("the renderer needs moderngl; install 'photoplayer[render]'.") from problem
    try:
        made = moderngl.create_context(standalone=True, backend="egl")
    except Exception as problem:  # glcontext raises bare Exceptions
        raise SetupError(
            f"no OpenGL context can be made ({problem}); install Mesa's EGL: apt install libegl1 libgl1-mesa-dri."
        ) from problem
    return made


@dataclass(frozen=True, eq=False)
class Moment:
    """What moves: ``down (88,)`` 0..1, the hands' triangles ``(n, 12)``, balls ``(k, 4)`` for their nearness
    (mm), and how bright the lamps are now."""

    down: npt.NDArray[np.float64]
    hands: Floats
    balls: npt.NDArray[np.float64]
    brightness: float = 1.0


class Stage:
    """One look before one camera. Use as a context manager: it frees what the driver holds."""

    def __init__(self, look: Look, camera: Camera, *, samples: int = 4) -> None:
        gl = self._gl = context()
        self._look, self._camera = look, camera
        self._held: list[Any] = []
        keep = self._held.append
        self._keys = lay_keys(look.piano)
        mesh = Mesh()
        add_keys(mesh, look.piano, self._keys)  # what covers comes first: what it hides is not shaded
        add_body(mesh, look.piano, self._keys)
        add_room(mesh, look.room)
        still = mesh.vertices()
        self._scene = gl.program(
            vertex_shader=shaders.SCENE_VERTEX, fragment_shader=shaders.scene_fragment(len(look.light.lamps))
        )
        self._depth = gl.program(vertex_shader=shaders.DEPTH_VERTEX, fragment_shader=shaders.DEPTH_FRAGMENT)
        self._post = gl.program(
            vertex_shader=shaders.POST_VERTEX, fragment_shader=shaders.post_fragment(look.sensor.steps)
        )
        self._still = gl.buffer(still.tobytes())
        self._facing = gl.buffer(_facing(still, camera.eye).tobytes())
        self._moving = gl.buffer(reserve=_MOST_MOVING * FLOATS_PER_VERTEX * 4, dynamic=True)
        corners = gl.buffer(np.array([-1, -1, 1, -1, -1, 1, 1, 1], "f4").tobytes())
        self._draw_still = gl.vertex_array(self._scene, [(self._facing, *_LAYOUT)])
        self._draw_moving = gl.vertex_array(self._scene, [(self._moving, *_LAYOUT)])
        self._shade_still = gl.vertex_array(self._depth, [(self._still, "3f 28x 2f", "place", "made")])
        self._shade_moving = gl.vertex_array(self._depth, [(self._moving, "3f 28x 2f", "place", "made")])
        self._draw_post = gl.vertex_array(self._post, [(corners, "2f", "corner")])
        self._shadows = [self._shadow_map() for _ in range(2)]
        width, height = camera.size
        self._many = gl.framebuffer(
            gl.renderbuffer((width, height), 4, samples=samples),
            gl.depth_renderbuffer((width, height), samples=samples),
        )
        self._taken = [gl.texture((width, height), 4) for _ in range(look.sensor.steps)]
        for texture in self._taken:
            texture.repeat_x = texture.repeat_y = False
        self._resolve = [gl.framebuffer(texture) for texture in self._taken]
        self._final_texture = gl.texture((width, height), 3)
        self.final = gl.framebuffer(self._final_texture)
        self._noise = gl.texture((_NOISE_SIZE, _NOISE_SIZE), 1, _noise().tobytes(), alignment=1)
        self._noise.build_mipmaps()
        self._near = gl.texture(_NEAR_SIZE, 1, alignment=1)
        self._near.repeat_x = self._near.repeat_y = False
        seen = keyboard_picture(look.piano, self._keys)
        self._seen = gl.texture((seen.shape[1], seen.shape[0]), 3, seen.tobytes(), dtype="f4")
        for held in (
            self._scene,
            self._depth,
            self._post,
            self._still,
            self._facing,
            self._moving,
            corners,
            self._draw_still,
            self._draw_moving,
            self._shade_still,
            self._shade_moving,
            self._draw_post,
            self._many,
            *self._taken,
            *self._resolve,
            self._final_texture,
            self.final,
            self._seen,
            self._near,
            self._noise,
        ):
            keep(held)
        self._set_constants()
        everything = [Region(0, 0, width, height)]
        empty = Moment(np.zeros(KEY_COUNT), np.zeros((0, FLOATS_PER_VERTEX), np.float32), np.zeros((0, 4)))
        self._drawn: list[list[Region]] = []
        for target in self._resolve:
            self._draw_moment(empty, target, everything)
            self._drawn.append([])

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        for held in reversed(self._held):
            held.release()
        self._held.clear()

    def _shadow_map(self) -> tuple[Any, Any]:
        texture = self._gl.depth_texture(_SHADOW_SIZE)
        texture.compare_func = "<="
        texture.repeat_x = texture.repeat_y = False
        frame = self._gl.framebuffer(depth_attachment=texture)
        self._held += [texture, frame]
        return texture, frame

    def _set_constants(self) -> None:
        look, piano = self._look, self._look.piano
        scene = self._scene
        hinge = (piano.travel_mm, piano.pivot_mm, piano.length_mm)
        camera = np.ascontiguousarray(self._camera.projection.T, "f4").tobytes()
        scene["camera"].write(camera)
        scene["hinge"] = self._depth["hinge"].value = hinge
        scene["edges"].write(self._keys.edges.astype("f4").tobytes())
        scene["eye"] = tuple(self._camera.eye)
        scene["sky"], scene["bounce"] = look.light.sky_rgb, look.light.bounce_rgb
        scene["board"] = (piano.length_mm, WHITE_MM, piano.pivot_mm, piano.dust)
        for unit, name in enumerate(("shade_a", "shade_b", "keys_seen", "near_hands", "noise")):
            if name in scene:
                scene[name] = unit
        x0, y0, x1, y1 = _NEAR_BOX
        scene["near_place"] = (-x0 / (x1 - x0), -y0 / (y1 - y0), 1 / (x1 - x0), 1 / (y1 - y0))
        self._lamps = []
        box = self._shadow_box()
        for lamp in look.light.lamps[:2]:
            ray, matrix, wide = _lamp_matrix(lamp, box)
            self._lamps.append((ray, matrix, lamp.softness_mm / wide))
        softs = [soft for *_, soft in self._lamps]
        scene["soft"] = (softs[0], softs[-1])
        for name, (ray, matrix, _) in zip("ab", self._lamps, strict=False):
            scene[f"ray_{name}"] = tuple(ray)
            scene[f"lamp_{name}"].write(np.ascontiguousarray((_TO_TEXTURE @ matrix).T, "f4").tobytes())
        sensor, camera_size = look.sensor, self._camera.size
        post = self._post
        steps = look.sensor.steps
        post["pictures"] = list(range(steps)) if steps > 1 else 0
        post["size"] = tuple(float(v) for v in camera_size)
        post["lens"] = (self._camera.bulge, sensor.blur_px, sensor.vignette, sensor.sharpen)
        self._tone = (1 / sensor.gamma, sensor.contrast, sensor.black)
        for name, lamp in zip("ab", look.light.lamps, strict=False):
            scene[f"light_{name}"] = tuple(lamp.strength * c for c in lamp.rgb)
        post["balance"] = sensor.balance

    def _shadow_box(self) -> npt.NDArray[np.float64]:
        """The corners of what may cast or catch shadows that matter: the keys in the picture and the hands."""
        inverse = np.linalg.inv(self._camera.plane)
        width, height = self._camera.size
        rim = (
            np.array([(x, y, 1.0) for x in (0, width / 2, width) for y in (0, height / 2, height)])
            @ inverse.T
        )
        across = rim[:, 0] / rim[:, 2]
        ends = self._keys.edges[self._keys.present][:, :2]
        low = max(float(across.min()) - 60, float(ends.min()) - 40)
        high = min(float(across.max()) + 60, float(ends.max()) + 40)
        if high - low < 100:
            low, high = float(ends.min()), float(ends.max())
        return np.array([(x, y, z) for x in (low, high) for y in (-40.0, 230.0) for z in (-25.0, 90.0)])

    def draw(self, moments: list[Moment], *, frame: int) -> None:
        """One picture into ``final``: the mean of ``sensor.steps`` moments, seen through the lens."""
        rays = [ray for ray, *_ in self._lamps]
        for i, (moment, target) in enumerate(zip(moments, self._resolve, strict=True)):
            now = changed(
                self._camera, self._keys, moment.down, moment.hands, rays, self._look.piano.length_mm
            )
            self._draw_moment(moment, target, merged(now + self._drawn[i]))
            self._drawn[i] = now
        exposure = self._look.sensor.exposure * float(np.mean([m.brightness for m in moments]))
        self._post["tone"] = (exposure, *self._tone)
        gl = self._gl
        gl.disable(gl.DEPTH_TEST)
        for unit, texture in enumerate(self._taken):
            texture.use(unit)
        self._post["grain"] = (self._look.sensor.saturation, self._look.sensor.noise, float(frame % 65521))
        self.final.use()
        self._draw_post.render(gl.TRIANGLE_STRIP)

    def read(self) -> Picture:
        """``(height, width, 3)``, the picture drawn last."""
        width, height = self._camera.size
        raw = np.frombuffer(self.final.read(components=3, alignment=1), np.uint8)
        return np.ascontiguousarray(raw.reshape(height, width, 3)[::-1])

    def _draw_moment(self, moment: Moment, target: Any, regions: list[Region]) -> None:
        gl, scene = self._gl, self._scene
        down = moment.down.astype("f4").tobytes()
        scene["down"].write(down)
        self._depth["down"].write(down)
        scene["walls"].write(self._walls(moment.down).astype("f4").tobytes())
        count = len(moment.hands)
        if count:
            self._moving.orphan()
            self._moving.write(np.ascontiguousarray(moment.hands, "f4").tobytes())
        self._near.write(openness(moment.balls, _NEAR_BOX, _NEAR_SIZE))
        gl.enable(gl.DEPTH_TEST)
        for (texture, frame), (_, matrix, _) in zip(self._shadows, self._lamps, strict=False):
            frame.use()
            frame.clear(depth=1.0)
            self._depth["camera"].write(np.ascontiguousarray(matrix.T, "f4").tobytes())
            self._shade_still.render(gl.TRIANGLES)
            if count:
                self._shade_moving.render(gl.TRIANGLES, vertices=count)
        for unit, (texture, _) in enumerate(self._shadows):
            texture.use(unit)
        self._seen.use(2)
        self._near.use(3)
        self._noise.use(4)
        for region in regions:
            self._many.scissor = region
            self._many.use()
            self._many.clear(0.0, 0.0, 0.0, 1.0)
            if count:
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
    kinds = triangles[:, 0, 10]
    is_key = triangles[:, 0, 11] >= 0
    order = np.argsort(
        np.where(is_key, np.where(kinds == Kind.BLACK_KEY, 0, 1) + 2 * ~tops, 5)[kept], kind="stable"
    )
    return np.ascontiguousarray(triangles[kept][order])


def _lamp_matrix(lamp: Lamp, box: npt.NDArray[np.float64]) -> tuple[Any, npt.NDArray[np.float64], float]:
    """Towards the lamp ``(3,)``, world to its clip space ``(4, 4)``, width of what that shows in mm."""
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
    return ray, matrix, float(high[0] - low[0])


def _noise() -> npt.NDArray[np.uint8]:
    """A tile of smooth noise in two octaves, as much dark as bright."""
    dice = np.random.default_rng(7)
    tile = np.zeros((_NOISE_SIZE, _NOISE_SIZE))
    for cell, strength in ((4, 1.0), (2, 0.5), (1, 0.35)):
        rough = dice.standard_normal((_NOISE_SIZE // cell, _NOISE_SIZE // cell))
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
