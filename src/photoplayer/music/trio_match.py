"""How much of a trio another one has: by notes that begin, and by tokens.

Accuracy of tokens is what papers report, and most tokens are "nothing happens": silence gets three quarters
of them. So notes are counted: an onset is right where the truth begins the same pitch (or strikes the same
class of drum) at the same step; F1 is of all onsets of a set of windows together, per line, and its mean over
the three lines stands for the trio.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from photoplayer.music.trio import DRUMS, FIRST_PITCH, Tokens, Trio

LINES = ("melody", "bass", "drums")


@dataclass(frozen=True, slots=True)
class Matched:
    """Onsets found, written and there; tokens that are the same, of all. They add up."""

    found: int = 0
    written: int = 0
    there: int = 0
    same: int = 0
    tokens: int = 0

    def __add__(self, other: Matched) -> Matched:
        return Matched(
            self.found + other.found,
            self.written + other.written,
            self.there + other.there,
            self.same + other.same,
            self.tokens + other.tokens,
        )

    @property
    def f1(self) -> float:
        """Of onsets; 1 where there are none and none were written."""
        either = self.written + self.there
        return 2 * self.found / either if either else 1.0

    @property
    def accuracy(self) -> float:
        """Share of tokens that are the same."""
        return self.same / self.tokens if self.tokens else 1.0


def match_line(truth: Tokens, made: Tokens) -> Matched:
    """Tokens of lines of any one shape."""
    begins, begun = truth >= FIRST_PITCH, made >= FIRST_PITCH
    equal = truth == made
    return Matched(
        int((equal & begins).sum()), int(begun.sum()), int(begins.sum()), int(equal.sum()), truth.size
    )


def match_drums(truth: Tokens, made: Tokens) -> Matched:
    """Sets of drums of any one shape."""
    bits = np.arange(len(DRUMS))
    there, written = (np.asarray(t)[..., None] >> bits & 1 for t in (truth, made))
    return Matched(
        int((there & written).sum()),
        int(written.sum()),
        int(there.sum()),
        int((truth == made).sum()),
        truth.size,
    )


def match(truth: Trio, made: Trio) -> tuple[Matched, Matched, Matched]:
    """Melody, bass and drums of one trio and its truth."""
    return (
        match_line(truth.melody, made.melody),
        match_line(truth.bass, made.bass),
        match_drums(truth.drums, made.drums),
    )


def mean_f1(lines: Iterable[Matched]) -> float:
    """The mean of the lines' F1."""
    return float(np.mean([line.f1 for line in lines]))
