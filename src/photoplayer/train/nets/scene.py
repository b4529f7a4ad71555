"""SceneNet: the looks of pictures in time -> is this a fight, is this a cut.

Two small temporal networks over hand-made features (``scene.features.Looks``) rather than pixels: they
train in minutes on a CPU and read a minute of video in milliseconds.

The cut network never sees what a picture shows, only how *alike* pictures are to their neighbours in time
(colour, edges, layout, and one learned likeness): the likeness band of TransNet V2 (Soucek & Lokoc 2020)
without its pixels. So it cannot learn one game's walls by heart. The two halves share no weight.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

LAGS = (*range(1, 13), 15, 18, 22, 27, 33, 40, 48)
"""Pictures before and after that each picture is compared with: 0.1 s to 5.3 s at 9 Hz."""

CELL_VALUES, GREY_CELLS, CELL_CHANNELS = 336, 48, 7
HISTOGRAMS = ((336, 416), (416, 432), (432, 456))
"""Columns of a look: palette with grey, hue, edges."""

LOOK_VALUES = 458
LIKENESS, CHANNELS = 32, 48

WINDOWS = (4, 9, 18, 36)
"""Lengths of the stretches before and after a moment that are compared as wholes, pictures."""

NEW_FOR = (0, 4, 12, 30)
"""Pictures after a moment that are looked for among all those before it."""


class Bands(nn.Module):
    """Looks ``(batch, time, 458)`` -> how unlike its neighbours a picture is ``(batch, time, columns)``."""

    columns = (len(HISTOGRAMS) + 2) * 2 * (len(LAGS) + len(NEW_FOR)) + (len(HISTOGRAMS) + 2) * 3 * len(
        WINDOWS
    )

    def __init__(self) -> None:
        super().__init__()
        self.learned = nn.Linear(LOOK_VALUES - 2, LIKENESS)

    def forward(self, looks: Tensor, standard: Tensor) -> Tensor:
        """``standard`` are the same looks, standardised."""
        grey = looks[..., :CELL_VALUES:CELL_CHANNELS]
        grey = grey - grey.mean(dim=2, keepdim=True)
        views = [looks[..., start:end].clamp(min=0).sqrt() for start, end in HISTOGRAMS]
        views += [grey, self.learned(standard[..., : LOOK_VALUES - 2])]
        now, lags = torch.arange(looks.shape[1])[:, None], torch.arange(1, LAGS[-1] + 1)
        past = (now - lags).clamp(min=0).expand(len(looks), -1, -1)
        future = (now + lags).clamp(max=looks.shape[1] - 1).expand(len(looks), -1, -1)
        columns = []
        for view in views:
            directions = functional.normalize(view, dim=2, eps=1e-2)
            columns += [_neighbours(directions, past, future), _windows(directions)]
        return torch.cat(columns, dim=2).clamp(min=1e-4).sqrt()


def _neighbours(directions: Tensor, past: Tensor, future: Tensor) -> Tensor:
    """Cosine distance to the pictures ``LAGS`` before and after; and how *new* a picture is.

    New: the least distance of the picture ``k`` after a moment to all pictures before that moment, for the
    ``k`` of ``NEW_FOR``, and the reverse. After a quick turn the old place comes back, after a cut it does
    not. Beyond the ends stand copies of the end pictures. ``past`` and ``future (batch, time, 48)`` are the
    numbers of the pictures before and after.
    """
    apart = 1 - directions @ directions.transpose(1, 2)
    to_past, to_future = apart.gather(2, past), apart.gather(2, future)
    chosen = [lag - 1 for lag in LAGS]
    columns = [to_past[..., chosen], to_future[..., chosen]]
    for k in NEW_FOR:
        columns.append(_shifted(to_past[..., k:].amin(dim=2, keepdim=True), k))
        columns.append(_shifted(to_future[..., k:].amin(dim=2, keepdim=True), -1 - k))
    return torch.cat(columns, dim=2)


def _shifted(column: Tensor, by: int) -> Tensor:
    """``column (batch, time, 1)`` as it is ``by`` pictures later; the ends are held."""
    if by >= 0:
        return torch.cat([column[:, by:], column[:, -1:].expand(-1, by, -1)], dim=1)
    return torch.cat([column[:, :1].expand(-1, -by, -1), column[:, :by]], dim=1)


def _windows(directions: Tensor) -> Tensor:
    """Means of the ``WINDOWS`` pictures before and after: how far apart, and how spread on either side."""
    time = directions.shape[1]
    columns = []
    for window in WINDOWS:
        padded = functional.pad(directions.transpose(1, 2), (window, window), mode="replicate")
        means = functional.avg_pool1d(padded, window, 1)
        before, after = means[..., :time], means[..., window : window + time]
        columns += [
            (after - before).square().sum(dim=1),
            1 - before.square().sum(dim=1),
            1 - after.square().sum(dim=1),
        ]
    return torch.stack(columns, dim=2)


class Temporal(nn.Module):
    """Dilated convolutions over time: ``(batch, time, inputs)`` -> one logit each ``(batch, time)``."""

    def __init__(self, inputs: int, *, dilations: tuple[int, ...], dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.enter = nn.Conv1d(inputs, CHANNELS, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.Conv1d(CHANNELS, CHANNELS, 3, padding=dilation, dilation=dilation) for dilation in dilations
        )
        self.leave = nn.Conv1d(CHANNELS, 1, 1)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits."""
        x = self.enter(self.dropout(inputs).transpose(1, 2))
        for block in self.blocks:
            x = x + self.dropout(block(functional.relu(x)))
        logits: Tensor = self.leave(functional.relu(x))
        return logits[:, 0]


