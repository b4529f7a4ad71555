"""Bars of a Score, in quarters, through its changes of meter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from photoplayer.music.score import MeterChange, Score
from photoplayer.music.theory import Meter

_SLACK_QUARTERS = 1e-6


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from ``start`` to ``end`` quarters; one cut short by a change of meter or the end is shorter."""

    start: float
    end: float
    meter: Meter


def bars(score: Score) -> Iterator[Bar]:
    """The bars from the beginning to ``score.end``."""
    changes = score.meters or (MeterChange(0.0, Meter(4, 4)),)
    borders = [*(change.onset for change in changes[1:]), score.end]
    for change, border in zip(changes, borders, strict=True):
        border = min(border, score.end)
        index = 0
        while (start := change.onset + index * change.meter.quarters) < border - _SLACK_QUARTERS:
            yield Bar(start, min(start + change.meter.quarters, border), change.meter)
            index += 1
