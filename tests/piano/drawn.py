"""Keyboards drawn with known cameras, for the tests and benchmarks of the keyboard finder.

A pinhole camera looks at keys of true proportions: white keys lie in a plane, black keys stand above it with
dark walls, the way they hide white ones when seen aslant. All in numpy and repeatable from a seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from photoplayer.piano.keyboard import Keyboard, apply_homography
from photoplayer.piano.layout import (
    BLACK_LENGTH,
    BLACK_WIDTH,
    HIGHEST_PITCH,
    LOWEST_PITCH,
    is_black,
    key_edges,
    key_middle,
)
from photoplayer.piano.lens import pull

Picture = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

KEY_LENGTH = 6.3
"""Of a white key, in its widths."""
BLACK_HEIGHT = 0.5
_LEVELS = 4


@dataclass(frozen=True)
class Camera:
    """Looks at the keys' plane point ``(at_x, 0.5)`` from ``distance`` white-key widths away.

    ``tilt_deg`` away from straight above towards the player's side, ``turn_deg`` around the vertical,
    ``roll_deg`` in the picture (180: from the piano's side). ``width_whites``: how many white keys fit in the
    picture's width at that distance.
    """

    at_x: float = 26.0
    distance: float = 70.0
    tilt_deg: float = 0.0
    turn_deg: float = 0.0
    roll_deg: float = 0.0
    width_whites: float = 56.0
    shift: tuple[float, float] = (0.0, 0.0)
    """Of the point looked at, from the picture's middle, as shares of its width."""
    mirrored: bool = False
    bulge: float = 0.0

    def plane(self, size: tuple[int, int], height: float = 0.0) -> Matrix:
        """The homography of the plane ``height`` white-key widths above the white keys."""
        tilt, turn, roll = np.deg2rad([self.tilt_deg, self.turn_deg, self.roll_deg])
        about_x = np.array(
            [[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]], dtype=float
        )
        about_up = np.array(
            [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]], dtype=float
        )
        about_view = np.array(
            [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]], dtype=float
        )
        turned = about_view @ about_x @ about_up
        # Plane (x, y, 1) to metres of white keys around the point looked at, z towards the camera.
        to_world = np.array([[1, 0, -self.at_x], [0, KEY_LENGTH, -KEY_LENGTH / 2], [0, 0, height]])
        seen = turned @ to_world
        seen[2] = np.array([0, 0, self.distance]) - seen[2]
        focal = size[0] * self.distance / self.width_whites
        middle = np.array(
            [(size[0] - 1) / 2 + self.shift[0] * size[0], (size[1] - 1) / 2 + self.shift[1] * size[0]]
        )
        lens = np.array([[focal, 0, middle[0]], [0, focal, middle[1]], [0, 0, 1]])
        homography = lens @ seen
        if self.mirrored:
            homography = np.array([[-1, 0, size[0] - 1], [0, 1, 0], [0, 0, 1]]) @ homography
        return np.asarray(homography / homography[2, 2])


@dataclass(frozen=True)
class Look:
    """How bright things are (0..1), and what disturbs."""

    white: float = 0.85
    black: float = 0.08
    body: float = 0.15
    around: float = 0.4
    shade: float = 0.0
    """How far, in key lengths, the fallboard's shadow lies on the keys."""
    rim: bool = False
    """A thin dark line behind the keys and a bright body beyond."""
    rail: bool = False
    """A rail as bright as the keys before them, a faint line between."""
    gap: float = 0.45
    """Darkness of the lines between white keys."""
    noise: float = 0.01
    blur_px: float = 0.6
    hands: int = 0
    glow: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Drawn:
    """A picture and its truth."""

    picture: Picture
    truth: Keyboard


@dataclass(frozen=True)
class Piano:
    """Keys of an instrument."""

    first: int = LOWEST_PITCH
    last: int = HIGHEST_PITCH
    blacks: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        blacks = tuple(p for p in range(self.first, self.last + 1) if is_black(p))
        object.__setattr__(self, "blacks", blacks)


def draw(
    camera: Camera, size: tuple[int, int] = (640, 360), piano: Piano | None = None, look: Look | None = None
) -> Drawn:
    """One picture ``(h, w)`` of ``size`` (width, height)."""
    piano, look = piano or Piano(), look or Look()
    dice = np.random.default_rng(look.seed)
    width, height = size
    over = 2
    v, u = np.mgrid[0 : height * over, 0 : width * over]
    pixels = np.stack([(u + 0.5) / over - 0.5, (v + 0.5) / over - 0.5], axis=-1).reshape(-1, 2)
    pixels = pixels + camera.bulge * np.stack(pull(pixels[:, 0], pixels[:, 1], size), axis=1)
    ground = camera.plane(size)
    x, y = apply_homography(np.linalg.inv(ground), pixels).T
    light = _surroundings(x, y, piano, look, dice)
    light = np.where(_on_whites(x, y, piano), _whites(x, look), light)
    for level in range(_LEVELS):
        rise = BLACK_HEIGHT * level / (_LEVELS - 1)
        bx, by = apply_homography(np.linalg.inv(camera.plane(size, rise)), pixels).T
        top = level == _LEVELS - 1
        light = np.where(_on_blacks(bx, by, piano), look.black * (1.4 if top else 0.7), light)
    light = np.where((y > 0) & (y < look.shade), 0.45 * light, light)
    image = light.reshape(height * over, width * over)
    image = image.reshape(height, over, width, over).mean(axis=(1, 3))
    image = _hands(image, ground, piano, look, dice)
    if look.glow:
        image = _glowing(image, ground, piano)
    image = ndimage.gaussian_filter(image, look.blur_px) + dice.normal(0, look.noise, image.shape)
    truth = Keyboard(
        homography=ground, size=size, first_pitch=piano.first, last_pitch=piano.last, bulge=camera.bulge
    )
    return Drawn((np.clip(image, 0, 1) * 255).round().astype(np.uint8), truth)


