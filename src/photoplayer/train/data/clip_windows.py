"""Windows of clips as the melody networks see them, and a melody of people for each.

The windows are those of :mod:`photoplayer.train.data.pairs`, with what the scene was like. Their own tunes
are matched by tempo and layers, which a melody alone does not have, and three of five of them have no part
that leads through sixteen bars; so a melody is matched here: one of the few of the same split that are
nearest to what the rule asks for (density, register, mode).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.compose.tune.asked import asked_of
from photoplayer.files import finished
from photoplayer.train.data.pairs import Pair, read_pairs
from photoplayer.train.data.tunes import Split
from photoplayer.train.nets.melody_clip import HEIGHT, PICTURES, WIDTH

_ARRAYS = ("pictures", "asked", "game", "level", "split")

_NEAREST = 6
"""Melodies near what is asked for, of which one is drawn."""

_MODE_WEIGHT = 0.5


@dataclass(frozen=True, eq=False)
class ClipWindows:
    """``pictures (n, 16, 60, 80, 3) uint8``; ``asked (n, 3) float32`` as the rule asks of the scene;
    ``game``, ``level`` and ``split`` ``(n,)`` names."""

    pictures: npt.NDArray[np.uint8]
    asked: npt.NDArray[np.float32]
    game: npt.NDArray[np.str_]
    level: npt.NDArray[np.str_]
    split: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.asked)

    def of(self, split: Split) -> ClipWindows:
        """Those of one split, in memory."""
        mask = self.split == split
        return ClipWindows(*(np.asarray(getattr(self, name)[mask]) for name in _ARRAYS))


def clip_windows(folder: Path, *, cache: Path, most: int) -> ClipWindows:
    """At most ``most`` windows of each split of the pairs in ``folder``, evenly picked; kept in ``cache``.

    Raises :class:`InputError` where the folder holds no pairs.
    """
    kept = [cache / f"{name}.npy" for name in _ARRAYS]
    if not all(path.is_file() for path in kept):
        cache.mkdir(parents=True, exist_ok=True)
        for path, array in zip(kept, _arrays(_chosen(read_pairs(folder), most)), strict=True):
            with finished(path) as unfinished:
                np.save(unfinished, array, allow_pickle=False)
    return ClipWindows(*(np.load(path, mmap_mode="r", allow_pickle=False) for path in kept))


def matched(
    wanted: npt.NDArray[np.float32], offered: npt.NDArray[np.float32], *, seed: int
) -> npt.NDArray[np.int64]:
    """``(n,)``: for each row of ``wanted (n, 3)`` one of the nearest rows of ``offered (m, 3)``.

    Of the nearest one is drawn, and one taken before is the less likely to be taken again.
    """
    dice = np.random.default_rng(seed)
    weights = np.array([1.0, 1.0, _MODE_WEIGHT])
    used = np.zeros(len(offered))
    found = np.empty(len(wanted), np.int64)
    for row in dice.permutation(len(wanted)):
        cost = (np.abs(offered - wanted[row]) * weights).sum(1) + 0.1 * used
        nearest = np.argsort(cost, kind="stable")[:_NEAREST]
        found[row] = dice.choice(nearest)
        used[found[row]] += 1
    return found


def _chosen(pairs: Sequence[Pair], most: int) -> list[Pair]:
    windows = list({(pair.frames, pair.first): pair for pair in pairs}.values())
    chosen: list[Pair] = []
    for split in ("train", "val", "test"):
        those = [pair for pair in windows if pair.split == split]
        picked = np.unique(np.linspace(0, len(those) - 1, min(most, len(those))).astype(int))
        chosen += [those[i] for i in picked]
    return chosen


def _arrays(pairs: Sequence[Pair]) -> tuple[npt.NDArray[np.generic], ...]:
    pictures = np.empty((len(pairs), PICTURES, HEIGHT, WIDTH, 3), np.uint8)
    for row, pair in zip(pictures, pairs, strict=True):
        row[:] = shown(pair)
    asked = np.array([_asked(pair) for pair in pairs], np.float32)
    names = (np.array([getattr(pair, name) for pair in pairs]) for name in ("game", "level", "split"))
    return (pictures, asked, *names)


def _asked(pair: Pair) -> tuple[float, float, float]:
    arousal, tension, valence = pair.scene
    is_minor = pair.mode == "minor"
    return asked_of(arousal=arousal, tension=tension, valence=valence, is_minor=is_minor).row()


def shown(pair: Pair) -> npt.NDArray[np.uint8]:
    """The pictures of a pair's window, ``(16, 60, 80, 3)``, evenly picked."""
    frames = np.load(pair.frames, mmap_mode="r", allow_pickle=False)
    picked = pair.first + (np.arange(PICTURES) + 0.5) * pair.count / PICTURES
    return np.asarray(frames[np.minimum(picked.astype(int), len(frames) - 1)])
