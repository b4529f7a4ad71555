"""What a taught variant writes, kept for the tables: ``made.npz``.

For the statistics, melodies for all clips of the test split; for variety, a hundred for one clip; for whether
the clip matters, every test clip's own, and the same with the clips' answers dealt out anew. Ours is also
asked what training melodies were like, so that its statistics can be told from those of the clips.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from photoplayer.files import finished
from photoplayer.music.melody_code import STEPS_PER_BAR
from photoplayer.train.data.clip_windows import ClipWindows
from photoplayer.train.data.melodies import BARS

Grids = npt.NDArray[np.int64]

ONE_CLIP = 100
"""Melodies for one clip."""

STEPS = BARS * STEPS_PER_BAR

Write = Callable[[Tensor, int], Grids]
"""What was seen of clips ``(n, size)`` and a seed → melodies ``(n, 256)``."""


@dataclass(frozen=True, eq=False)
class Made:
    """``clips (n, 256)``, ``shuffled (n, 256)`` for the same clips with answers dealt out anew, ``one
    (100, 256)``; ``asked (n, 3)`` by the rule, ``game`` and ``level`` ``(n,)`` of the clips; ``likened
    (m, 256)`` asked as training melodies were, empty where a variant cannot be asked."""

    clips: Grids
    shuffled: Grids
    one: Grids
    asked: npt.NDArray[np.float32]
    game: npt.NDArray[np.str_]
    level: npt.NDArray[np.str_]
    likened: Grids

    def save(self, path: Path) -> None:
        with finished(path) as unfinished, unfinished.open("wb") as stream:
            np.savez_compressed(stream, **{f.name: getattr(self, f.name) for f in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Made:
        with np.load(path, allow_pickle=False) as arrays:
            return cls(*(arrays[f.name] for f in fields(cls)))


def make(
    seen: Tensor, write: Write, windows: ClipWindows, *, seed: int, likened: Grids | None = None
) -> Made:
    """All of it. ``seen (n, size)`` is what C says of the clips of ``windows``, all of the test split."""
    dice = np.random.default_rng(seed)
    dealt = torch.from_numpy(dice.permutation(len(windows)))
    one = seen[int(dice.integers(len(windows)))].expand(ONE_CLIP, -1)
    return Made(
        clips=write(seen, seed),
        shuffled=write(seen[dealt], seed + 1),
        one=write(one, seed + 2),
        asked=windows.asked,
        game=windows.game,
        level=windows.level,
        likened=np.empty((0, STEPS), np.int64) if likened is None else likened,
    )
