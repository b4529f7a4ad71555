"""Records Crafter (MIT; Hafner 2021): a little survival game with days and nights, played by habit.

Needs ``pip install crafter==1.8.3 av numpy pillow tyro scipy``, best in an environment of its own. What the
game knows is read from its own objects: no picture is looked at.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np

from .cards import shown_card
from .errors import RecordError
from .moments import Moment, Source, write_clip
from .splits import Split, split_of_number

FPS = Fraction(6)
"""Steps a second: about as fast as people press keys. A day and a night last 50 s."""

SIZE = 180
_VIEW_CELLS = 6
_FULL = 9.0
"""Health, food, drink and energy at their fullest."""

_LICENCE = "Crafter, MIT"
_WAYS = {"move_left": (-1, 0), "move_right": (1, 0), "move_up": (0, -1), "move_down": (0, 1)}
Fight = Literal["attacks", "flees", "ignores"]


@dataclass(frozen=True)
class Habit:
    """One way to play."""

    name: str
    fight: Fight
    digs: float
    """How often what stands before the player is dug, cut or hit, per step."""
    sleeps: float
    wanders: float
    """How often another way is taken, per step."""


HABITS: tuple[Habit, ...] = (
    Habit("fighter", "attacks", 0.15, 0.002, 0.10),
    Habit("coward", "flees", 0.10, 0.004, 0.15),
    Habit("digger", "ignores", 0.45, 0.003, 0.12),
    Habit("walker", "ignores", 0.03, 0.001, 0.06),
    Habit("hacker", "attacks", 0.50, 0.001, 0.20),
    Habit("sleeper", "flees", 0.10, 0.020, 0.12),
)


@dataclass(frozen=True)
class Take:
    """One clip to record; ``number`` says the worlds it is played in."""

    number: int
    habit: Habit
    split: Split
    seed: int
    duration_s: float
    cards: bool

    @property
    def name(self) -> str:
        """The clip's file name without ending."""
        return f"crafter_{self.habit.name}_{self.number:03d}"

    @property
    def source(self) -> Source:
        """What the truth file says of it."""
        return Source(
            "crafter", f"crafter/{self.number:03d}", self.split, _LICENCE, self.habit.name, self.seed
        )


def takes(*, count: int, duration_s: float, seed: int) -> list[Take]:
    """``count`` clips of different worlds; split as Procgen's games that are not held out."""
    dice = random.Random(f"crafter/{seed}")
    return [
        Take(
            number,
            HABITS[number % len(HABITS)],
            split_of_number(number, count),
            dice.randrange(2**31),
            duration_s,
            cards=dice.random() < 0.6,
        )
        for number in range(count)
    ]


def record(take: Take, folder: Path) -> dict[str, Any]:
    """Plays a take into ``folder/NAME.mp4`` and ``NAME.json``; returns the truth."""
    path = folder / f"{take.name}.mp4"
    return write_clip(
        path, play(take), fps=FPS, size=(SIZE, SIZE), duration_s=take.duration_s, source=take.source
    )


def play(take: Take) -> Iterator[tuple[np.ndarray, Moment]]:
    """Pictures and what the game knew, one per step, without end."""
    dice = random.Random(take.seed)
    env = _environment(take)
    player = _Player(take.habit, dice)
    picture, shown = env.reset(), 0
    env.step(0)
    env._step = dice.randrange(300)  # some clips start at night
    before, hurt_for = None, 0
    if take.cards and dice.random() < 0.4:
        yield from shown_card("menu", picture, dice, shown=shown, fps=float(FPS))
        shown += 1
    while True:
        here = env._player
        moved = before is not None and tuple(here.pos) != before[0]
        hurt = before is not None and here.health < before[1]
        hurt_for = 6 if hurt and _enemies(env) else max(hurt_for - 1, 0)
        before = (tuple(here.pos), here.health)
        yield picture, _moment(env, shown, moved=moved, hurt=hurt_for > 0)
        picture, _, done, _ = env.step(env.action_names.index(player.act(env)))
        if done:
            for kind in ("dead", "black") if take.cards else ():
                shown += 1
                yield from shown_card(kind, picture, dice, shown=shown, fps=float(FPS))
            picture, before, shown = env.reset(), None, shown + 1


def _moment(env: Any, shown: int, *, moved: bool, hurt: bool) -> Moment:
    here = env._player
    distances = [_distance(here, enemy) for enemy in _enemies(env)]
    nearest = min(distances, default=np.inf)
    return Moment(
        0.0,
        fighting=bool(nearest <= 2.5 or hurt),
        danger=float(np.exp(-max(nearest - 1, 0) / 2.5)),
        health=here.health / _FULL,
        pace=0.0 if here.sleeping else 0.25 + 0.35 * moved,
        light=float(env._world.daylight),
        shown=shown,
    )


def _enemies(env: Any) -> list[Any]:
    """Zombies, skeletons and arrows in the picture."""
    here, kinds = env._player, ("Zombie", "Skeleton", "Arrow")
    near = [thing for thing in env._world.objects if type(thing).__name__ in kinds]
    return [thing for thing in near if _distance(here, thing) <= _VIEW_CELLS]


def _distance(one: Any, other: Any) -> float:
    return float(np.abs(one.pos - other.pos).sum())


class _Player:
    def __init__(self, habit: Habit, dice: random.Random) -> None:
        self._habit, self._dice = habit, dice
        self._way = "move_down"

    def act(self, env: Any) -> str:
        """The name of one of Crafter's actions."""
        habit, dice = self._habit, self._dice
        enemies = sorted(_enemies(env), key=lambda enemy: _distance(env._player, enemy))
        if enemies and habit.fight != "ignores":
            return self._meet(env, enemies[0])
        if dice.random() < habit.sleeps * (4 if env._world.daylight < 0.3 else 1):
            return "sleep"
        if dice.random() < habit.digs:
            return dice.choice(("do", "do", "do", "place_stone", "place_table", "make_wood_sword"))
        if dice.random() < habit.wanders or not self._free(env):
            self._way = dice.choice(list(_WAYS))
        return self._way

    def _meet(self, env: Any, enemy: Any) -> str:
        offset = enemy.pos - env._player.pos
        if self._habit.fight == "flees":
            offset = -offset
        elif _distance(env._player, enemy) <= 1 and tuple(env._player.facing) == tuple(np.sign(offset)):
            return "do"
        along = int(np.abs(offset)[1] > np.abs(offset)[0])
        step = [0, 0]
        step[along] = int(np.sign(offset[along])) or 1
        return next(name for name, way in _WAYS.items() if way == tuple(step))

    def _free(self, env: Any) -> bool:
        target = env._player.pos + np.array(_WAYS[self._way])
        return bool(env._player.is_free(target))


def _environment(take: Take) -> Any:
    try:
        import crafter
    except ImportError as error:
        raise RecordError("Crafter is not installed: pip install crafter==1.8.3.") from error

    class Ordered(crafter.engine.World):
        """Crafter keeps its creatures in sets, whose order is that of memory: no two runs would be alike."""

        def reset(self, seed: int | None = None) -> None:
            super().reset(seed)
            self._chunks = defaultdict(_OrderedSet)

    env = crafter.Env(size=(SIZE, SIZE), seed=take.seed)
    env._world.__class__ = Ordered
    return env


class _OrderedSet(dict[Any, None]):
    """As much of a set as Crafter uses, in order of arrival."""

    def add(self, item: Any) -> None:
        self[item] = None

    def remove(self, item: Any) -> None:
        del self[item]
