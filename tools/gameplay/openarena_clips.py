"""Records OpenArena: bots of several tempers on many maps, alone or against each other."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .errors import RecordError
from .moments import Moment, Source, write_clip
from .openarena import FOLLOWED, PERIOD_MS, Look, Match, play
from .splits import Split, split_of_number

FPS = Fraction(1000, PERIOD_MS)
SIZE = (320, 240)
_CONTENT = "OpenArena 0.8.8, GPL-2+"
_ALONE_SHARE = 0.2
_HUD_SHARE, _THIRD_PERSON_SHARE = 0.6, 0.2
_RUN_UNITS_PER_S = 400.0
_JUMP_UNITS = 300.0
"""Farther than that between two pictures nobody runs: a new life or a teleport."""
_HOLD_S, _FADE_S, _DEATH_S = 2.0, 1.5, 6.0
_FULL = 100.0

MAPS = (
    "oa_dm1", "oa_dm2", "oa_dm3", "oa_dm4", "oa_dm5", "oa_dm6", "oa_dm7", "aggressor", "am_galmevish2",
    "am_lavaarena", "am_spacecont", "am_thornish", "am_underworks2", "ce1m7", "czest1dm", "delta", "dm4ish",
    "dm6ish", "fan", "hydronex2", "kaos2", "oa_minia", "oa_rpg3dm2", "oa_shine", "oa_shouse", "oa_thor",
    "oasago2", "pul1duel-oa", "slimefac", "suspended", "wrackdm17", "sleekgrinder",
)  # fmt: skip
_BOTS = ("sarge", "grism", "major", "merman", "penguin", "sergei", "skelebot", "tony", "gargoyle",
         "angelyss", "arachna", "assassin", "ayumi", "beret", "dark", "grunt", "kyonshi", "liz", "neko",
         "rai")  # fmt: skip


@dataclass(frozen=True)
class Take:
    """One clip to record; no other shows its map."""

    number: int
    match: Match
    split: Split
    seed: int

    @property
    def name(self) -> str:
        """The clip's file name without ending."""
        return f"openarena_{self.match.map}_{self.number:03d}"

    @property
    def source(self) -> Source:
        """What the truth file says of it. The seed chose map, bots and looks; their play it does not."""
        company = "alone" if len(self.match.bots) == 1 else "duel"
        habit = f"{self.match.bots[0]} of skill {self.match.skill}, {company}"
        return Source("openarena", f"openarena/{self.match.map}", self.split, _CONTENT, habit, self.seed)


def takes(*, count: int, duration_s: float, seed: int) -> list[Take]:
    """A clip of each of ``count`` maps."""
    if count > len(MAPS):
        raise RecordError(f"There are {len(MAPS)} maps; ask for as many clips at most.")
    dice = random.Random(f"openarena/{seed}")
    plan = []
    for number, level in enumerate(dice.sample(MAPS, count)):
        bots = tuple(dice.sample(_BOTS, 1 if dice.random() < _ALONE_SHARE else 2))
        hud, third = dice.random() < _HUD_SHARE, dice.random() < _THIRD_PERSON_SHARE
        match = Match(level, bots, dice.choice((2, 3, 3, 4, 5)), hud, third, duration_s)
        plan.append(Take(number, match, split_of_number(number, count), seed))
    return plan


def record(take: Take, folder: Path) -> dict[str, Any]:
    """Plays a take into ``folder/NAME.mp4`` and ``NAME.json``; returns the truth."""
    pictures, seen = play(take.match)
    played: Iterator[tuple[np.ndarray, Moment]] = zip(pictures, moments(seen), strict=True)
    path = folder / f"{take.name}.mp4"
    return write_clip(path, played, fps=FPS, size=SIZE, duration_s=take.match.seconds, source=take.source)


def moments(seen: Sequence[Look]) -> list[Moment]:
    """What goes on at every picture, of the bot that is followed.

    A fight: somebody was hurt within the last seconds. Danger: the followed one was, lately; half as much
    where it hurt the other. Health is what was left of the last wound; what is picked up shows with the next.
    """
    result: list[Moment] = []
    step_s = PERIOD_MS / 1000
    since_s = dead_s = np.inf
    danger, health, shown, before = 0.0, _FULL, 0, None
    for look in seen:
        own = [left for client, left in look.hurt if client == FOLLOWED]
        since_s = 0.0 if look.hurt else since_s + step_s
        danger *= float(np.exp(-step_s / _FADE_S))
        danger = max(danger, 1.0 if own else 0.5 if look.hurt else 0.0)
        dead_s += step_s
        went = 0.0 if before is None else float(np.linalg.norm(np.subtract(look.position, before)))
        if went > _JUMP_UNITS:
            shown, dead_s, went = shown + 1, np.inf, 0.0
            health = _FULL
        if own:
            health = max(float(own[-1]), 0.0)
            dead_s = 0.0 if own[-1] <= 0 else dead_s
        before = look.position
        dead = dead_s < _DEATH_S
        result.append(
            Moment(
                0.0,
                fighting=since_s < _HOLD_S,
                danger=danger,
                health=min(health / _FULL, 1.0),
                pace=0.0 if dead else min(went / step_s / _RUN_UNITS_PER_S, 1.0),
                shown=shown,
                dead=dead,
            )
        )
    return result
