"""Rolls of clips whose notes are known, as ``photoplayer train keys-check`` writes them: ``CLIP.npz``.

A file holds the fields of a :class:`Roll` by name (float16 or float32), ``notes (n, 4)`` as in
:class:`photoplayer.train.data.piano_clip.PianoClip`, and perhaps ``covered_s``, ``source`` and ``view``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from photoplayer.errors import InputError
from photoplayer.evaluate.notes import Notes
from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.roll import Curves, HeardNote, Roll

_CURVES = ("onset", "onset_s", "offset", "offset_s", "velocity")


@dataclass(frozen=True, eq=False, kw_only=True)
class KnownRoll:
    """A clip's roll and its true notes, both within ``covered_s`` (start, end)."""

    name: str
    roll: Roll
    truth: Notes
    covered_s: tuple[float, float]
    source: str = ""
    view: str = ""

    @property
    def frame_s(self) -> float:
        """The usual time from one picture to the next."""
        return float(np.median(np.diff(self.roll.times_s))) if len(self.roll.times_s) > 1 else 0.04

    def heard(self, notes: Iterable[HeardNote]) -> Notes:
        """Decoded notes as they are compared: those that begin where the truth is known."""
        start_s, end_s = self.covered_s
        return Notes.from_rows(
            np.array(
                [
                    (note.onset_s, note.offset_s, note.pitch, note.velocity)
                    for note in notes
                    if start_s <= note.onset_s <= end_s
                ],
                dtype=np.float64,
            ).reshape(-1, 4)
        )


def known_rolls(folder: Path) -> list[KnownRoll]:
    """All of a folder in order of name. Raises :class:`InputError` where there are none or one is broken."""
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise InputError(f"{folder} holds no rolls (CLIP.npz); write some with: photoplayer train keys-check")
    return [read_known_roll(path) for path in files]


def read_known_roll(path: Path) -> KnownRoll:
    """One file. Raises :class:`InputError`."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            values = {name: np.asarray(arrays[name]) for name in arrays.files}
            return _known_roll(path, values)
    except InputError:
        raise
    except Exception as problem:  # whatever a damaged archive makes NumPy and zipfile say
        raise InputError(f"{path} is no roll with notes ({problem}); write it again.") from problem


def _known_roll(path: Path, values: Mapping[str, Any]) -> KnownRoll:
    times_s = values["times_s"].astype(np.float64)
    curves = {name: _curve(values[name]) for name in _CURVES if name in values}
    roll = Roll(
        times_s=times_s,
        down=_curve(values["down"]),
        seen=values["seen"].astype(bool),
        **curves,
        continues=False,
    )
    shapes = {curve.shape for curve in (roll.down, *curves.values())}
    if shapes != {(len(times_s), KEY_COUNT)} or (np.diff(times_s) <= 0).any():
        raise InputError(f"{path} has curves of shapes {shapes} for {len(times_s)} times; write it again.")
    start_s, end_s = (float(value) for value in values.get("covered_s", (0.0, np.inf)))
    rows = values["notes"].astype(np.float64)
    rows = rows[(rows[:, 0] >= start_s) & (rows[:, 0] <= min(end_s, times_s[-1]))]
    return KnownRoll(
        name=path.stem,
        roll=roll,
        truth=Notes.from_rows(rows),
        covered_s=(start_s, end_s),
        source=str(values.get("source", "")),
        view=str(values.get("view", "")),
    )


def _curve(values: Any) -> Curves:
    return np.asarray(np.nan_to_num(values), dtype=np.float32)
