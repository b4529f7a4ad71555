"""The Score: notes in parts, and the maps that place them in bars and in seconds.

Positions and lengths are in **quarter notes** from the beginning of the score (``float``),
whatever the meter; seconds come from the :class:`TempoMap`. Music that was heard or seen
rather than written (a transcription) uses a constant tempo of 120, where one second is two
quarters, so that nothing is quantised.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from photoplayer.music.theory import Key, Meter

TICKS_PER_QUARTER = 960
"""MIDI resolution of every file we write: divisible by 2..6, 8, 10, 12, 15, 16 and 32."""

LOWEST_PITCH, HIGHEST_PITCH = 0, 127


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One sounding note. ``onset`` and ``offset`` in quarters, ``pitch`` and ``velocity`` MIDI."""

    onset: float
    offset: float
    pitch: int
    velocity: int

    def __post_init__(self) -> None:
        if not (0 <= self.onset < self.offset):
            raise ValueError(f"note from {self.onset} to {self.offset} has no length")
        if not LOWEST_PITCH <= self.pitch <= HIGHEST_PITCH:
            raise ValueError(f"pitch {self.pitch} is outside 0..127")
        if not 1 <= self.velocity <= 127:
            raise ValueError(f"velocity {self.velocity} is outside 1..127")

    @property
    def length(self) -> float:
        """Length in quarters."""
        return self.offset - self.onset


@dataclass(frozen=True, slots=True, order=True)
class Control:
    """A MIDI control change (e.g. 11 expression, 64 pedal) at ``onset`` quarters."""

    onset: float
    number: int
    value: int


@dataclass(frozen=True, slots=True)
class Part:
    """One track: an instrument and its notes.

    ``layer`` names the stem it belongs to (``bass``, ``drums``, ``lead`` …). ``volume`` (0..127,
    CC 7), ``pan`` (-1 left .. 1 right) and ``reverb`` (0..1) place it in the mix.
    """

    name: str
    program: int
    notes: tuple[Note, ...]
    is_drum: bool = False
    layer: str = ""
    volume: int = 100
    pan: float = 0.0
    reverb: float = 0.3
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class MeterChange:
    onset: float
    meter: Meter = field(compare=False)


@dataclass(frozen=True, slots=True, order=True)
class KeyChange:
    onset: float
    key: Key = field(compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Marker:
    onset: float
    text: str


@dataclass(frozen=True, slots=True, order=True)
class TempoChange:
    """From ``onset`` quarters on, ``qpm`` quarter notes per minute."""

    onset: float
    qpm: float


@dataclass(frozen=True)
class TempoMap:
    """Piecewise constant tempo. The first change stands at 0."""

    changes: tuple[TempoChange, ...] = (TempoChange(0.0, 120.0),)

    def __post_init__(self) -> None:
        onsets = [c.onset for c in self.changes]
        if not onsets or onsets[0] != 0 or onsets != sorted(set(onsets)):
            raise ValueError("a tempo map begins at 0 and its changes are in order")
        if any(c.qpm <= 0 for c in self.changes):
            raise ValueError("a tempo is above 0")

    @cached_property
    def _onsets(self) -> list[float]:
        return [c.onset for c in self.changes]

    @cached_property
    def _seconds(self) -> list[float]:
        at = [0.0]
        for here, after in zip(self.changes, self.changes[1:], strict=False):
            at.append(at[-1] + (after.onset - here.onset) * 60 / here.qpm)
        return at

    def seconds(self, quarters: float) -> float:
        """The time of a position, in seconds."""
        i = max(bisect_right(self._onsets, quarters) - 1, 0)
        return self._seconds[i] + (quarters - self._onsets[i]) * 60 / self.changes[i].qpm

    def quarters(self, seconds: float) -> float:
        """The position of a time, in quarters."""
        i = max(bisect_right(self._seconds, seconds) - 1, 0)
        return self._onsets[i] + (seconds - self._seconds[i]) * self.changes[i].qpm / 60


@dataclass(frozen=True)
class Score:
    """Parts on common maps of tempo, meter and key. ``end`` is its length in quarters."""

    parts: tuple[Part, ...]
    end: float
    tempo_map: TempoMap = TempoMap()
    meters: tuple[MeterChange, ...] = (MeterChange(0.0, Meter(4, 4)),)
    keys: tuple[KeyChange, ...] = ()
    markers: tuple[Marker, ...] = ()

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.tempo_map.seconds(self.end)

    @property
    def layers(self) -> tuple[str, ...]:
        """Layer names in order of appearance."""
        return tuple(dict.fromkeys(part.layer for part in self.parts))

    def notes(self) -> Iterable[Note]:
        """All notes of all parts, part after part."""
        for part in self.parts:
            yield from part.notes