def worst_error(found: Keyboard, truth: Keyboard, *, any_octave: bool = False) -> float:
    """How far the found keys' corners lie off, at worst over all visible ones, in white-key widths there."""
    shifts = range(-7, 8) if any_octave else (0,)
    return min(_error(found, truth, octaves) for octaves in shifts)


def _error(found: Keyboard, truth: Keyboard, octaves: int) -> float:
    shown = [p for p in range(truth.first_pitch, truth.last_pitch + 1) if truth.visible[p - LOWEST_PITCH]]
    edges = np.arange(np.floor(key_edges(shown[0])[0]), np.ceil(key_edges(shown[-1])[1]) + 1)
    worst = 0.0
    for y in (0.0, 1.0):
        points = np.stack([edges, np.full(len(edges), y)], axis=1)
        there = truth.to_picture(points)
        off = found.to_picture(points + np.array([7.0 * octaves, 0.0])) - there
        inside = ((there >= 0) & (there < np.array(truth.size))).all(axis=1)
        # In the plane's own units, so that foreshortening does not hide what lies off lengthways.
        step = np.linalg.norm(np.gradient(there, axis=0), axis=1)
        if inside.any():
            worst = max(worst, float((np.linalg.norm(off, axis=1) / step)[inside].max()))
    return worst


def _on_whites(x: Matrix, y: Matrix, piano: Piano) -> npt.NDArray[np.bool_]:
    left, right = key_edges(piano.first)[0], key_edges(piano.last)[1]
    return np.asarray((x >= left) & (x <= right) & (y >= 0) & (y <= 1))


def _whites(x: Matrix, look: Look) -> Matrix:
    line = np.abs(x - np.round(x)) < 0.035
    return np.where(line, look.white * (1 - look.gap), look.white)


def _on_blacks(x: Matrix, y: Matrix, piano: Piano) -> npt.NDArray[np.bool_]:
    middles = np.array([key_middle(p) for p in piano.blacks])
    after = np.clip(np.searchsorted(middles, x), 1, len(middles) - 1)
    nearest = np.minimum(np.abs(x - middles[after]), np.abs(x - middles[after - 1]))
    return np.asarray((nearest < BLACK_WIDTH / 2) & (y >= 0) & (y <= BLACK_LENGTH))


def _surroundings(x: Matrix, y: Matrix, piano: Piano, look: Look, dice: np.random.Generator) -> Matrix:
    left, right = key_edges(piano.first)[0], key_edges(piano.last)[1]
    light = np.full(x.shape, look.around)
    for _ in range(6):  # furniture
        at, wide = dice.uniform([-20, -4], [72, 5]), dice.uniform(2, 15)
        light[(np.abs(x - at[0]) < wide) & (np.abs(y - at[1]) < wide / KEY_LENGTH)] = dice.uniform(0.05, 0.9)
    body = (x > left - 2) & (x < right + 2) & (y > -1.5) & (y < 1.12)
    light[body] = look.body
    light[body & (y > -0.1) & (y < 0)] = look.body * 0.5
    if look.rim:
        light[body & (y < 0)] = look.white
        light[body & (y > -0.025) & (y < 0)] = 0.3 * look.white
    if look.rail:
        light[body & (y > 1)] = look.white
        light[body & (y > 1) & (y < 1.02)] = 0.85 * look.white
    return light


def _hands(image: Matrix, ground: Matrix, piano: Piano, look: Look, dice: np.random.Generator) -> Matrix:
    height, width = image.shape
    v, u = np.mgrid[0:height, 0:width]
    scale = np.linalg.norm(np.diff(apply_homography(ground, np.array([[26.0, 0.5], [27.0, 0.5]])), axis=0))
    for _ in range(look.hands):
        at = np.array([[dice.uniform(piano.first / 4 + 2, 46), 0.85]])
        (cx, cy), (nx, ny) = apply_homography(ground, np.concatenate([at, at + np.array([0.0, 1.5])]))
        along = np.array([nx - cx, ny - cy]) / max(np.hypot(nx - cx, ny - cy), 1e-9)
        down = (u - cx) * along[0] + (v - cy) * along[1]
        across = -(u - cx) * along[1] + (v - cy) * along[0]
        palm = (np.hypot(across / 2.2, down / 2.4) < scale) | ((np.abs(across) < 1.5 * scale) & (down > 0))
        fingers = np.zeros_like(palm)
        for k in range(-2, 3):
            finger = (np.abs(across - k * scale) < 0.38 * scale) & (down < 0)
            fingers |= finger & (down > -scale * dice.uniform(3, 4.5))
        image = np.where(palm | fingers, 0.55 * look.white + 0.05 * np.sin(across / 3), image)
    return image


def _glowing(image: Matrix, ground: Matrix, piano: Piano) -> Matrix:
    height, width = image.shape
    v, u = np.mgrid[0:height, 0:width]
    ends = np.array([[key_edges(piano.first)[0], 0.0], [key_edges(piano.last)[1], 0.0]])
    (ax, ay), (bx, by) = apply_homography(ground, ends)
    off = ((u - ax) * (by - ay) - (v - ay) * (bx - ax)) / np.hypot(bx - ax, by - ay)
    return image + 0.8 * np.exp(-np.abs(off) / 2.0) + 0.25 * np.exp(-np.abs(off) / (0.02 * width))
