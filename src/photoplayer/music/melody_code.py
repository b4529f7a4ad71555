"""A melody as numbers, by the five rules of the source, and as a grid of sixteenths.

The source ("Game Music Generation From Video", 2020, its GAN) says: (1) the melody only; (2) pitch and
duration each as a number in -1..1; (3) everything in C major or minor; (4) octaves 3 to 6; (5) durations
whole, half, quarter, eighth and sixteenth. It leaves open what becomes of rests and of dotted and tied
notes; here both are pitches of their own, the two lowest: a *rest*, and a *hold*, by which the note before
goes on. A dotted quarter is a quarter and a held eighth. So every melody on a grid of sixteenths survives
there and back unchanged.

Minor melodies stand in C minor, not A minor: with one tonic for both modes "home" is one pitch class, and
the seventh note of a phrase means the same in either.

Our own networks see a grid instead: one token per sixteenth, the same rests, holds and pitches, so that a
place in the bar is a place in the array.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from photoplayer.music.score import Note
from photoplayer.music.theory import Key

STEPS_PER_QUARTER = 4
STEPS_PER_BAR = 16
"""Sixteenths; bars are of 4/4."""

LOWEST, HIGHEST = 48, 95
"""C3 to B6: four octaves, middle C (60) being C4."""

HOLD, REST, FIRST_PITCH = 0, 1, 2
TOKENS = FIRST_PITCH + HIGHEST - LOWEST + 1
"""A token says what begins on a sixteenth: nothing new, silence, or a pitch (``FIRST_PITCH`` is C3)."""

DURATIONS = (1, 2, 4, 8, 16)
"""Sixteenths of a sixteenth … a whole note."""

VELOCITY = 80

Grid = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.float32]


def in_c(notes: Iterable[Note], key: Key) -> tuple[Note, ...]:
    """The notes with their tonic on C (by the smaller way) and all in octaves 3 to 6.

    The whole moves by the octaves that leave the fewest notes outside; what is still outside is folded in.
    """
    down = key.tonic if key.tonic <= 6 else key.tonic - 12
    line = tuple(notes)
    pitches = [note.pitch - down for note in line]
    if not pitches:
        return ()
    shift = min((0, 12, -12, 24, -24, 36, -36), key=lambda by: sum(not _fits(p + by) for p in pitches))
    return tuple(
        replace(note, pitch=_folded(pitch + shift)) for note, pitch in zip(line, pitches, strict=True)
    )


def grid_of(notes: Iterable[Note], *, bars: int) -> Grid:
    """``(bars * 16,)`` tokens of one line that is in C and begins at onset 0.

    Of notes on one sixteenth the later is kept; a note ends where the next begins. What begins after the
    last bar is left out. Raises ``ValueError`` for a pitch outside octaves 3 to 6.
    """
    grid = np.full(bars * STEPS_PER_BAR, REST, np.int64)
    for note in sorted(notes):
        first, end = (round(at * STEPS_PER_QUARTER) for at in (note.onset, note.offset))
        if not _fits(note.pitch):
            raise ValueError(f"pitch {note.pitch} is outside {LOWEST}..{HIGHEST}")
        grid[first:] = REST
        grid[first : max(end, first + 1)] = HOLD
        grid[first : first + 1] = FIRST_PITCH + note.pitch - LOWEST
    return _spelled(grid)


def notes_of(grid: Sequence[int] | Grid) -> tuple[Note, ...]:
    """The notes of a grid, in quarters from its beginning. A hold after a rest is more rest."""
    return tuple(
        Note(first / STEPS_PER_QUARTER, end / STEPS_PER_QUARTER, LOWEST + token - FIRST_PITCH, VELOCITY)
        for token, first, end in _runs(grid)
        if token >= FIRST_PITCH
    )


def pairs_of(grid: Sequence[int] | Grid) -> Pairs:
    """``(events, 2) float32`` in -1..1: pitch and duration of every event of a grid, in order."""
    events: list[tuple[float, float]] = []
    for token, first, end in _runs(grid):
        for place, duration in enumerate(_durations(end - first)):
            said = HOLD if place and token >= FIRST_PITCH else token
            events.append((_value(said, TOKENS), _value(DURATIONS.index(duration), len(DURATIONS))))
    return np.array(events, np.float32).reshape(-1, 2)


def grid_of_pairs(pairs: Pairs, *, bars: int | None = None) -> Grid:
    """The grid of ``(events, 2)`` values, each taken for the nearest level; the inverse of :func:`pairs_of`.

    With ``bars`` it is cut to that length or filled up with rest.
    """
    tokens: list[int] = []
    for pitch, duration in zip(
        _levels(pairs[:, 0], TOKENS), _levels(pairs[:, 1], len(DURATIONS)), strict=True
    ):
        tokens += [int(pitch)] + [HOLD] * (DURATIONS[int(duration)] - 1)
    grid = np.array(tokens, np.int64)
    if bars is not None:
        steps = bars * STEPS_PER_BAR
        grid = np.pad(grid[:steps], (0, max(steps - len(grid), 0)), constant_values=REST)
    return _spelled(grid)


def _runs(grid: Sequence[int] | Grid) -> Iterator[tuple[int, int, int]]:
    """(token, first step, end step) of every note and rest; neighbouring rests are one."""
    spelled = _spelled(np.asarray(grid, np.int64))
    starts = [*np.flatnonzero(spelled != HOLD).tolist(), len(spelled)]
    for first, end in pairwise(starts):
        yield int(spelled[first]), first, end


def _spelled(grid: Grid) -> Grid:
    """Each silence as one rest, held: the one way to write it."""
    out = grid.copy()
    silent = True
    for step, token in enumerate(grid):
        if token == REST or (token == HOLD and silent):
            out[step] = HOLD if silent and step else REST
            silent = True
        elif token >= FIRST_PITCH:
            silent = False
    return out


def _durations(steps: int) -> Iterator[int]:
    """A length as a sum of the five durations, the longest first."""
    for duration in reversed(DURATIONS):
        while steps >= duration:
            yield duration
            steps -= duration


def _value(level: int, levels: int) -> float:
    return 2 * level / (levels - 1) - 1


def _levels(values: npt.NDArray[np.float32], levels: int) -> npt.NDArray[np.int64]:
    clipped = np.clip(np.nan_to_num(values.astype(np.float64)), -1, 1)
    return np.asarray(np.rint((clipped + 1) / 2 * (levels - 1)), np.int64)


def _fits(pitch: int) -> bool:
    return LOWEST <= pitch <= HIGHEST


def _folded(pitch: int) -> int:
    while pitch < LOWEST:
        pitch += 12
    while pitch > HIGHEST:
        pitch -= 12
    return pitch
