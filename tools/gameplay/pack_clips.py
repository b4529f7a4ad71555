"""Records games that come as Python packages or programs: clips, habits and screens between.

The games and where they keep what we want to know: ``pack_games.py`` and the tables it joins. Every clip is
played in a process of its own, for the stages change pygame, clocks and keys for good.
"""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .arena import View, Watch
from .arena_player import Player, Wish
from .cards import between_levels, shown_card
from .errors import RecordError
from .moments import Moment, Source, write_clip
from .pack_games import PACK_GAMES
from .procgen_player import HABITS, Habit
from .splits import Split, split_of_game
from .stage import PackGame, Reader, Stage

_LONGEST = 240
"""Clips are made no wider or higher than this; twice that, the eye's pictures have."""

_BEGIN_S = 0.8
"""A menu is looked at at least so long before a key is pressed."""

_PAUSES_PER_S = 0.018


@dataclass(frozen=True)
class Take:
    """One clip to record."""

    game: PackGame
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
    def source(self) -> Source:
        """What the truth file says of it."""
        level = f"{self.game.name}/{self.number:03d}"
        return Source(self.game.name, level, self.split, self.game.licence, self.habit.name, self.seed)


def takes(names: Sequence[str], *, count: int, duration_s: float, seed: int) -> list[Take]:
    """``count`` clips of each game. Raises RecordError for a game that is not in the table."""
    plan: list[Take] = []
    for name in names:
        if name not in PACK_GAMES:
            raise RecordError(f"No package game is called {name}; there are {', '.join(PACK_GAMES)}.")
        game = PACK_GAMES[name]
        dice = random.Random(f"packs/{seed}/{name}")
        habits = list(HABITS)
        dice.shuffle(habits)
        held = split_of_game(name)
        plan += [
            Take(
                game,
                number,
                habits[number % len(habits)],
                held,
                dice.randrange(2**31),
                duration_s,
                cards=dice.random() < 0.6,
            )
            for number in range(count)
        ]
    return plan


def record(take: Take, folder: Path) -> dict[str, Any]:
    """Plays a take into ``folder/NAME.mp4`` and ``NAME.json``; returns the truth.

    Raises RecordError where the game is not installed or ends by itself.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_record_into, args=(take, folder, theirs))
    process.start()
    theirs.close()
    try:
        result = ours.recv()
    except EOFError:
        result = RecordError(f"{take.game.name} broke off; needs {take.game.needs}.")
    process.join()
    if isinstance(result, Exception):
        raise RecordError(f"{take.name}: {result}") from result
    return dict(result)


def _record_into(take: Take, folder: Path, pipe: Any) -> None:
    try:
        folder = folder.resolve()
        stage = stage_of(take.game, take.seed)
        content = write_clip(
            folder / f"{take.name}.mp4",
            play(take, stage),
            fps=Fraction(take.game.fps),
            size=_size(take.game, stage.picture()),
            duration_s=take.duration_s,
            source=take.source,
        )
        pipe.send(content)
    except Exception as error:
        import traceback

        traceback.print_exc()
        pipe.send(RecordError(f"{type(error).__name__}: {error} (needs {take.game.needs})"))


def stage_of(game: PackGame, seed: int) -> Stage:
    """The running game. What its engine needs is imported here."""
    if game.engine == "gym":
        from .gym_stage import GymStage

        return GymStage(game, seed)
    if game.engine == "pygame":
        from .pygame_stage import PygameStage

        return PygameStage(game, seed)
    if game.engine == "arcade":
        from .arcade_stage import ArcadeStage

        return ArcadeStage(game, seed)
    from .pyxel_stage import PyxelStage

    return PyxelStage(game, seed)


def _size(game: PackGame, picture: np.ndarray) -> tuple[int, int]:
    if game.size[0]:
        return game.size
    height, width = picture.shape[:2]
    factor = min(_LONGEST / max(width, height), 1.0)
    factor = max(factor, 160 / max(width, height))
    return max(round(width * factor / 2) * 2, 16), max(round(height * factor / 2) * 2, 16)


def play(take: Take, stage: Stage) -> Iterator[tuple[np.ndarray, Moment]]:
    """Pictures and what the game knew, one per picture, without end."""
    game, dice = take.game, random.Random(take.seed)
    fps = float(game.fps)
    reader, watch = Reader(game), Watch(game.rule, fps)
    player = Player(take.habit, game.style, dice, fps=fps, hop=game.hop)
    begins = _Begins(game, stage)
    shown, before = 0, View()
    if take.cards and not begins.own_screens and dice.random() < 0.4:
        yield from shown_card("menu", stage.picture(), dice, shown=shown, fps=fps)
        shown += 1
    while True:
        view = reader.view(stage)
        shown += (view.idle, view.level) != (before.idle, before.level)
        before = view
        yield stage.picture(), _moment(view, watch, shown)
        if begins.lead(view, dice):
            continue
        stage.play(player.wish(view))
        ended = stage.ended()
        if ended:
            for kind in between_levels(ended == "won", dice, none=0.6) if take.cards else ():
                shown += 1
                yield from shown_card(kind, stage.picture(), dice, shown=shown, fps=fps)
            shown += 1
        elif take.cards and not begins.own_screens and dice.random() < _PAUSES_PER_S / fps:
            yield from shown_card("menu", stage.picture(), dice, shown=shown + 1, fps=fps)
            shown += 2


def _moment(view: View, watch: Watch, shown: int) -> Moment:
    fighting, danger, pace = watch.see(view)
    return Moment(
        0.0, fighting=fighting, danger=danger, health=view.health, pace=pace, light=view.light,
        shown=shown, menu=view.menu, victory=view.won, dead=view.dead,
    )  # fmt: skip


class _Begins:
    """Leads a game with screens of its own out of its menus and ends: a key of the table now and then."""

    def __init__(self, game: PackGame, stage: Stage) -> None:
        self._keys, self._stage, self._step_s = game.begin, stage, 1 / game.fps
        self._since_s, self._pressed = 0.0, 0
        self.own_screens = hasattr(stage, "begin")

    def lead(self, view: View, dice: random.Random) -> bool:
        """Whether this picture's turn was taken, for there is nothing to play."""
        self._since_s += self._step_s
        if not (view.idle and self._keys and self.own_screens):
            return False
        if self._since_s > _BEGIN_S + dice.random():
            self._stage.begin(self._keys[self._pressed % len(self._keys)])  # type: ignore[attr-defined]
            self._pressed, self._since_s = self._pressed + 1, 0.0
        else:
            self._stage.play(Wish())
        return True
