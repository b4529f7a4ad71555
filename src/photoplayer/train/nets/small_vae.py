"""SmallVAE: an autoencoder of codes, learned in seconds from a few tunes.

MidiMe's (Dinculescu, Engel & Roberts, 2019; layers as in magenta-js): 1024, 256 and 64 units with ReLU down
to four numbers, and back. It learns codes about their own mean, in units of their own spread.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.compose.trio.style import SIZES


class SmallVAE(nn.Module):
    """``(n, 512)`` codes to four numbers with their deviations, and back."""

    def __init__(self) -> None:
        super().__init__()
        code, wide, middle, narrow, axes = reversed(SIZES)
        self.down = nn.Sequential(
            nn.Linear(code, wide),
            nn.ReLU(),
            nn.Linear(wide, middle),
            nn.ReLU(),
            nn.Linear(middle, narrow),
            nn.ReLU(),
        )
        self.mean = nn.Linear(narrow, axes)
        self.spread = nn.Linear(narrow, axes)
        layers: list[nn.Module] = []
        for size, after in pairwise(SIZES):
            layers += [nn.Linear(size, after), nn.ReLU()]
        self.up = nn.Sequential(*layers[:-1])

    def encode(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and deviation of the four numbers, ``(n, 4)`` each."""
        hidden = self.down(codes)
        return self.mean(hidden), functional.softplus(self.spread(hidden)) + 1e-4

    def forward(self, codes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What it makes of codes, drawn once; mean and deviation of the four numbers."""
        mean, spread = self.encode(codes)
        made: Tensor = self.up(mean + spread * torch.randn_like(spread))
        return made, mean, spread
