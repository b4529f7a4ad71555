"""How far one spectrogram is from another, as the piano is measured and as it is taught."""

from __future__ import annotations

import torch
from torch import Tensor

from photoplayer.sound.neural.spectrogram import BINS, MODEL_RATE_HZ
from photoplayer.train.data.grand_pairs import MELS, Loudness

_DEEP_DB = 60.0
_NEPER_DB = 8.6859
_HZ = torch.arange(BINS) * (MODEL_RATE_HZ / 2 / (BINS - 1))
HEARD = (1 / (_HZ + 500)) / (1 / (_HZ + 500)).mean()
"""Bins as the ear weighs them: by their share of the mel scale."""


def off_by(made: Tensor, wanted: Tensor, loudness: Loudness | None = None) -> tuple[Tensor, Tensor]:
    """What the piano is measured by, of levels ``(..., T, BINS)`` that are equally loud: dB over mel bands
    within 60 dB of the loudest, and spectral convergence. ``loudness`` is that of the whole that ``wanted``
    is a crop of: of a silent crop little is asked."""
    one, other = (made / 2).exp(), (wanted / 2).exp()
    bands, bands_wanted = ((x @ MELS).log() for x in (one, other))
    apart, whole = (x.square().sum((-2, -1)) for x in (one - other, other))
    if loudness is None:
        loudest = bands_wanted.amax((-2, -1), keepdim=True)
    else:
        loudest = torch.tensor(loudness.loudest)
        whole = (whole + loudness.energy * made.shape[-2]) / 2
    floor = loudest - _DEEP_DB / _NEPER_DB
    mel_db = _NEPER_DB * (torch.maximum(bands, floor) - torch.maximum(bands_wanted, floor)).abs()
    return mel_db.mean(), (apart / whole + 1e-9).sqrt().mean()


def matched(made: Tensor, wanted: Tensor) -> Tensor:
    """``made`` as loud as ``wanted``."""
    return made + (wanted.exp().sum() / made.exp().sum()).log()


def by_bins(made: Tensor, wanted: Tensor) -> Tensor:
    """Nepers over the bins as heard: what mel bands do not tell."""
    return ((made - wanted).abs() / 2 * HEARD).mean()
