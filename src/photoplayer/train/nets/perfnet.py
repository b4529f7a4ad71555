"""PerfNet: from notes to the spectrogram of an instrument.

``PerfNet`` is ours. A note's level in a bin is its key's mean spectrum plus a few directions of that key's
own, weighted by what is known of the note: its velocity, and the time since the stroke and since the damper;
powers of notes add. It knows what a published roll-to-spectrogram network has to find out (that notes add,
and that a note decays), so minutes of one core are enough. :class:`PerformanceNet` is the published one.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from photoplayer.sound.neural.spectrogram import BINS, FLOOR
from photoplayer.sound.neural.strokes import AHEAD_FRAMES, KEYS

_RAMPS = (1.5, 5.0, 16.0, 50.0, 160.0, 500.0)
"""Frames in which a ramp over time since the stroke has mostly risen."""
_STEPS = tuple(float(step) for step in range(-3, 6))
_FORCES = tuple(float(velocity) for velocity in range(10, 115, 8))
_FORCE_WIDTH = 2.0
"""A recorded piano changes from one layer of velocities to the next: a soft stair over them."""
_MOMENTS, _FIRST_FRAMES, _LAST_FRAMES = 12, 2.0, 700.0
"""Of a tone's course, closer together at its beginning."""
_KEY_WIDTH = 12
_MOMENT = len(_RAMPS) + len(_STEPS)
DAMPED = _MOMENT
"""The last so many of a note's features are of its damper, and nothing before that falls."""
_INPUTS = 2 * _MOMENT + _KEY_WIDTH + 2
FEATURES = (len(_FORCES) + 1) * (_MOMENTS + 1) + len(_STEPS) + DAMPED


