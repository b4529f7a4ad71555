"""Procgen's sixteen games: what hurts, what is shot at, how it is played, and which of them are held out.

Numbers are the games' own (``procgen/src/games/*.cpp``). Distances are in cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .procgen_state import Thing, World
from .splits import Split

Style = Literal["pilot", "walker", "runner", "hopper"]
"""Eight ways and fire; along corridors; running and jumping; hopping and waiting."""

_EXPLOSION = 54
_VIEW = 12.0
"""What is farther away than this is hardly in the picture, or does not matter yet."""


@dataclass(frozen=True)
class Game:
    """One game. ``fights``: what it shows can be called a fight or a chase; in the others danger is all."""

    name: str
    style: Style
    mode: Literal["easy", "hard"]
    fights: bool = False
    foes: tuple[int, ...] = ()
    shots: tuple[int, ...] = ()
    own: tuple[int, ...] = ()
    hazards: tuple[int, ...] = ()
    cells: tuple[int, ...] = ()
    """Cells of the grid that hurt."""
    reach: float = 4.0
    """A foe nearer than this is one that is fought."""
    scrolls: float = 0.0
    """Pace of the picture itself."""
    bigger_only: bool = False
    """Only foes larger than the player hurt."""


GAMES: dict[str, Game] = {
    game.name: game
    for game in (
        Game("bigfish", "pilot", "hard", foes=(2,), bigger_only=True, reach=3.0),
        Game("bossfight", "pilot", "easy", fights=True, foes=(2,), shots=(4,), own=(1,), hazards=(7,),
             reach=7.0),
        Game("caveflyer", "pilot", "easy", fights=True, foes=(5, 3), own=(4,), hazards=(2,), reach=3.5),
        Game("chaser", "walker", "easy", fights=True, foes=(6,), reach=2.5),
        Game("climber", "runner", "hard", foes=(5,), reach=3.0),
        Game("coinrun", "runner", "hard", foes=(5,), hazards=(2,), cells=(17, 18), reach=3.0),
        Game("dodgeball", "pilot", "hard", fights=True, foes=(4,), shots=(6,), own=(3,), reach=5.0),
        Game("fruitbot", "pilot", "easy", hazards=(1, 4), own=(3,), scrolls=0.3),
        Game("heist", "walker", "hard"),
        Game("jumper", "runner", "easy", hazards=(2,)),
        Game("leaper", "hopper", "easy", foes=(4,), cells=(3,), reach=2.0),
        Game("maze", "walker", "hard"),
        Game("miner", "walker", "easy", cells=(3,)),
        Game("ninja", "runner", "easy", own=(7,), cells=(6, 14)),
        Game("plunder", "pilot", "hard", fights=True, foes=(7,), own=(1,), reach=0.0),
        Game("starpilot", "pilot", "hard", fights=True, foes=(4, 8, 7), shots=(2, 3), own=(1,), hazards=(5,),
             reach=6.0, scrolls=0.3),
    )
}  # fmt: skip

HELD_OUT: dict[str, Split] = {
    "starpilot": "test", "dodgeball": "test", "jumper": "test", "leaper": "test", "heist": "test",
    "caveflyer": "val", "climber": "val", "maze": "val",
}  # fmt: skip
"""Games of which nothing is trained on: two that fight, a platformer, a crossing and a puzzle to test, one of
each of the first, second and last kind to validate."""


def danger(game: Game, world: World) -> float:
    """How near harm is, 0..1: falls with the distance of the nearest thing that hurts, faster things reach
    farther."""
    player = world.player
    found = [0.0]
    for thing in world.things:
        if thing.kind in game.shots:
            found.append(_nearness(thing.gap(player), 3.0))
        elif thing.kind in game.foes and (thing.rx > player.rx or not game.bigger_only) and game.reach:
            found.append(0.9 * _nearness(thing.gap(player), 2.0))
        elif thing.kind in game.hazards:
            found.append(0.6 * _nearness(thing.gap(player), 1.2))
    if game.cells:
        found.append(0.6 * _nearness(_cell_gap(world, game.cells), 1.2))
    return min(max(found), 1.0)


def fighting(game: Game, world: World) -> bool:
    """A foe or its shots are near, or the player's own are under way to one."""
    if not game.fights:
        return False
    player = world.player
    foes = [t.gap(player) for t in world.things if t.kind in game.foes]
    own = any(t.kind in game.own for t in world.things)
    hit = any(t.kind == _EXPLOSION for t in world.things)
    aimed_at = [t.gap(player) < 2.5 for t in world.things if t.kind in game.shots]
    near = game.reach > 0 and any(gap < game.reach for gap in foes)
    return near or any(aimed_at) or ((own or hit) and any(gap < _VIEW for gap in foes))


def pace(game: Game, world: World) -> float:
    """The player's speed beside its fastest, how much else moves, and the scrolling of the picture."""
    speed = float(np.hypot(world.player.vx, world.player.vy)) / max(world.top_speed, 0.1)
    movers = sum(np.hypot(t.vx, t.vy) > 0.02 and t.gap(world.player) < _VIEW for t in world.things)
    return min(0.45 * min(speed, 1.0) + 0.4 * min(movers / 8, 1.0) + game.scrolls, 1.0)


def foes_in_view(game: Game, world: World) -> list[Thing]:
    """Foes near enough to be in the picture, the nearest first."""
    seen = [t for t in world.things if t.kind in game.foes and t.gap(world.player) < _VIEW]
    return sorted(seen, key=lambda thing: thing.gap(world.player))


def threats(game: Game, world: World) -> list[Thing]:
    """All that hurts and is in the picture."""
    kinds = game.foes + game.shots + game.hazards
    return [t for t in world.things if t.kind in kinds and t.gap(world.player) < _VIEW]


def _nearness(gap: float, falls_by: float) -> float:
    return float(np.exp(-gap / falls_by))


def _cell_gap(world: World, cells: tuple[int, ...]) -> float:
    rows, columns = np.nonzero(np.isin(world.grid, cells))
    if not len(rows):
        return float("inf")
    return float(np.hypot(columns + 0.5 - world.player.x, rows + 0.5 - world.player.y).min() - 1.0)
