"""C, the encoder of the clip: 3-D convolutions over sixteen small pictures.

As the source's, which gives no sizes; here a picture has 80 x 60 pixels, so four layers bring it to a
vector. The sixteen are two each of eight moments, a third of a second apart: what moves between them is
half of what the network is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

PICTURES, HEIGHT, WIDTH = 16, 60, 80
"""Pictures of a clip window, in pairs, and their size."""

_CHANNELS = (16, 32, 48, 64)


class ClipEncoder(nn.Module):
    """``(clips, 16, 60, 80, 3) uint8`` → ``(clips, size) float32``."""

    def __init__(self, size: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 6
        for number, channels in enumerate(_CHANNELS):
            stride = (1, 4, 4) if number == 0 else (2, 2, 2)
            layers += [
                nn.Conv3d(before, channels, (3, 5, 5) if number == 0 else 3, stride, padding=1),
                nn.BatchNorm3d(channels),
                nn.LeakyReLU(0.2),
            ]
            before = channels
        self.look = nn.Sequential(*layers)
        self.say = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * before, size))

    def forward(self, pictures: Tensor) -> Tensor:
        shown = pictures.permute(0, 4, 1, 2, 3).float() / 127.5 - 1  # (clips, 3, 16, 60, 80)
        before, after = shown[:, :, ::2], shown[:, :, 1::2]
        seen = self.look(torch.cat([before, (after - before).abs()], 1)).flatten(2)
        said: Tensor = self.say(torch.cat([seen.mean(2), seen.amax(2)], 1))
        return said


class Committee(nn.Module):
    """The mean of what several encoders say."""

    def __init__(self, members: Sequence[ClipEncoder]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, pictures: Tensor) -> Tensor:
        return torch.stack([member(pictures) for member in self.members]).mean(0)
