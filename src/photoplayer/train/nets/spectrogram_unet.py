"""A U-Net that refines a spectrogram made of notes: what they do not say, and what a transcription lost.

Audeo refines PerfNet's spectrogram by a U-Net whose sizes are not published. This one sees it in semitones,
the piano's keys and more than an octave above them, so that a note and its partials, its neighbours and its
octaves lie side by side; with what is known of every key: the age of its last stroke, how long it has been
damped, its velocity; and whether the notes can be trusted. It answers with a gain for each semitone of the
spectrogram and each frame, with one for each key, which the bins take in which that key is strongest, and
with how far frames are smeared in time. It sees half a second before and after a frame.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from photoplayer.sound.neural.spectrogram import BINS, MODEL_RATE_HZ
from photoplayer.sound.neural.strokes import AHEAD_FRAMES, KEYS

SEMITONES = 104
"""Up to 10.5 kHz; the first ``KEYS`` are the piano's."""
_LOWEST_HZ = 27.5
_WIDTHS = (16, 32, 48)
_PLACES = 4
"""Numbers that the network learns of each semitone."""
_SMEARED = 2
"""Frames before and after."""
_TOLD = 8
_CENTRE, _SPREAD = -14.0, 4.0
"""Levels are about so, and vary by so much."""
_LONG = 50.0
"""Frames: the time scale of a note's ringing."""


class SpectrogramUNet(nn.Module):
    """``levels (T, BINS)`` ln power, ``keys (T, BINS)`` whose note is the strongest, ``roll (3, T, KEYS)``
    (see :func:`~photoplayer.sound.neural.strokes.sounded`) and ``doubt (1,)``, 0 for notes that were played
    and 1 for notes read off a video, → refined levels ``(T, BINS)``. ``T`` is a multiple of 4."""

    def __init__(self, widths: tuple[int, int, int] = _WIDTHS) -> None:
        super().__init__()
        first, second, third = widths
        self.place = nn.Parameter(0.1 * torch.randn(_PLACES, SEMITONES))
        self.first = nn.Conv2d(3 + _TOLD + _PLACES + 1, first, 3, padding=1)
        self.high = _block(first, first)
        self.down = nn.Conv2d(first, second, 2, stride=2)
        self.middle = _block(second, second)
        self.down_again = nn.Conv2d(second, third, 2, stride=2)
        self.low = nn.Sequential(_block(third, third), _block(third, third))
        self.up_again = nn.ConvTranspose2d(third, second, 2, stride=2)
        self.middle_back = _block(second, second)
        self.up = nn.ConvTranspose2d(second, first, 2, stride=2)
        self.high_back = _block(first, first)
        self.out = nn.Conv2d(first, 3, 1)
        nn.init.zeros_(self.out.weight)  # it begins by leaving everything as it is
        nn.init.zeros_(self.out.bias)
        self.register_buffer("strength", torch.ones(2))
        self.register_buffer("bands", torch.from_numpy(semitones()), persistent=False)
        self.register_buffer("spread", torch.from_numpy(_spread()), persistent=False)

    def forward(self, levels: Tensor, keys: Tensor, roll: Tensor, doubt: Tensor) -> Tensor:
        return levels + self.change(levels[None], keys[None], roll[None], doubt)[0]

    def change(self, levels: Tensor, keys: Tensor, roll: Tensor, doubt: Tensor) -> Tensor:
        """``(batch, T, BINS)``, the same, ``(batch, 3, T, KEYS)`` and ``(batch,)`` → ``(batch, T, BINS)``, ln
        power to be added."""
        high = self.high(self.first(self._seen(levels, roll, doubt)))
        middle = self.middle(self.down(high))
        low = self.low(self.down_again(middle))
        middle = self.middle_back(middle + self.up_again(low))
        bands, of_keys, smear = self.out(self.high_back(high + self.up(middle))).float().unbind(1)
        gains = bands @ self.spread + of_keys[..., :KEYS].gather(2, keys)
        strength = torch.lerp(self.strength[0], self.strength[1], doubt)[:, None, None]
        return strength * (gains + _smeared(levels, smear @ self.spread))

    def _seen(self, levels: Tensor, roll: Tensor, doubt: Tensor) -> Tensor:
        """``(batch, channels, T, SEMITONES)``."""
        loud = (levels.exp() @ self.bands).log()
        fine = levels @ (self.bands / self.bands.sum(0))
        spectrum = (torch.stack([loud, fine], 1) - _CENTRE) / _SPREAD
        age, release, velocity = roll[:, 0].clamp(min=-AHEAD_FRAMES), roll[:, 1], roll[:, 2]
        told = torch.stack(
            [
                (velocity > 0).float(),
                torch.exp(-age.abs() / 2),
                torch.tanh(age / 8),
                torch.tanh(age / _LONG),
                torch.sigmoid(release.clamp(-30, 30)),
                torch.tanh(release / 16),
                torch.tanh((age - release) / _LONG),
                velocity,
            ],
            1,
        )
        told = nn.functional.pad(told, (0, SEMITONES - KEYS))
        one = torch.ones_like(loud[:, None])
        where = torch.linspace(-1, 1, SEMITONES) * one
        parts = [spectrum, where, told, self.place[None, :, None] * one, doubt[:, None, None, None] * one]
        return torch.cat(parts, 1)


def _smeared(levels: Tensor, share: Tensor) -> Tensor:
    """What is to be added to ``levels (batch, T, BINS)`` so that ``share`` of each magnitude is the mean of
    those around it in time: when a note began is not known to the frame."""
    magnitudes = (levels / 2).exp()
    around = nn.functional.pad(magnitudes.transpose(1, 2), (_SMEARED, _SMEARED), mode="replicate")
    around = nn.functional.avg_pool1d(around, 2 * _SMEARED + 1, stride=1).transpose(1, 2)
    return 2 * torch.log1p((share * (around / magnitudes - 1)).clamp(min=-0.9))


def semitones() -> npt.NDArray[np.float32]:
    """``(BINS, SEMITONES)``: triangles that reach to the neighbours, or to the next bin where those are
    nearer."""
    hz, middles = _bins_hz()[:, None], _middles_hz()
    reach = np.maximum(middles * (2 ** (1 / 12) - 1), _bins_hz()[1])
    found: npt.NDArray[np.float32] = np.maximum(1 - np.abs(hz - middles) / reach, 1e-9).astype(np.float32)
    return found


def triangles(count: int, lowest_hz: float, highest_hz: float) -> npt.NDArray[np.float32]:
    """Bands on the mel scale, ``(BINS, count)``; each rises to 1 at its middle, its neighbours' edge."""
    hz = _bins_hz()
    edges = np.expm1(np.linspace(np.log1p(lowest_hz / 700), np.log1p(highest_hz / 700), count + 2)) * 700
    low, top, high = edges[:-2], edges[1:-1], edges[2:]
    rise, fall = (hz[:, None] - low) / (top - low), (high - hz[:, None]) / (high - top)
    found: npt.NDArray[np.float32] = (np.maximum(np.minimum(rise, fall), 0) + 1e-9).astype(np.float32)
    return found


def _spread() -> npt.NDArray[np.float32]:
    """``(SEMITONES, BINS)``: a bin's gain lies on the straight line between the nearest two semitones'."""
    at, middles = np.log(np.maximum(_bins_hz(), 1.0)), np.log(_middles_hz())
    return np.array([np.interp(at, middles, one) for one in np.eye(SEMITONES)], np.float32)


def _middles_hz() -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = _LOWEST_HZ * 2 ** (np.arange(SEMITONES) / 12)
    return found


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
