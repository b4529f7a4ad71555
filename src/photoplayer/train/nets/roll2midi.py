"""Roll2Midi of Audeo: a generator that mends four seconds of piano roll, and a critic of patches of it.

Su, Liu and Shlizerman, NeurIPS 2020, section 3.2; the pair follows pix2pix (Isola et al., 2017), except that
the U-Net never makes the roll smaller. ``width`` scales all hidden channels: at 1 the generator has 25.1
million parameters and takes 256 GFLOP for 4 s of 51 keys.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

DOWN = (64, 128, 256, 512, 1024, 1024)
UP = (512, 256, 128, 64, 16)
"""Channels of the layers on the way in and out, at full width."""

DROPPED_DOWN, DROPPED_UP = 3, 2
"""So many of the deepest layers on either side drop half of their values in training."""

NORM_EPSILON = 0.8
"""As in the source, where 0.8 stands in epsilon's place and was surely meant as momentum."""


class Generator(nn.Module):
    """``(batch, 1, keys, frames)`` sigmoids of Video2Roll -> the roll mended, same shape, 0..1."""

    def __init__(self, *, width: float = 1.0) -> None:
        super().__init__()
        down, up = scaled(DOWN, width), scaled(UP, width)
        inputs = (1, *down[:-1])
        self.down = nn.ModuleList(
            _enter(inputs[i], down[i], norm=i > 0, drop=i >= len(down) - DROPPED_DOWN)
            for i in range(len(down))
        )
        skips = down[-2::-1]
        entering = (down[-1], *(u + s for u, s in zip(up, skips, strict=True)))
        self.up = nn.ModuleList(_leave(entering[i], up[i], drop=i < DROPPED_UP) for i in range(len(up)))
        self.last = nn.Conv2d(entering[-1], 1, 1)
        self.apply(start)

    def forward(self, roll: Tensor) -> Tensor:
        """The same roll with its gaps filled and its ghosts gone."""
        skips = []
        x = roll
        for layer in self.down:
            x = layer(x)
            skips.append(x)
        for layer, skip in zip(self.up, skips[-2::-1], strict=True):
            x = torch.cat((layer(x), skip), dim=1)
        return torch.sigmoid(self.last(x))


class Discriminator(nn.Module):
    """``(batch, 1, keys, frames)`` roll -> ``(batch, 1, keys / 8, frames / 8)``: how real a patch looks."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 64, 3, stride=2, padding=1),
            nn.LeakyReLU(0.2, inplace=True),
            *_judge(64, 128, stride=2),
            *_judge(128, 256, stride=2),
            *_judge(256, 512, stride=1),
            nn.Conv2d(512, 1, 3, padding=1),
        )
        self.apply(start)

    def forward(self, roll: Tensor) -> Tensor:
        return self.layers(roll)


def scaled(channels: tuple[int, ...], width: float) -> tuple[int, ...]:
    """Channels of a narrower or wider network; never fewer than four."""
    return tuple(max(4, round(count * width)) for count in channels)


def start(module: nn.Module) -> None:
    """pix2pix' start: N(0, 0.02) for convolutions, N(1, 0.02) for norms."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


def _enter(inputs: int, outputs: int, *, norm: bool, drop: bool) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)]
    if norm:
        layers.append(nn.BatchNorm2d(outputs, eps=NORM_EPSILON))
    layers.append(nn.LeakyReLU(0.2))
    if drop:
        layers.append(nn.Dropout(0.5))
    return nn.Sequential(*layers)


def _leave(inputs: int, outputs: int, *, drop: bool) -> nn.Sequential:
    layers: list[nn.Module] = [
        nn.ConvTranspose2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs, eps=NORM_EPSILON),
        nn.ReLU(),
    ]
    if drop:
        layers.append(nn.Dropout(0.5))
    return nn.Sequential(*layers)


def _judge(inputs: int, outputs: int, *, stride: int) -> tuple[nn.Module, ...]:
    return (
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1),
        nn.InstanceNorm2d(outputs),
        nn.LeakyReLU(0.2, inplace=True),
    )
