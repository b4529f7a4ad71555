"""What other cameras, lights, pianos and overlays would make of a stretch of strip.

All functions take and give pictures in levels of the keyboard itself: 0 is the grey of black keys, 1 that
of white ones. A trial found such changes the cheapest gain by far, for other cameras above all.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from photoplayer.piano.strip import STRIP_HEIGHT, WHITE_WIDTH_PX

Dice: TypeAlias = torch.Generator


def uniform(dice: Dice, low: float, high: float) -> float:
    return low + (high - low) * float(torch.rand((), generator=dice))


def happens(dice: Dice, chance: float) -> bool:
    return uniform(dice, 0, 1) < chance


def warped(pictures: Tensor, width: int, dice: Dice) -> Tensor:
    """``(n, 64, w)`` → ``(n, 64, width)`` from its middle, moved as an imperfect registration would."""
    _, height, source_width = pictures.shape
    spread = 0.3 if happens(dice, 0.15) else 0.1
    shift = uniform(dice, -spread, spread) * WHITE_WIDTH_PX
    stretch = uniform(dice, 0.985, 1.015)
    shear = uniform(dice, -0.12, 0.12) * WHITE_WIDTH_PX
    fan = uniform(dice, -0.01, 0.01)
    lift = uniform(dice, -4.0, 4.0)
    lengthen = uniform(dice, 0.9, 1.1)
    tilt = uniform(dice, -2.5, 2.5)
    y = torch.linspace(-0.5, 0.5, height).unsqueeze(1)
    x = torch.linspace(-0.5, 0.5, width).unsqueeze(0)
    source_x = (x * width) * (stretch + fan * y) + shear * y + shift
    source_y = (y * height) * lengthen + lift + tilt * x
    grid = torch.stack([source_x / (source_width / 2), source_y / (height / 2) + 0 * source_x], dim=-1)
    return functional.grid_sample(pictures[None], grid[None], padding_mode="border", align_corners=False)[0]


def coarsened(pictures: Tensor, dice: Dice) -> Tensor:
    """Seen by a camera with fewer pixels on the keyboard."""
    if not happens(dice, 0.4):
        return pictures
    _, height, width = pictures.shape
    small = (int(height * uniform(dice, 0.35, 1)), int(width * uniform(dice, 0.45, 1)))
    shrunk = functional.interpolate(pictures[None], size=small, mode="bilinear", antialias=True)
    return functional.interpolate(shrunk, size=(height, width), mode="bilinear")[0]


def smeared(pictures: Tensor, dice: Dice) -> Tensor:
    """Some pictures spoiled by compression: blurred where others are sharp, as after much motion."""
    if not happens(dice, 0.3):
        return pictures
    n, _, width = pictures.shape
    result = pictures.clone()
    for _ in range(int(uniform(dice, 1, 4))):
        begin = int(uniform(dice, 0, n))
        end = min(begin + int(uniform(dice, 1, 5)), n)
        left = int(uniform(dice, -width, width))
        part = result[begin:end, :, max(left, 0) : left + 2 * width]
        if not part.shape[-1]:
            continue
        size = [max(int(side * uniform(dice, 0.3, 0.7)), 1) for side in part.shape[1:]]
        small = functional.interpolate(part[None], size=size, mode="bilinear", antialias=True)
        blurred = functional.interpolate(small, size=part.shape[1:], mode="bilinear")[0]
        result[begin:end, :, max(left, 0) : left + 2 * width] = blurred
    return result


def relit(pictures: Tensor, dice: Dice) -> Tensor:
    """Other exposure, other curve, uneven light, a flickering lamp; the last picture is the plate."""
    n, height, width = pictures.shape
    result = pictures
    if happens(dice, 0.5):
        curve = math.exp(uniform(dice, -0.6, 0.6))
        result = ((result.clamp(-0.3, 1.7) + 0.3) / 2).pow(curve) * 2 - 0.3
    result = result * uniform(dice, 0.75, 1.3) + uniform(dice, -0.12, 0.12)
    if happens(dice, 0.4):
        result = result * (1 + uniform(dice, 0, 0.5) * _wavy(width, dice))
    if happens(dice, 0.2):
        result = result * (1 + uniform(dice, 0, 0.4) * _wavy(height, dice)).unsqueeze(1)
    if happens(dice, 0.3):
        result = result * (1 + uniform(dice, 0, 0.03) * torch.randn(n, 1, 1, generator=dice))
    return result


def with_overlays(pictures: Tensor, dice: Dice) -> Tensor:
    """Glow at the far end of the keys, as falling-note videos have, and covered edges; ``(n, 64, w)``."""
    result = pictures
    if happens(dice, 0.35):
        result = result + _glow(pictures, dice)
    if happens(dice, 0.12):
        rows = int(uniform(dice, 2, 20))
        result = result.clone()
        result[:, :rows] = uniform(dice, -0.2, 1.3)
    if happens(dice, 0.1):
        rows = int(uniform(dice, 2, 14))
        result = result.clone()
        result[:, -rows:] = uniform(dice, -0.2, 1.2)
    if happens(dice, 0.2):
        result = result * _shadow(pictures, dice)
    return result


def with_ghost(plate: Tensor, pictures: Tensor, dice: Dice) -> Tensor:
    """A plate that holds a hand which rested too long. ``plate (64, w)``, ``pictures (n, 64, w)``."""
    if not happens(dice, 0.2):
        return plate
    width = plate.shape[-1]
    left = int(uniform(dice, 0, width - WHITE_WIDTH_PX))
    right = left + int(uniform(dice, 1, 5) * WHITE_WIDTH_PX)
    top = int(uniform(dice, 0, STRIP_HEIGHT * 0.7))
    moment = int(uniform(dice, 0, len(pictures)))
    result = plate.clone()
    share = uniform(dice, 0.3, 1)
    result[top:, left:right] += share * (pictures[moment, top:, left:right] - result[top:, left:right])
    return result


def with_noise(pictures: Tensor, dice: Dice) -> Tensor:
    """Sensor noise and the blotches of compression."""
    n, height, width = pictures.shape
    fine = uniform(dice, 0, 0.05) * torch.randn(n, height, width, generator=dice)
    if not happens(dice, 0.4):
        return pictures + fine
    coarse = torch.randn(1, n, height // 8, width // 8, generator=dice) * uniform(dice, 0, 0.06)
    return pictures + fine + functional.interpolate(coarse, size=(height, width), mode="nearest")[0]


def _wavy(length: int, dice: Dice) -> Tensor:
    """A smooth random curve of unit size."""
    points = torch.randn(1, 1, 5, generator=dice)
    return functional.interpolate(points, size=length, mode="linear", align_corners=True)[0, 0].clamp(
        -1.6, 1.6
    )


def _glow(pictures: Tensor, dice: Dice) -> Tensor:
    n, height, width = pictures.shape
    reach = uniform(dice, 2, 22)
    fall = torch.exp(-torch.arange(height) / reach).view(1, height, 1)
    line = uniform(dice, 0, 1.0) * torch.ones(n, width)
    x = torch.arange(width).float()
    for _ in range(int(uniform(dice, 0, 6))):
        middle, spread = uniform(dice, 0, width), uniform(dice, 0.3, 2.5) * WHITE_WIDTH_PX
        begin, end = sorted((int(uniform(dice, -n / 2, n)), int(uniform(dice, 0, 1.5 * n))))
        alive = torch.zeros(n)
        alive[max(begin, 0) : max(end, 0)] = uniform(dice, 0.2, 1.5)
        alive = alive * (1 + 0.2 * torch.randn(n, generator=dice))
        line = line + alive.unsqueeze(1) * torch.exp(-(((x - middle) / spread) ** 2))
    return fall * line.unsqueeze(1)


def _shadow(pictures: Tensor, dice: Dice) -> Tensor:
    """A soft dark blob that wanders over the keys."""
    n, height, width = pictures.shape
    start, end = uniform(dice, 0, width), uniform(dice, 0, width)
    middle = torch.linspace(start, start + (end - start) * uniform(dice, 0, 0.4), n).view(n, 1, 1)
    spread = uniform(dice, 1, 5) * WHITE_WIDTH_PX
    row = uniform(dice, 0, height)
    x = torch.arange(width).view(1, 1, width)
    y = torch.arange(height).view(1, height, 1)
    blob = torch.exp(-(((x - middle) / spread) ** 2) - ((y - row) / uniform(dice, 10, 60)) ** 2)
    return 1 - uniform(dice, 0, 0.5) * blob
