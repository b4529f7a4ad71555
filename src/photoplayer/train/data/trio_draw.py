"""Batches of trios drawn from tapes, each a little different from what was written.

Every window comes in C major or A minor, the encoder's own key; some are moved away from it, since the key of
a new window may be heard wrongly, and since a tune is a tune in any key. Lines change octave, windows
exchange lines or bars, notes go elsewhere and lines come late: what is learned is to keep what is there, not
what one corpus is like, and composers who are left out are written again better for it. What music is like
is learned from codes of unchanged windows afterwards (``recipes/trio_space.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photoplayer.music.trio import DRUMS, FIRST_PITCH, LINE_TOKENS, STEPS_PER_BAR
from photoplayer.train.data.trios import Batch, Tape

_OCTAVE = 12
_STROKES_CHANGED = 0.02


@dataclass(frozen=True)
class Changes:
    """How often a window is changed, and how; shares of windows."""

    away: float = 0.4
    """Moved to any of twelve keys. With 1 nothing is at home: transposition as others do it."""
    octave: float = 0.2
    """Melody an octave up or down; bass too, by itself."""
    drums: float = 0.15
    """Drums of another window of the batch."""
    bass: float = 0.08
    """Bass of another window."""
    bars: float = 0.4
    """Half of a line's bars from other windows."""
    notes: float = 0.4
    """Some of a line's pitches elsewhere, up to a third away."""
    late: float = 0.1
    """A line later by one to eight steps."""
    kits: float = 0.3
    """Two classes of drums exchanged, and some strokes more and fewer."""


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
        melody, bass, drums = (
            _late(_other_bars(line, dice, changes.bars), dice, changes.late) for line in (melody, bass, drums)
        )
        drums = _other_kits(drums, dice, changes.kits)
        return _moved_notes(melody, dice, changes.notes), _moved_notes(bass, dice, changes.notes), drums


def _other_octave(tokens: NDArray[np.int64], dice: np.random.Generator, share: float) -> NDArray[np.int64]:
    """Some windows' lines an octave up or down, where all of it stays on the grid."""
    size = len(tokens)
    by = np.where(dice.random(size) < share, dice.choice((-_OCTAVE, _OCTAVE), size), 0)[:, None]
    begins = tokens >= FIRST_PITCH
    moved = np.where(begins, tokens + by, tokens)
    fits = (~begins | ((moved >= FIRST_PITCH) & (moved < LINE_TOKENS))).all(axis=1, keepdims=True)
    return np.where(fits, moved, tokens)


def _other_bars(tokens: NDArray[np.int64], dice: np.random.Generator, share: float) -> NDArray[np.int64]:
    """Some windows with half of their bars from others, at the same place in the window."""
    size = len(tokens)
    bars = tokens.reshape(size, -1, STEPS_PER_BAR)
    count = bars.shape[1]
    replaced = (dice.random((size, 1)) < share) & (dice.random((size, count)) < 0.5)
    source = np.where(replaced, dice.integers(0, size, (size, count)), np.arange(size)[:, None])
    chosen: NDArray[np.int64] = bars[source, np.arange(count)].reshape(size, -1)
    return chosen


def _late(tokens: NDArray[np.int64], dice: np.random.Generator, share: float) -> NDArray[np.int64]:
    """Some windows' lines later by some steps; their end comes at their beginning."""
    size, steps = tokens.shape
    by = np.where(dice.random(size) < share, dice.integers(1, 9, size), 0)
    late: NDArray[np.int64] = tokens[np.arange(size)[:, None], (np.arange(steps) - by[:, None]) % steps]
    return late


def _moved_notes(tokens: NDArray[np.int64], dice: np.random.Generator, share: float) -> NDArray[np.int64]:
    """Some windows with a third of their notes up to four semitones elsewhere."""
    size = len(tokens)
    moves = (dice.random((size, 1)) < share) & (dice.random(tokens.shape) < 0.33) & (tokens >= FIRST_PITCH)
    moved = np.clip(tokens + dice.integers(-4, 5, tokens.shape), FIRST_PITCH, LINE_TOKENS - 1)
    return np.where(moves, moved, tokens)


def _other_kits(sets: NDArray[np.int64], dice: np.random.Generator, share: float) -> NDArray[np.int64]:
    """Some windows with two classes of drums exchanged and a few strokes turned on or off."""
    size = len(sets)
    bits = sets[:, :, None] >> np.arange(len(DRUMS)) & 1
    order = np.tile(np.arange(len(DRUMS)), (size, 1))
    rows, one, other = np.arange(size), *dice.integers(0, len(DRUMS), (2, size))
    order[rows, one], order[rows, other] = order[rows, other], order[rows, one].copy()
    changed = np.take_along_axis(bits, order[:, None, :], axis=2)
    present = changed.any(axis=1, keepdims=True)
    changed = np.where((dice.random(bits.shape) < _STROKES_CHANGED) & present, 1 - changed, changed)
    return np.where(
        (dice.random(size) < share)[:, None], (changed << np.arange(len(DRUMS))).sum(axis=2), sets
    )
