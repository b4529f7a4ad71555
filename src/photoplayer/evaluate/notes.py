"""Notes in seconds, and which of two sets of them are the same notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from photoplayer.errors import SetupError
from photoplayer.music.score import Score

Pairs = npt.NDArray[np.intp]
"""``(pairs, 2)``: index of a true note, index of the found note that is it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Notes:
    """``intervals_s (n, 2)`` onset and offset, ``pitches (n,)`` MIDI, ``velocities (n,)`` 1..127 or None."""

    intervals_s: npt.NDArray[np.float64]
    pitches: npt.NDArray[np.int64]
    velocities: npt.NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        count = len(self.pitches)
        if self.intervals_s.shape != (count, 2):
            raise ValueError(f"{count} pitches and intervals of shape {self.intervals_s.shape}")
        if self.velocities is not None and self.velocities.shape != (count,):
            raise ValueError(f"{count} pitches and velocities of shape {self.velocities.shape}")
        if (self.intervals_s[:, 1] <= self.intervals_s[:, 0]).any():
            raise ValueError("a note ends before it begins")

    def __len__(self) -> int:
        return len(self.pitches)

    @property
    def onsets_s(self) -> npt.NDArray[np.float64]:
        return self.intervals_s[:, 0]

    @property
    def lengths_s(self) -> npt.NDArray[np.float64]:
        return self.intervals_s[:, 1] - self.intervals_s[:, 0]

    def shifted(self, by_s: float) -> Notes:
        """The same notes later by ``by_s`` seconds."""
        return replace(self, intervals_s=self.intervals_s + by_s)

    @classmethod
    def from_rows(cls, rows: npt.NDArray[np.float64]) -> Notes:
        """From ``(n, 4)`` onset_s, offset_s, pitch, velocity; velocities are unknown where any is nan."""
        known = not np.isnan(rows[:, 3]).any()
        return cls(
            intervals_s=rows[:, :2],
            pitches=rows[:, 2].astype(np.int64),
            velocities=rows[:, 3] if known else None,
        )

    @classmethod
    def from_score(cls, score: Score, *, transpose: int = 0) -> Notes:
        """All pitched notes of a Score in order of onset; ``transpose`` in half tones."""
        seconds = score.tempo_map.seconds
        rows = sorted(
            (seconds(note.onset), seconds(note.offset), float(note.pitch + transpose), float(note.velocity))
            for part in score.parts
            if not part.is_drum
            for note in part.notes
        )
        return cls.from_rows(np.array(rows, dtype=np.float64).reshape(-1, 4))


def match(
    truth: Notes,
    found: Notes,
    *,
    onset_s: float,
    offset_s: float | None = None,
    offset_share: float = 0.0,
) -> Pairs:
    """As many true notes as possible, each paired with a found one of its own, by mir_eval.

    Two notes may be a pair where pitches are the same, onsets differ by at most ``onset_s`` and, unless
    ``offset_s`` is None, offsets by at most ``offset_s`` or ``offset_share`` of the true note's length,
    whichever is more. Raises :class:`SetupError` where mir_eval is not installed.
    """
    matcher = _mir_eval_transcription()
    pairs: list[tuple[int, int]] = []
    for true_here, found_here in _by_pitch(truth, found):
        # one pitch at a time: the same pairs, in memory that does not grow with the square of the notes
        matched = matcher.match_notes(
            truth.intervals_s[true_here],
            np.ones(len(true_here)),
            found.intervals_s[found_here],
            np.ones(len(found_here)),
            onset_tolerance=onset_s,
            offset_ratio=None if offset_s is None else offset_share,
            offset_min_tolerance=offset_s or 0.0,
        )
        pairs += [(int(true_here[i]), int(found_here[j])) for i, j in matched]
    return np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2)


def onset_differences_s(truth: Notes, found: Notes, *, within_s: float) -> npt.NDArray[np.float64]:
    """How much later (negative: earlier) found notes begin than true ones of their pitch, all pairs."""
    differences = [
        (found.onsets_s[found_here][None, :] - truth.onsets_s[true_here][:, None]).ravel()
        for true_here, found_here in _by_pitch(truth, found)
    ]
    everything = np.concatenate(differences) if differences else np.zeros(0)
    return np.asarray(everything[np.abs(everything) <= within_s])


def _by_pitch(truth: Notes, found: Notes) -> Iterator[tuple[Pairs, Pairs]]:
    for pitch in np.intersect1d(truth.pitches, found.pitches):
        yield np.flatnonzero(truth.pitches == pitch), np.flatnonzero(found.pitches == pitch)


def _mir_eval_transcription() -> Any:
    try:
        return import_module("mir_eval.transcription")
    except ImportError as problem:
        raise SetupError(
            "mir_eval is missing; install it with: pip install photoplayer[evaluate]"
        ) from problem
