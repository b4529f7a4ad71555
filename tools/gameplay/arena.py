"""What a simple game shows, the same for all of them, and the one rule that calls it a fight.

Lengths are shares of the picture's height, so that one reach fits games of any size. ``y`` grows downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["foe", "shot", "own", "hazard"]
"""Who fights the player; what they throw; what the player throws; what hurts without fighting."""

_SHOT_REACH = 0.2
_VIEW = 1.2
"""What is farther from the player than this is out of the picture, or nearly."""

_MOVES_PER_S = 0.03
_FAST_PER_S = 0.6
_HIT_S = 0.7


@dataclass(frozen=True)
class Box:
    """Something in the picture: centre and half size. ``mark`` tells it from others of its kind."""

    x: float
    y: float
    rx: float = 0.0
    ry: float = 0.0
    mark: int = 0

    def gap(self, other: Box) -> float:
        """Distance between the two boxes."""
        dx = max(abs(self.x - other.x) - self.rx - other.rx, 0.0)
        dy = max(abs(self.y - other.y) - self.ry - other.ry, 0.0)
        return float(np.hypot(dx, dy))


@dataclass(frozen=True)
class View:
    """What a game knows at one picture. ``player`` is None while there is none: dead, or a menu."""

    player: Box | None = None
    foes: tuple[Box, ...] = ()
    shots: tuple[Box, ...] = ()
    own: tuple[Box, ...] = ()
    hazards: tuple[Box, ...] = ()
    health: float = 1.0
    pace: float | None = None
    """0..1 where the game knows its speed itself; else it is measured from what moves."""
    light: float | None = None
    menu: bool = False
    won: bool = False
    dead: bool = False
    level: int = 0
    fight: bool | None = None
    """The game's own word; None leaves it to the rule."""

    @property
    def idle(self) -> str:
        """What is shown in place of play: ``menu``, ``dead``, ``won``; else ""."""
        return "menu" if self.menu else "dead" if self.dead else "won" if self.won else ""

    def near(self, things: tuple[Box, ...], reach: float = _VIEW) -> list[Box]:
        """Those within reach of the player, the nearest first."""
        if self.player is None:
            return []
        found = [(thing.gap(self.player), number) for number, thing in enumerate(things)]
        return [things[number] for gap, number in sorted(found) if gap < reach]


@dataclass(frozen=True)
class Rule:
    """What of a game is a fight. ``fights``: can it have one at all, or a chase?"""

    fights: bool
    reach: float = 0.2
    """A foe nearer than this is one that is fought."""
    duel: float = _VIEW
    """The player's shots in the air are a fight with foes nearer than this."""


class Watch:
    """Follows a game from picture to picture: hits and speeds need the picture before."""

    def __init__(self, rule: Rule, fps: float) -> None:
        self._rule, self._fps = rule, fps
        self._before = View()
        self._hit_for = 0

    def see(self, view: View) -> tuple[bool, float, float]:
        """Whether it is a fight, the danger and the pace, 0..1 each."""
        hurt = view.health < self._before.health - 1e-6 and view.level == self._before.level
        self._hit_for = round(_HIT_S * self._fps) if hurt else max(self._hit_for - 1, 0)
        found = self.fighting(view), danger(view), self.pace(view)
        self._before = view
        return found

    def fighting(self, view: View) -> bool:
        """A foe or its shots are near, the player's own are under way to one, or the player was just hit."""
        if not self._rule.fights or view.idle:
            return False
        if view.fight is not None:
            return view.fight
        near = bool(view.near(view.foes, self._rule.reach) or view.near(view.shots, _SHOT_REACH))
        answered = bool(view.own) and bool(view.near(view.foes, self._rule.duel))
        struck = self._hit_for > 0 and bool(view.near(view.foes + view.shots))
        return near or answered or struck

    def pace(self, view: View) -> float:
        """The game's own word, or the player's speed and how much else moves."""
        if view.idle:
            return 0.0
        if view.pace is not None:
            return float(np.clip(view.pace, 0, 1))
        speed = 0.0
        if view.player is not None and self._before.player is not None:
            speed = self._fps * _way(view.player, self._before.player)
        return min(0.45 * min(speed / _FAST_PER_S, 1.0) + 0.45 * min(self._movers(view) / 8, 1.0), 1.0)

    def _movers(self, view: View) -> int:
        return sum(
            box.mark in places and self._fps * _way(box, places[box.mark]) > _MOVES_PER_S
            for kind in ("foes", "shots", "own", "hazards")
            for places in [{old.mark: old for old in getattr(self._before, kind)}]
            for box in getattr(view, kind)
        )


def danger(view: View) -> float:
    """How near harm is, 0..1: falls with the distance of the nearest thing that hurts."""
    if view.player is None or view.idle:
        return 0.0
    found = [0.0]
    for things, weight, falls_by in (
        (view.shots, 1.0, 0.18), (view.foes, 0.9, 0.14), (view.hazards, 0.6, 0.08)
    ):  # fmt: skip
        gaps = [thing.gap(view.player) for thing in things]
        found += [weight * float(np.exp(-min(gaps) / falls_by))] if gaps else []
    return max(found)


def _way(one: Box, other: Box) -> float:
    return float(np.hypot(one.x - other.x, one.y - other.y))
