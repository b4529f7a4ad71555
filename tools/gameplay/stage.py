"""A game that is played picture by picture, whatever it is written with, and how its things become a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any, Protocol

import numpy as np

from .arena import Box, Rule, View
from .arena_player import Style, Wish


@dataclass(frozen=True)
class Reading:
    """Where a game keeps what we want to know: Python expressions in its own names ("" where it has none).

    ``foes`` and the like may give one thing or many; of each its box is taken, see :func:`box_of`.
    """

    player: str = ""
    foes: str = ""
    shots: str = ""
    own: str = ""
    hazards: str = ""
    health: str = ""
    pace: str = ""
    light: str = ""
    menu: str = ""
    won: str = ""
    dead: str = ""
    level: str = ""
    fight: str = ""
    """A game's own word for a fight, in place of the rule."""


@dataclass(frozen=True)
class PackGame:
    """One game of a package: how it is run, read, played and judged."""

    name: str
    engine: str
    """Which stage runs it."""
    start: str
    """What the stage is told to run."""
    reading: Reading
    rule: Rule
    style: Style
    licence: str
    needs: str
    """What pip installs."""
    keys: tuple[str, ...] = ("left", "right", "up", "down", "space")
    """Left, right, up, down, fire; "" where the game has none."""
    begin: tuple[str, ...] = ()
    """Keys (or ``click:X,Y``) that lead from its menus into play."""
    act: str = ""
    """For gym: the action, an expression in ``x``, ``y``, ``fire``, ``aim`` and ``dice``."""
    look: str = ""
    """For gym: the picture, where ``render`` does not give it."""
    unit: float = 0.0
    """How many of the game's own lengths are the picture's height; 0: they are pixels."""
    hop: float = 0.12
    """How often it is jumped, per 1/15 s."""
    fps: int = 15
    skip: int = 1
    """For gym: steps to one picture."""
    size: tuple[int, int] = (0, 0)
    """Width and height of the clip; 0: the game's own, made smaller."""


class Stage(Protocol):
    """A running game."""

    @property
    def height(self) -> float:
        """The picture's, in the game's own pixels."""

    def play(self, wish: Wish) -> None:
        """Goes on to the next picture."""

    def picture(self) -> np.ndarray:
        """What is shown, uint8 (height, width, 3)."""

    def names(self) -> Iterable[Mapping[str, Any]]:
        """The namespaces in which expressions are read, the innermost first."""

    def ended(self) -> str:
        """ "won" or "lost" when a level has just ended, else ""."""


class Reader:
    """Reads views out of a stage."""

    def __init__(self, game: PackGame) -> None:
        self._unit = game.unit
        self._flips = game.engine == "arcade"
        self._codes: dict[str, CodeType] = {
            name: compile(text, f"<{game.name} {name}>", "eval")
            for name, text in vars(game.reading).items()
            if text
        }

    def view(self, stage: Stage) -> View:
        """What the game knows at this picture."""
        spaces = [dict(space) for space in stage.names()]
        unit = self._unit or stage.height
        found = {name: _evaluate(code, spaces) for name, code in self._codes.items()}
        boxes = {
            name: self._boxes(found.get(name), unit) for name in ("player", "foes", "shots", "own", "hazards")
        }
        return View(
            player=boxes.pop("player")[0] if boxes["player"] else None,
            **{name: tuple(boxes[name]) for name in ("foes", "shots", "own", "hazards")},
            health=float(np.clip(_number(found.get("health"), 1.0), 0, 1)),
            pace=None if found.get("pace") is None else float(found["pace"]),
            light=None if found.get("light") is None else float(np.clip(found["light"], 0, 1)),
            menu=bool(found.get("menu")),
            won=bool(found.get("won")),
            dead=bool(found.get("dead")),
            level=int(_number(found.get("level"), 0)),
            fight=None if found.get("fight") is None else bool(found["fight"]),
        )

    def _boxes(self, things: Any, unit: float) -> list[Box]:
        boxes = []
        for number, thing in enumerate(_many(things)):
            x, y, width, height = box_of(thing)
            mark = number if isinstance(thing, tuple) else id(thing)
            boxes.append(
                Box(x / unit, (-y if self._flips else y) / unit, width / 2 / unit, height / 2 / unit, mark)
            )
        return boxes


def box_of(thing: Any) -> tuple[float, float, float, float]:
    """Centre and size of a thing: two to four numbers, a rectangle, a sprite, or what has x and y."""
    if isinstance(thing, tuple):
        x, y, *rest = (float(value) for value in thing)
        return x, y, rest[0] if rest else 0.0, rest[-1] if rest else 0.0
    if hasattr(thing, "center_x"):
        return float(thing.center_x), float(thing.center_y), float(thing.width), float(thing.height)
    rect = thing if hasattr(thing, "centerx") else getattr(thing, "rect", None)
    if hasattr(rect, "centerx"):
        return float(rect.centerx), float(rect.centery), float(rect.width), float(rect.height)
    x, y = (thing.x, thing.y) if hasattr(thing, "x") else thing.pos
    width = float(getattr(thing, "w", 0) or 0)
    height = float(getattr(thing, "h", 0) or 0)
    return float(x) + width / 2, float(y) + height / 2, width, height


def _many(things: Any) -> list[Any]:
    if things is None or things is False:
        return []
    if isinstance(things, Mapping):
        return list(things.values())
    if isinstance(things, tuple) and things and isinstance(things[0], int | float | np.number):
        return [things]
    if hasattr(things, "rect") or hasattr(things, "centerx") or hasattr(things, "center_x"):
        return [things]
    return [t for t in things if t is not None] if isinstance(things, Iterable) else [things]


def _number(value: Any, default: float) -> float:
    return default if value is None else float(value)


def _evaluate(code: CodeType, spaces: list[dict[str, Any]]) -> Any:
    """The first namespace that knows all the names answers; None where none does (a menu, not begun)."""
    for space in spaces:
        try:
            return eval(code, space)  # the table's own expressions, nothing from outside
        except (NameError, AttributeError, KeyError, IndexError, TypeError):
            continue
    return None
