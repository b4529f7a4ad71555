"""Plays Procgen's games by habit, not by skill: what a viewer sees should not give a fight away.

Some chase what they see and fire at it, some flee, some fire all the time, some never; some stand about.
Were there one player who stops to shoot, "stands still" would be all a network needs to learn.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product

import numpy as np

from .procgen_games import Game, foes_in_view, threats
from .procgen_state import World

_WAIT, _FIRE = 4, 9
_WAYS: tuple[tuple[int, int], ...] = tuple(product((-1, 0, 1), (-1, 0, 1)))
"""Action ``i`` of the first nine moves this way: x, y."""


@dataclass(frozen=True)
class Habit:
    """One way to play. ``seeks`` and ``shuns`` weigh foes; chances are per step of 1/15 s."""

    name: str
    seeks: float
    shuns: float
    fires_at_foe: float
    fires_idle: float
    pause: float
    restless: float
    """How often another way is taken."""


HABITS: tuple[Habit, ...] = (
    Habit("hunter", 1.0, 0.4, 0.5, 0.02, 0.004, 0.10),
    Habit("coward", -0.6, 1.2, 0.1, 0.0, 0.006, 0.12),
    Habit("gunhappy", 0.3, 0.5, 0.5, 0.4, 0.004, 0.15),
    Habit("pacifist", 0.0, 1.0, 0.0, 0.0, 0.004, 0.10),
    Habit("idler", 0.0, 0.6, 0.25, 0.05, 0.008, 0.06),
    Habit("careful", 0.2, 2.0, 0.4, 0.0, 0.004, 0.15),
)


class Player:
    """Plays one clip. ``dice`` makes it reproducible."""

    def __init__(self, habit: Habit, game: Game, dice: random.Random) -> None:
        self._habit, self._game, self._dice = habit, game, dice
        self._way = (1, 0)
        self._pause = 0

    def act(self, world: World) -> int:
        """One of Procgen's fifteen actions."""
        if self._pause > 0:
            self._pause -= 1
            return _WAIT
        if self._dice.random() < self._habit.pause:
            self._pause = self._dice.randint(10, 60)
        foes = foes_in_view(self._game, world)
        chance = self._habit.fires_at_foe if foes else self._habit.fires_idle
        if self._game.own and self._dice.random() < chance:
            return _FIRE
        if self._game.style == "runner":
            return self._run(world)
        if self._game.style == "hopper":
            return self._hop()
        return self._steer(world)

    def _steer(self, world: World) -> int:
        """The way that scores best: on as before, towards or off foes, off what hurts, and chance."""
        ways = [w for w in _WAYS if self._game.style == "pilot" or 0 in w]
        if self._game.style == "walker" and self._dice.random() > 3 * self._habit.restless:
            return _WAYS.index(self._way)
        best, score = self._way, -np.inf
        for way in ways:
            value = (0.8 if way == self._way else 0.0) + self._dice.gauss(0, 3 * self._habit.restless)
            value += self._pull(way, world)
            if value > score:
                best, score = way, value
        self._way = best
        return _WAYS.index(best)

    def _pull(self, way: tuple[int, int], world: World) -> float:
        player, total = world.player, 0.0
        for thing in threats(self._game, world):
            offset = np.array([thing.x + 3 * thing.vx - player.x, thing.y + 3 * thing.vy - player.y])
            distance = float(np.hypot(*offset)) + 0.3
            total -= self._habit.shuns * float(offset @ way) / distance / max(distance, 0.8)
        for foe in foes_in_view(self._game, world)[:1]:
            offset = np.array([foe.x - player.x, foe.y - player.y])
            total += 0.5 * self._habit.seeks * float(offset @ way) / (float(np.hypot(*offset)) + 0.3)
        return total

    def _run(self, world: World) -> int:
        """Mostly to the right, jumping now and then, oftener before what hurts."""
        if self._dice.random() < self._habit.restless:
            self._way = self._dice.choice(((1, 0), (1, 0), (1, 0), (-1, 0), (0, 0)))
        near = any(t.gap(world.player) < 2.0 for t in threats(self._game, world))
        jumps = self._dice.random() < (0.35 if near else 0.12)
        return _WAYS.index((self._way[0], 1 if jumps else 0))

    def _hop(self) -> int:
        """Upwards between waits, sometimes aside."""
        if self._dice.random() > 0.12 + self._habit.restless:
            return _WAIT
        return _WAYS.index(self._dice.choice(((0, 1), (0, 1), (0, 1), (-1, 0), (1, 0), (0, -1))))
