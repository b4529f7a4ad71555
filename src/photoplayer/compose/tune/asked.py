"""What a scene asks of a melody: how dense, how high, and in which mode.

One rule for pictures and plans: the network that looks at a clip learns to answer with these numbers, and
where there is no clip they are worked out from the plan. The signs follow the working table (density rises
with arousal, register with valence, tension goes low, the mode darkens as valence falls; Gabrielsson &
Lindström 2010; Eerola, Friberg & Bresin 2013); the sizes are such that a scene's extremes are the outer
tenths of the melodies learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from photoplayer.music.score import Note

_MIDDLE_LOG_DENSITY, _LOG_DENSITY_UNIT = 2.0, 1.25
"""Four notes a bar are 0; 9.5 are 1."""

_MIDDLE_PITCH, _PITCH_UNIT = 68.0, 8.0
"""G sharp above middle C is 0; E above the treble staff's middle, 76, is 1."""

_CALMEST_LOG_DENSITY, _LOG_DENSITY_SPAN = 0.6, 3.2
"""A note and a half a bar at arousal 0, 14 at 1."""

_BRIGHT, _TENSE, _AROUSED = 12.0, 10.0, 5.0
"""Semitones up for valence, down for tension and up for arousal; a quiet scene of middling mood is in the
middle."""

_PLAIN_MODE = 0.4
"""How far the mode's own notes outweigh the other's in a plain melody."""

_MAJOR_TONES, _MINOR_TONES = (4, 9, 11), (3, 8, 10)
"""Semitones above the tonic that only one of the modes has."""

_BOUND = 1.5


@dataclass(frozen=True)
class Asked:
    """``density`` and ``register`` about -1..1 in units of the melodies learned from; ``mode`` 1 major, -1
    minor."""

    density: float
    register: float
    mode: float

    def row(self) -> tuple[float, float, float]:
        """As a network is given it."""
        return (self.density, self.register, self.mode)


def asked_of(*, arousal: float, tension: float, valence: float, is_minor: bool) -> Asked:
    """What an affect asks for: ``arousal`` and ``tension`` 0..1, ``valence`` -1..1."""
    notes_log = _CALMEST_LOG_DENSITY + _LOG_DENSITY_SPAN * arousal
    pitch = _MIDDLE_PITCH + _BRIGHT * valence - _TENSE * (tension - 0.35) + _AROUSED * (arousal - 0.4)
    return Asked(
        (notes_log - _MIDDLE_LOG_DENSITY) / _LOG_DENSITY_UNIT,
        (pitch - _MIDDLE_PITCH) / _PITCH_UNIT,
        -1.0 if is_minor else 1.0,
    )


def density_unit(notes_per_bar: float) -> float:
    """Notes a bar in the unit of :class:`Asked`, within ±1.5; fewer than one in four bars count as that."""
    return bounded((log2(max(notes_per_bar, 0.25)) - _MIDDLE_LOG_DENSITY) / _LOG_DENSITY_UNIT)


def register_unit(pitch: float) -> float:
    """A mean pitch in the unit of :class:`Asked`, within ±1.5."""
    return bounded((pitch - _MIDDLE_PITCH) / _PITCH_UNIT)


def bounded(value: float) -> float:
    """Within ±1.5, where melodies of people lie."""
    return min(max(value, -_BOUND), _BOUND)


def measured(notes: Sequence[Note], *, bars: int) -> Asked:
    """What a melody in C says, in the units of what is asked for.

    ``mode`` is the share of notes that only major has, less that of those that only minor has. Without notes
    all is as low as can be.
    """
    if not notes:
        return Asked(-_BOUND, -_BOUND, 0.0)
    bright = sum(note.pitch % 12 in _MAJOR_TONES for note in notes)
    dark = sum(note.pitch % 12 in _MINOR_TONES for note in notes)
    mean = sum(note.pitch for note in notes) / len(notes)
    return Asked(density_unit(len(notes) / bars), register_unit(mean), (bright - dark) / len(notes))


def misfit(notes: Sequence[Note], asked: Sequence[Asked]) -> float:
    """How far a melody in C is from what was asked for in its bars, on the whole."""
    said = measured(notes, bars=len(asked))
    density, register = (
        sum(column) / len(asked) for column in zip(*(a.row()[:2] for a in asked), strict=True)
    )
    mode = min(max(said.mode / _PLAIN_MODE, -1), 1)
    return abs(said.density - density) + abs(said.register - register) + abs(mode - asked[0].mode) / 2
