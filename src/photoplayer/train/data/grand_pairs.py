"""Stretches of performances with what a grand makes of them: rolls → levels.

Three of four stretches are of real performances; the rest strikes keys all over the piano at all velocities,
as pieces leave the outer octaves out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from photoplayer.sound.neural.spectrogram import Levels, levels, spectra
from photoplayer.sound.neural.strokes import KEYS, LOWEST, Rows
from photoplayer.train.data.grand import Sampler
from photoplayer.train.data.piano_renderer.music import Split, performance, pieces
from photoplayer.train.nets.spectrogram_unet import triangles

STRETCH_S = 20.0
_SHARE_OF_PIECES = 0.75
_FEWEST = 8


MELS = torch.from_numpy(triangles(80, 30.0, 10_000.0))
"""The bands that pianos are compared in, ``(BINS, 80)``."""


class Loudness(NamedTuple):
    """Of a stretch: ln of the ``loudest`` of its :data:`MELS`, and the mean ``energy`` of its frames."""

    loudest: float
    energy: float


@dataclass(frozen=True, eq=False)
class GrandPair:
    """``rows`` in seconds of the stretch, and the grand's ``levels``, float16."""

    rows: Rows
    levels: np.ndarray[tuple[int, int], np.dtype[np.float16]]
    piece: str

    @cached_property
    def loudness(self) -> Loudness:
        """How loud it is."""
        level = torch.from_numpy(self.levels.astype(np.float32))
        loudest = ((level / 2).exp() @ MELS).max().log()
        return Loudness(float(loudest), float(level.exp().sum(1).mean()))


def pairs(grand: Sampler, midi: Path, split: Split, *, count: int, seed: int) -> list[GrandPair]:
    """What the grand makes of :func:`rolls`."""
    return [
        GrandPair(rows, heard(grand, rows), name) for rows, name in rolls(midi, split, count=count, seed=seed)
    ]


def rolls(midi: Path, split: Split, *, count: int, seed: int) -> Iterator[tuple[Rows, str]]:
    """``count`` stretches of :data:`STRETCH_S`, and of which piece each is; of validation and test, real
    performances alone."""
    dice = np.random.default_rng(seed)
    files = pieces(midi, split)
    share = _SHARE_OF_PIECES if split == "train" else 1.0
    for i in range(count):
        if dice.random() < share:
            path = files[i % len(files)]
            yield stretch(performance(path), dice), path.stem
        else:
            yield strewn(dice), "strewn"


def heard(grand: Sampler, rows: Rows) -> np.ndarray[tuple[int, int], np.dtype[np.float16]]:
    """What the grand makes of a stretch."""
    return levels(spectra(grand.play(rows, STRETCH_S))).astype(np.float16)


def stretch(rows: Rows, dice: np.random.Generator) -> Rows:
    """:data:`STRETCH_S` out of a performance."""
    for _ in range(8):
        start_s = dice.uniform(0, max(rows[-1, 0] - STRETCH_S, 0.0) + 1e-6)
        inside = rows[(rows[:, 0] >= start_s) & (rows[:, 0] < start_s + STRETCH_S)]
        if len(inside) >= _FEWEST:
            break
    return within_keys(inside - [start_s, start_s, 0, 0])


def strewn(dice: np.random.Generator) -> Rows:
    """Keys struck anywhere, alone and together, for any length."""
    count = int(dice.integers(30, 120))
    onsets = np.sort(dice.uniform(0.1, STRETCH_S - 0.5, count))
    lengths = np.exp(dice.uniform(np.log(0.05), np.log(6), count))
    rows = [
        onsets,
        onsets + lengths,
        dice.integers(LOWEST, LOWEST + KEYS, count),
        dice.integers(8, 128, count),
    ]
    return within_keys(np.stack([np.asarray(row, np.float64) for row in rows], 1))


def within_keys(rows: Rows) -> Rows:
    """Notes of the piano's keys; one that is struck again ends there."""
    rows = rows[(rows[:, 2] >= LOWEST) & (rows[:, 2] < LOWEST + KEYS)].copy()
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    for pitch in np.unique(rows[:, 2]):
        of_it = np.flatnonzero(rows[:, 2] == pitch)
        rows[of_it[:-1], 1] = np.minimum(rows[of_it[:-1], 1], rows[of_it[1:], 0])
    return rows[rows[:, 1] > rows[:, 0]]


def crops(
    among: Sequence[GrandPair], dice: np.random.Generator, *, count: int, frames: int
) -> Iterator[tuple[GrandPair, int]]:
    """Pairs and the first frame of a crop that lies in them."""
    for _ in range(count):
        pair = among[int(dice.integers(len(among)))]
        yield pair, int(dice.integers(len(pair.levels) - frames))


def cut(pair: GrandPair, first: int, frames: int) -> Levels:
    """The levels of a crop."""
    return pair.levels[first : first + frames].astype(np.float32)
