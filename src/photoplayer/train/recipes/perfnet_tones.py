"""Single tones of a grand: what PerfNet begins from, and what it is held to between performances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from photoplayer.sound.neural.spectrogram import FRAMES_PER_S, HOP, WINDOW, levels, spectra
from photoplayer.sound.neural.strokes import AHEAD_FRAMES, KEYS, LOWEST, Rows, Strokes
from photoplayer.train.data.grand import Sampler
from photoplayer.train.nets.perfnet import DAMPED, PerfNet
from photoplayer.train.recipes.perfnet_error import HEARD

INPUTS = ("keys", "velocities", "ages", "releases")
_TONES_A_KEY, _LONG_S, _SHORT_S, _BEFORE_S = 24, 6.0, 1.5, 0.1
_APART_FRAMES = 2
_EARLY_FRAMES = 8.0
"""In which a tone is loudest, and counts most."""
_RIDGE, _DAMPED_RIDGE = 1e-5, 1e-2
_NOT_FLOOR = -19.0
"""Levels over this are no silence."""
_FEWEST_BINS = 10
"""That must be over it to say how fast a string is damped."""


def begin_from_tones(
    net: PerfNet, grand: Sampler, *, seed: int = 0, keys: Iterable[int] = range(KEYS)
) -> None:
    """The mean of every key's own tones, the directions in which they differ most, and the weights that the
    notes' features explain: first of strings that ring, then how they fall when they are damped."""
    for key in keys:
        dice = np.random.default_rng((seed, key))
        rows = [tone_row(key, v, dice, longest_s=_SHORT_S) for v in np.linspace(10, 120, _TONES_A_KEY // 2)]
        rows += [tone_row(key, v, dice, length_s=_LONG_S) for v in np.linspace(8, 127, _TONES_A_KEY)]
        tones = [levels(spectra(grand.play(row, row[0, 1] + 0.7))) for row in rows]
        strokes = [Strokes.of(row, 0, len(tone)) for row, tone in zip(rows, tones, strict=True)]
        with torch.no_grad():
            told = torch.cat([_features(net, one)[0] for one in strokes])
            found = (torch.from_numpy(np.concatenate(tones)), *(_along(strokes, name) for name in INPUTS[2:]))
            _begin(net, key, *(part[::_APART_FRAMES] for part in (told, *found)))


def _along(strokes: Sequence[Strokes], name: str) -> Tensor:
    return torch.from_numpy(np.concatenate([getattr(one, name)[0] for one in strokes]))


def _begin(net: PerfNet, key: int, told: Tensor, seen: Tensor, ages: Tensor, releases: Tensor) -> None:
    """Set a key's part of the network; ``told`` features and ``seen`` levels of ``(frames,)``."""
    ringing = (ages > 1 - AHEAD_FRAMES) & (releases < -AHEAD_FRAMES)
    free, damped = told[ringing, :-DAMPED], told[:, -DAMPED:]
    early = 1 / (1 + ages[ringing, None].clamp(min=0) / _EARLY_FRAMES).sqrt()  # when it is loud
    mean = seen[ringing].mean(0)
    away = seen - mean
    _, _, ways = torch.linalg.svd(early * away[ringing] * HEARD.sqrt(), full_matrices=False)
    ways = ways[: net.directions.shape[1]]
    wanted = away[ringing] * HEARD.sqrt() @ ways.T
    spread = wanted.std(0) + 1e-3
    net.mean[key], net.directions[key] = mean, ways * spread[:, None] / HEARD.sqrt()
    net.weights[key, : free.shape[1], :-1] = _fitted(early * free, early * wanted / spread)
    made = told[:, :-DAMPED] @ net.weights[key, : free.shape[1], :-1] @ net.directions[key]
    audible = (mean + made > _NOT_FLOOR) & (releases > -AHEAD_FRAMES)[:, None]
    falls = ((away - made) * audible).sum(1) / audible.sum(1).clamp(min=1)
    known = audible.sum(1) > _FEWEST_BINS
    net.weights[key, free.shape[1] : told.shape[1], -1:] = _fitted(
        damped[known], falls[known, None], _DAMPED_RIDGE
    )


def _fitted(told: Tensor, wanted: Tensor, ridge: float = _RIDGE) -> Tensor:
    """Weights with which ``told`` explains ``wanted`` (ridge regression)."""
    told, wanted = told.double(), wanted.double()
    square = told.T @ told + ridge * max(len(told), 1) * torch.eye(told.shape[1], dtype=torch.float64)
    return torch.linalg.solve(square, told.T @ wanted).float()


def tone_row(
    key: int,
    velocity: float,
    dice: np.random.Generator,
    *,
    length_s: float | None = None,
    longest_s: float = _LONG_S,
) -> Rows:
    """One stroke, held for any time up to the longest, or for ``length_s``."""
    length_s = length_s or float(np.exp(dice.uniform(np.log(0.1), np.log(longest_s))))
    return np.array([[_BEFORE_S, _BEFORE_S + length_s, key + LOWEST, velocity]])


def _features(net: PerfNet, strokes: Strokes) -> Tensor:
    _, *known = tensors(strokes)
    return net.features(*known)


def tensors(strokes: Strokes) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What the network is given."""
    found = (strokes.keys, strokes.velocities, strokes.ages, strokes.releases)
    keys, velocities, ages, releases = map(torch.from_numpy, found)
    return keys, velocities, ages, releases


def tone_crops(
    grand: Sampler, dice: np.random.Generator, *, count: int, frames: int
) -> tuple[Strokes, Tensor]:
    """Single strokes of any key, each from its own moment on: what is known, and levels ``(count, frames,
    BINS)``."""
    parts, wanted = [], []
    for _ in range(count):
        row = tone_row(int(dice.integers(KEYS)), float(dice.integers(8, 128)), dice)
        first = int(dice.choice([0, dice.integers(0, round(row[0, 1] * FRAMES_PER_S) + 1)]))
        before = max(first - WINDOW // HOP, 0)
        sound = grand.play(row, (first + frames) / FRAMES_PER_S + 0.1)[before * HOP :]
        wanted.append(levels(spectra(sound))[first - before :][:frames])
        parts.append(Strokes.of(row, first, frames))
    found = Strokes(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in (*INPUTS, "onsets_s"))
    )
    return found, torch.from_numpy(np.stack(wanted))
