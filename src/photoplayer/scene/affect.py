"""The rule table: what a game's state feels like, and which music that asks for.

Two linear, additive steps. Linear rules without interactions explain 77 to 89 % of what listeners hear in
music (Eerola, Friberg & Bresin 2013), so nothing more is taken here. Three axes, since valence and arousal
alone do not hold tension (Tarvainen 2020; PreGLAM).

State to affect (:data:`RULES`): a base, plus a weight times each part of the state. The *signs* have
evidence, named beside each; the *sizes* are ours, chosen so that the extremes are reached and nothing more:
exploring at full pace .41 aroused, a fight in danger 1.0, a menu .08.

Affect to music (:func:`asked`): tempo and energy rise with arousal, mode darkens as valence falls
(Gabrielsson & Lindström 2010; Eerola et al.: mode > tempo > register > dynamics). For meter there is no
evidence at all: calm and bright in three, calm and tense in six eighths are conventions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from photoplayer.music.theory import Mode

Array = npt.NDArray[np.float64]
Level = Literal["low", "medium", "high"]

LEVELS: tuple[Level, ...] = ("low", "medium", "high")
METERS: tuple[str, ...] = ("4/4", "3/4", "6/8")

SLOWEST_BPM, FASTEST_BPM = 70.0, 170.0
"""Tempo at arousal 0 and 1: the working table, and the span of real game music (70 to 200, median 110)."""


@dataclass(frozen=True)
class Rule:
    """How much one part of the state, 0..1, adds to each axis of affect."""

    part: str
    arousal: float
    tension: float
    valence: float
    evidence: str


BASE = Rule("always", 0.08, 0.10, 0.15, "a scene with nothing going on is calm and mildly pleasant")

RULES: tuple[Rule, ...] = (
    Rule("combat", 0.42, 0.20, -0.35, "angry (-,+): Ekman to V/A (EMSYNC); players' arousal in AGAIN"),
    Rule("danger", 0.22, 0.40, -0.25, "threat near: PreGLAM's tension from distance and strength of enemies"),
    Rule("pace", 0.33, 0.05, 0.05, "arousal = smoothed motion (Hanjalic & Xu 2005)"),
    Rule("harm", 0.05, 0.25, -0.30, "1 - health: PreGLAM, low health raises tension and lowers valence"),
    Rule(
        "darkness",
        -0.05,
        0.15,
        -0.25,
        "dark is negative and dominating (Valdez & Mehrabian 1994; Cutting 2016)",
    ),
    Rule("brightness", 0.00, -0.05, 0.25, "pleasure = .69 B (Valdez & Mehrabian 1994)"),
    Rule("victory", 0.35, -0.05, 0.60, "joy (+,+)"),
    Rule("dead", 0.05, 0.10, -0.75, "sad (-,-)"),
)
"""Every rule there is; parts of the state that are not named are 0."""

BRIGHT_MODES: tuple[tuple[float, Mode], ...] = (
    (0.50, "lydian"), (0.10, "major"), (-0.05, "mixolydian"), (-0.25, "dorian"), (-0.60, "minor"),
)  # fmt: skip
"""The least valence each mode wants, bright to dark; phrygian below all."""


@dataclass(frozen=True, eq=False)
class Felt:
    """``arousal`` and ``tension`` 0..1, ``valence`` -1..1; all of one shape."""

    arousal: Array
    tension: Array
    valence: Array


@dataclass(frozen=True)
class Asked:
    """Music for a stretch of a scene: ``energy`` 0..1 and its ``level``, ``bpm``, ``mode``, ``meter``."""

    bpm: float
    energy: float
    level: Level
    mode: Mode
    meter: str


def felt(state: Mapping[str, npt.ArrayLike]) -> Felt:
    """The affect of a state: parts named as in :data:`RULES`, each 0..1 and of one shape.

    Raises ``ValueError`` for a part no rule knows: a misspelt one would be passed over in silence.
    """
    known = {rule.part for rule in RULES}
    if unknown := sorted(set(state) - known):
        raise ValueError(f"no rule speaks of {unknown[0]!r}; there are {', '.join(sorted(known))}")
    parts = {name: np.clip(np.asarray(value, np.float64), 0, 1) for name, value in state.items()}

    def axis(name: str) -> Array:
        added = [getattr(rule, name) * parts[rule.part] for rule in RULES if rule.part in parts]
        return np.asarray(getattr(BASE, name) + sum(added, np.zeros(())))

    return Felt(
        np.clip(axis("arousal"), 0, 1), np.clip(axis("tension"), 0, 1), np.clip(axis("valence"), -1, 1)
    )


def asked(arousal: float, tension: float, valence: float) -> Asked:
    """The music that an affect asks for."""
    energy = float(energy_asked(np.array(arousal), np.array(tension)))
    bpm = SLOWEST_BPM + (FASTEST_BPM - SLOWEST_BPM) * float(np.clip(arousal, 0, 1))
    return Asked(
        round(bpm, 1), round(energy, 3), level(energy), mode(valence), _meter(arousal, tension, valence)
    )


def energy_asked(arousal: Array, tension: Array) -> Array:
    """How much music plays, 0..1."""
    return np.clip(0.02 + 0.85 * arousal + 0.15 * tension, 0, 1)


def level(energy: float) -> Level:
    """Thirds of the energy: at most 5, 6 to 9, or 10 and more sounding parts in real game music."""
    return LEVELS[min(int(np.clip(energy, 0, 1) * len(LEVELS)), len(LEVELS) - 1)]


def mode(valence: float) -> Mode:
    """The brightest mode that the valence allows."""
    return next((name for least, name in BRIGHT_MODES if valence >= least), "phrygian")


def is_major(name: Mode) -> bool:
    """Whether the mode has a major third."""
    return name in ("lydian", "major", "mixolydian")


def _meter(arousal: float, tension: float, valence: float) -> str:
    if arousal < 0.3 and valence > 0.15:
        return "3/4"
    return "6/8" if arousal < 0.4 and tension > 0.3 else "4/4"
