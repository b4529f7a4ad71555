"""A U-Net that refines a spectrogram made of notes: what they do not say, and what a transcription lost.

Audeo refines PerfNet's spectrogram by a U-Net whose sizes are not published. This one looks at four bins at
once and at a quarter of a second around a frame; position on the frequency axis is an input, as a piano
sounds unlike itself two octaves lower.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from photoplayer.sound.neural.spectrogram import BINS

_PATCH = 4
_WIDTHS = (24, 40, 64)
_PUSH = 10.0
"""How strongly the last layer's weights act: errors of single bins pull either way, and small steps get
lost."""
_CENTRE, _SPREAD = -14.0, 4.0
"""Levels are about so, and vary by so much."""


class SpectrogramUNet(nn.Module):
    """``levels (T, BINS)`` ln power → refined, same shape. ``T`` is a multiple of 4."""

    def __init__(self, widths: tuple[int, int, int] = _WIDTHS) -> None:
        super().__init__()
        first, second, third = widths
        self.patches = nn.Conv2d(2, first, (3, _PATCH), stride=(1, _PATCH), padding=(1, 0))
        self.high = _block(first, first)
        self.down = nn.Conv2d(first, second, 2, stride=2)
        self.middle = _block(second, second)
        self.down_again = nn.Conv2d(second, third, 2, stride=2)
        self.low = nn.Sequential(_block(third, third), _block(third, third))
        self.up_again = nn.ConvTranspose2d(third, second, 2, stride=2)
        self.middle_back = _block(second, second)
        self.up = nn.ConvTranspose2d(second, first, 2, stride=2)
        self.high_back = _block(first, first)
        self.out = nn.ConvTranspose2d(first, 1, (1, _PATCH), stride=(1, _PATCH))
        nn.init.normal_(self.out.weight, std=1e-3)
        nn.init.zeros_(self.out.bias)  # it begins by leaving everything nearly as it is
        place = torch.linspace(-1, 1, BINS - 1).expand(1, 1, 1, -1)
        self.register_buffer("place", place.contiguous(), persistent=False)

    def forward(self, levels: Tensor) -> Tensor:
        bins = (levels[None, None, :, : BINS - 1] - _CENTRE) / _SPREAD
        high = self.high(self.patches(torch.cat([bins, self.place.expand_as(bins)], 1)))
        middle = self.middle(self.down(high))
        low = self.low(self.down_again(middle))
        middle = self.middle_back(middle + self.up_again(low))
        high = self.high_back(high + self.up(middle))
        change = _PUSH * self.out(high)[0, 0]
        return levels + nn.functional.pad(change, (0, 1))


class _Residual(nn.Module):
    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)


def _block(inputs: int, outputs: int) -> nn.Module:
    return _Residual(
        nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(outputs, inputs, 3, padding=1),
        )
    )
