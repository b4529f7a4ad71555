"""Batches of trios drawn from tapes, each a little different from what was written.

Every window comes in C major or A minor, the encoder's own key; some are moved away from it, since the key of
a new window may be heard wrongly, and since a tune is a tune in any key. Lines change octave, and drums or
basses of two windows are exchanged, so that the code learns the three lines apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photoplayer.music.trio import FIRST_PITCH, LINE_TOKENS
from photoplayer.train.data.trios import Batch, Tape

_OCTAVE = 12


@dataclass(frozen=True)
class Changes:
    """How often a window is changed, and how; shares of windows."""

    away: float = 0.4
    """Moved to any of twelve keys. With 1 nothing is at home: transposition as others do it."""
    octave: float = 0.1
    """Melody an octave up or down; bass too, by itself."""
    drums: float = 0.15
    """Drums of another window of the batch."""
    bass: float = 0.08
    """Bass of another window."""


class Draw:
    """Batches from several tapes, a share of each; batch ``i`` of a seed is always the same."""

    def __init__(
        self, tapes: Sequence[Tape], shares: Sequence[float], *, seed: int, changes: Changes | None = None
    ) -> None:
        self._tapes = tapes
        self._shares = np.cumsum(shares) / sum(shares)
        self._evenly = [np.cumsum(tape.evenly()) for tape in tapes]
        self._seed = seed
        self._changes = changes or Changes()

    def batch(self, number: int, size: int) -> Batch:
        """Melody, bass and drum tokens, ``(size, steps)`` each."""
        dice = np.random.default_rng((self._seed, number))
        of = np.minimum(np.searchsorted(self._shares, dice.random(size)), len(self._tapes) - 1)
        parts = [self._from(index, int((of == index).sum()), dice) for index in range(len(self._tapes))]
        melody, bass, drums = (np.concatenate(lines) for lines in zip(*parts, strict=True))
        return self._changed(melody, bass, drums, dice)

    def _from(self, index: int, count: int, dice: np.random.Generator) -> Batch:
        tape, evenly = self._tapes[index], self._evenly[index]
        windows = np.minimum(np.searchsorted(evenly, dice.random(count)), len(tape) - 1)
        away = dice.random(count) < self._changes.away
        return tape.batch(windows, np.where(away, dice.integers(-5, 7, count), 0))

    def _changed(
        self,
        melody: NDArray[np.int64],
        bass: NDArray[np.int64],
        drums: NDArray[np.int64],
        dice: np.random.Generator,
    ) -> Batch:
        size = len(melody)
        changes = self._changes
        melody = _other_octave(melody, dice, changes.octave)
        bass = _other_octave(bass, dice, changes.octave)
        bass = np.where((dice.random(size) < changes.bass)[:, None], bass[dice.permutation(size)], bass)
        drums = np.where((dice.random(size) < changes.drums)[:, None], drums[dice.permutation(size)], drums)
        return melody, bass, drums


def _other_octave(tokens: NDArray[np.int64], dice: np.random.Generator, share: float) -> NDArray[np.int64]:
    """Some windows' lines an octave up or down, where all of it stays on the grid."""
    size = len(tokens)
    by = np.where(dice.random(size) < share, dice.choice((-_OCTAVE, _OCTAVE), size), 0)[:, None]
    begins = tokens >= FIRST_PITCH
    moved = np.where(begins, tokens + by, tokens)
    fits = (~begins | ((moved >= FIRST_PITCH) & (moved < LINE_TOKENS))).all(axis=1, keepdims=True)
    return np.where(fits, moved, tokens)
