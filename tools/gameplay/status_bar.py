"""Reads numbers off Doom's screen: the status bar and dsda-doom's extended display.

Screens are uint8 arrays of shape (200, 320, 3): one pixel per pixel of the game's own 320x200, so that
glyphs match exactly. Status bar: big red digits STTNUM0-9, right-aligned (places from Doom's st_stuff.c).
Extended display: the font DIG033-DIG126 of dsda-doom.wad, 5 pixels a character, one colour with black
shadows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from .wad import Patch, Wad, decode_patch

SCREEN_SHAPE = (200, 320, 3)
_NUMBER_TOP = 171
_AMMO_RIGHT, _HEALTH_RIGHT, _ARMOR_RIGHT = 44, 90, 221
_DIGITS_MAX = 3
_MAX_MEAN_ERROR = 6.0
_TEXT_LEFT = 2
_CHARACTER_WIDTH, _CHARACTER_HEIGHT = 5, 7
_TEXT_LENGTH = 40
_X_TOP, _Y_TOP, _Z_TOP, _ANGLE_TOP = 8, 16, 24, 32
_TIME_TOP, _TOTALS_TOP = 152, 160
FONT_COLOURS = (
    "CRGREEN",
    "CRYELLOW",
    "CRWHITE",
    "CRRED",
    "CRGRAY",
    "CRGOLD",
    "CRBLUE",
    "CRBLUE2",
    "CRORANGE",
    "CRBRICK",
    "CRTAN",
)
# In this font O is 0 and S is 5: only characters that are themselves are looked for.
_CHARACTERS = "0123456789:./-+KITMEXYZA"
# Alone "K 3/48 I 5/64", together "K 6+8+4 18/319 I 0/111": kills of each player, then of all.
_TOTALS = re.compile(r"K (\d+(?:\+\d+)*)(?: \d+)?/\d+ +I (\d+)/\d+")
_TIME = re.compile(r"TIME (?:(\d+):)?(\d+):(\d+)\.(\d+)")


@dataclass(frozen=True)
class Reading:
    """What one screen says; None where nothing legible stands."""

    health: int | None
    armor: int | None
    ammo: int | None
    kills: tuple[int, ...] | None
    """One number per player."""
    items: int | None
    level_time_s: float | None
    position: tuple[float, float, float] | None
    angle_deg: float | None


class ScreenReader:
    """Glyphs of a game archive and of dsda-doom's own, ready to be matched."""

    def __init__(self, game: Wad, engine: Wad) -> None:
        palette = game.palette().astype(np.int16)
        self._digits = [_Digit.of(decode_patch(game.lump(f"STTNUM{n}")), palette) for n in range(10)]
        self._digit_width = self._digits[0].colours.shape[1]
        font = {character: decode_patch(engine.lump(f"DIG{ord(character):03d}")) for character in _CHARACTERS}
        shapes = {character: _mask(patch) for character, patch in font.items()}
        self._shapes = {mask.tobytes(): character for character, mask in shapes.items()}
        ink = max(int(patch.indices.max()) for patch in font.values())
        tables = [np.frombuffer(engine.lump(name), np.uint8) for name in FONT_COLOURS]
        self._inks = [palette[table[ink]] for table in tables]

    def read(self, screen: np.ndarray) -> Reading:
        """Reads everything off one screen."""
        totals = _TOTALS.match(self.text(screen, _TOTALS_TOP))
        position = [
            self._value(screen, top, name) for top, name in ((_X_TOP, "X"), (_Y_TOP, "Y"), (_Z_TOP, "Z"))
        ]
        x, y, z = position
        return Reading(
            health=self.number(screen, _HEALTH_RIGHT),
            armor=self.number(screen, _ARMOR_RIGHT),
            ammo=self.number(screen, _AMMO_RIGHT),
            kills=tuple(map(int, totals[1].split("+"))) if totals else None,
            items=int(totals[2]) if totals else None,
            level_time_s=_seconds(self.text(screen, _TIME_TOP)),
            position=(x, y, z) if x is not None and y is not None and z is not None else None,
            angle_deg=self._value(screen, _ANGLE_TOP, "A"),
        )

    def number(self, screen: np.ndarray, right: int) -> int | None:
        """The big number that ends at a column of the status bar, or None when there is none."""
        digits = ""
        for place in range(_DIGITS_MAX):
            left = right - (place + 1) * self._digit_width
            digit = self._digit(screen, left)
            if digit is None:
                break
            digits = f"{digit}{digits}"
        return int(digits) if digits else None

    def _digit(self, screen: np.ndarray, left: int) -> int | None:
        errors = [digit.error(screen, left, _NUMBER_TOP) for digit in self._digits]
        best = int(np.argmin(errors))
        return best if errors[best] <= _MAX_MEAN_ERROR else None

    def text(self, screen: np.ndarray, top: int) -> str:
        """The line of the extended display whose cells begin at a row."""
        right = _TEXT_LEFT + _TEXT_LENGTH * _CHARACTER_WIDTH
        line = screen[top : top + _CHARACTER_HEIGHT, _TEXT_LEFT:right].astype(np.int16)
        characters = [" "] * _TEXT_LENGTH
        for ink in self._inks:
            inked = (np.abs(line - ink) <= 2).all(axis=2)
            cells = inked.reshape(_CHARACTER_HEIGHT, _TEXT_LENGTH, _CHARACTER_WIDTH).swapaxes(0, 1)
            for index, cell in enumerate(cells):
                if characters[index] == " ":
                    characters[index] = self._shapes.get(cell.tobytes(), " ")
        return "".join(characters).rstrip()

    def _value(self, screen: np.ndarray, top: int, name: str) -> float | None:
        match = re.match(rf"{name}: (-?\d+(?:\.\d+)?)", self.text(screen, top))
        return float(match[1]) if match else None


@dataclass(frozen=True)
class _Digit:
    """A digit's pixels: RGB and which of them are drawn."""

    colours: np.ndarray
    drawn: np.ndarray

    @classmethod
    def of(cls, patch: Patch, palette: np.ndarray) -> _Digit:
        return cls(colours=palette[np.maximum(patch.indices, 0)], drawn=patch.indices >= 0)

    def error(self, screen: np.ndarray, left: int, top: int) -> float:
        """Mean absolute difference over the drawn pixels when the digit stands at a place."""
        height, width = self.drawn.shape
        cell = screen[top : top + height, left : left + width].astype(np.int16)
        return float(np.abs(cell - self.colours)[self.drawn].mean())


def _mask(patch: Patch) -> np.ndarray:
    """Where a character has ink (not shadow), padded to the cell."""
    mask = np.zeros((_CHARACTER_HEIGHT, _CHARACTER_WIDTH), bool)
    inked = patch.indices[:_CHARACTER_HEIGHT, :_CHARACTER_WIDTH] > 0
    mask[: inked.shape[0], : inked.shape[1]] = inked
    return mask


def _seconds(text: str) -> float | None:
    match = _TIME.match(text)
    if match is None:
        return None
    hours, minutes, seconds, hundredths = (int(group or 0) for group in match.groups())
    return 3600 * hours + 60 * minutes + seconds + hundredths / 100
