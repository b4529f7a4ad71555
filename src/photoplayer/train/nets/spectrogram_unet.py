"""A U-Net that refines a spectrogram made of notes: what they do not say, and what a transcription lost.

Audeo refines PerfNet's spectrogram by a U-Net whose sizes are not published. This one sees it in 96 mel
bands, with what is known of the note that is strongest in each bin: its age, how long it has been damped, its
velocity, its length and its key, and whether the notes can be trusted. It answers for every band and frame
with a gain, and with weights of a few directions that each key has of its own in each bin, as strings and
hammers differ and partials beat: a network that sees pictures alone cannot know one key from the next. It
sees a third of a second before and after a frame.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from photoplayer.sound.neural.spectrogram import BINS, MODEL_RATE_HZ
from photoplayer.sound.neural.strokes import AHEAD_FRAMES, KEYS

BANDS = 96
_LOWEST_HZ, _HIGHEST_HZ = 30.0, 11_000.0
_WIDTHS = (16, 32, 64)
_BEATS = (20.0, 40.0, 80.0, 160.0)
"""Frames in which a partial may swell and fade."""
_CHANNELS = 11 + 2 * len(_BEATS)
_DIRECTIONS = 6
"""That a key has in a bin."""
_CENTRE, _SPREAD = -14.0, 4.0
"""Levels are about so, and vary by so much."""
_LONG = 50.0
"""Frames: the time scale of a note's ringing."""


class SpectrogramUNet(nn.Module):
    """``levels (T, BINS)`` ln power, ``owned (4, T, BINS)`` (see
    :func:`~photoplayer.sound.neural.strokes.owned`) and ``doubt (1,)``, 0 for notes that were played
    and 1 for notes read off a video, → refined levels ``(T, BINS)``. ``T`` is a multiple of 4."""

    def __init__(self, widths: tuple[int, int, int] = _WIDTHS) -> None:
        super().__init__()
        first, second, third = widths
        self.first = nn.Conv2d(_CHANNELS + 1, first, 3, padding=1)
        self.high = _block(first, first)
        self.down = nn.Conv2d(first, second, 2, stride=2)
        self.middle = _block(second, second)
        self.down_again = nn.Conv2d(second, third, 2, stride=2)
        self.low = nn.Sequential(_block(third, third), _block(third, third))
        self.up_again = nn.ConvTranspose2d(third, second, 2, stride=2)
        self.middle_back = _block(second, second)
        self.up = nn.ConvTranspose2d(second, first, 2, stride=2)
        self.high_back = _block(first, first)
        self.out = nn.Conv2d(first, _DIRECTIONS + 1, 1)
        self.directions = nn.Embedding(KEYS * BINS, _DIRECTIONS)
        nn.init.normal_(self.directions.weight, std=0.3)
        nn.init.zeros_(self.out.weight)  # it begins by leaving everything as it is
        nn.init.zeros_(self.out.bias)
        bands = triangles(BANDS, _LOWEST_HZ, _HIGHEST_HZ)
        self.register_buffer("bands", torch.from_numpy(bands), persistent=False)
        self.register_buffer("spread", torch.from_numpy(_spread()), persistent=False)

    def forward(self, levels: Tensor, owned: Tensor, doubt: Tensor) -> Tensor:
        return levels + self.change(self.seen(levels, owned)[None], owned[None, 3], doubt)[0]

    def seen(self, levels: Tensor, owned: Tensor) -> Tensor:
        """``(channels, T, BANDS)``: the bands' power, and their notes weighted by it."""
        power = levels.exp()
        total = power @ self.bands
        age, release, velocity, key = owned
        age, release = age.clamp(min=-AHEAD_FRAMES), release.clamp(min=-AHEAD_FRAMES)
        of_notes = torch.stack(
            [
                torch.exp(-age.abs() / 2),
                torch.tanh(age / 8),
                torch.tanh(age / _LONG),
                torch.sigmoid(release),
                torch.tanh(release / 16),
                torch.tanh((age - release) / _LONG),
                velocity,
                key / KEYS,
                *(turn((2 * torch.pi / beat) * age) for beat in _BEATS for turn in (torch.sin, torch.cos)),
            ]
        )
        bands = (total.log() - _CENTRE) / _SPREAD
        fine = (levels @ self.bands / self.bands.sum(0) - _CENTRE) / _SPREAD
        place = torch.linspace(-1, 1, BANDS).expand_as(bands)
        return torch.cat([torch.stack([bands, fine, place]), (of_notes * power) @ self.bands / total])

    def change(self, seen: Tensor, keys: Tensor, doubt: Tensor) -> Tensor:
        """``(batch, channels, T, BANDS)``, ``(batch, T, BINS)`` and ``(batch,)`` → ``(batch, T, BINS)``, ln
        power to be added."""
        doubts = doubt[:, None, None, None].expand_as(seen[:, :1])
        high = self.high(self.first(torch.cat([seen, doubts], 1)))
        middle = self.middle(self.down(high))
        low = self.low(self.down_again(middle))
        middle = self.middle_back(middle + self.up_again(low))
        weights = self.out(self.high_back(high + self.up(middle))).float().transpose(1, 2) @ self.spread
        own = self.directions(keys.long() * BINS + torch.arange(BINS))
        return weights[:, :, -1] + (weights[:, :, :-1] * own.transpose(2, 3)).sum(2)


def triangles(count: int, lowest_hz: float, highest_hz: float) -> npt.NDArray[np.float32]:
    """Bands on the mel scale, ``(BINS, count)``; each rises to 1 at its middle, its neighbours' edge."""
    hz = _bins_hz()
    edges = np.expm1(np.linspace(np.log1p(lowest_hz / 700), np.log1p(highest_hz / 700), count + 2)) * 700
    low, top, high = edges[:-2], edges[1:-1], edges[2:]
    rise, fall = (hz[:, None] - low) / (top - low), (high - hz[:, None]) / (high - top)
    found: npt.NDArray[np.float32] = (np.maximum(np.minimum(rise, fall), 0) + 1e-9).astype(np.float32)
    return found


def _spread() -> npt.NDArray[np.float32]:
    """``(BANDS, BINS)``: every bin's gain lies on the straight line between the nearest two bands' gains."""
    middles = np.linspace(np.log1p(_LOWEST_HZ / 700), np.log1p(_HIGHEST_HZ / 700), BANDS + 2)[1:-1]
    at = np.log1p(_bins_hz() / 700)
    found = [np.interp(at, middles, np.eye(BANDS)[band]) for band in range(BANDS)]
    return np.array(found, np.float32)


def _bins_hz() -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = np.arange(BINS, dtype=np.float64) * (MODEL_RATE_HZ / 2 / (BINS - 1))
    return found


class _Residual(nn.Module):
    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)


def _block(inputs: int, outputs: int) -> nn.Module:
    return _Residual(
        nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(outputs, inputs, 3, padding=1),
        )
    )
