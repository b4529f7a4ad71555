"""What a scene asks of a melody: how dense, how high, and in which mode.

One rule for pictures and plans: the network that looks at a clip learns to answer with these numbers, and
where there is no clip they are worked out from the plan. The signs follow the working table (density rises
with arousal, register with valence, tension goes low, the mode darkens as valence falls; Gabrielsson &
Lindström 2010; Eerola, Friberg & Bresin 2013); the sizes are such that a scene's extremes are the outer
tenths of the melodies learned from.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

_MIDDLE_LOG_DENSITY, _LOG_DENSITY_UNIT = 2.0, 1.25
"""Four notes a bar are 0; 9.5 are 1."""

_MIDDLE_PITCH, _PITCH_UNIT = 68.0, 8.0
"""G sharp above middle C is 0; E above the treble staff's middle, 76, is 1."""

_CALMEST_LOG_DENSITY, _LOG_DENSITY_SPAN = 1.0, 2.2
"""Two notes a bar at arousal 0, 9.2 at 1."""

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
    pitch = _MIDDLE_PITCH + 6 * valence - 6 * (tension - 0.4) + 3 * (arousal - 0.4)
    return Asked(
        (notes_log - _MIDDLE_LOG_DENSITY) / _LOG_DENSITY_UNIT,
        (pitch - _MIDDLE_PITCH) / _PITCH_UNIT,
        -1.0 if is_minor else 1.0,
    )


def density_unit(notes_per_bar: float) -> float:
    """Notes a bar in the unit of :class:`Asked`, within ±1.5; fewer than one in four bars count as that."""
    return min(
        max((log2(max(notes_per_bar, 0.25)) - _MIDDLE_LOG_DENSITY) / _LOG_DENSITY_UNIT, -_BOUND), _BOUND
    )


def register_unit(pitch: float) -> float:
    """A mean pitch in the unit of :class:`Asked`, within ±1.5."""
    return min(max((pitch - _MIDDLE_PITCH) / _PITCH_UNIT, -_BOUND), _BOUND)