class PerfNet(nn.Module):
    """``keys (n,)`` 0..87, ``velocities (n,)`` 0..1, ``ages`` and ``releases (n, T)`` in frames → ``levels
    (T, BINS)`` ln power, and ``owners (T, BINS)``, which note is the strongest in a bin.

    The weights of a key's directions are read off its own table: linear in :meth:`features` (every velocity
    with every age) and in what a small network, the same for all keys, makes of the note.
    """

    def __init__(self, *, directions: int = 20, width: int = 64) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.full((KEYS, BINS), -16.0))
        self.directions = nn.Parameter(0.1 * torch.randn(KEYS, directions, BINS))
        self.weights = nn.Parameter(torch.zeros(KEYS, FEATURES + width, directions + 1))
        self.key = nn.Embedding(KEYS, _KEY_WIDTH)
        self.hidden = nn.Sequential(nn.Linear(_INPUTS, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.register_buffer("ramps", torch.tensor(_RAMPS), persistent=False)
        self.register_buffer("steps", torch.tensor(_STEPS), persistent=False)
        self.register_buffer("forces", torch.tensor(_FORCES), persistent=False)
        course = torch.linspace(0, math.log1p(_LAST_FRAMES / _FIRST_FRAMES), _MOMENTS)
        self.register_buffer("moments", course, persistent=False)

    def forward(
        self, keys: Tensor, velocities: Tensor, ages: Tensor, releases: Tensor
    ) -> tuple[Tensor, Tensor]:
        power = self.tones(keys, velocities, ages, releases).exp()
        return (power.sum(0) + FLOOR).log(), power.argmax(0)

    def tones(self, keys: Tensor, velocities: Tensor, ages: Tensor, releases: Tensor) -> Tensor:
        """Every note alone, ``(n, T, BINS)`` ln power."""
        known = [self.features(velocities, ages, releases), self._made(keys, velocities, ages, releases)]
        weights = torch.cat(known, -1) @ self.weights[keys]
        level = torch.baddbmm(
            (self.mean[keys])[:, None, :] + weights[..., -1:], weights[..., :-1], self.directions[keys]
        )
        begun = torch.sigmoid(8 * (ages + AHEAD_FRAMES)).clamp(min=1e-12)
        return level.clamp(max=6.0) + begun.log()[..., None]

    def features(self, velocities: Tensor, ages: Tensor, releases: Tensor) -> Tensor:
        """``(n, T, FEATURES)`` of notes, whatever their key."""
        stair = torch.sigmoid((127 * velocities[:, None] - self.forces) / _FORCE_WIDTH)
        stair = torch.cat([torch.ones_like(stair[:, :1]), stair], 1)
        course = torch.log1p(ages.clamp(min=0) / _FIRST_FRAMES)[..., None]
        hats = (1 - (course - self.moments).abs() / self.moments[1]).clamp(min=0)
        hats = torch.cat([torch.ones_like(hats[..., :1]), hats], -1)
        each = (stair[:, None, :, None] * hats[:, :, None, :]).flatten(2)
        fallen = (releases + AHEAD_FRAMES).clamp(min=0)[..., None]
        falls = [torch.tanh(fallen / self.ramps), bumps(releases[..., None] - self.steps)]
        return torch.cat([each, bumps(ages[..., None] - self.steps), *falls], -1)

    def _made(self, keys: Tensor, velocities: Tensor, ages: Tensor, releases: Tensor) -> Tensor:
        place = torch.cat([self.key(keys), keys[:, None].float() / KEYS, velocities[:, None]], 1)
        told = [self._moment(ages), self._moment(releases), place[:, None].expand(-1, ages.shape[1], -1)]
        found: Tensor = self.hidden(torch.cat(told, -1))
        return found

    def _moment(self, frames: Tensor) -> Tensor:
        """Slow ramps and, around the moment itself, single frames: ``(n, T)`` → ``(n, T, 15)``."""
        at = frames[..., None]
        return torch.cat([torch.tanh(at.clamp(min=-AHEAD_FRAMES) / self.ramps), bumps(at - self.steps)], -1)


def bumps(distance: Tensor) -> Tensor:
    """1 where ``distance`` is 0, and nothing two frames off."""
    return torch.exp(-distance.square().clamp(max=30.0))


class PerformanceNet(nn.Module):
    """PerformanceNet (Wang & Yang, AAAI 2019), which Audeo's PerfNet follows: a U-Net over time in which keys
    and bins are channels, told where notes begin and end, and blocks that refine bands of the spectrogram.

    ``roll`` and ``edges (batch, 128, T)`` (edges: 1 onset, -1 offset) → magnitude ``(batch, BINS, T)``.
    ``T`` is a multiple of 8. ``width`` 128 is the published one.
    """

    def __init__(self, *, width: int = 128, pitches: int = 128, bands: tuple[int, ...] = (2, 4, 8)) -> None:
        super().__init__()
        sizes = [width * 2**level for level in range(4)]
        self.first = _twice(pitches, sizes[0])
        self.down = nn.ModuleList(_twice(sizes[i], sizes[i + 1]) for i in range(3))
        self.edge_first = _twice(pitches, sizes[0])
        self.edge_down = nn.ModuleList(_twice(sizes[i], sizes[i + 1]) for i in range(3))
        self.up = nn.ModuleList(
            nn.ConvTranspose1d(sizes[i + 1], sizes[i], 2, stride=2) for i in reversed(range(3))
        )
        self.merge = nn.ModuleList(_twice(3 * sizes[i], sizes[i]) for i in reversed(range(3)))
        self.out = nn.Conv1d(sizes[0], BINS, 3, padding=1)
        self.bands = nn.ModuleList(Bands(count) for count in bands)

    def forward(self, roll: Tensor, edges: Tensor) -> Tensor:
        held, told = [self.first(roll)], [self.edge_first(edges)]
        for down, edge_down in zip(self.down, self.edge_down, strict=True):
            held.append(down(nn.functional.max_pool1d(held[-1], 2)))
            told.append(edge_down(nn.functional.max_pool1d(told[-1], 2)))
        x = held.pop() + told.pop()
        for up, merge in zip(self.up, self.merge, strict=True):
            x = merge(torch.cat([up(x), held.pop(), told.pop()], 1))
        x = self.out(x)
        for refine in self.bands:
            x = x + refine(x)
        return nn.functional.softplus(x)


class Bands(nn.Module):
    """The spectrogram in equal bands, each refined by itself (the published multi-band residual block)."""

    def __init__(self, count: int) -> None:
        super().__init__()
        edges = [BINS * i // count for i in range(count + 1)]
        self.sizes = [high - low for low, high in pairwise(edges)]
        self.refine = nn.ModuleList(
            nn.Sequential(nn.Conv1d(size, size, 3, padding=1), nn.InstanceNorm1d(size), nn.LeakyReLU(0.2))
            for size in self.sizes
        )

    def forward(self, x: Tensor) -> Tensor:
        parts = x.split(self.sizes, 1)
        return torch.cat([net(part) for net, part in zip(self.refine, parts, strict=True)], 1)


def _twice(inputs: int, outputs: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for size in (inputs, outputs):
        layers += [nn.Conv1d(size, outputs, 3, padding=1), nn.InstanceNorm1d(outputs), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers)
