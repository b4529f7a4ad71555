"""Melodies as steps: intervals and durations, by which a tune is the same tune in any key.

A run of steps that has few different intervals (a repeated note, a trill, a scale) belongs to everybody; and
of a run only what is new in it counts: two pieces with the same broken chord in every bar share one bar, not
a hundred.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from photoplayer.music.melody import skyline
from photoplayer.music.score import Note

Step = tuple[int, int]
"""Semitones up to the next note, and sixteenths until it begins."""

FEWEST_INTERVALS = 3
"""A run with fewer different intervals than this is common property."""

_LONGEST_STEP_SIXTEENTHS = 16


def melody_steps(notes: Iterable[Note]) -> list[Step]:
    """The steps of the highest line through ``notes``; long waits count as a whole bar of 4/4."""
    line = skyline(notes)
    return [
        (
            after.pitch - note.pitch,
            min(max(round((after.onset - note.onset) * 4), 1), _LONGEST_STEP_SIXTEENTHS),
        )
        for note, after in pairwise(line)
    ]


def runs(steps: Sequence[Step], length: int) -> Iterator[Sequence[Step]]:
    """All runs of ``length`` steps, in order."""
    return (steps[i : i + length] for i in range(len(steps) - length + 1))


def run_number(run: Sequence[Step], *, size: int) -> int:
    """A number of ``size`` bytes that equal runs have in common, the same in every process."""
    text = repr(run).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=size).digest(), "big")


def is_telling(run: Sequence[Step]) -> bool:
    """Whether a run has enough different intervals to be somebody's."""
    return len({interval for interval, _ in run}) >= FEWEST_INTERVALS


def own_length(run: Sequence[Step]) -> int:
    """How many steps of a run count: those that complete three steps it has not had before."""
    if not is_telling(run):
        return 0
    return 2 + len(set(zip(run, run[1:], run[2:], strict=False)))
