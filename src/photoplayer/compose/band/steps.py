"""The step language: a bar of rhythm as a line of text, one character a sixteenth.

``-`` holds the note before it, ``.`` is silence, any other character strikes; what it means is the
player's matter (a chord tone, a drum stroke). A :class:`Family` holds one line for each density level.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from photoplayer.compose.band.energy import LEVELS
from photoplayer.music.theory import Meter

STEP_QUARTERS = 0.25


@dataclass(frozen=True, slots=True)
class Stroke:
    """A character struck ``at`` quarters from the bar's start and held for ``length``."""

    at: float
    length: float
    sign: str


@dataclass(frozen=True)
class Family:
    """Lines for 4/4 (16 steps), 3/4 and 6/8 (12 steps), each from sparse to busy.

    Without lines of their own, 3/4 takes the first three beats of 4/4 and 6/8 the first three eighths
    of each half; other meters repeat what they need.
    """

    four: tuple[str, ...]
    three: tuple[str, ...] = ()
    six: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for lines, steps in ((self.four, 16), (self.three, 12), (self.six, 12)):
            if lines and len(lines) != LEVELS:
                raise ValueError(f"{len(lines)} lines for {LEVELS} levels: {lines}")
            if any(len(line) != steps for line in lines):
                raise ValueError(f"a line is not {steps} steps long: {lines}")

    def line(self, meter: Meter, level: int) -> str:
        """The line of a bar of this meter at a density level."""
        steps = round(meter.quarters / STEP_QUARTERS)
        if meter.is_compound:
            whole = self.six[level] if self.six else self.four[level][:6] + self.four[level][8:14]
        elif meter.numerator % 3 == 0 and meter.denominator == 4:
            whole = self.three[level] if self.three else self.four[level][:12]
        else:
            whole = self.four[level]
        return (whole * (steps // len(whole) + 1))[:steps]


@lru_cache(maxsize=4096)
def strokes(line: str) -> tuple[Stroke, ...]:
    """The strokes of a line."""
    found: list[Stroke] = []
    start: int | None = None
    for i, sign in enumerate(line + "."):
        if sign == "-":
            continue
        if start is not None:
            found.append(Stroke(start * STEP_QUARTERS, (i - start) * STEP_QUARTERS, line[start]))
        start = None if sign == "." else i
    return tuple(found)
