"""Which music a scene asks for: mood, key, meter and form of every section.

The scene gives three numbers per section (valence, arousal, tension); the mood whose affect lies
nearest wins, unless leaving the mood before it gains too little. Mode and register follow valence,
the strongest cue listeners use (Eerola, Friberg & Bresin 2013).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from photoplayer.compose.chance import chance
from photoplayer.compose.moods import MOODS, Mood
from photoplayer.compose.plan import section_letter
from photoplayer.music.theory import Key, Meter, Mode
from photoplayer.scene.timeline import Timeline

SWITCH_COST = 0.06
"""Squared affect distance that a change of mood has to save."""

RETURN_DISTANCE = 0.3
"""Two sections of one mood whose affects lie nearer than this are the same scene come back."""

_WEIGHTS = np.array([0.35, 1.0, 0.6])
"""Valence spans two units and is the least certain thing a picture tells; arousal the most."""

_BRIGHTNESS: dict[Mode, float] = {
    "lydian": 1.0, "major": 0.7, "mixolydian": 0.3, "dorian": -0.2, "minor": -0.6, "phrygian": -1.0,
}  # fmt: skip
"""Modes from bright to dark, on the scale of valence."""

_KEY_MOVES = (0, 5, 7, 9, 3)
"""Where new material may go from home: same tonic, fourth, fifth, and thirds below and above."""


@dataclass(frozen=True)
class Affect:
    """``valence`` -1..1, ``arousal`` and ``tension`` 0..1."""

    valence: float
    arousal: float
    tension: float

    def distance(self, other: Affect | Mood) -> float:
        """Weighted squared distance."""
        difference = np.array(
            [self.valence - other.valence, self.arousal - other.arousal, self.tension - other.tension]
        )
        return float((_WEIGHTS * difference**2).sum())


@dataclass(frozen=True)
class Choice:
    """What a section shall be, before its bars are counted. ``arousal`` steers the tempo."""

    affect: Affect
    mood: Mood
    key: Key
    meter: Meter
    label: str
    similar_to: int | None


def affect_between(timeline: Timeline, start_s: float, end_s: float) -> Affect:
    """The affect of a stretch. Arousal leans to its busier half: a short fight still is a fight."""
    steps = slice(int(start_s * timeline.rate_hz), max(int(end_s * timeline.rate_hz), int(start_s * 3) + 1))
    intensity = timeline.intensity[steps]
    busy = float(np.quantile(intensity, 0.75)) if len(intensity) else 0.0
    mean = timeline.at("intensity", start_s, end_s)
    return Affect(
        round(timeline.at("valence", start_s, end_s), 2),
        round((mean + busy) / 2, 2),
        round(timeline.at("tension", start_s, end_s), 2),
    )


def choose(
    affects: Sequence[Affect],
    *,
    seed: int,
    mood: str | None = None,
    key: Key | None = None,
    meter: Meter | None = None,
) -> list[Choice]:
    """Mood, key, meter and form for sections with these affects; what is given is kept."""
    moods = [MOODS[mood]] * len(affects) if mood else _moods_along(affects)
    home = key.tonic if key else chance(seed, "home").randrange(12)
    choices: list[Choice] = []
    for i, (affect, its_mood) in enumerate(zip(affects, moods, strict=True)):
        earlier = _comes_back(affect, its_mood, choices)
        if earlier is not None:
            before = choices[earlier]
            choices.append(Choice(affect, its_mood, before.key, before.meter, before.label, earlier))
            continue
        label = section_letter(len({c.label for c in choices}))
        move = 0 if i == 0 else chance(seed, "key", label).choice(_KEY_MOVES)
        its_key = key or Key((home + move) % 12, _mode(its_mood, affect.valence))
        choices.append(Choice(affect, its_mood, its_key, meter or _meter(its_mood, seed), label, None))
    return choices


def _moods_along(affects: Sequence[Affect]) -> list[Mood]:
    """The cheapest path through the moods: distance to each, plus a price for every change."""
    moods = list(MOODS.values())
    distance = np.array([[affect.distance(mood) for mood in moods] for affect in affects])
    cost = distance[0].copy()
    came_from = []
    for row in distance[1:]:
        stay, leave = cost, cost.min() + SWITCH_COST
        came_from.append(np.where(stay <= leave, np.arange(len(moods)), cost.argmin()))
        cost = np.minimum(stay, leave) + row
    path = [int(cost.argmin())]
    for origin in reversed(came_from):
        path.append(int(origin[path[-1]]))
    return [moods[i] for i in reversed(path)]


def _comes_back(affect: Affect, mood: Mood, choices: Sequence[Choice]) -> int | None:
    """The latest earlier section this one brings back; its direct neighbour does not count."""
    for i in reversed(range(len(choices) - 1)):
        if choices[i].mood == mood and choices[i].affect.distance(affect) < RETURN_DISTANCE**2:
            return i
    return None


def _mode(mood: Mood, valence: float) -> Mode:
    """The mood's mode that suits the picture's valence, leaning to its usual one."""
    usual = mood.modes[0]
    return min(mood.modes, key=lambda mode: abs(_BRIGHTNESS[mode] - valence) + 0.4 * (mode != usual))


def _meter(mood: Mood, seed: int) -> Meter:
    """One meter per mood and piece; two pieces in three use the usual one."""
    dice = chance(seed, "meter", mood.name)
    return mood.meters[0] if dice.random() < 2 / 3 else dice.choice(mood.meters)
