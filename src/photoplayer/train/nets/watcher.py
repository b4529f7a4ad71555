"""Watcher: pictures of any game in time -> what the scene feels like and which music it asks for.

Two parts. The *eye*, a small convolutional network, sees three small pictures of a third of a second: one
in colour, and how they differ in grey, so that motion is there from the first layer on. The *mind* reads the
eye's answers and the gist of the hand-made looks over time, each beside the mean of the 24 s around it: what
is lively for one game is calm for another, and only a clip's own usual tells them apart (the idea of per-clip
normalisation, learned).

The source's network sees one frame and cannot know motion; ours has 0.2 million parameters against its
millions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.scene.watcher import AROUND_STEPS, HEADS, PICTURES, READ, SEEN

_CHANNELS = (16, 32, 64, 96)
_GREY = (0.299, 0.587, 0.114)
_CLOSE = (2, 6, 12)


class Eye(nn.Module):
    """Pictures ``(steps, 3, 60, 80, 3)``, uint8, of each third of a second -> ``(steps, 64)``."""

    grey: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("grey", torch.tensor(_GREY))
        first, second, third, fourth = _CHANNELS
        self.layers = nn.Sequential(
            *_block(3 + PICTURES - 1, first, size=5, stride=2),
            *_block(first, second, size=3, stride=2),
            *_block(second, third, size=3, stride=2),
            *_block(third, fourth, size=3, stride=1),
        )
        self.leave = nn.Linear(2 * fourth, SEEN)

    def forward(self, pictures: Tensor) -> Tensor:
        """Means and peaks over the picture, so that no place in it (a status bar) has weights of its own."""
        values = pictures.float() / 255
        grey = values @ self.grey  # (steps, 3, 60, 80)
        moved = 4 * (grey[:, 1:] - grey[:, :-1])
        colour = values[:, PICTURES // 2].permute(0, 3, 1, 2) - 0.4
        maps = self.layers(torch.cat([colour, moved], dim=1))
        seen: Tensor = self.leave(torch.cat([maps.mean(dim=(2, 3)), maps.amax(dim=(2, 3))], dim=1))
        return seen


def _block(inputs: int, outputs: int, *, size: int, stride: int) -> list[nn.Module]:
    return [
        nn.Conv2d(inputs, outputs, size, stride=stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    ]


class Mind(nn.Module):
    """What was seen ``(batch, steps, inputs)`` -> answers ``(batch, steps, 12)``, see :data:`HEADS`."""

    def __init__(self, inputs: int = SEEN, *, dropout: float = 0.3, width: int = 64) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.enter = nn.Conv1d(2 * inputs, width, 1)
        self.blocks = nn.ModuleList(
            nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation) for dilation in (1, 2, 4, 8)
        )
        self.leave = nn.Conv1d(width, sum(HEADS.values()) - 1, 1)
        self.apart = nn.Conv1d(4 * len(_CLOSE), 24, 3, padding=1)
        self.change = nn.Conv1d(24, 1, 3, padding=1)

    def forward(self, seen: Tensor) -> Tensor:
        """Logits for fight, energy, meter and change; 0..1 for bpm's place and the curves, valence -1..1."""
        x = seen.transpose(1, 2)
        usual = functional.avg_pool1d(x, 2 * AROUND_STEPS + 1, 1, AROUND_STEPS, count_include_pad=False)
        y = self.enter(self.dropout(torch.cat([x, x - usual], dim=1)))
        for block in self.blocks:
            y = y + self.dropout(block(functional.relu(y)))
        said = self.leave(functional.relu(y))
        curves = torch.cat([said[:, 1:3].sigmoid(), said[:, 3:4].tanh(), said[:, 4:5].sigmoid()], dim=1)
        change = self.change(functional.relu(self.apart(_apart(x))))
        answers: Tensor = torch.cat([said[:, :1], curves, said[:, 5:], change], dim=1).transpose(1, 2)
        return answers


def _apart(seen: Tensor) -> Tensor:
    """How far the steps after a moment lie from those before, over three lengths: ``(batch, 12, steps)``.

    Distance of the means, spread before, spread after, and the distance beside the spread.
    """
    columns = []
    for length in _CLOSE:
        padded = functional.pad(seen, (length, length), mode="replicate")
        means = functional.avg_pool1d(padded, length, 1)
        spreads = functional.avg_pool1d(padded.square(), length, 1) - means.square()
        before, after = means[..., : seen.shape[2]], means[..., length : length + seen.shape[2]]
        gap = (after - before).square().mean(dim=1, keepdim=True)
        wide = spreads.clamp(min=0).mean(dim=1, keepdim=True)
        wide_before, wide_after = wide[..., : seen.shape[2]], wide[..., length : length + seen.shape[2]]
        relative = gap / (wide_before + wide_after + 0.05)
        columns += [
            (gap + 1e-4).sqrt(),
            (wide_before + 1e-4).sqrt(),
            (wide_after + 1e-4).sqrt(),
            (relative + 1e-4).sqrt(),
        ]
    return torch.cat(columns, dim=1)


class Reader(nn.Module):
    """The mind that ships: reads the eye's numbers and the gist of the looks, ``(batch, steps, 112)``."""

    mean: Tensor
    scale: Tensor

    def __init__(self, *, dropout: float = 0.4) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(READ))
        self.register_buffer("scale", torch.ones(READ))
        self.mind = Mind(READ, dropout=dropout)

    def standardise_to(self, read: Tensor) -> None:
        """Learn mean and spread from training rows ``(n, 112)``."""
        self.mean.copy_(read.mean(dim=0))
        self.scale.copy_(1 / (read.std(dim=0) + 0.02))

    def forward(self, read: Tensor) -> Tensor:
        """Answers; columns as :data:`HEADS`."""
        answers: Tensor = self.mind(((read - self.mean) * self.scale).clamp(-6, 6))
        return answers


class Minds(nn.Module):
    """Several minds, taught from other seeds, that answer as one: the mean of what they say.

    When teaching stops moves one mind by more on games never seen than all that was tried; a mean it hardly
    moves (deep ensembles: Lakshminarayanan et al. 2017).
    """

    def __init__(self, minds: Sequence[Reader]) -> None:
        super().__init__()
        self.minds = nn.ModuleList(minds)

    def forward(self, read: Tensor) -> Tensor:
        """Answers; columns as :data:`HEADS`."""
        answers: Tensor = torch.stack([mind(read) for mind in self.minds]).mean(dim=0)
        return answers


class Watcher(nn.Module):
    """The eye with a mind of its own, as it is taught.

    Pictures ``(batch, steps, 3, 60, 80, 3)`` -> answers ``(batch, steps, 12)``.
    """

    def __init__(self, *, dropout: float = 0.3) -> None:
        super().__init__()
        self.eye, self.mind = Eye(), Mind(dropout=dropout)

    def forward(self, pictures: Tensor) -> Tensor:
        """Answers; columns as :data:`HEADS`."""
        batch, steps = pictures.shape[:2]
        answers: Tensor = self.mind(self.eye(pictures.flatten(0, 1)).reshape(batch, steps, SEEN))
        return answers


@dataclass(frozen=True)
class Answers:
    """Columns of the mind's answers by name, ``(..., numbers)``."""

    table: Tensor

    def __getitem__(self, name: str) -> Tensor:
        first = 0
        for head, width in HEADS.items():
            if head == name:
                columns = self.table[..., first : first + width]
                return columns[..., 0] if width == 1 else columns
            first += width
        raise KeyError(name)
