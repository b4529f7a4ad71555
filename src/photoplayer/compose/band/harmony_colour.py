"""Colour: in which form each chord of a phrase sounds, and over which bass."""

from __future__ import annotations

import random
from dataclasses import dataclass

from photoplayer.compose.band.chord_language import ChordLanguage, Numeral, forms
from photoplayer.compose.band.form import Cadence
from photoplayer.compose.band.harmony_melody import Profile, melody_fit
from photoplayer.music.theory import Mode

PLAIN_HOME = 3.0
"""How much likelier the tonic stays a plain triad than other chords do."""


@dataclass(frozen=True, slots=True)
class Held:
    """A chord from ``start`` for ``length`` (bars from the phrase's start), with the melody above it."""

    start: float
    length: float
    numeral: Numeral
    tension: float = 0.0
    melody: Profile = ()


def colour(
    chords: tuple[Held, ...],
    cadence: Cadence,
    *,
    language: ChordLanguage,
    mode: Mode,
    dice: random.Random,
) -> tuple[str, ...]:
    """A quality for each chord of a phrase.

    The chord that comes home is plain, its dominant has a seventh as often as the language likes (a
    minor dominant is suspended instead, where it may be); elsewhere colours are drawn by weight, bolder
    under tension, never two suspensions in a row, and never against the melody.
    """
    qualities: list[str] = []
    for i, held in enumerate(chords):
        last, left = i == len(chords) - 1, len(chords) - 1 - i
        closing = cadence in ("authentic", "final") and left <= 1
        suspended = bool(qualities) and qualities[-1].startswith("sus")
        roll = dice.random()  # drawn for every chord, so that one chord's colour leaves the next alone
        if closing and last:
            qualities.append(held.numeral.quality)
        elif held.numeral.function == "D" and (closing or (last and cadence == "half")):
            qualities.append(_dominant(held, language, mode, roll))
        else:
            qualities.append(_drawn(held, language, mode, roll, suspended))
    return tuple(qualities)


def _dominant(held: Held, language: ChordLanguage, mode: Mode, roll: float) -> str:
    words = [quality for quality, _ in forms(language, mode, held.numeral)]
    plain, suspended = (melody_fit(held.melody, held.numeral.step, q) for q in (held.numeral.quality, "sus4"))
    if held.numeral.degree == 4 and held.numeral.quality == "m" and "sus4" in words and suspended >= plain:
        return "sus4"
    return "7" if "7" in words and roll < language.dominant_seventh else held.numeral.quality


def _drawn(held: Held, language: ChordLanguage, mode: Mode, roll: float, suspended: bool) -> str:
    numeral = held.numeral
    plain_fit = melody_fit(held.melody, numeral.step, numeral.quality)
    choices: list[tuple[str, float]] = []
    for quality, weight in forms(language, mode, numeral):
        again = suspended and quality.startswith("sus")
        if quality == numeral.quality:
            choices.append((quality, weight * (PLAIN_HOME if numeral.step == 0 else 1.0)))
        elif not again and melody_fit(held.melody, numeral.step, quality) >= plain_fit:
            choices.append((quality, weight * (0.5 + held.tension)))
    at = round(roll * sum(weight for _, weight in choices), 9)
    for quality, weight in choices:
        at -= weight
        if at < 0:
            return quality
    return numeral.quality


def pedal_bass(chords: tuple[Held, ...], tonic: int) -> tuple[int | None, ...]:
    """The tonic as bass under all chords but the last two, which the cadence needs for itself."""
    body = len(chords) - 2
    return tuple(tonic if i < body and held.numeral.step != 0 else None for i, held in enumerate(chords))