class Gist(nn.Module):
    """Looks ``(batch, time, 458)`` -> what matters for a fight, ``(batch, time, 60)``.

    Means, spreads and peaks of the cell channels over the whole picture, its middle (where enemies are) and
    the place of a held weapon; no single cell, so that a level's walls cannot be learned.
    """

    values = 6 * CELL_CHANNELS + 18

    def forward(self, looks: Tensor) -> Tensor:
        """Signed roots: most of these are small shares of a picture."""
        cells = looks[..., :CELL_VALUES].unflatten(2, (6, 8, CELL_CHANNELS))
        stage = cells[:, :, :5].flatten(2, 3)
        mean = stage.mean(dim=2, keepdim=True)
        parts = [
            cells.flatten(2, 3).mean(dim=2),
            ((stage - mean).square().mean(dim=2) + 1e-6).sqrt(),
            cells[:, :, 3:5, 3:5].flatten(2, 3).mean(dim=2),
            cells[:, :, 1:4, 2:6].flatten(2, 3).mean(dim=2),
            cells[:, :, 1:4].flatten(2, 3).amax(dim=2),
            stage.amax(dim=2),
            looks[..., 416:432],
            looks[..., LOOK_VALUES - 2 :],
        ]
        joined = torch.cat(parts, dim=2)
        return joined.sign() * joined.abs().sqrt()


class Fight(nn.Module):
    """Standardised gists ``(batch, time, 60)`` -> logit of a fight ``(batch, time)``."""

    def __init__(self, *, dropout: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Dropout(dropout),
            nn.Conv1d(Gist.values * 5, 48, 1),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Conv1d(48, 1, 1),
        )

    def forward(self, gists: Tensor) -> Tensor:
        """Now, and the mean, peak and restlessness of the second before and after, and 3 s around."""
        x = gists.transpose(1, 2)
        restless = functional.pad((x[..., 1:] - x[..., :-1]).abs(), (1, 0))
        views = [x, _mean(x, 9), _mean(x, 27), functional.max_pool1d(x, 19, 1, 9), _mean(restless, 9)]
        logits: Tensor = self.layers(torch.cat(views, dim=1))
        return logits[:, 0]


def _mean(x: Tensor, reach: int) -> Tensor:
    return functional.avg_pool1d(x, 2 * reach + 1, 1, reach, count_include_pad=False)


class SceneNet(nn.Module):
    """Looks ``(batch, time, 458)`` -> logits ``(batch, time, 2)``: fight, cut.

    The cut logit at ``t`` speaks of the moment between pictures ``t - 1`` and ``t``. ``time`` must be longer
    than the longest lag.
    """

    mean: Tensor
    scale: Tensor
    gist_mean: Tensor
    gist_scale: Tensor

    def __init__(self, *, dropout: float = 0.25) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(LOOK_VALUES))
        self.register_buffer("scale", torch.ones(LOOK_VALUES))
        self.register_buffer("gist_mean", torch.zeros(Gist.values))
        self.register_buffer("gist_scale", torch.ones(Gist.values))
        self.gist = Gist()
        self.bands = Bands()
        self.fight = Fight(dropout=dropout)
        self.cut = Temporal(Bands.columns + 5, dilations=(1, 2, 4, 8, 16), dropout=dropout)

    def standardise_to(self, looks: Tensor) -> None:
        """Learn mean and spread from training looks ``(n, 458)``."""
        roots, gists = looks.sign() * looks.abs().sqrt(), self.gist(looks[None])[0]
        self.mean.copy_(roots.mean(dim=0))
        self.scale.copy_(1 / (roots.std(dim=0) + 0.02))
        self.gist_mean.copy_(gists.mean(dim=0))
        self.gist_scale.copy_(1 / (gists.std(dim=0) + 0.02))

    def forward(self, looks: Tensor) -> Tensor:
        """Logits of fight and cut for every picture."""
        return torch.stack([self.fight_logit(looks), self.cut_logit(looks)], dim=2)

    def fight_logit(self, looks: Tensor) -> Tensor:
        """``(batch, time)``."""
        logits: Tensor = self.fight(((self.gist(looks) - self.gist_mean) * self.gist_scale).clamp(-5, 5))
        return logits

    def cut_logit(self, looks: Tensor) -> Tensor:
        """``(batch, time)``."""
        standard = ((looks.sign() * looks.abs().sqrt() - self.mean) * self.scale).clamp(-5, 5)
        moving = looks[..., :CELL_VALUES].unflatten(2, (GREY_CELLS, CELL_CHANNELS)).mean(dim=2)
        still = (1 - looks[..., LOOK_VALUES - 2 :]).clamp(min=0)
        local = torch.cat([still, moving[..., 0:1], moving[..., 4:5], moving[..., 6:7]], dim=2)
        logits: Tensor = self.cut(torch.cat([self.bands(looks, standard), local], dim=2))
        return logits


class Committee(nn.Module):
    """Several networks taught alike: the mean of their cut logits, and the fight logit of the first."""

    def __init__(self, members: Sequence[SceneNet]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, looks: Tensor) -> Tensor:
        """Looks ``(batch, time, 458)`` -> logits ``(batch, time, 2)``: fight, cut."""
        cuts = torch.stack([member.cut_logit(looks) for member in self.members])
        return torch.stack([self.members[0].fight_logit(looks), cuts.mean(dim=0)], dim=2)
