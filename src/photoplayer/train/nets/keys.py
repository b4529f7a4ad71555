"""The ``keys`` network: one feature column per key, shared by all keys, with neighbours and time.

Two halves, exported apart, so that every picture is looked at once: :class:`Look` takes pictures of the strip
to one vector per key; :class:`Hear` takes these vectors over time and neighbouring keys to what was played.
Nothing in it knows where on the keyboard a key is, but for its pitch class: a keyboard may be cut off, short,
or another piano. After the per-key networks of TasosC98/tivit_vam_v2_repo (2026), with other halves.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.piano.columns import AROUND
from photoplayer.piano.columns import key_columns as columns_of
from photoplayer.piano.layout import PITCHES_PER_OCTAVE, WHITE_COUNT
from photoplayer.piano.strip import MARGIN_WHITES

HEADS = ("down", "onset", "offset", "onset_s", "offset_s", "velocity")
"""What ``Hear`` gives per key and frame, in order: three logits, two shifts in units of ``SHIFT_S``, and
velocity 0..1."""
SHIFT_S = 0.05
RATE_S = 0.04
"""Gaps between frames are given as their logarithm against this."""


@dataclass(frozen=True)
class Size:
    """How wide the network is."""

    stem: int = 16
    look: tuple[int, int, int] = (32, 48, 64)
    key: int = 64
    dilations: tuple[int, ...] = (1, 2, 4, 1, 2, 4)


class Look(nn.Module):
    """What is seen of every key in every picture: ``stacked`` pictures → a vector per key.

    Windows of any width do: ``columns`` and ``classes`` (see :func:`key_columns`) say which keys they show.
    """

    def __init__(self, size: Size) -> None:
        super().__init__()
        a, b, c = size.look
        self.convolutions = nn.Sequential(
            *_layer(4, size.stem, kernel=5, stride=(2, 2)),
            *_layer(size.stem, a, kernel=3, stride=(2, 1)),
            *_layer(a, b, kernel=3, stride=(2, 2)),
            *_layer(b, c, kernel=3, stride=(2, 1)),
        )
        rows = 4
        self.to_key = nn.Linear(c * rows * len(AROUND), size.key)
        self.pitch_class = nn.Embedding(PITCHES_PER_OCTAVE, size.key)
        self.mix = nn.Linear(size.key, size.key)

    def forward(self, stack: Tensor, columns: Tensor, classes: Tensor) -> Tensor:
        """``stack (n, 4, 64, w)``, ``columns (keys, 5)``, ``classes (keys,)`` → ``(n, keys, size.key)``."""
        return self.keys_of(self.convolutions(stack), columns, classes)

    def keys_of(self, features: Tensor, columns: Tensor, classes: Tensor) -> Tensor:
        """The keys' vectors from the feature map ``(n, channels, 4, w / 4)``."""
        n, channels, rows, _ = features.shape
        taken = features.flatten(1, 2).index_select(2, columns.flatten())
        taken = taken.view(n, channels * rows, columns.shape[0], columns.shape[1])
        per_key = taken.permute(0, 2, 3, 1).flatten(2)
        embedded = functional.relu(self.to_key(per_key) + self.pitch_class(classes))
        return functional.relu(self.mix(embedded))


class Hear(nn.Module):
    """Vectors per key over time → the six ``HEADS`` per key and frame.

    ``(batch, frames, keys, size.key)`` and the gaps before and after each frame ``(batch, frames, 2)`` in
    seconds → ``(batch, frames, keys, 6)``.
    """

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.pace = nn.Linear(2, size.key)
        self.blocks = nn.ModuleList(_Block(size.key, dilation) for dilation in size.dilations)
        self.head = nn.Conv2d(size.key, len(HEADS), 1)

    def forward(self, keys: Tensor, gaps_s: Tensor) -> Tensor:
        pace = self.pace(torch.log(gaps_s.clamp(0.004, 0.5) / RATE_S))
        x = (keys + pace.unsqueeze(2)).permute(0, 3, 1, 2)  # (batch, key, frames, keys)
        for block in self.blocks:
            x = block(x)
        return self.head(x).permute(0, 2, 3, 1)


class _Block(nn.Module):
    """Residual: three frames (spread by the dilation) by three neighbouring keys."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.spread = nn.Conv2d(
            channels, channels, 3, padding=(dilation, 1), dilation=(dilation, 1), bias=False
        )
        self.norm = nn.BatchNorm2d(channels)
        self.mix = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.mix(functional.relu(self.norm(self.spread(x))))


def _layer(inputs: int, outputs: int, *, kernel: int, stride: tuple[int, int]) -> tuple[nn.Module, ...]:
    convolution = nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=kernel // 2, bias=False)
    return convolution, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)


def stacked(pictures: Tensor, plate: Tensor) -> Tensor:
    """``(n + 2, 64, w)`` and plates ``(n, 64, w)`` → ``(n, 4, 64, w)``.

    The four channels: against the plate, against the pictures before and after, and the plate itself, all in
    levels of the keyboard (0 the grey of black keys, 1 that of white ones).
    """
    now = pictures[1:-1]
    return torch.stack([now - plate, now - pictures[:-2], pictures[2:] - now, plate - 0.5], dim=1)


def key_columns(first_white: int, whites: int) -> tuple[Tensor, Tensor, Tensor]:
    """:func:`photoplayer.piano.columns.key_columns` as tensors."""
    keys, columns, classes = (torch.from_numpy(part) for part in columns_of(first_white, whites))
    return keys, columns, classes


FULL = (-MARGIN_WHITES, WHITE_COUNT + 2 * MARGIN_WHITES)
"""First white column and width of the whole strip."""
