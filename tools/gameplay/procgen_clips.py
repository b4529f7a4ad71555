"""Records Procgen's games (MIT; Cobbe et al. 2020): clips of several levels, habits and screens between.

Needs an environment of its own, since Procgen pins old packages: ``pip install procgen-mirror==0.10.7 av
numpy pillow tyro scipy`` under Python 3.11.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .cards import between_levels, shown_card
from .errors import RecordError
from .moments import Moment, Source, write_clip
from .procgen_games import GAMES, HELD_OUT, Game, danger, fighting, pace
from .procgen_player import HABITS, Habit, Player
from .procgen_state import read_world
from .splits import Split, split_of_number

FPS = Fraction(15)
SIZE = 160
LEVELS_A_CLIP = 40
_LICENCE = "Procgen Benchmark, MIT; pictures by Kenney (CC0) and others as listed there"


@dataclass(frozen=True)
class Take:
    """One clip to record: its game, its number (which says the levels), who plays and how it is shown."""

    game: Game
    number: int
    habit: Habit
    split: Split
    seed: int
    duration_s: float
    cards: bool

    @property
    def name(self) -> str:
        """The clip's file name without ending."""
        return f"{self.game.name}_{self.habit.name}_{self.number:03d}"

    @property
    def level(self) -> str:
        """A name for the levels it is played in; no other clip shows one of them."""
        return f"procgen/{self.game.name}/{self.number:03d}"

    @property
    def source(self) -> Source:
        """What the truth file says of it."""
        return Source(self.game.name, self.level, self.split, _LICENCE, self.habit.name, self.seed)


def takes(names: tuple[str, ...], *, count: int, duration_s: float, seed: int) -> list[Take]:
    """``count`` clips of each game; of a game that is not held out, see ``split_of_number``."""
    plan: list[Take] = []
    for name in names:
        if name not in GAMES:
            raise RecordError(f"Procgen has no game {name}; it has {', '.join(GAMES)}.")
        dice = random.Random(f"procgen/{seed}/{name}")
        habits = list(HABITS)
        dice.shuffle(habits)
        plan += [
            Take(
                GAMES[name],
                number,
                habits[number % len(habits)],
                HELD_OUT.get(name) or split_of_number(number, count),
                dice.randrange(2**31),
                duration_s,
                cards=dice.random() < 0.7,
            )
            for number in range(count)
        ]
    return plan


def record(take: Take, folder: Path) -> dict[str, Any]:
    """Plays a take into ``folder/NAME.mp4`` and ``NAME.json``; returns the truth."""
    path = folder / f"{take.name}.mp4"
    return write_clip(
        path, play(take), fps=FPS, size=(SIZE, SIZE), duration_s=take.duration_s, source=take.source
    )


def play(take: Take) -> Iterator[tuple[np.ndarray, Moment]]:
    """Pictures and what the game knew, one per step, without end."""
    env, dice = _environment(take), random.Random(take.seed)
    player = Player(take.habit, take.game, dice)
    shown, picture = 0, env.get_info()[0]["rgb"]
    if take.cards and dice.random() < 0.3:
        yield from shown_card("menu", picture, dice, shown=shown, fps=float(FPS))
        shown += 1
    while True:
        world = read_world(env.callmethod("get_state")[0])
        yield (
            picture,
            Moment(
                0.0,
                fighting=fighting(take.game, world),
                danger=danger(take.game, world),
                pace=pace(take.game, world),
                shown=shown,
            ),
        )
        env.act(np.array([player.act(world)]))
        _, _, first = env.observe()
        info = env.get_info()[0]
        if first[0]:
            won = bool(info["prev_level_complete"])
            for kind in between_levels(won, dice, none=0.45) if take.cards else ():
                shown += 1
                yield from shown_card(kind, picture, dice, shown=shown, fps=float(FPS))
            shown += 1
        elif take.cards and dice.random() < 0.0012:
            shown += 1
            yield from shown_card("menu", picture, dice, shown=shown, fps=float(FPS))
            shown += 1
        picture = info["rgb"]


def _environment(take: Take) -> Any:
    try:
        from procgen import ProcgenGym3Env
    except ImportError as error:
        raise RecordError(
            "Procgen is not installed; in an environment of its own: pip install procgen-mirror==0.10.7."
        ) from error
    return ProcgenGym3Env(
        num=1,
        env_name=take.game.name,
        render_mode="rgb_array",
        start_level=take.number * LEVELS_A_CLIP,
        num_levels=LEVELS_A_CLIP,
        distribution_mode=take.game.mode,
        rand_seed=take.seed,
    )
