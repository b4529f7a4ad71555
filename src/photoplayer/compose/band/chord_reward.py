"""What good harmony is: every term of the agent's reward, with its weight, in one table.

The same table trains the agent (:mod:`photoplayer.train.recipes.chords`) and judges its walks when a
section is harmonised. Each term gives -1..1 for one choice (a :class:`Moment`); the reward is their
weighted sum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from photoplayer.compose.band.chord_language import Numeral
from photoplayer.compose.band.form import Cadence
from photoplayer.compose.band.harmony_distance import jump, voice_motion


class Moment(NamedTuple):
    """One choice: ``chosen`` after ``before`` (oldest first), ``to_go`` slots before the phrase's last.

    ``unrest`` 0..2 is the size of jump that mood and tension ask for, less one; ``fit`` -1..1 how well
    the chord suits the melody above it (0 where there is none), ``idiom`` how much the language likes it.
    """

    before: tuple[Numeral, ...]
    chosen: Numeral
    to_go: int
    cadence: Cadence
    unrest: int
    plagal: bool = False
    vamp: int = 1
    fit: float = 0.0
    idiom: float = 0.0


def is_home(numeral: Numeral) -> bool:
    """Whether a chord is the tonic triad."""
    return numeral.step == 0


FUNCTION_MOVES: dict[str, float] = {
    "TS": 1.0, "SD": 1.0, "DT": 1.0, "TD": 0.6, "ST": 0.2, "DS": -1.0, "TT": 0.5, "SS": 0.4, "DD": 0.0,
}  # fmt: skip
"""Functional progress, T to S to D to T; the way back from D to S is the one that counts as wrong."""

DOUBLE_PLAGAL = (10, 5)
"""bVII to IV: the one way from the subtonic to a subdominant that modal music takes as progress."""


def function_progress(m: Moment) -> float:
    """Harmony moves on through tonic, subdominant, dominant, tonic; a held chord is neither."""
    last = m.before[-1]
    if jump(last, m.chosen) == 0:
        return 0.0
    if (last.step, m.chosen.step) == DOUBLE_PLAGAL:
        return 0.5
    return FUNCTION_MOVES[last.function + m.chosen.function]


def closes(before: Numeral, last: Numeral, cadence: Cadence, plagal: bool) -> bool:
    """Whether two chords end a phrase as ``cadence`` asks.

    ``half``: on a dominant; ``authentic`` and ``final``: from a dominant home (from a subdominant too
    where ``plagal``); ``open``: anywhere but at home, so that a dominant before gives the deceptive
    cadence. No phrase ends on a diminished or a borrowed triad.
    """
    if last.quality == "dim" or last.borrowed:
        return False
    if cadence == "half":
        return last.function == "D"
    if cadence == "open":
        return not is_home(last)
    led = before.function == "D" or (plagal and before.function == "S" and not before.borrowed)
    return is_home(last) and led


def cadence_arrives(m: Moment) -> float:
    """The asked cadence stands on the phrase's last slot; its leading chord just before; not earlier."""
    if m.to_go == 0:
        return 1.0 if closes(m.before[-1], m.chosen, m.cadence, m.plagal) else -1.0
    home_asked = m.cadence in ("authentic", "final")
    if m.to_go == 1 and home_asked:
        leads = m.chosen.function == "D" or (m.plagal and m.chosen.function == "S")
        return 0.3 if leads and m.chosen.quality != "dim" else -0.5
    if m.to_go == 1 and m.cadence == "half":
        return 0.3 if m.chosen.function == "S" else -0.5 if m.chosen.function == "D" else 0.0
    early = m.before[-1].function == "D" and is_home(m.chosen)
    return -0.2 if m.to_go <= 2 and home_asked and early else 0.0


def no_stale_loop(m: Moment) -> float:
    """A chord is not held for a third slot, nor do two chords swing more often than the mood likes."""
    chords = (*m.before, m.chosen)
    if len(chords) >= 3 and chords[-1] == chords[-2] == chords[-3]:
        return -1.0
    swing = 2 * (m.vamp + 1)
    tail = chords[-swing:]
    if len(tail) == swing and tail[0] != tail[1] and tail == tail[:2] * (m.vamp + 1):
        return -1.0
    return 0.0


WANTED_JUMP = (1.5, 2.0, 2.5)
"""The jump asked for at each unrest, on the scale stay 0, small 1, medium 2, big 3."""


def jump_fits(m: Moment) -> float:
    """The jump is as big as mood and tension ask: thirds and fifths at rest, fifths and steps in unrest.

    Harmony that stands still is no answer in any mood (slow ones have longer slots instead).
    """
    size = jump(m.before[-1], m.chosen)
    return -1.0 if size == 0 else max(-1.0, 1.0 - abs(size - WANTED_JUMP[m.unrest]))


def comes_home(m: Moment) -> float:
    """The tonic is heard again before four chords have gone by without it."""
    away = m.before[-3:]
    if len(away) < 3 or any(map(is_home, away)):
        return 0.0
    return 1.0 if is_home(m.chosen) else -1.0


def suits_melody(m: Moment) -> float:
    """The chord holds the melody's strong notes and does not rub against them."""
    return m.fit


def speaks_the_language(m: Moment) -> float:
    """A new chord is one that the mood likes (1 for its favourite, -1 for one it hardly uses)."""
    return m.idiom if m.chosen != m.before[-1] else 0.0


def voices_move_little(m: Moment) -> float:
    """Three voices get from chord to chord with few semitones (1 for none, -1 for eight)."""
    return max(-1.0, 1.0 - voice_motion(m.before[-1], m.chosen) / 4)


REWARD: tuple[tuple[str, float, Callable[[Moment], float]], ...] = (
    ("function", 1.0, function_progress),
    ("cadence", 4.0, cadence_arrives),
    ("loop", 1.5, no_stale_loop),
    ("jump", 0.7, jump_fits),
    ("home", 0.8, comes_home),
    ("melody", 5.0, suits_melody),
    ("idiom", 0.6, speaks_the_language),
    ("smooth", 0.3, voices_move_little),
)
"""Name, weight and meaning of each term."""

WEIGHTS = {name: weight for name, weight, _ in REWARD}


@dataclass(frozen=True)
class Verdict:
    """A reward taken apart: each term's weighted share."""

    terms: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.terms.values())


def verdict(moment: Moment) -> Verdict:
    """All terms for one choice, for people and reports."""
    return Verdict({name: weight * term(moment) for name, weight, term in REWARD})


def reward(moment: Moment) -> float:
    """The weighted sum of all terms for one choice."""
    return sum(weight * term(moment) for _, weight, term in REWARD)
