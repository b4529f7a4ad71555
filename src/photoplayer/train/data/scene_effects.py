"""What recordings of games differ in besides the place: tone, framing, overlays, flashes, fades.

Pictures here are ``(n, 60, 80, 3) float32`` in 0..255 and changed in place unless said otherwise.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE
from photoplayer.train.data.scene_takes import Pictures

WIDTH, HEIGHT = ANALYSIS_SIZE
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Style:
    """How one recording looks: crop, mirror, tone curve ``(256,)``, colours, compression noise."""

    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    curve: Floats
    saturation: float
    tint: Floats
    noise: float
    noise_seed: int

    def __call__(self, pictures: Pictures) -> Floats:
        """8-bit pictures -> changed ones, a copy."""
        framed = pictures.take(self.rows, axis=1).take(self.columns, axis=2)
        grey = np.full((3, 3), 1 / 3)
        mix = (grey + (np.eye(3) - grey) * self.saturation) * self.tint
        changed: Floats = self.curve.take(framed) @ mix.astype(np.float32)
        if self.noise:
            source = np.random.default_rng(self.noise_seed)
            blocks = source.standard_normal((len(pictures), HEIGHT // 2, WIDTH // 2, 1), np.float32)
            changed += np.float32(self.noise) * blocks.repeat(2, axis=1).repeat(2, axis=2)
        return changed


def draw_style(dice: random.Random) -> Style:
    """One time in five the recording as it is, but perhaps mirrored."""
    plain = dice.random() < 0.2
    margin = 0.0 if plain else dice.choice((0.0, 0.0, 0.05, 0.1, 0.2))
    rows, columns = _crop(HEIGHT, margin, dice), _crop(WIDTH, margin, dice)
    tone = np.arange(256) / 255
    if not plain:
        tone = tone ** math.exp(dice.gauss(0, 0.3)) * math.exp(dice.gauss(0, 0.2))
        tone = (tone - 0.4) * math.exp(dice.gauss(0, 0.15)) + 0.4
    cast = [0.0] * 3 if plain else [dice.gauss(0, 0.1) for _ in range(3)]
    return Style(
        rows,
        columns[::-1] if dice.random() < 0.5 else columns,
        (255 * np.clip(tone, 0, 1)).astype(np.float32),
        1.0 if plain else dice.choice((0.15, 0.5, 0.8, 1.0, 1.2, 1.5)),
        np.exp(np.array(cast, np.float32)),
        0.0 if plain else dice.choice((0.0, 0.0, 2.0, 5.0)),
        dice.getrandbits(32),
    )


def _crop(size: int, margin: float, dice: random.Random) -> npt.NDArray[np.intp]:
    kept = round(size * (1 - margin))
    return np.asarray(dice.randint(0, size - kept) + np.arange(size) * kept // size, np.intp)


def draw_overlay(film: Pictures, dice: random.Random) -> tuple[npt.NDArray[np.bool_], Floats]:
    """What lies still over a whole recording: mask ``(60, 80)`` and its pictures ``(n, 60, 80, 3)``.

    A status bar, a letterbox, pillars, a corner with a face camera (another, slower film), or nothing.
    ``film (n, 60, 80, 3)`` is what the camera shows.
    """
    mask = np.zeros((HEIGHT, WIDTH), bool)
    drawn = np.zeros((1, HEIGHT, WIDTH, 3), np.float32)
    size = dice.randint(2, 11)
    kind = dice.choice(("none", "none", "none", "bottom", "top", "letterbox", "pillars", "camera"))
    if kind in ("bottom", "top"):
        rows = np.s_[-size:] if kind == "bottom" else np.s_[: size // 2 + 1]
        mask[rows] = True
        drawn[0] = _texture(dice)
    elif kind == "letterbox":
        mask[: size // 2 + 1] = mask[-(size // 2 + 1) :] = True
    elif kind == "pillars":
        mask[:, : size // 2 + 1] = mask[:, -(size // 2 + 1) :] = True
    elif kind == "camera":
        drawn = np.zeros((len(film), HEIGHT, WIDTH, 3), np.float32)
        rows, columns = _corner(dice)
        mask[rows, columns] = True
        small = film[:, ::3, ::3]
        height, width = drawn[0, rows, columns, 0].shape
        drawn[:, rows, columns] = small[:, :height, :width]
    return mask, drawn


def _texture(dice: random.Random) -> Floats:
    source = np.random.default_rng(dice.getrandbits(32))
    blocks = source.normal(0, 30, (HEIGHT // 4, WIDTH // 4, 1)) + source.uniform(20, 200, 3)
    return np.asarray(blocks.repeat(4, axis=0).repeat(4, axis=1), np.float32)


def _corner(dice: random.Random) -> tuple[slice, slice]:
    height, width = dice.randint(12, 19), dice.randint(14, 25)
    top = dice.choice((1, HEIGHT - height - 1))
    left = dice.choice((1, WIDTH - width - 1))
    return slice(top, top + height), slice(left, left + width)


def flash(pictures: Floats, at: int, dice: random.Random) -> None:
    """An explosion near by: one to three pictures towards white or yellow."""
    colour = np.array([255, dice.choice((220, 255)), dice.choice((120, 200, 255))], np.float32)
    for picture in pictures[at : at + dice.randint(1, 3)]:
        strength = np.float32(dice.uniform(0.3, 0.9))
        picture *= 1 - strength
        picture += colour * strength


def pain(pictures: Floats, at: int, dice: random.Random) -> None:
    """The screen turns red and comes back in up to a second."""
    length = dice.randint(3, 9)
    strongest = dice.uniform(0.3, 0.8)
    colour = np.array(dice.choice(((200, 0, 0), (200, 0, 0), (190, 160, 60))), np.float32)
    for number, picture in enumerate(pictures[at : at + length]):
        strength = np.float32(strongest * (1 - number / length))
        picture *= 1 - strength
        picture += colour * strength


def weapon(pictures: Floats, at: int, dice: random.Random) -> None:
    """From here on another thing is held: a patch at the middle of the lower edge."""
    height, width = dice.randint(10, 24), dice.randint(12, 30)
    left = (WIDTH - width) // 2 + dice.randint(-8, 8)
    patch = _texture(dice)[:height, :width]
    until = at + dice.randint(2, 10) * ANALYSIS_RATE_HZ
    pictures[at:until, HEIGHT - 8 - height : HEIGHT - 8, left : left + width] = patch


def menu(pictures: Floats, start: int, end: int, dice: random.Random) -> None:
    """A menu over a darkened picture."""
    pictures[start:end] *= np.float32(dice.uniform(0.2, 0.9))
    top, left = dice.randint(5, 20), dice.randint(5, 30)
    for line in range(dice.randint(2, 6)):
        row = top + 6 * line
        pictures[start:end, row : row + 3, left : left + dice.randint(15, 45)] = dice.choice((200, 230, 255))
