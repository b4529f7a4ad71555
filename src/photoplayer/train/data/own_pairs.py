"""A user's own clips and tunes, paired by hand in a CSV: the workflow of the source project.

The table has a header and a line per pair. ``clip`` and ``midi`` are files beside the table (or anywhere).
All else may be left empty: ``start_s`` and ``end_s`` (default: the whole clip), ``first_bar`` (0), ``split``
(drawn by clip, so that a clip is in one split), and the labels ``bpm``, ``energy`` (low, medium, high) and
``mode`` (major, minor), which are measured from the tune where they are not given.
"""

from __future__ import annotations

import csv
import hashlib
import math
from pathlib import Path
from typing import cast, get_args

from photoplayer.errors import InputError
from photoplayer.evaluate.windows import WindowMeasures, measure_window
from photoplayer.music.midi_read import read_midi
from photoplayer.scene.affect import FASTEST_BPM, LEVELS, SLOWEST_BPM
from photoplayer.scene.timeline import RATE_HZ
from photoplayer.train.data.pairing import BARS
from photoplayer.train.data.pairs import WINDOW_STEPS, Pair, Split
from photoplayer.train.data.pictures import glanced

COLUMNS = ("clip", "midi", "start_s", "end_s", "first_bar", "split", "bpm", "energy", "mode")
_NEEDED = ("clip", "midi")


def own_pairs(table: Path, out: Path) -> list[Pair]:
    """The pairs a table names, cut into windows of 16 s. Raises :class:`InputError`, naming the line."""
    try:
        with table.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise InputError(f"{table} cannot be read as a table: {problem}") from problem
    if not rows:
        raise InputError(f"{table} names no pair; its columns are {', '.join(COLUMNS)}.")
    if missing := [name for name in _NEEDED if name not in rows[0]]:
        raise InputError(f"{table} has no column {missing[0]}; its columns are {', '.join(COLUMNS)}.")
    return [pair for number, row in enumerate(rows, 2) for pair in _pairs(table, row, number, out)]


def _pairs(table: Path, row: dict[str, str], number: int, out: Path) -> list[Pair]:
    try:
        return _read(table, {key: (value or "").strip() for key, value in row.items() if key}, out)
    except (ValueError, InputError) as problem:
        raise InputError(f"{table}, line {number}: {problem}") from problem


def _read(table: Path, row: dict[str, str], out: Path) -> list[Pair]:
    clip, midi = table.parent / row["clip"], table.parent / row["midi"]
    frames = out / "frames" / f"{clip.stem}_{_hash(str(clip.resolve())):08x}.npy"
    pictures = glanced(clip, frames)
    first = round(_number(row, "start_s", 0.0) * RATE_HZ)
    end = min(
        round(_number(row, "end_s", math.inf) * RATE_HZ) if row.get("end_s") else len(pictures), len(pictures)
    )
    if not 0 <= first < end:
        raise ValueError(
            f"there is nothing from start_s to end_s; {clip} lasts {len(pictures) / RATE_HZ:.1f} s"
        )
    first_bar = int(row.get("first_bar") or 0)
    measured = measure_window(read_midi(midi), first_bar, BARS)
    if measured is None:
        raise ValueError(f"{midi} has no {BARS} bars with notes from bar {first_bar}")
    bpm, energy, mode = _labels(row, measured)
    intensity = min(max((bpm - SLOWEST_BPM) / (FASTEST_BPM - SLOWEST_BPM), 0.0), 1.0)
    scene = (round(intensity, 3), round(energy, 3), 0.4 if mode == "major" else -0.4)
    split = _split(row, clip)
    starts = range(first, max(end - WINDOW_STEPS, first) + 1, WINDOW_STEPS)
    return [
        Pair(
            frames, start, min(WINDOW_STEPS, end - start), midi, first_bar, BARS, "own", clip.stem, midi.stem,
            split, scene, bpm, energy, mode,
        )
        for start in starts
    ]  # fmt: skip


def _labels(row: dict[str, str], measured: WindowMeasures) -> tuple[float, float, str]:
    name = row.get("energy") or measured.energy
    if name not in LEVELS:
        raise ValueError(f"energy is {name!r}, write {', '.join(LEVELS)}")
    mode = row.get("mode") or measured.mode
    if mode not in ("major", "minor"):
        raise ValueError(f"mode is {mode!r}, write major or minor")
    return _number(row, "bpm", measured.bpm), (LEVELS.index(name) + 0.5) / len(LEVELS), mode


def _number(row: dict[str, str], name: str, default: float) -> float:
    text = row.get(name)
    value = float(text) if text else default
    if text and not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name} is {text!r}, write a number")
    return value


def _split(row: dict[str, str], clip: Path) -> Split:
    """As written, else by the clip's name: one in ten validates, one in ten tests."""
    named = row.get("split")
    if named:
        if named not in get_args(Split):
            raise ValueError(f"split is {named!r}, write {', '.join(get_args(Split))}")
        return cast("Split", named)
    tenth = _hash(clip.stem) % 10
    return "test" if tenth == 0 else "val" if tenth == 1 else "train"


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
