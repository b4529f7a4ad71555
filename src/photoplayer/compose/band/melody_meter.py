"""The meter of a tune that does not say it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from photoplayer.music.score import Note
from photoplayer.music.theory import Meter

_GRID = 2
"""Places to a quarter: eighths."""

_LONGEST = 3 * _GRID
"""A note weighs no more than this however long it is."""

_USUAL = 0.1
"""What 4/4 is preferred by where nothing else decides."""


def find_meter(melody: Sequence[Note]) -> Meter:
    """4/4, 3/4 or 6/8: the bar whose downbeats carry the long notes and whose rhythms come back.

    Bars begin at onset 0. 4/4 if there is nothing to tell by.
    """
    onsets = sorted({round(note.onset * _GRID) for note in melody})
    rhythm = {a: min(b - a, _LONGEST) for a, b in pairwise(onsets)}
    if len(rhythm) < 4:
        return Meter(4, 4)
    four, three = _evidence(rhythm, 4 * _GRID) + _USUAL, _evidence(rhythm, 3 * _GRID)
    if four >= three:
        return Meter(4, 4)
    bar = 3 * _GRID
    second_beat = sum(weight for at, weight in rhythm.items() if at % bar == bar // 2)
    third_beat = sum(weight for at, weight in rhythm.items() if at % bar == 2 * _GRID)
    return Meter(6, 8) if second_beat > third_beat else Meter(3, 4)


def _evidence(rhythm: dict[int, int], bar: int) -> float:
    """How much of the weight lies on downbeats, 1 by chance, and how much comes back a bar or two later."""
    downbeats = sum(weight for at, weight in rhythm.items() if at % bar == 0)
    share = downbeats / sum(rhythm.values()) * bar / _GRID
    return round(share + _recurrence(rhythm, bar) + 2 * _recurrence(rhythm, 2 * bar), 9)


def _recurrence(rhythm: dict[int, int], lag: int) -> float:
    """The share of notes that are followed by an equally long one a certain time later."""
    last = max(rhythm)
    tried = [at for at in rhythm if at + lag <= last]
    return sum(rhythm.get(at + lag) == rhythm[at] for at in tried) / len(tried) if tried else 0.0
