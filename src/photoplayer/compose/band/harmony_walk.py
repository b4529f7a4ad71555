"""One phrase as a walk through chords: what the agent sees, may do and gets.

The Markov decision process, after Watson Beat's SARSA (``symbolic`` sheet 1.5) and repaired:

* **state**: cadence asked, place in the phrase, slots to the cadence, unrest (mood and tension), degree
  of the chord that sounds;
* **action**: the size of the jump to the next chord (:data:`harmony_distance.JUMPS`);
* **transition**: within that size, the concrete chord is drawn by the language's weights, smooth voice
  leading first, and by the melody where there is one;
* **reward**: :data:`chord_reward.REWARD`.

Training and playing walk with the same code.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from typing import NamedTuple, Protocol

from photoplayer.compose.band.chord_language import ChordLanguage, Numeral, palette
from photoplayer.compose.band.chord_reward import Moment, reward
from photoplayer.compose.band.form import Cadence
from photoplayer.compose.band.harmony_distance import JUMPS, jump, voice_motion
from photoplayer.compose.band.harmony_melody import Profile, melody_fit
from photoplayer.music.theory import Mode

CADENCES: dict[Cadence, int] = {"open": 0, "half": 1, "authentic": 2, "final": 2}
PLACES, TO_GO, UNREST, DEGREES = 3, 8, 3, 7
STATE_SHAPE = (3, PLACES, TO_GO, UNREST, DEGREES)
"""Sizes of the state's coordinates: cadence, place, slots to go, unrest, degree."""

UNREST_LEVELS = (0.3, 0.6)
"""Where the mean of tension and adventure passes from small jumps to medium, and to big ones."""

MEMORY = 6
"""Chords that the reward looks back on."""

MELODY_PULL = 4.0
"""How strongly the melody's fit weighs in the drawing of the concrete chord."""


def unrest_level(tension: float, adventure: float) -> int:
    """The size of jump asked for, 0..2, from a bar's tension and the language's adventure."""
    wanted = round((tension + adventure) / 2, 6)
    return sum(wanted >= level for level in UNREST_LEVELS)


class Offer(NamedTuple):
    """A chord within reach, how likely it is drawn, how the language likes it (-1..1), and its fit."""

    numeral: Numeral
    weight: float
    idiom: float = 0.0
    fit: float = 0.0


Offers = tuple[tuple[Offer, ...], ...]
"""Offers by size of jump; a size may have none."""


class Policy(Protocol):
    """Chooses a jump (an index of :data:`harmony_distance.JUMPS`) among those that have an offer."""

    def choose(self, mode: Mode, state: int, offers: Offers, dice: random.Random) -> int: ...


@dataclass(frozen=True, slots=True)
class Task:
    """A phrase to find chords for, one per slot of ``unrest``.

    ``before``: chords that sounded before it (at least one); ``given``: chords already settled, ``None``
    where the agent chooses; ``melody``: what sounds above each slot; ``spiced``: whether one borrowed
    chord is welcome.
    """

    language: ChordLanguage
    mode: Mode
    cadence: Cadence
    unrest: tuple[int, ...]
    before: tuple[Numeral, ...]
    given: tuple[Numeral | None, ...] = ()
    melody: tuple[Profile, ...] = ()
    plagal: bool = False
    spiced: bool = False


class Step(NamedTuple):
    """One step of a walk: the state's index, the jump taken, the reward got."""

    state: int
    action: int
    reward: float


@dataclass(frozen=True, slots=True)
class Walk:
    """The chords of a phrase, and how the agent came by them."""

    numerals: tuple[Numeral, ...]
    steps: tuple[Step, ...]

    @property
    def total(self) -> float:
        """The reward of the whole phrase, rounded so that it can decide."""
        return round(sum(step.reward for step in self.steps), 6)


def state_index(cadence: Cadence, place: int, to_go: int, unrest: int, degree: int) -> int:
    """Number of a state: its coordinates read as the digits of :data:`STATE_SHAPE`."""
    stage = 0 if place == 0 else 1 if place < 4 else 2
    index = CADENCES[cadence] * PLACES + stage
    index = index * TO_GO + min(to_go, TO_GO - 1)
    return (index * UNREST + unrest) * DEGREES + degree


@lru_cache(maxsize=4096)
def reach(language: ChordLanguage, mode: Mode, current: Numeral, borrowing: bool) -> Offers:
    """All chords of the language by size of jump from ``current``, the smoother ones likelier."""
    found: list[list[Offer]] = [[] for _ in JUMPS]
    for numeral, weight in palette(language, mode):
        if numeral.borrowed and not borrowing:
            continue
        smooth = 2 ** (-voice_motion(current, numeral) / 3)
        held = numeral == current
        offer = Offer(numeral, round(weight * smooth, 6), 0.0 if held else idiom(language, mode, numeral))
        found[jump(current, numeral)].append(offer)
    return tuple(map(tuple, found))


@lru_cache(maxsize=4096)
def idiom(language: ChordLanguage, mode: Mode, numeral: Numeral) -> float:
    """How much a language likes a chord: 1 for its favourite, -1 for one it does not use."""
    weights = dict(palette(language, mode))
    return round(2 * weights.get(numeral, 0.0) / max(weights.values()) - 1, 6)


def _heard(offers: Offers, profile: Profile) -> Offers:
    """The same offers with the melody above them taken into account."""
    return tuple(
        tuple(
            o._replace(weight=round(o.weight * exp(MELODY_PULL * fit), 6), fit=fit)
            for o in size
            for fit in (melody_fit(profile, o.numeral.step, o.numeral.quality),)
        )
        for size in offers
    )


def walk(task: Task, policy: Policy, dice: random.Random) -> Walk:
    """Walk through a phrase: at each free slot the policy jumps, at a given one it follows."""
    chords, numerals, steps = list(task.before), [], []
    spiced = task.spiced
    slots = len(task.unrest)
    for place in range(slots):
        to_go, current = slots - 1 - place, chords[-1]
        state = state_index(task.cadence, place, to_go, task.unrest[place], current.degree)
        profile = task.melody[place] if task.melody else None
        settled = task.given[place] if task.given else None
        if settled is not None:
            action = jump(current, settled)
            fit = melody_fit(profile, settled.step, settled.quality) if profile else 0.0
            chosen = settled
        else:
            offers = reach(task.language, task.mode, current, spiced and 0 < to_go < slots - 1)
            offers = _heard(offers, profile) if profile else offers
            action = policy.choose(task.mode, state, offers, dice)
            chosen, _, _, fit = _draw(offers[action], dice)
        spiced = spiced and not chosen.borrowed
        before = tuple(chords[-MEMORY:])
        moment = Moment(
            before,
            chosen,
            to_go,
            task.cadence,
            task.unrest[place],
            task.plagal,
            task.language.vamp,
            fit,
            idiom(task.language, task.mode, chosen),
        )
        steps.append(Step(state, action, reward(moment)))
        numerals.append(chosen)
        chords.append(chosen)
    return Walk(tuple(numerals), tuple(steps))


def _draw(offers: tuple[Offer, ...], dice: random.Random) -> Offer:
    return dice.choices(offers, [offer.weight for offer in offers])[0]
