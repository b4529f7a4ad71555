"""Writing a melody token by token with the network G, by draws that a seed decides."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt

from photoplayer import models
from photoplayer.compose.tune.asked import Asked
from photoplayer.music.melody_code import HOLD, STEPS_PER_BAR, TOKENS, Grid

CYCLE_BARS = 16
"""The network counts bars up to this and begins again."""

LOOKBACK_BARS = (1, 4, 8)

MANNER, FARTHEST = 2, 2.0
"""Numbers that say the manner, of mean 0 and deviation 1, and how far from 0 they may be."""

_DIGITS = 3
"""Logits are rounded to so many, lest a processor's last bit decide a draw."""

Floats = npt.NDArray[np.float32]


def write(asked: Sequence[Asked], random: Random) -> Grid:
    """``(bars * 16,)`` tokens in C, bar by bar as ``asked``.

    In what manner (how wide it leaps, how much its bars return) is drawn first, then every token.

    Raises :class:`SetupError` where the model is missing.
    """
    model = models.load("melody_write")
    temperature = float(model.card["temperature"])
    manner = [min(max(random.gauss(0, 1), -FARTHEST), FARTHEST) for _ in range(MANNER)]
    state = np.zeros((1, int(model.card["hidden"])), np.float32)
    tokens = np.zeros(len(asked) * STEPS_PER_BAR, np.int64)
    sounding = -1
    for step in range(len(tokens)):
        bar, within = divmod(step, STEPS_PER_BAR)
        logits, state = model.session.run(
            None,
            {
                "past": _past(tokens, step, sounding),
                "place": _place(bar, within),
                "asked": np.array([[*asked[bar].row(), *manner]], np.float32),
                "state": state,
            },
        )
        tokens[step] = token = _drawn(logits[0], random, temperature)
        sounding = sounding if token == HOLD else token
    return tokens


def _past(tokens: Grid, step: int, sounding: int) -> Floats:
    """``(1, 5, tokens)``: the token before, what sounds, and what stood here one, four and eight bars ago."""
    past = np.zeros((1, 2 + len(LOOKBACK_BARS), TOKENS), np.float32)
    if step:
        past[0, 0, tokens[step - 1]] = 1
    if sounding >= 0:
        past[0, 1, sounding] = 1
    for row, bars in enumerate(LOOKBACK_BARS, start=2):
        if step >= bars * STEPS_PER_BAR:
            past[0, row, tokens[step - bars * STEPS_PER_BAR]] = 1
    return past


def _place(bar: int, within: int) -> Floats:
    place = np.zeros((1, STEPS_PER_BAR + CYCLE_BARS), np.float32)
    place[0, within] = place[0, STEPS_PER_BAR + bar % CYCLE_BARS] = 1
    return place


def _drawn(logits: Floats, random: Random, temperature: float) -> int:
    """The token that a draw falls on."""
    weights = np.exp(np.round(logits.astype(np.float64), _DIGITS) / temperature)
    edges = np.cumsum(weights)
    return min(int(np.searchsorted(edges, random.random() * edges[-1], side="right")), TOKENS - 1)
