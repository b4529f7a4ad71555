"""Records games that are overheard (``overhear.py``): played by habit, their state told by their sounds."""

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
from .overhear import Key, Overheard, Shot
from .sound_games import SOUND_GAMES, SoundGame

PERIOD_MS = 80
FPS = Fraction(1000, PERIOD_MS)
SIZE = (320, 240)
_PRESS_EVERY, _BRIEFED_EVERY = 25, 6
"""Pictures between two keys that lead into a game."""

_HOLD_S, _FADE_S = 1.0, 1.5
"""A fight is not over in the first second of silence; alarm fades with the other."""
_OWN_SHOT_S = 0.5
_FROM_TITLE_SHARE = 0.35


@dataclass(frozen=True)
class Habit:
    """One way to play; chances are per picture. ``fires``: of a burst to begin, ``ceases``: to end."""

    name: str
    fires: float
    ceases: float
    turns: float
    pauses: float


HABITS: tuple[Habit, ...] = (
    Habit("hunter", 0.25, 0.10, 0.15, 0.01),
    Habit("gunhappy", 0.60, 0.02, 0.20, 0.01),
    Habit("pacifist", 0.00, 1.00, 0.15, 0.02),
    Habit("idler", 0.08, 0.20, 0.06, 0.06),
    Habit("jumpy", 0.30, 0.30, 0.45, 0.01),
    Habit("careful", 0.12, 0.15, 0.10, 0.02),
)


@dataclass(frozen=True)
class Take:
    """One clip to record."""

    game: SoundGame
    number: int
    habit: Habit
    seed: int
    duration_s: float

    @property
    def name(self) -> str:
        """The clip's file name without ending."""
        return f"{self.game.name}_{self.habit.name}_{self.number:03d}"

    @property
    def source(self) -> Source:
        """What the truth file says of it."""
        game = self.game
        level = f"{game.name}/{self.number:03d}"
        return Source(game.name, level, game.split, game.content, self.habit.name, self.seed)


def takes(names: Sequence[str], *, count: int, duration_s: float, seed: int) -> list[Take]:
    """``count`` clips of each game."""
    plan: list[Take] = []
    for name in names:
        dice = random.Random(f"overheard/{seed}/{name}")
        habits = list(HABITS)
        dice.shuffle(habits)
        game = SOUND_GAMES[name]
        plan += [
            Take(game, number, habits[number % len(habits)], dice.randrange(2**31), duration_s)
            for number in range(count)
        ]
    return plan


def record(take: Take, folder: Path) -> dict[str, Any]:
    """Plays a take into ``folder/NAME.mp4`` and ``NAME.json``; returns the truth."""
    if not take.game.program.is_file():
        raise RecordError(f"{take.game.program} is missing: apt install {take.game.name}.")
    path = folder / f"{take.name}.mp4"
    with Overheard(
        take.game.program, sdl=take.game.sdl, seed=take.seed, period_ms=PERIOD_MS, files=take.game.files
    ) as running:
        played = play(take, running)
        return write_clip(path, played, fps=FPS, size=SIZE, duration_s=take.duration_s, source=take.source)


def play(take: Take, running: Overheard) -> Iterator[tuple[np.ndarray, Moment]]:
    """Pictures and what was heard, one per ``PERIOD_MS``, without end; begins at the title or later."""
    dice = random.Random(take.seed)
    player, listener = _Player(take, dice), Listener(take.game)
    waits = not dice.random() < _FROM_TITLE_SHARE
    left_out = round(dice.uniform(0, take.game.latest_s) * FPS)
    while True:
        shot = running.see()
        moment = listener.hear(shot, player.held)
        playing = not (moment.menu or moment.dead)
        if waits and (left_out > 0 or not playing):
            left_out -= playing
        else:
            waits = False
            yield shot.picture, moment
        running.press(player.play() if playing else player.start(briefed=listener.briefed))


class Listener:
    """From sounds and music to what goes on."""

    def __init__(self, game: SoundGame) -> None:
        self._game = game
        self._since_fight_s = self._since_own_s = np.inf
        self._alarm, self._shown, self._idle = 0.0, 0, True
        self._level_s = 0.0

    @property
    def briefed(self) -> bool:
        """A level's music plays, its play has not begun."""
        return 0 < self._level_s <= self._game.briefing_s

    def hear(self, shot: Shot, held: Sequence[Key]) -> Moment:
        """What goes on at a picture, seen while these keys were held."""
        game, step_s = self._game, PERIOD_MS / 1000
        self._since_own_s = 0.0 if game.fire in held else self._since_own_s + step_s
        others = game.shots if self._since_own_s > _OWN_SHOT_S else ()
        heard = sum(sound.startswith(game.fights + others) for sound in shot.sounds)
        self._since_fight_s = 0.0 if heard else self._since_fight_s + step_s
        self._alarm = self._alarm * float(np.exp(-step_s / _FADE_S)) + 0.25 * heard
        lost = shot.music.startswith(game.lost)
        self._level_s = self._level_s + step_s if shot.music.startswith(game.playing) else 0.0
        idle = self._level_s == 0 or self.briefed
        if idle:
            self._since_fight_s, self._alarm = np.inf, 0.0
        self._shown += idle != self._idle
        self._idle = idle
        moves = any(key in held for key in game.ways)
        danger = 1 - float(np.exp(-self._alarm))
        return Moment(
            0.0,
            fighting=self._since_fight_s < _HOLD_S,
            danger=danger,
            pace=0.0 if idle else min(0.35 * moves + 0.45 * danger + game.scrolls, 1.0),
            shown=self._shown,
            menu=idle and not lost,
            dead=lost,
        )


class _Player:
    """Presses keys by habit."""

    def __init__(self, take: Take, dice: random.Random) -> None:
        self._game, self._habit, self._dice = take.game, take.habit, dice
        self.held: tuple[Key, ...] = ()
        self._way: tuple[Key, ...] = ()
        self._fires, self._pictures = False, 0

    def start(self, *, briefed: bool) -> tuple[Key, ...]:
        """The keys to hold where a menu or a briefing is shown."""
        self._pictures += 1
        number, rest = divmod(self._pictures, _BRIEFED_EVERY if briefed else _PRESS_EVERY)
        key = self._game.starts[0 if briefed else (number - 1) % len(self._game.starts)]
        self.held = () if rest else (key,)
        return self.held

    def play(self) -> tuple[Key, ...]:
        """The keys to hold in a level."""
        self._pictures += 1
        habit, dice = self._habit, self._dice
        if dice.random() < habit.turns:
            self._way = tuple(dice.sample(self._game.ways, dice.choice((1, 1, 2))))
        elif dice.random() < habit.pauses:
            self._way = ()
        self._fires = dice.random() >= habit.ceases if self._fires else dice.random() < habit.fires
        self.held = self._way + ((self._game.fire,) if self._fires else ())
        return self.held
