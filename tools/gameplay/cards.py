"""What games show between play: title screens, pauses, "level complete", "game over", black.

Simulators made for learning machines cut from one level straight to the next. Recordings of real games do
not, and music must know such screens: drawn here, in many looks, with words and bars.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .moments import Moment

Kind = Literal["menu", "victory", "dead", "black"]
_WORDS: dict[Kind, tuple[str, ...]] = {
    "menu": (
        "START GAME",
        "PAUSED",
        "OPTIONS",
        "NEW GAME",
        "CONTINUE",
        "PRESS START",
        "LOADING",
        "SELECT LEVEL",
    ),
    "victory": ("LEVEL COMPLETE", "VICTORY", "WELL DONE", "YOU WIN", "STAGE CLEAR"),
    "dead": ("GAME OVER", "YOU DIED", "TRY AGAIN", "CONTINUE?"),
    "black": (),
}
_SECONDS: dict[Kind, tuple[float, float]] = {
    "menu": (1.5, 4.0), "victory": (1.5, 3.0), "dead": (1.2, 2.5), "black": (0.3, 1.5),
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One screen, shown for ``pictures`` pictures over a still ``behind`` (or nothing)."""

    kind: Kind
    pictures: int
    still: np.ndarray

    def frames(self) -> Iterator[np.ndarray]:
        """The pictures, uint8 (height, width, 3)."""
        for _ in range(self.pictures):
            yield self.still


def between_levels(won: bool, dice: random.Random, *, none: float) -> tuple[Kind, ...]:
    """What is shown between two levels; nothing in a share ``none`` of them."""
    if dice.random() < none:
        return ()
    first: Kind = "victory" if won else "dead"
    return dice.choice(((first,), (first, "black"), (first, "menu"), ("black",)))


def draw_card(kind: Kind, behind: np.ndarray, dice: random.Random, *, fps: float) -> Card:
    """A card in looks drawn by ``dice`` over the last picture of the game."""
    pictures = max(round(dice.uniform(*_SECONDS[kind]) * fps), 1)
    if kind == "black":
        return Card(kind, pictures, np.zeros_like(behind))
    height, width = behind.shape[:2]
    still = _ground(kind, behind, dice)
    image = Image.fromarray(still)
    pen = ImageDraw.Draw(image)
    colour = dice.choice(((255, 255, 255), (250, 220, 90), (120, 220, 255), (230, 80, 60)))
    title = ImageFont.load_default(size=dice.uniform(0.08, 0.14) * width)
    pen.text((width / 2, height * dice.uniform(0.15, 0.4)), dice.choice(_WORDS[kind]), colour, title, "mm")
    if kind == "menu" or dice.random() < 0.4:
        _lines(pen, dice, colour, width, height)
    return Card(kind, pictures, np.asarray(image))


def _ground(kind: Kind, behind: np.ndarray, dice: random.Random) -> np.ndarray:
    """Darkened, reddened or brightened play, or a plain colour."""
    if dice.random() < 0.35:
        top = 90 if kind != "victory" else 200
        return np.full_like(behind, [dice.randint(0, top) for _ in range(3)])
    shade = np.array({"menu": (0.4, 0.4, 0.5), "victory": (0.9, 0.9, 0.7), "dead": (0.5, 0.2, 0.2)}[kind])
    return np.asarray(np.clip(behind * shade * dice.uniform(0.5, 1.1), 0, 255), np.uint8)


def _lines(
    pen: ImageDraw.ImageDraw, dice: random.Random, colour: tuple[int, ...], width: int, height: int
) -> None:
    font = ImageFont.load_default(size=0.06 * width)
    left = dice.uniform(0.2, 0.45) * width
    for line in range(dice.randint(2, 5)):
        words = dice.choice(
            ("SCORE 1200", "TIME 0:42", "SOUND", "QUIT", "EASY", "HARD", "LOAD", "BACK", "HELP")
        )
        pen.text((left, height * (0.5 + 0.09 * line)), words, colour, font)


def shown_card(
    kind: Kind, behind: np.ndarray, dice: random.Random, *, shown: int, fps: float
) -> Iterator[tuple[np.ndarray, Moment]]:
    """The pictures of a card with what is true in them; black counts as a menu: nothing goes on."""
    moment = Moment(
        0.0, shown=shown, menu=kind in ("menu", "black"), victory=kind == "victory", dead=kind == "dead"
    )
    for frame in draw_card(kind, behind, dice, fps=fps).frames():
        yield frame, moment
