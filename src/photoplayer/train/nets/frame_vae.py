"""From pictures to the code of a trio: the source's single frame, and ours, a clip with time.

The source project let a CNN read one frame and taught its code by L2 to MusicVAE codes; its text calls that a
VAE. :class:`FrameVAE` is one: AlexNet's layers (Krizhevsky et al., 2012) at a size that 60 x 80 pixels need,
a mean and a deviation, taught by the divergence and by what the frozen decoder makes of a draw.
:class:`SeenNet` reads what the Watcher's eye saw of sixteen moments, and says besides a code which attributes
the music shall have; those are what a person hears a scene by.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.compose.trio.codec import WINDOW_CODE
from photoplayer.music.trio_attributes import ATTRIBUTES
from photoplayer.scene.watcher import SEEN
from photoplayer.train.nets.trio_vae import Posterior

_NOISE = 0.3
"""Deviations added to what was seen while it is taught."""


class FrameVAE(nn.Module):
    """One picture ``(n, 60, 80, 3)`` uint8 to mean and deviation of a code, ``(n, 512)`` each."""

    def __init__(self) -> None:
        super().__init__()
        self.see = nn.Sequential(
            nn.Conv2d(3, 32, 7, stride=2, padding=3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 96, 3, padding=1), nn.ReLU(), nn.Conv2d(96, 64, 3, padding=1), nn.ReLU(),
            nn.AdaptiveAvgPool2d((3, 4)), nn.Flatten(), nn.Dropout(0.5), nn.Linear(64 * 12, 256), nn.ReLU(),
        )  # fmt: skip
        self.posterior = Posterior(256, WINDOW_CODE)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        mean, spread = self.posterior(self.see(_scaled(pictures).permute(0, 3, 1, 2)))
        return mean, spread


class SeenNet(nn.Module):
    """What the Watcher's eye saw of sixteen moments, ``(n, 16, 64)``, to attributes ``(n, 5)`` in standard
    deviations and a code ``(n, 512)``.

    Mean and spread over the moments in units of training clips go through one narrow layer: the games are
    few, and what is learned shall hold for others.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, mean: Tensor, deviation: Tensor, width: int = 24) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.drop = nn.Dropout(0.5)
        self.mix = nn.Linear(2 * SEEN, width)
        self.attributes = nn.Linear(width, len(ATTRIBUTES))
        self.codes = nn.Linear(width, WINDOW_CODE)

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        whole = (summed_up(seen) - self.mean) / self.deviation
        if self.training:
            whole = whole + _NOISE * torch.randn_like(whole)
        hidden = self.drop(functional.relu(self.mix(self.drop(whole))))
        return self.attributes(hidden), self.codes(hidden)


class Committee(nn.Module):
    """Several of them, whose answers are averaged."""

    def __init__(self, members: Sequence[SeenNet]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        said = [member(seen) for member in self.members]
        attributes, codes = (torch.stack(each).mean(dim=0) for each in zip(*said, strict=True))
        return attributes, codes


def summed_up(seen: Tensor) -> Tensor:
    """Mean and spread over the moments, ``(n, 128)``."""
    mean = seen.mean(dim=1)
    spread = (seen - mean[:, None]).square().mean(dim=1).clamp(min=1e-8).sqrt()
    return torch.cat([mean, spread], dim=1)


def _scaled(pictures: Tensor) -> Tensor:
    return pictures.float() / 127.5 - 1
