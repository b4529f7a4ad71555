"""Windows of clips as the melody networks see them, and a melody of people for each.

The windows are those of :mod:`photoplayer.train.data.pairs`, with what the scene was like. Their own tunes
are matched by tempo and layers, which a melody alone does not have, and three of five of them have no part
that leads through sixteen bars; so a melody is matched here: one of the few of the same split that are
nearest to what the rule asks for (density, register, mode).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.compose.tune.asked import asked_of
from photoplayer.compose.tune.see import MOMENTS, PICTURES_BETWEEN, STARTS
from photoplayer.train.data.pairs import Pair, read_pairs
from photoplayer.train.data.pictures import Pictures, mapped
from photoplayer.train.data.tunes import Split

_NEAREST = 6
"""Melodies near what is asked for, of which one is drawn."""

_MODE_WEIGHT = 0.5

_ARRAYS = ("frames", "first", "asked", "game", "level", "split")


@dataclass(frozen=True, eq=False)
class ClipWindows:
    """``frames (n,)`` paths of the clips' pictures and ``first (n,)`` of the window; ``asked (n, 3) float32``
    as the rule asks of the scene; ``game``, ``level`` and ``split`` ``(n,)`` names."""

    frames: npt.NDArray[np.str_]
    first: npt.NDArray[np.int64]
    asked: npt.NDArray[np.float32]
    game: npt.NDArray[np.str_]
    level: npt.NDArray[np.str_]
    split: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.asked)

    def of(self, split: Split) -> ClipWindows:
        """Those of one split."""
        return self.at(np.flatnonzero(self.split == split))

    def at(self, rows: npt.NDArray[np.int64]) -> ClipWindows:
        """Those of some rows."""
        return ClipWindows(*(getattr(self, name)[rows] for name in _ARRAYS))

    def pictures(self, *, start: int = STARTS[0], dice: np.random.Generator | None = None) -> Pictures:
        """``(n, 16, 60, 80, 3)``: two neighbours of every moment's pictures, from number ``start`` on
        or, with ``dice``, any two."""
        rows = zip(self.frames, self.first, strict=True)
        return np.stack([_shown(Path(frames), int(first), start, dice) for frames, first in rows])


def clip_windows(folder: Path) -> ClipWindows:
    """The windows of the pairs in ``folder``, and for training those half way between two of a clip.

    Raises :class:`InputError` where the folder holds no pairs.
    """
    rows = [
        row for _, clip in groupby(read_pairs(folder), lambda pair: pair.frames) for row in _windows(clip)
    ]
    columns = list(zip(*rows, strict=True))
    asked = np.array(columns[2], np.float32)
    return ClipWindows(
        np.array(columns[0]), np.array(columns[1]), asked, *(np.array(column) for column in columns[3:])
    )


_Row = tuple[str, int, tuple[float, ...], str, str, str]


def _windows(pairs: Iterable[Pair]) -> Iterator[_Row]:
    """The windows of one clip. One between two that overlap by half asks for what lies between."""
    known = sorted({pair.first: pair for pair in pairs}.items())
    for first, pair in known:
        yield _row(pair, first, _asked(pair))
    for (first, one), (second, other) in pairwise(known):
        if one.split == "train" and second - first <= one.count // 2:
            between = tuple((a + b) / 2 for a, b in zip(_asked(one), _asked(other), strict=True))
            yield _row(one, (first + second) // 2, between)


def _row(pair: Pair, first: int, asked: tuple[float, ...]) -> _Row:
    return str(pair.frames), first, asked, pair.game, pair.level, pair.split


def _asked(pair: Pair) -> tuple[float, ...]:
    arousal, tension, valence = pair.scene
    is_minor = pair.mode == "minor"
    return asked_of(arousal=arousal, tension=tension, valence=valence, is_minor=is_minor).row()


def _shown(frames: Path, first: int, start: int, dice: np.random.Generator | None) -> Pictures:
    pictures = _opened(frames)
    starts = np.full(MOMENTS, start) if dice is None else dice.integers(0, PICTURES_BETWEEN - 1, MOMENTS)
    starts = first + np.arange(MOMENTS) * PICTURES_BETWEEN + starts
    chosen = np.stack([starts, starts + 1], axis=1).ravel()
    return np.asarray(pictures[np.minimum(chosen, len(pictures) - 1)])


@lru_cache(maxsize=512)
def _opened(frames: Path) -> Pictures:
    return mapped(frames)


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
