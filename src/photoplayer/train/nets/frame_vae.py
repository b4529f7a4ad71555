"""From pictures to the code of a trio: the source's single frame, and ours, a clip with time.

The source project let a CNN read one frame and taught its code by L2 to MusicVAE codes; its text calls that a
VAE. :class:`FrameVAE` is one: AlexNet's layers (Krizhevsky et al., 2012) at a size that 60 x 80 pixels need,
a mean and a deviation, taught by the divergence and by what the frozen decoder makes of a draw.
:class:`ClipNet` sees sixteen pictures of 16 s and what moves between them, and says besides a code which
attributes the music shall have; those are what a person hears a scene by.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.compose.trio.codec import WINDOW_CODE
from photoplayer.music.trio_attributes import ATTRIBUTES
from photoplayer.train.nets.trio_vae import Posterior


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


class ClipNet(nn.Module):
    """Sixteen pictures ``(n, 16, 60, 80, 3)`` uint8, looked at in half size, to attributes ``(n, 5)`` in
    standard deviations and a code ``(n, 512)``."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.see = nn.Sequential(
            nn.Conv2d(6, 16, 3, stride=2, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, 24, 3, stride=2, padding=1), nn.BatchNorm2d(24), nn.ReLU(),
            nn.Conv2d(24, 32, 3, stride=2, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, width, 3, stride=2, padding=1), nn.BatchNorm2d(width), nn.ReLU(),
        )  # fmt: skip
        self.drop = nn.Dropout(0.3)
        self.mix = nn.Sequential(nn.Linear(4 * width + 4, 96), nn.ReLU())
        self.attributes = nn.Linear(96, len(ATTRIBUTES))
        self.codes = nn.Linear(96, WINDOW_CODE)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        x = functional.avg_pool2d(_scaled(pictures).permute(0, 1, 4, 2, 3).flatten(0, 1), 2)
        x = x.unflatten(0, (-1, pictures.shape[1]))
        before = torch.cat([x[:, :1], x[:, :-1]], dim=1)
        moved = (x - before).abs()
        seen = self.see(torch.cat([x, moved], dim=2).flatten(0, 1))
        each = torch.cat([seen.mean(dim=(2, 3)), seen.amax(dim=(2, 3))], dim=1).unflatten(0, (-1, x.shape[1]))
        plain = torch.stack(
            [
                x.mean((1, 2, 3, 4)),
                x.std((1, 2, 3, 4)),
                moved.mean((1, 2, 3, 4)),
                moved.amax(1).mean((1, 2, 3)),
            ],
            dim=1,
        )
        whole = torch.cat([each.mean(dim=1), each.std(dim=1), plain], dim=1)
        hidden = self.mix(self.drop(whole))
        return self.attributes(hidden), self.codes(hidden)


def _scaled(pictures: Tensor) -> Tensor:
    return pictures.float() / 127.5 - 1
