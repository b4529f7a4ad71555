"""The Plan: sections of whole bars whose length in seconds is the video's, exactly.

A plan is all an engine needs to compose: it knows nothing of pictures. It is made from a
Timeline (:mod:`photoplayer.compose.fit`) or written by hand (:mod:`photoplayer.compose.planfile`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from photoplayer.music.theory import Key, Meter

MIN_BPM, MAX_BPM = 40.0, 220.0
"""Tempi a person may ask for."""

MIN_DURATION_S, MAX_DURATION_S = 0.005, 4 * 3600.0
"""The shortest and the longest music made: one picture at 200 a second, and four hours."""

_FASTEST_BPM = 1e5
"""A clip of a few frames still gets a bar, however short."""


_SHORTEST_BAR, _LONGEST_BAR = 1.0, 16.0
"""In quarters: shorter bars hold no chord, longer ones no pulse."""


@dataclass(frozen=True)
class Section:
    """Whole bars of one mood, key, meter and tempo.

    ``bpm`` counts felt beats (dotted quarters in 6/8). ``energy`` and ``tension`` (0..1) hold one
    value per bar; ``valence`` (-1..1) one for the section. ``similar_to`` is the index of an earlier
    section that this one brings back, changed. Layers are named as in the mood's stack.
    """

    mood: str
    bars: int
    bpm: float
    meter: Meter
    key: Key
    energy: tuple[float, ...]
    tension: tuple[float, ...] = ()
    valence: float = 0.0
    label: str = "A"
    similar_to: int | None = None
    must_have: frozenset[str] = field(default_factory=frozenset)
    must_not_have: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.bars < 1:
            raise ValueError(f"a section of {self.bars} bars")
        if not MIN_BPM / 2 <= self.bpm <= _FASTEST_BPM:
            raise ValueError(f"{self.bpm} bpm cannot be played")
        if not _SHORTEST_BAR <= self.meter.quarters <= _LONGEST_BAR:
            raise ValueError(f"bars of {self.meter} are too short or too long; use 2/4, 3/4, 4/4, 6/8")
        if len(self.energy) != self.bars:
            raise ValueError(f"{len(self.energy)} energies for {self.bars} bars")
        if not self.tension:
            object.__setattr__(self, "tension", self.energy)
        if len(self.tension) != self.bars:
            raise ValueError(f"{len(self.tension)} tensions for {self.bars} bars")

    @property
    def bar_s(self) -> float:
        """Length of a bar in seconds."""
        return self.meter.beats * 60 / self.bpm

    @property
    def duration_s(self) -> float:
        return self.bars * self.bar_s

    @property
    def quarters(self) -> float:
        """Length in quarter notes."""
        return self.bars * self.meter.quarters

    @property
    def qpm(self) -> float:
        """Quarter notes per minute."""
        return self.bpm * self.meter.beat_quarters


@dataclass(frozen=True, slots=True, order=True)
class Stinger:
    """An accent asked for at a moment; the engine plays it on the nearest beat or half beat."""

    time_s: float
    kind: str
    strength: float = 1.0


@dataclass(frozen=True)
class Plan:
    """Sections one after another. The last bar of the last one is the closing cadence.

    Where ``loops`` is set there is no closing cadence: the last bar leads back to the first.
    """

    sections: tuple[Section, ...]
    stingers: tuple[Stinger, ...] = ()
    loops: bool = False

    def __post_init__(self) -> None:
        if not self.sections:
            raise ValueError("a plan has at least one section")
        for i, section in enumerate(self.sections):
            if section.similar_to is not None and not 0 <= section.similar_to < i:
                raise ValueError(f"section {i + 1} is similar to one that is not before it")

    @cached_property
    def starts_s(self) -> tuple[float, ...]:
        """Start of each section in seconds."""
        return _starts(s.duration_s for s in self.sections)

    @cached_property
    def starts_q(self) -> tuple[float, ...]:
        """Start of each section in quarter notes."""
        return _starts(s.quarters for s in self.sections)

    @property
    def duration_s(self) -> float:
        return sum(section.duration_s for section in self.sections)

    @property
    def quarters(self) -> float:
        return sum(section.quarters for section in self.sections)


def _starts(lengths: Iterable[float]) -> tuple[float, ...]:
    return (0.0, *accumulate(lengths))[:-1]


def section_letter(index: int) -> str:
    """A, B … Z, A2, B2 …: the label of the ``index``-th material of a piece."""
    turn, place = divmod(index, 26)
    return chr(ord("A") + place) + (str(turn + 1) if turn else "")
