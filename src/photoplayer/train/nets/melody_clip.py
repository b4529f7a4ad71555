"""C, the encoder of the clip: 3-D convolutions over sixteen small pictures.

As the source's, which gives no sizes; here a picture has 80 x 60 pixels, so four layers bring it to a
vector. Beside the pictures stand their differences: what moves between two of them is hard to say for a
small network that only sees them side by side.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

PICTURES, HEIGHT, WIDTH = 16, 60, 80
"""Pictures of a clip window, spread evenly over it, and their size."""

_CHANNELS = (16, 24, 32, 48)


class ClipEncoder(nn.Module):
    """``(clips, 16, 60, 80, 3) uint8`` → ``(clips, size) float32``."""

    def __init__(self, size: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 6
        for number, channels in enumerate(_CHANNELS):
            stride = (2, 4, 4) if number == 0 else (2, 2, 2)
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
        moved = torch.cat([torch.zeros_like(shown[:, :, :1]), (shown[:, :, 1:] - shown[:, :, :-1]).abs()], 2)
        seen = self.look(torch.cat([shown, moved], 1)).flatten(2)
        said: Tensor = self.say(torch.cat([seen.mean(2), seen.amax(2)], 1))
        return said
