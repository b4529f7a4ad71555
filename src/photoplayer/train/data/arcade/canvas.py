"""What drawn games are painted with: sprites, blasts, discs, lines, on pictures ``(60, 80, 3)`` of 8 bits."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from photoplayer.scene.looks import ANALYSIS_SIZE
from photoplayer.train.data.pictures import Pictures

WIDTH, HEIGHT = ANALYSIS_SIZE
BLAST = ((255, 255, 240), (255, 230, 120), (250, 150, 40), (160, 60, 20))
"""Colours of a blast as it grows old."""

Sprite = npt.NDArray[np.int16]
"""``(size, size, 3)``; -1 where one sees through."""


def draw_sprite(source: np.random.Generator, size: int) -> Sprite:
    """A figure, a ship, a ball or a rock."""
    kind = source.integers(0, 4)
    colours = source.integers(30, 256, (3, 3))
    rows, columns = (np.indices((size, size)) - (size - 1) / 2) / (size / 2)
    if kind == 0:
        mask, shade = _figure(source, size)
    elif kind == 1:
        mask = np.abs(columns) < source.uniform(0.3, 1) * (rows + 1) / 1.6
        shade = (np.abs(columns) < 0.25).astype(int) + (rows > 0.4)
    elif kind == 2:
        mask = np.hypot(rows, columns) < 1
        shade = (np.hypot(rows + 0.3, columns + 0.3) < 0.5).astype(int)
    else:
        mask = np.hypot(rows, columns) + source.normal(0, 0.15, (size, size)) < 0.9
        shade = source.integers(0, 2, (size, size))
    return np.where(mask[..., None], colours[shade], -1).astype(np.int16)


def _figure(source: np.random.Generator, size: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """The same on both sides."""
    half = source.random((size, (size + 1) // 2)) < 0.6
    shade = source.integers(0, 3, half.shape)
    both = [np.concatenate([part, part[:, ::-1]], axis=1)[:, :size] for part in (half, shade)]
    return both[0].astype(bool), both[1]


def scaled(sprite: Sprite, size: int) -> Sprite:
    """The sprite at another size, by nearest neighbours."""
    index = np.arange(size) * len(sprite) // size
    return sprite[index][:, index]


def paste(picture: Pictures, sprite: Sprite, x: float, y: float, *, flipped: bool = False) -> None:
    """Put a sprite's middle at ``x, y``."""
    size = len(sprite)
    top, left = int(y) - size // 2, int(x) - size // 2
    rows = slice(max(-top, 0), min(HEIGHT - top, size))
    columns = slice(max(-left, 0), min(WIDTH - left, size))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    part = (sprite[:, ::-1] if flipped else sprite)[rows, columns]
    place = picture[top + rows.start : top + rows.stop, left + columns.start : left + columns.stop]
    np.copyto(place, part.astype(np.uint8), where=part >= 0)


def block(picture: Pictures, x: float, y: float, size: int, colour: Sequence[int]) -> None:
    """A square whose upper left corner is at ``x, y``."""
    left, top = int(x), int(y)
    picture[max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)] = colour


def disc(picture: Pictures, x: float, y: float, radius: float, colour: Sequence[int]) -> None:
    """A filled circle."""
    top, left = max(int(y - radius), 0), max(int(x - radius), 0)
    place = picture[top : max(int(y + radius) + 1, 0), left : max(int(x + radius) + 1, 0)]
    if place.size:
        rows, columns = np.ogrid[: place.shape[0], : place.shape[1]]
        place[np.hypot(rows + top - y, columns + left - x) < radius] = colour


def burst(picture: Pictures, x: float, y: float, size: float, age: int) -> None:
    """A blast, ``age`` pictures old."""
    disc(picture, x, y, size * (0.5 + 0.3 * age), BLAST[min(age, len(BLAST) - 1)])


def line(
    picture: Pictures, start: tuple[float, float], end: tuple[float, float], colour: Sequence[int]
) -> None:
    """A line one pixel wide, as a beam is."""
    count = int(max(abs(end[0] - start[0]), abs(end[1] - start[1]))) + 1
    x = np.linspace(start[0], end[0], count).astype(int)
    y = np.linspace(start[1], end[1], count).astype(int)
    inside = (x >= 0) & (x < WIDTH) & (y >= 0) & (y < HEIGHT)
    picture[y[inside], x[inside]] = colour


def bright_colour(dice: random.Random) -> tuple[int, int, int]:
    """Of a shot or a light."""
    return dice.randint(120, 255), dice.randint(120, 255), dice.randint(120, 255)


class Weather:
    """Rain, snow or dust over everything, in a seventh of the games: it moves and is no fight."""

    def __init__(self, dice: random.Random) -> None:
        self._count = dice.choice((12, 30, 60)) if dice.random() < 1 / 7 else 0
        self._colour = (dice.randint(150, 255),) * 3
        self._fall, self._drift = dice.uniform(0.5, 6), dice.uniform(-2, 2)
        source = np.random.default_rng(dice.getrandbits(32))
        self._places = source.random((self._count, 2))

    def draw(self, picture: Pictures, number: int) -> None:
        """Over picture ``number``."""
        if self._count:
            x = (self._places[:, 0] * WIDTH + number * self._drift) % WIDTH
            y = (self._places[:, 1] * HEIGHT + number * self._fall) % HEIGHT
            picture[y.astype(int), x.astype(int)] = self._colour
