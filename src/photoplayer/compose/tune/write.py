"""Writing melodies and trios token by token with the network G, by draws that a seed decides."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt

from photoplayer import models
from photoplayer.compose.tune.asked import Asked
from photoplayer.music.melody_code import HOLD, STEPS_PER_BAR, Grid

CYCLE_BARS = 16
"""The network counts bars up to this and begins again."""

LOOKBACK_BARS = (1, 4, 8)

MANNER, FARTHEST = 2, 2.0
"""Numbers that say the manner, of mean 0 and deviation 1, and how far from 0 they may be."""

_DIGITS = 3
"""Logits are rounded to so many, lest a processor's last bit decide a draw."""

_NOTHING = -1
"""Before the first note nothing sounds."""

Floats = npt.NDArray[np.float32]


def write(asked: Sequence[Asked], chances: Sequence[Random]) -> Grid:
    """``(melodies, bars * 16)`` tokens in C, bar by bar as ``asked``; a melody for every one of ``chances``.

    In what manner (how wide it leaps, how much its bars return) is drawn first, then every token. Raises
    :class:`SetupError` where the model is missing.
    """
    return _written(models.load("melody_write"), asked, chances)[..., 0]


def write_trios(asked: Sequence[Asked], chances: Sequence[Random]) -> Grid:
    """``(trios, bars * 16, 3)``: as :func:`write`, melodies with the bass and the drums that go with them
    (:mod:`photoplayer.compose.tune.trio`)."""
    return _written(models.load("melody_trio"), asked, chances)


def _written(model: models.Model, asked: Sequence[Asked], chances: Sequence[Random]) -> Grid:
    """``(pieces, steps, streams)``: every step a draw per stream, in their order."""
    temperature, streams = float(model.card["temperature"]), tuple(model.card["streams"])
    count = len(chances)
    manners = np.array([_manner(random) for random in chances], np.float32)
    state = np.zeros((count, int(model.card["hidden"])), np.float32)
    tokens = np.zeros((count, len(asked) * STEPS_PER_BAR, len(streams)), np.int64)
    sounding = np.full((count, len(streams)), _NOTHING)
    for step in range(tokens.shape[1]):
        bar, within = divmod(step, STEPS_PER_BAR)
        wanted = np.broadcast_to(np.array(asked[bar].row(), np.float32), (count, 3))
        inputs = {
            "past": _past(tokens, step, sounding, streams),
            "place": np.broadcast_to(_place(bar, within), (count, STEPS_PER_BAR + CYCLE_BARS)),
            "asked": np.concatenate([wanted, manners], axis=1),
            "state": state,
        }
        logits, state = model.session.run(None, inputs)
        parts = np.split(logits, np.cumsum(streams)[:-1], axis=1)
        for row, random in enumerate(chances):
            tokens[row, step] = [_drawn(part[row], random, temperature) for part in parts]
        sounding = np.where(tokens[:, step] == HOLD, sounding, tokens[:, step])
    return tokens


def _manner(random: Random) -> list[float]:
    return [min(max(random.gauss(0, 1), -FARTHEST), FARTHEST) for _ in range(MANNER)]


def _past(tokens: Grid, step: int, sounding: Grid, streams: Sequence[int]) -> Floats:
    """``(pieces, 5, tokens of all streams)``: of each stream the token before, what sounds, and what stood
    here one, four and eight bars ago."""
    count = len(tokens)
    past = np.zeros((count, 2 + len(LOOKBACK_BARS), sum(streams)), np.float32)
    every = np.arange(count)
    first = 0
    for stream, size in enumerate(streams):
        if step:
            past[every, 0, first + tokens[:, step - 1, stream]] = 1
        heard = every[sounding[:, stream] != _NOTHING]
        past[heard, 1, first + sounding[heard, stream]] = 1
        for row, bars in enumerate(LOOKBACK_BARS, start=2):
            if step >= bars * STEPS_PER_BAR:
                past[every, row, first + tokens[:, step - bars * STEPS_PER_BAR, stream]] = 1
        first += size
    return past


def _place(bar: int, within: int) -> Floats:
    place = np.zeros(STEPS_PER_BAR + CYCLE_BARS, np.float32)
    place[within] = place[STEPS_PER_BAR + bar % CYCLE_BARS] = 1
    return place


def _drawn(logits: Floats, random: Random, temperature: float) -> int:
    """The token that a draw falls on."""
    weights = np.exp(np.round(logits.astype(np.float64), _DIGITS) / temperature)
    edges = np.cumsum(weights)
    return min(int(np.searchsorted(edges, random.random() * edges[-1], side="right")), len(edges) - 1)
