"""Trios to learn from, as one long tape of tokens and the places where windows of it begin.

A window is three offsets (melody, bass, drums) into the tape, so that 30,000 windows which overlap by all but
a bar take the room of the tunes themselves, and a batch is one look-up. Every window knows the shift that
brings it to C major or A minor (:func:`photoplayer.music.trio.home_shift`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photoplayer.errors import InputError
from photoplayer.files import finished
from photoplayer.music.score import Score
from photoplayer.music.trio import (
    FIRST_PITCH,
    HIGHEST,
    LOWEST,
    NO_EVENT,
    STEPS_PER_BAR,
    Tokens,
    Trio,
    held,
    shift_home,
)
from photoplayer.music.trio_find import Stretch, full_windows, plays, stretches

GAPS = {4: 1, 16: 2}
"""Bars a line may be silent in a window of so many bars, counted from the nearest bar it plays in."""

Batch = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Melody and bass tokens and drum sets, ``(windows, steps)`` each."""


@dataclass(frozen=True, eq=False)
class Tape:
    """``lines`` and ``drums`` are all tokens one after another. Windows of ``bars`` bars are rows of
    ``starts (windows, 3)``; ``shifts`` bring each home; ``programs (windows, 2)``; ``sources`` are indices
    into ``names`` of the tunes they come from; ``first_bars`` where in those they begin."""

    bars: int
    lines: NDArray[np.uint8]
    drums: NDArray[np.uint16]
    starts: NDArray[np.int64]
    shifts: NDArray[np.int64]
    programs: NDArray[np.uint8]
    sources: NDArray[np.int64]
    first_bars: NDArray[np.int64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def batch(self, windows: NDArray[np.int64], shifts: NDArray[np.int64] | int = 0) -> Batch:
        """Some windows at home, moved by ``shifts`` semitones more."""
        steps = np.arange(self.bars * STEPS_PER_BAR)
        at = self.starts[windows][:, :, None] + steps
        by = (self.shifts[windows] + shifts)[:, None]
        melody, bass = (_moved(self.lines[at[:, line]], by) for line in (0, 1))
        return melody, bass, self.drums[at[:, 2]].astype(np.int64)

    def trio(self, window: int) -> Trio:
        """One window as it was written, in its own key."""
        melody, bass, drums = self.batch(np.array([window]), -self.shifts[[window]])
        lead, low = map(int, self.programs[window])
        return Trio(melody[0], bass[0], drums[0], lead, low)

    def evenly(self) -> NDArray[np.float64]:
        """A probability for every window, by which tunes count by the root of their windows."""
        counts = np.bincount(self.sources, minlength=len(self.names))
        weights = 1 / np.sqrt(counts[self.sources])
        return np.asarray(weights / weights.sum(), np.float64)

    def some(self, windows: NDArray[np.int64]) -> Tape:
        """A tape with some of the windows."""
        return replace(
            self,
            starts=self.starts[windows],
            shifts=self.shifts[windows],
            programs=self.programs[windows],
            sources=self.sources[windows],
            first_bars=self.first_bars[windows],
        )

    def save(self, path: Path) -> None:
        """Write it whole or not at all, as ``.npz`` without pickles."""
        content = {name: value for name, value in vars(self).items() if name != "names"}
        with finished(path) as unfinished, unfinished.open("wb") as file:
            np.savez_compressed(file, names=np.array(self.names), **content)


def load_tape(path: Path) -> Tape:
    """A tape that was saved. Raises :class:`InputError` where the file is none."""
    try:
        with np.load(path, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        names = tuple(map(str, arrays.pop("names")))
        return Tape(bars=int(arrays.pop("bars")), names=names, **arrays)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise InputError(f"{path} is no tape of trios ({problem}); make it again") from problem


def tape_of(scores: Iterable[tuple[str, Score]], *, bars: int, stride: int = 1) -> Tape:
    """All different windows of ``bars`` bars in named scores, ``stride`` bars apart."""
    maker = _Maker(bars, stride)
    for name, score in scores:
        for stretch in stretches(score, fewest_bars=bars):
            maker.add(name, stretch)
    return maker.tape()


def joined(tapes: Sequence[Tape]) -> Tape:
    """Several tapes of the same windows' length as one."""
    starts, sources, names = [], [], list[str]()
    lines = drums = 0
    for tape in tapes:
        starts.append(tape.starts + np.array([lines, lines, drums]))
        sources.append(tape.sources + len(names))
        names += tape.names
        lines, drums = lines + len(tape.lines), drums + len(tape.drums)
    return Tape(
        bars=tapes[0].bars,
        lines=np.concatenate([tape.lines for tape in tapes]),
        drums=np.concatenate([tape.drums for tape in tapes]),
        starts=np.concatenate(starts),
        shifts=np.concatenate([tape.shifts for tape in tapes]),
        programs=np.concatenate([tape.programs for tape in tapes]),
        sources=np.concatenate(sources),
        first_bars=np.concatenate([tape.first_bars for tape in tapes]),
        names=tuple(names),
    )


class _Maker:
    """Gathers stretches; windows with the same tokens are taken once."""

    def __init__(self, bars: int, stride: int) -> None:
        self._bars, self._stride = bars, stride
        self._lines: list[Tokens] = []
        self._drums: list[Tokens] = []
        self._line_end = self._drum_end = 0
        self._rows: list[tuple[int, ...]] = []
        self._seen: set[int] = set()
        self._names: defaultdict[str, int] = defaultdict(lambda: len(self._names))

    def add(self, name: str, stretch: Stretch) -> None:
        gap = GAPS[self._bars]
        melodies = [self._line(tokens, program) for tokens, program in stretch.melodies]
        basses = [self._line(tokens, program) for tokens, program in stretch.basses]
        drums_at, drums_play = self._drum_end, plays(stretch.drums, gap)
        self._drums.append(stretch.drums)
        self._drum_end += len(stretch.drums)
        for melody, bass in product(melodies, basses):
            together = plays(melody.tokens, gap) & plays(bass.tokens, gap) & drums_play
            for first in full_windows(together, self._bars):
                if first % self._stride == 0:
                    self._window(name, stretch, melody, bass, drums_at, int(first))

    def _window(
        self, name: str, stretch: Stretch, melody: _Line, bass: _Line, drums_at: int, first: int
    ) -> None:
        step, after = first * STEPS_PER_BAR, (first + self._bars) * STEPS_PER_BAR
        content = (melody.tokens[step:after], bass.tokens[step:after], stretch.drums[step:after])
        key = hash(tuple(tokens.tobytes() for tokens in content))
        if key in self._seen:
            return
        self._seen.add(key)
        weights = melody.weights[first : first + self._bars] + bass.weights[first : first + self._bars]
        self._rows.append((
            melody.at + step, bass.at + step, drums_at + step, shift_home(weights.sum(axis=0)),
            melody.program, bass.program, self._names[name], stretch.first_bar + first,
        ))  # fmt: skip

    def _line(self, tokens: Tokens, program: int) -> _Line:
        at = self._line_end
        self._lines.append(tokens)
        self._line_end += len(tokens)
        pitches = held(tokens).reshape(-1, STEPS_PER_BAR)
        weights = np.stack([(pitches % 12 == pc).sum(1) for pc in range(12)], axis=1).astype(np.float64)
        weights[:, 11] -= (pitches < 0).sum(1)  # silence is -1, and -1 % 12 is 11
        return _Line(tokens, program, at, weights)

    def tape(self) -> Tape:
        rows = np.array(self._rows, np.int64).reshape(-1, 8)
        return Tape(
            bars=self._bars,
            lines=np.concatenate([np.zeros(0, np.uint8), *self._lines]).astype(np.uint8),
            drums=np.concatenate([np.zeros(0, np.uint16), *self._drums]).astype(np.uint16),
            starts=rows[:, :3],
            shifts=rows[:, 3],
            programs=rows[:, 4:6].astype(np.uint8),
            sources=rows[:, 6],
            first_bars=rows[:, 7],
            names=tuple(self._names),
        )


@dataclass(frozen=True, eq=False)
class _Line:
    tokens: Tokens
    program: int
    at: int
    weights: NDArray[np.float64]
    """Steps that each pitch class sounds, ``(bars, 12)``."""


def _moved(tokens: NDArray[np.uint8], by: NDArray[np.int64]) -> NDArray[np.int64]:
    """Lines moved by semitones, by octaves less where they would leave the grid."""
    pitches = tokens.astype(np.int64) - FIRST_PITCH + by
    top = HIGHEST - LOWEST
    pitches = np.where(pitches > top, pitches - 12, np.where(pitches < 0, pitches + 12, pitches))
    return np.where(tokens > NO_EVENT + 1, pitches + FIRST_PITCH, tokens).astype(np.int64)
