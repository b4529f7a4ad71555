"""A passage: one section made ready for the players, with its phrases, chords and bars.

All positions in a passage are quarters from the section's own start.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Literal

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.form import ENERGY_JUMP, Phrase
from photoplayer.compose.chance import chance
from photoplayer.compose.plan import Section


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it begins (quarters), how it should feel, which phrase and layers it has.

    ``level`` is the density of its patterns, from ``energy``; ``letter`` that of its phrase.
    """

    index: int
    onset: float
    energy: float
    level: int
    phrase: int
    letter: str
    layers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Turn:
    """The last moments before a border: what announces the ``change`` of energy over it."""

    onset: float
    offset: float
    kind: Literal["fill", "riser", "rest"]
    change: float


@dataclass(frozen=True)
class Passage:
    """A section with all decisions that its layers share.

    ``name`` is the path of its random draws: sections that come back share it with their model, so that
    they keep its patterns; ``statement`` counts the returns (0 = first time); ``player`` says who has the
    tune, the first (even) or the second (odd).
    """

    section: Section
    phrases: tuple[Phrase, ...]
    spans: tuple[ChordSpan, ...]
    bars: tuple[Bar, ...]
    seed: int
    name: str
    turns: tuple[Turn, ...] = ()
    statement: int = 0
    player: int = 0
    is_last: bool = False
    """Whether its last bar closes the piece."""

    @property
    def end(self) -> float:
        return self.section.quarters

    @property
    def bar_quarters(self) -> float:
        return self.section.meter.quarters

    @cached_property
    def _span_onsets(self) -> list[float]:
        return [span.onset for span in self.spans]

    @cached_property
    def _turn_onsets(self) -> list[float]:
        return [turn.onset for turn in self.turns]

    def span_at(self, quarters: float) -> ChordSpan:
        """The chord that sounds at a position."""
        return self.spans[max(bisect_right(self._span_onsets, quarters + 1e-6) - 1, 0)]

    def changes_between(self, start: float, stop: float) -> list[float]:
        """Where the chord changes after ``start`` and before ``stop``."""
        onsets = self._span_onsets
        return onsets[bisect_right(onsets, start + 1e-6) : bisect_left(onsets, stop - 1e-6)]

    def next_span(self, span: ChordSpan) -> ChordSpan:
        """The chord after a chord; the last one is followed by itself."""
        at = bisect_right(self._span_onsets, span.onset)
        return self.spans[min(at, len(self.spans) - 1)]

    def bar_at(self, quarters: float) -> Bar:
        index = int((quarters + 1e-6) / self.bar_quarters)
        return self.bars[min(index, len(self.bars) - 1)]

    def energy_at(self, quarters: float) -> float:
        """The energy at a position: from the middle of each bar it moves to the middle of the next, so that
        dynamics grow rather than step; only a jump waits for its downbeat, to strike there."""
        bar = self.bar_at(quarters)
        place = (quarters - bar.onset) / self.bar_quarters - 0.5
        index = bar.index + (1 if place > 0 else -1)
        if not 0 <= index < len(self.bars):
            return bar.energy
        change = round(self.bars[index].energy - bar.energy, 6)
        return bar.energy if abs(change) >= ENERGY_JUMP else round(bar.energy + change * abs(place), 6)

    def playing(self, layer: str) -> Iterator[Bar]:
        """The bars in which a layer plays; the closing bar is the ending's (:mod:`.ending`)."""
        for bar in self.bars:
            if layer in bar.layers and not self.closes(bar):
                yield bar

    def closes(self, bar: Bar) -> bool:
        """Whether this is the piece's last bar, its cadence."""
        return self.is_last and bar.index == len(self.bars) - 1

    def is_filled(self, quarters: float) -> bool:
        """Whether the grid is silent here for a fill, a riser or a rest."""
        at = bisect_right(self._turn_onsets, quarters + 1e-6) - 1
        return at >= 0 and quarters < self.turns[at].offset - 1e-6

    def rng(self, *path: str | int) -> Random:
        """The draws of one layer of this passage."""
        return chance(self.seed, self.name, *path)
