"""Drawn puzzles and tales: falling blocks, stones that change places, words under a picture. No fights."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.arcade.canvas import HEIGHT, WIDTH, draw_sprite, paste
from photoplayer.train.data.arcade.grounds import Ground, draw_ground
from photoplayer.train.data.arcade.told import states_of
from photoplayer.train.data.pictures import EVERY, Pictures
from photoplayer.train.data.states import States

Cells = npt.NDArray[np.int64]
"""``(rows, columns)``: which of six colours lies there, 0 for none."""


class Board:
    """One puzzle or tale, drawn by ``dice``; :meth:`play` plays it. ``still`` stands behind it, if given."""

    def __init__(self, dice: random.Random, still: Ground | None = None) -> None:
        self._dice = dice
        self._source = np.random.default_rng(dice.getrandbits(32))
        self._ground = (draw_ground(self._source, dice) if still is None else still)[:HEIGHT, :WIDTH]
        self._kind = dice.choice(("falling", "stones", "tale"))
        self._cell = dice.randint(4, 9)
        self._rows, self._columns = HEIGHT // self._cell - 1, dice.randint(4, WIDTH // self._cell - 1)
        self._colours = self._source.integers(0, 256, (6, 3))
        self._sprites = [draw_sprite(self._source, dice.randint(16, 30)) for _ in range(2)]
        self._rate = dice.uniform(0.05, 0.5)

    def play(self, steps: int) -> tuple[Pictures, States]:
        """``(3 * steps, 60, 80, 3)`` pictures and the state at every step."""
        shown = np.zeros((steps * EVERY, HEIGHT, WIDTH, 3), np.uint8)
        told = np.zeros((steps * EVERY, 3))
        cells = self._begin()
        words = 0
        for number in range(len(shown)):
            moved = self._dice.random() < self._rate
            if moved and self._kind != "tale":
                self._move(cells)
            words += moved
            picture = self._ground.copy()
            if self._kind == "tale":
                self._speak(picture, words)
            else:
                self._lay(picture, cells)
            shown[number] = picture
            told[number] = (0, 0, 0.4 * self._rate)
        return shown, states_of(told)

    def _begin(self) -> Cells:
        cells = self._source.integers(1, 7, (self._rows, self._columns))
        if self._kind == "falling":
            cells[: self._rows * 2 // 3] = 0
        return cells

    def _move(self, cells: Cells) -> None:
        dice = self._dice
        if self._kind == "falling":
            low = self._rows * 2 // 3
            cells[1:low] = cells[: low - 1].copy()
            cells[0] = 0
            if not cells[:low].any():
                first = dice.randint(0, self._columns - 3)
                cells[0, first : first + dice.randint(1, 3)] = dice.randint(1, 6)
            if dice.random() < 0.03:
                cells[low:] = self._source.integers(0, 7, cells[low:].shape)
        else:
            row, column = dice.randrange(self._rows), dice.randrange(self._columns - 1)
            cells[row, column : column + 2] = cells[row, column : column + 2][::-1].copy()
            if dice.random() < 0.2:
                cells[row] = self._source.integers(1, 7, self._columns)

    def _lay(self, picture: Pictures, cells: Cells) -> None:
        for row, column in np.argwhere(cells > 0):
            top, left = row * self._cell + 3, column * self._cell + 3
            place = picture[top : top + self._cell - 1, left : left + self._cell - 1]
            place[:] = self._colours[cells[row, column] - 1]

    def _speak(self, picture: Pictures, words: int) -> None:
        """Two figures, and words that come one after the other under them."""
        for number, sprite in enumerate(self._sprites):
            paste(picture, sprite, 20 + 40 * number, 22)
        picture[HEIGHT - 18 :] = self._colours[0] // 3
        for word in range(words % 24):
            left, top = 4 + 9 * (word % 8), HEIGHT - 15 + 5 * (word // 8)
            picture[top : top + 2, left : left + 7] = 235
