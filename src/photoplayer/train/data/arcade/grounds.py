"""Backgrounds of drawn games, ``(120, 160, 3)`` and larger than the screen; they repeat."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.arcade.canvas import HEIGHT, WIDTH

KINDS = ("plain", "blocks", "soft", "stars", "tiles", "stripes", "hills", "steps")
TALL, WIDE = 2 * HEIGHT, 2 * WIDTH

Floats = npt.NDArray[np.float64]
Ground = npt.NDArray[np.uint8]


def draw_ground(source: np.random.Generator, dice: random.Random) -> Ground:
    """Plain, blocks, soft noise, stars, tiles, stripes, hills under a sky, or platforms."""
    dark, light = np.sort(source.integers(0, 256, (2, 3)), axis=0).astype(float)
    share = _SHARES[dice.choice(KINDS)](source, dice)
    noise = source.normal(0, dice.choice((0.0, 4.0, 10.0)), (TALL, WIDE, 1))
    return np.asarray(np.clip(dark + (light - dark) * share[..., None] + noise, 0, 255), np.uint8)


def draw_texture(source: np.random.Generator, size: int) -> Ground:
    """A wall's pattern ``(size, size, 3)``: bricks, planks, spots or noise in two colours."""
    dark, light = source.integers(0, 200, 3), source.integers(40, 256, 3)
    rows, columns = np.indices((size, size))
    kind = source.integers(0, 4)
    if kind == 0:
        height = max(size // 4, 2)
        pattern = (rows % height == 0) | ((columns + (rows // height % 2) * size // 4) % (size // 2) == 0)
    elif kind == 1:
        pattern = columns % max(size // 3, 2) == 0
    elif kind == 2:
        pattern = np.hypot(rows - size / 2, columns - size / 2) < size / 3
    else:
        pattern = source.random((size, size)) < 0.4
    noise = source.normal(0, source.uniform(0, 16), (size, size, 1))
    return np.clip(np.where(pattern[..., None], dark, light) + noise, 0, 255).astype(np.uint8)


def _plain(source: np.random.Generator, dice: random.Random) -> Floats:
    return np.zeros((TALL, WIDE))


def _blocks(source: np.random.Generator, dice: random.Random) -> Floats:
    return _cells(source, dice.choice((4, 5, 10, 20)))


def _soft(source: np.random.Generator, dice: random.Random) -> Floats:
    share = _blocks(source, dice)
    moves = [(i, j) for i in range(-4, 5, 2) for j in range(-4, 5, 2)]
    return np.asarray(np.mean([np.roll(share, move, (0, 1)) for move in moves], axis=0))


def _stars(source: np.random.Generator, dice: random.Random) -> Floats:
    return (source.random((TALL, WIDE)) < 0.01).astype(float)


def _tiles(source: np.random.Generator, dice: random.Random) -> Floats:
    share = dice.uniform(0.1, 0.5)
    return (_cells(source, dice.choice((5, 10, 20))) < share).astype(float)


def _stripes(source: np.random.Generator, dice: random.Random) -> Floats:
    stripes = (np.arange(TALL) // dice.choice((5, 10, 20))) % 2
    return np.asarray(stripes[:, None] * np.ones(WIDE))


def _hills(source: np.random.Generator, dice: random.Random) -> Floats:
    """A sky that pales downwards and two or three rows of hills before it."""
    share = np.linspace(dice.uniform(0.4, 1), dice.uniform(0.4, 1), TALL)[:, None] * np.ones(WIDE)
    for row in range(dice.randint(1, 3)):
        angle = 2 * np.pi * np.arange(WIDE) / WIDE
        wave = np.sin(dice.randint(1, 4) * angle + dice.uniform(0, 6)) * dice.uniform(2, 10)
        share[np.arange(TALL)[:, None] % HEIGHT > HEIGHT * (0.5 + 0.18 * row) + wave] = 0.4 - 0.2 * row
    return np.asarray(share)


def _steps(source: np.random.Generator, dice: random.Random) -> Floats:
    """Platforms in the air, as side views have them."""
    share = np.full((TALL, WIDE), dice.choice((0.0, 1.0)))
    for _ in range(dice.randint(4, 16)):
        left, top = dice.randint(0, WIDE - 30), dice.randint(0, TALL - 4)
        share[top : top + dice.randint(2, 5), left : left + dice.randint(8, 30)] = 0.6
    return share


_SHARES = dict(zip(KINDS, (_plain, _blocks, _soft, _stars, _tiles, _stripes, _hills, _steps), strict=True))


def _cells(source: np.random.Generator, size: int) -> Floats:
    cells = source.random((TALL // size, WIDE // size))
    return np.asarray(cells.repeat(size, axis=0).repeat(size, axis=1))
