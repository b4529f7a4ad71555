"""Which levels train, validate and test. Split by level: a place seen in training is never measured on.

The levels of the human demos are never in training. Names are ``freedoom1/E1M1``.
"""

from __future__ import annotations

import hashlib
import random
from typing import Literal

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")

LEVELS: tuple[str, ...] = tuple(
    [f"freedoom1/E{episode}M{mission}" for episode in range(1, 5) for mission in range(1, 10)]
    + [f"freedoom2/MAP{number:02d}" for number in range(1, 33)]
)
_VALIDATION_DEMO_LEVELS = ("freedoom1/E1M4", "freedoom2/MAP15", "freedoom2/MAP22")
_TEST_DEMO_LEVELS = (
    "freedoom1/E1M6",
    "freedoom1/E2M3",
    "freedoom1/E2M4",
    "freedoom1/E3M3",
    "freedoom1/E3M9",
    "freedoom1/E4M6",
    "freedoom2/MAP02",
    "freedoom2/MAP03",
    "freedoom2/MAP10",
    "freedoom2/MAP23",
    "freedoom2/MAP26",
)
_VALIDATION_COUNT = 10
_TEST_COUNT = 20


def split_levels() -> dict[Split, tuple[str, ...]]:
    """The levels of each split, in game order; always the same."""
    free = [level for level in LEVELS if level not in _VALIDATION_DEMO_LEVELS + _TEST_DEMO_LEVELS]
    random.Random("photoplayer gameplay splits").shuffle(free)
    validation_extra = _VALIDATION_COUNT - len(_VALIDATION_DEMO_LEVELS)
    test_extra = _TEST_COUNT - len(_TEST_DEMO_LEVELS)
    validation = set(_VALIDATION_DEMO_LEVELS) | set(free[:validation_extra])
    test = set(_TEST_DEMO_LEVELS) | set(free[validation_extra : validation_extra + test_extra])
    return {
        "train": tuple(level for level in LEVELS if level not in validation | test),
        "val": tuple(level for level in LEVELS if level in validation),
        "test": tuple(level for level in LEVELS if level in test),
    }


def split_of(level: str) -> Split:
    """The split a level belongs to. Raises KeyError for an unknown level."""
    for split, levels in split_levels().items():
        if level in levels:
            return split
    raise KeyError(level)


def split_of_number(number: int, count: int) -> Split:
    """Of a game's clips the last sixth (at least one) tests, the sixth before validates, the rest trains."""
    held = max(count // 6, 1)
    if number >= count - held:
        return "test"
    return "val" if number >= count - 2 * held else "train"


def split_of_game(name: str) -> Split:
    """Whether a package's game is held out whole, by its name alone: a quarter tests, a quarter validates."""
    quarter = hashlib.sha256(f"photoplayer game 52 {name}".encode()).digest()[0] % 4
    return ("test", "val", "train", "train")[quarter]
