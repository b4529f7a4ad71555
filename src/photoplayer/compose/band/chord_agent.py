"""The agent that chooses chords: tables learned off line, and two that learned nothing beside it.

The tables hold, for each mode, the value of each size of jump in each state
(:data:`harmony_walk.STATE_SHAPE`). ``photoplayer train chords`` makes them; the package ships them as
``models/chords.npz``.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from math import exp, prod
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.band.chord_reward import WEIGHTS
from photoplayer.compose.band.harmony_distance import JUMPS
from photoplayer.compose.band.harmony_walk import STATE_SHAPE, Offer, Offers
from photoplayer.errors import InputError
from photoplayer.music.theory import MODES, Mode

Table = NDArray[np.float32]
"""``(states, jumps)``: expected reward to the phrase's end, per state and jump."""

TABLE_SHAPE = (prod(STATE_SHAPE), len(JUMPS))

TEMPERATURE = 1.8
"""Spread of the agent's choices in units of reward: near 0 it always takes the best jump.

Measured with six walks a phrase: 0.9 gives first phrases of 2.8 bits at 2.13 reward a chord, 1.8 gives
3.5 bits at 2.05. Several loose walks, judged, beat few strict ones.
"""


@dataclass(frozen=True, eq=False)
class LearnedAgent:
    """Jumps by learned value: better jumps exponentially likelier, so that seeds differ."""

    values: Mapping[Mode, tuple[tuple[float, ...], ...]]
    temperature: float = TEMPERATURE

    @classmethod
    def from_tables(cls, tables: Mapping[Mode, Table], temperature: float = TEMPERATURE) -> LearnedAgent:
        """An agent from one table per mode."""
        return cls({mode: tuple(map(tuple, table.tolist())) for mode, table in tables.items()}, temperature)

    def choose(self, mode: Mode, state: int, offers: Offers, dice: random.Random) -> int:
        """A jump that has an offer.

        What the table cannot see counts as reward to come: how the language likes the chords within the
        jump, and the best fit to the melody among them.
        """
        values = self.values[mode][state]
        able = [action for action, size in enumerate(offers) if size]
        scores = [values[action] + _unseen(offers[action]) for action in able]
        best = max(scores)
        weights = [round(exp((score - best) / self.temperature), 6) for score in scores]
        return dice.choices(able, weights)[0]


def _unseen(offers: tuple[Offer, ...]) -> float:
    liked = sum(o.weight * o.idiom for o in offers) / sum(o.weight for o in offers)
    return WEIGHTS["idiom"] * liked + WEIGHTS["melody"] * max(o.fit for o in offers)


class RandomAgent:
    """Any jump that has an offer."""

    def choose(self, mode: Mode, state: int, offers: Offers, dice: random.Random) -> int:
        return dice.choice([action for action, size in enumerate(offers) if size])


class GreedyAgent:
    """The move to the most welcome chord by the language's weights and voice leading, whatever comes."""

    def choose(self, mode: Mode, state: int, offers: Offers, dice: random.Random) -> int:
        moves = range(1, len(offers))
        return max(moves, key=lambda action: max((o.weight for o in offers[action]), default=0.0))


def read_tables(path: Path) -> dict[Mode, Table]:
    """Tables of a ``.npz`` file, one per mode. Raises ``InputError`` if it is not such a file."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            tables: dict[Mode, Table] = {mode: archive[mode].astype(np.float32) for mode in MODES}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise InputError(f"{path} holds no chord tables; make them with: photoplayer train chords") from error
    if any(t.shape != TABLE_SHAPE or not np.isfinite(t).all() for t in tables.values()):
        raise InputError(
            f"{path} holds chord tables of another version; make them with: photoplayer train chords"
        )
    return tables


@lru_cache(maxsize=1)
def shipped_agent() -> LearnedAgent:
    """The agent with the tables that came with the package."""
    with as_file(files("photoplayer.models") / "chords.npz") as path:
        return LearnedAgent.from_tables(read_tables(path))
