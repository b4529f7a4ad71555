"""Clips and the melodies they are paired with: what the melody networks see and what they should write.

The pairs of :mod:`photoplayer.train.data.pairs` match windows of clips with windows of tunes by the rule
table; here each becomes sixteen small pictures, the scene's three numbers, and the melody that leads in its
music. Kept on disk as plain arrays, the pictures mapped into memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.compose.tune.asked import asked_of
from photoplayer.files import finished
from photoplayer.music.bars import bars
from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import Score
from photoplayer.train.data.melodies import BARS, leading_phrase
from photoplayer.train.data.pairs import Pair, Split, read_pairs
from photoplayer.train.nets.melody_clip import HEIGHT, PICTURES, WIDTH

_ARRAYS = ("pictures", "asked", "grids", "has_melody", "minor", "game", "level", "split")


@dataclass(frozen=True, eq=False)
class ClipMelodies:
    """``pictures (n, 16, 60, 80, 3) uint8``; ``asked (n, 3)`` as the rule asks of the scene; ``grids
    (n, 256)``, rests throughout where not ``has_melody (n,)``; ``minor (n,)``; ``game``, ``level`` and
    ``split`` ``(n,)`` names."""

    pictures: npt.NDArray[np.uint8]
    asked: npt.NDArray[np.float32]
    grids: npt.NDArray[np.int64]
    has_melody: npt.NDArray[np.bool_]
    minor: npt.NDArray[np.bool_]
    game: npt.NDArray[np.str_]
    level: npt.NDArray[np.str_]
    split: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.asked)

    def where(self, mask: npt.NDArray[np.bool_]) -> ClipMelodies:
        """Those that a mask ``(n,)`` is true for, in memory."""
        return ClipMelodies(*(getattr(self, name)[mask] for name in _ARRAYS))

    def of(self, split: Split) -> ClipMelodies:
        return self.where(self.split == split)


def clip_melodies(folder: Path, *, cache: Path, most: int) -> ClipMelodies:
    """At most ``most`` pairs of each split of the corpus in ``folder``, evenly picked; kept in ``cache``."""
    kept = [cache / f"{name}.npy" for name in _ARRAYS]
    if not all(path.is_file() for path in kept):
        cache.mkdir(parents=True, exist_ok=True)
        chosen = _thinned(read_pairs(folder), most)
        for path, array in zip(kept, _arrays(chosen), strict=True):
            with finished(path) as unfinished:
                np.save(unfinished, array, allow_pickle=False)
    return ClipMelodies(*(np.load(path, mmap_mode="r", allow_pickle=False) for path in kept))


def _thinned(pairs: Sequence[Pair], most: int) -> list[Pair]:
    chosen: list[Pair] = []
    for split in ("train", "val", "test"):
        those = [pair for pair in pairs if pair.split == split]
        picked = np.unique(np.linspace(0, len(those) - 1, min(most, len(those))).astype(int))
        chosen += [those[i] for i in picked]
    return chosen


def _arrays(pairs: Sequence[Pair]) -> tuple[npt.NDArray[np.generic], ...]:
    pictures = np.empty((len(pairs), PICTURES, HEIGHT, WIDTH, 3), np.uint8)
    grids = np.ones((len(pairs), BARS * 16), np.int64)
    has_melody = np.zeros(len(pairs), np.bool_)
    minor = np.zeros(len(pairs), np.bool_)
    phrase_at = lru_cache(maxsize=None)(_phrase_at)
    for index, pair in enumerate(pairs):
        pictures[index] = shown(pair)
        phrase = phrase_at(pair.midi, pair.first_bar)
        minor[index] = pair.mode in ("minor", "dorian", "phrygian")
        if phrase is not None:
            grids[index], has_melody[index] = phrase.grid, True
    asked = [
        asked_of(arousal=p.scene[0], tension=p.scene[1], valence=p.scene[2], is_minor=bool(m)).row()
        for p, m in zip(pairs, minor, strict=True)
    ]
    names = (np.array([getattr(pair, name) for pair in pairs]) for name in ("game", "level", "split"))
    return (pictures, np.array(asked, np.float32), grids, has_melody, minor, *names)


def shown(pair: Pair) -> npt.NDArray[np.uint8]:
    """The pictures of a pair's window, ``(16, 60, 80, 3)``, evenly picked."""
    frames = np.load(pair.frames, mmap_mode="r", allow_pickle=False)
    picked = pair.first + (np.arange(PICTURES) + 0.5) * pair.count / PICTURES
    return np.asarray(frames[np.minimum(picked.astype(int), len(frames) - 1)])


def _phrase_at(midi: Path, first_bar: int):  # type: ignore[no-untyped-def]
    score = _score(midi)
    bar = next(islice(bars(score), first_bar, None), None)
    return None if bar is None else leading_phrase(score, bar.start)


@lru_cache(maxsize=4)
def _score(midi: Path) -> Score:
    return read_midi(midi)
