"""The choice among walks: several are tried for a phrase, one that closes as asked is kept."""

from __future__ import annotations

import random
from dataclasses import replace
from math import exp

from photoplayer.compose.band.chord_language import Numeral, cadence_words, palette
from photoplayer.compose.band.chord_reward import closes, is_home
from photoplayer.compose.band.harmony_walk import Policy, Task, Walk, walk

WALKS, WALKS_UNDER_MELODY = 6, 18
"""How many walks that close as asked compete for a phrase."""

TRIES = 4
"""How many times as many walks are tried to find them."""

JUDGEMENT = 1.5
"""Reward by which one walk must be better than another to be e times as likely."""


def best_walk(task: Task, agent: Policy, dice: random.Random) -> Walk:
    """One of several walks that close as asked, the better likelier; a written close where none does."""
    free = any(numeral is None for numeral in task.given)
    wanted = (WALKS_UNDER_MELODY if task.melody else WALKS) if free else 1
    closed: list[Walk] = []
    for _ in range(wanted * TRIES if free else 1):
        done = walk(task, agent, dice)
        if task.cadence == "final" or _closes(done, task):
            closed.append(done)
            if len(closed) == wanted:
                break
    if not closed:
        return walk(replace(task, given=_written_close(task)), agent, dice)
    return _draw(closed, dice)


def _draw(walks: list[Walk], dice: random.Random) -> Walk:
    best = max(done.total for done in walks)
    return dice.choices(walks, [round(exp((done.total - best) / JUDGEMENT), 6) for done in walks])[0]


def _closes(done: Walk, task: Task) -> bool:
    chords = (*task.before, *done.numerals)
    return closes(chords[-2], chords[-1], task.cadence, task.plagal)


def _written_close(task: Task) -> tuple[Numeral | None, ...]:
    """The phrase's given chords with the plainest close of its kind at the end."""
    tonic, dominant = cadence_words(task.language, task.mode)
    own = [(n, w) for n, w in palette(task.language, task.mode) if not n.borrowed and n.quality != "dim"]
    if task.cadence == "open":
        close: tuple[Numeral | None, ...] = (
            None,
            _favourite([c for c in own if not is_home(c[0])], dominant),
        )
    else:
        leading = _favourite([c for c in own if c[0].function == "D"], dominant)
        close = (leading, tonic) if task.cadence == "authentic" else (None, leading)
    return (*task.given[: -len(close)], *close[-len(task.given) :])


def _favourite(chords: list[tuple[Numeral, float]], otherwise: Numeral) -> Numeral:
    return max(chords, key=lambda chord: chord[1], default=(otherwise, 0.0))[0]
