"""Plays simple games by habit, not by skill: what a viewer sees should not give a fight away.

The habits are those of Procgen's player: some chase what they see and fire at it, some flee, some fire all
the time, some never; some stand about.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .arena import Box, View
from .procgen_player import Habit

Style = Literal["pilot", "walker", "side", "runner", "turner", "flapper", "puzzler"]
"""Eight ways; four; left and right only; running and jumping; turning and thrusting; hops in time; any key
now and then."""

_WAYS = {
    "pilot": [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)],
    "walker": [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)],
    "side": [(-1, 0), (0, 0), (1, 0)],
}


@dataclass(frozen=True)
class Wish:
    """What the player wants until the next picture. ``aim`` is where to, where a game is aimed at."""

    x: int = 0
    y: int = 0
    fire: bool = False
    aim: tuple[float, float] = (0.5, 0.5)


class Player:
    """Plays one clip at ``fps`` pictures a second. ``dice`` makes it reproducible."""

    def __init__(self, habit: Habit, style: Style, dice: random.Random, *, fps: float, hop: float) -> None:
        self._habit, self._style, self._dice = habit, style, dice
        self._calm = 15 / fps  # chances of a habit are for 15 pictures a second
        self._hop = hop
        self._way = (1, 0)
        self._pause = 0
        self._stuck = 0
        self._last: Box | None = None

    def wish(self, view: View) -> Wish:
        """What to press at this view."""
        habit, dice = self._habit, self._dice
        foes = view.near(view.foes)
        fire = dice.random() < (habit.fires_at_foe if foes else habit.fires_idle)
        aim = self._aim(foes)
        if self._pause > 0:
            self._pause -= 1
            return Wish(fire=fire and habit.name == "gunhappy", aim=aim)
        if dice.random() < habit.pause * self._calm:
            self._pause = round(dice.uniform(0.7, 4.0) * 15 / self._calm)
        way = self._steer(view) if self._style in _WAYS else self._free(view)
        return Wish(*way, fire=fire, aim=aim)

    def _aim(self, foes: list[Box]) -> tuple[float, float]:
        if foes and self._dice.random() < 0.9:
            return foes[0].x, foes[0].y
        return self._dice.uniform(0.1, 1.2), self._dice.uniform(0.1, 0.9)

    def _steer(self, view: View) -> tuple[int, int]:
        """The way that scores best: on as before, towards or off foes, off what hurts, and chance."""
        restless = self._habit.restless * self._calm
        stuck = self._is_stuck(view)
        best, score = self._way, -np.inf
        for way in _WAYS[self._style]:
            value = (0.8 if way == self._way and not stuck else 0.0) + self._dice.gauss(0, 3 * restless)
            value += self._pull(way, view) - 0.3 * (way == (0, 0))
            if stuck and way == self._way:
                value -= 2.0
            if value > score:
                best, score = way, value
        self._way = best
        return best

    def _is_stuck(self, view: View) -> bool:
        still = self._last is not None and view.player is not None
        still = still and abs(view.player.x - self._last.x) + abs(view.player.y - self._last.y) < 1e-3
        self._last = view.player
        self._stuck = self._stuck + 1 if still and self._way != (0, 0) else 0
        return self._stuck > 6 / self._calm

    def _pull(self, way: tuple[int, int], view: View) -> float:
        if view.player is None:
            return 0.0
        total = 0.0
        for thing in (view.near(view.foes, 0.6) + view.near(view.shots + view.hazards, 0.4))[:12]:
            offset = np.array([thing.x - view.player.x, thing.y - view.player.y])
            distance = float(np.hypot(*offset)) + 0.03
            total -= 0.08 * self._habit.shuns * float(offset @ way) / distance / max(distance, 0.08)
        for foe in view.near(view.foes)[:1]:
            offset = np.array([foe.x - view.player.x, foe.y - view.player.y])
            total += 0.6 * self._habit.seeks * float(offset @ way) / (float(np.hypot(*offset)) + 0.03)
        return total

    def _free(self, view: View) -> tuple[int, int]:
        dice, restless = self._dice, self._habit.restless * self._calm
        if self._style == "flapper":
            return 0, -1 if dice.random() < self._hop * self._calm else 0
        if self._style == "puzzler":
            return dice.choice(_WAYS["walker"]) if dice.random() < 0.35 * self._calm else (0, 0)
        turner = self._style == "turner"
        if dice.random() < restless or self._is_stuck(view):
            ways = ((-1, 0), (0, 0), (1, 0), (0, 0)) if turner else ((1, 0), (1, 0), (1, 0), (-1, 0), (0, 0))
            self._way = dice.choice(ways)
        near = bool(view.near(view.foes + view.hazards, 0.15))
        hops = dice.random() < (3 * self._hop if near and not turner else self._hop) * self._calm
        return self._way[0], -1 if hops else 0
