"""Phrases: how the bars of a section group, and how each group ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from photoplayer.compose.plan import Section

Cadence = Literal["open", "half", "authentic", "final"]
"""How a phrase ends: moving on, on the dominant, at home, or at home for good (the piece's last bar)."""

USUAL_BARS, MOST_BARS = 4, 6
HOME, FAR_FROM_HOME = "A", "C"
_ORDER = "AABACCBA"

ENERGY_JUMP = 0.25
"""A step of energy from one bar to the next that asks for a phrase border."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """``bars`` bars from ``start_bar`` of a section. Equal ``role`` letters share material (A, A', B)."""

    start_bar: int
    bars: int
    role: str
    cadence: Cadence

    @property
    def stop_bar(self) -> int:
        """The bar after its last."""
        return self.start_bar + self.bars


def phrases_of(section: Section, *, is_last: bool = False, loops: bool = False) -> tuple[Phrase, ...]:
    """The phrases of a section: four bars where the count allows, two to six where it asks.

    Borders fall where the energy jumps. ``is_last`` marks the section that closes the piece, whose last
    phrase ends for good unless the piece ``loops``; there it ends open, leading back to the beginning.
    """
    lengths = [n for stretch in _stretches(section.energy) for n in _split(stretch)]
    starts = (0, *accumulate(lengths))[:-1]
    roles = _roles(lengths)
    last = len(lengths) - 1
    closing: Cadence = ("half" if loops else "final") if is_last else "authentic"
    return tuple(
        Phrase(start, bars, role, closing if i == last else ("half" if i % 2 == 0 else "authentic"))
        if bars > 1 or i == last
        else Phrase(start, bars, role, "open")
        for i, (start, bars, role) in enumerate(zip(starts, lengths, roles, strict=True))
    )


def _stretches(energy: tuple[float, ...]) -> list[int]:
    """Lengths in bars of the stretches between energy jumps, none of them a single bar if avoidable."""
    borders = [0]
    for bar in range(1, len(energy)):
        jump = round(abs(energy[bar] - energy[bar - 1]), 6)
        if jump >= ENERGY_JUMP and bar - borders[-1] >= 2 and len(energy) - bar >= 2:
            borders.append(bar)
    return [stop - start for start, stop in zip(borders, [*borders[1:], len(energy)], strict=True)]


def _split(bars: int) -> list[int]:
    """Phrase lengths of a stretch: fours, with the rest as a two, or a five, six or three at its end."""
    if bars <= MOST_BARS:
        return [bars]
    fours, rest = divmod(bars, USUAL_BARS)
    if rest == 0:
        return [USUAL_BARS] * fours
    if rest == 1:
        return [USUAL_BARS] * (fours - 1) + [5]
    if rest == 2:
        return [USUAL_BARS] * (fours - 1) + [6]
    return [USUAL_BARS] * fours + [3]


def _roles(lengths: list[int]) -> list[str]:
    """A A' B A'', after that C C' B' A, home at the end; primes count the statements of a letter."""
    counts: Counter[str] = Counter()
    roles = []
    last = len(lengths) - 1
    for i in range(len(lengths)):
        letter = HOME if i == last else _ORDER[i % len(_ORDER)] if last != 2 else "AB"[i]
        roles.append(letter + "'" * min(counts[letter], 3))
        counts[letter] += 1
    return roles
