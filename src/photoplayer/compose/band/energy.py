"""What energy does, bar by bar: dynamics, density and length of notes.

Layers come and go at phrase borders only (:mod:`.layers`); everything here follows each bar, so that
the music answers within a bar. Loudness, density and shorter notes are the strongest cues of arousal
after mode and tempo (Eerola, Friberg & Bresin 2013; Gabrielsson & Lindström 2010).
"""

from __future__ import annotations

import random
from collections.abc import Iterable

LEVELS = 5
"""Densities of every pattern, from the sparsest (0) to the busiest (4)."""

_LEVEL_FROM = (0.18, 0.38, 0.58, 0.78)
"""Energies at which the levels 1..4 begin."""

HYSTERESIS = 0.04
"""How far beyond a border the energy must be to change the level."""

_SOFTEST, _RANGE = 44.0, 75.0
"""Velocity at energy 0 and its gain to energy 1: about 59 at .2 and 111 at .9. A synthesiser makes some 11 dB
of that, and the layers add to it: more would drown the calm parts under a game's own sound."""

_ACCENT_AT = 100.0
"""Velocity for which accents are written. Loudness follows ratios of velocities, so elsewhere an accent
shrinks or grows with its note."""

_HUMAN_SPREAD = 3

BIG_RISE = 0.3
"""Change of energy over a border that earns a riser."""


def levels(energies: Iterable[float]) -> list[int]:
    """Density level 0..4 of each bar. A level holds until the energy is clearly in another, so that small
    stirs do not change the groove."""
    found: list[int] = []
    for energy in energies:
        low, high = (_level(energy - HYSTERESIS), _level(energy + HYSTERESIS))
        found.append(min(max(found[-1], low), high) if found else _level(energy))
    return found


def _level(energy: float) -> int:
    return sum(round(energy, 6) >= start for start in _LEVEL_FROM)


def velocity(energy: float, *, accent: float = 0.0, rng: random.Random | None = None) -> int:
    """MIDI velocity of a note in a bar of this energy, ``accent`` added, with a small human spread."""
    spread = rng.randint(-_HUMAN_SPREAD, _HUMAN_SPREAD) if rng else 0
    plain = _SOFTEST + _RANGE * round(energy, 6)
    return max(12, min(127, round(plain * (1 + accent / _ACCENT_AT)) + spread))


def gate(energy: float, *, legato: float = 1.0, staccato: float = 0.55) -> float:
    """Share of its written length that a note sounds: long when calm, short when wild."""
    return round(legato + (staccato - legato) * energy, 4)
