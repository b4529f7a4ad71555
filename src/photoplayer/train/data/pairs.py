"""Pairs of pictures and music: windows of clips beside windows of real game MIDI that would suit them.

The source project cut clips by hand and laid MIDI beside them; here the game's own state says by the rule
table (``scene.affect``) which tempo, energy and mode a stretch asks for, and ``pairing.py`` finds tunes
whose measured values fit. A folder of pairs holds ``pairs.csv`` and, under ``frames/``, the pictures. Pairs
are split by game, level and tune at once: nothing that a pair of the test split shows or plays is in another.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, cast, get_args

from photoplayer.errors import InputError
from photoplayer.files import finished

Split = Literal["train", "val", "test"]

TABLE = "pairs.csv"
WINDOW_STEPS = 48
"""Pictures in a window at 3 Hz: 16 s."""

_NUMBERS = ("bpm", "energy", "intensity", "tension", "valence")
_COLUMNS = (
    "frames", "first", "count", "midi", "first_bar", "bars", "game", "level", "tune", "split", "mode",
    *_NUMBERS,
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """A window of a clip and a window of a tune.

    ``frames``: .npy uint8 ``(n, 60, 80, 3)``, 3 pictures a second, of the whole clip; ``first`` and ``count``
    are the window in pictures. ``first_bar`` and ``bars`` are the tune's. ``scene`` is what the window feels
    like (intensity, tension 0..1, valence -1..1), ``bpm``, ``energy`` 0..1 and ``mode`` (major or minor) what
    the rule table asks for it; the tune's own measures are near these, not equal.
    """

    frames: Path
    first: int
    count: int
    midi: Path
    first_bar: int
    bars: int
    game: str
    level: str
    tune: str
    split: Split
    scene: tuple[float, float, float]
    bpm: float
    energy: float
    mode: str


def read_pairs(folder: Path, split: Split | None = None) -> list[Pair]:
    """The pairs of ``folder/pairs.csv``, of one split or all, in order.

    Raises :class:`InputError` where the table is missing or a line of it is broken.
    """
    table = folder / TABLE
    try:
        with table.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise InputError(
            f"{table} cannot be read ({problem}); make it with `photoplayer data pair`."
        ) from problem
    pairs = [_pair(folder, row, f"{table}, line {number}") for number, row in enumerate(rows, 2)]
    return [pair for pair in pairs if split in (None, pair.split)]


def write_pairs(folder: Path, pairs: Iterable[Pair]) -> None:
    """Write ``folder/pairs.csv``, whole or not at all; paths inside the folder are written relative to it."""
    folder.mkdir(parents=True, exist_ok=True)
    with finished(folder / TABLE) as unfinished, unfinished.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, _COLUMNS)
        writer.writeheader()
        writer.writerows(_row(folder, pair) for pair in pairs)


def _row(folder: Path, pair: Pair) -> dict[str, object]:
    row: dict[str, object] = {field.name: getattr(pair, field.name) for field in fields(pair)}
    del row["scene"]
    for name in ("frames", "midi"):
        path = cast("Path", row[name])
        row[name] = path.relative_to(folder) if path.is_relative_to(folder) else path.resolve()
    return row | dict(zip(("intensity", "tension", "valence"), pair.scene, strict=True))


def _pair(folder: Path, row: dict[str, str], where: str) -> Pair:
    try:
        if row["split"] not in get_args(Split):
            raise ValueError(f"its split is {row['split']!r}")
        bpm, energy, intensity, tension, valence = (float(row[name]) for name in _NUMBERS)
        return Pair(
            folder / row["frames"],
            int(row["first"]),
            int(row["count"]),
            folder / row["midi"],
            int(row["first_bar"]),
            int(row["bars"]),
            row["game"],
            row["level"],
            row["tune"],
            cast("Split", row["split"]),
            (intensity, tension, valence),
            bpm,
            energy,
            row["mode"],
        )
    except (KeyError, ValueError, TypeError) as problem:
        raise InputError(f"{where} is no pair ({problem}); make the table again.") from problem
