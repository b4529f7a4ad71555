"""G and D of the source: a clip-conditioned GAN over (pitch, duration) pairs in -1..1.

The source names a generator G(z, C(x)) and a discriminator D(music, C(x)) and gives no sizes. Shapes here
are those of the melody GAN it grew from (a dense generator with LeakyReLU .2 and batch norm of momentum .8,
a recurrent discriminator; corynguyen19/midi-lstm-gan), a quarter as wide, with two numbers an event where
that one has one.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

EVENTS = 128
"""Notes, holds and rests of a melody: nine of ten phrases of sixteen bars have no more."""

NOISE, CLIP = 64, 32
"""Sizes of z and of C(x)."""


class PairGenerator(nn.Module):
    """``(n, NOISE)``, ``(n, CLIP)`` → ``(n, EVENTS, 2)`` in -1..1."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = NOISE + CLIP
        for width in (64, 128, 256):
            # PyTorch's momentum is the share of the new batch: 0.2 is the 0.8 of the original
            layers += [nn.Linear(before, width), nn.LeakyReLU(0.2), nn.BatchNorm1d(width, momentum=0.2)]
            before = width
        self.body = nn.Sequential(*layers, nn.Linear(before, EVENTS * 2), nn.Tanh())

    def forward(self, noise: Tensor, clip: Tensor) -> Tensor:
        made: Tensor = self.body(torch.cat([noise, clip], 1))
        return made.unflatten(1, (EVENTS, 2))


class PairDiscriminator(nn.Module):
    """``(n, EVENTS, 2)``, ``(n, CLIP)`` → ``(n,)`` logits: above 0 for real music of this clip."""

    def __init__(self, hidden: int = 48) -> None:
        super().__init__()
        self.read = nn.LSTM(2 + CLIP, hidden, batch_first=True, bidirectional=True)
        self.judge = nn.Sequential(nn.Linear(2 * hidden, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))

    def forward(self, music: Tensor, clip: Tensor) -> Tensor:
        repeated = clip[:, None].expand(-1, music.shape[1], -1)
        read, _ = self.read(torch.cat([music, repeated], 2))
        judged: Tensor = self.judge(read.mean(1))
        return judged[:, 0]
