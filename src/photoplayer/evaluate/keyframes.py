"""Which keys are held at which moments: frame F1 by colour of key.

A cell is one key at one moment. It counts as held from a note's onset to before its offset. Notes are
compared on a grid of 10 ms, or at the times of a video's own frames. Almost all that frame F1 punishes in a
good transcription is the frame in which a key changes; ``edge_s`` leaves out the cells that close to a
change of the same key in the truth, which shows what is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from photoplayer.evaluate.changes import Matching
from photoplayer.evaluate.notes import Notes

Colour = Literal["all", "black", "white"]
COLOURS: tuple[Colour, ...] = ("all", "black", "white")
GRID_S = 0.01
EDGE_S = 0.05
"""One frame of a video of 20 frames a second."""

_BLACK_CLASSES = (1, 3, 6, 8, 10)
Times = npt.NDArray[np.float64]
Cells = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FrameScores:
    """Cells held in both, in the found notes, in the true ones; ``tolerant`` without cells at edges."""

    exact: Mapping[Colour, Matching]
    tolerant: Mapping[Colour, Matching]


def score_frames(
    truth: Notes, found: Notes, *, times_s: Times | None = None, edge_s: float = EDGE_S
) -> FrameScores:
    """Compare which keys are held at ``times_s`` (default: every 10 ms up to the last offset)."""
    moments = grid_s(truth, found) if times_s is None else np.asarray(times_s, dtype=np.float64)
    exact = dict.fromkeys(COLOURS, Matching())
    tolerant = dict.fromkeys(COLOURS, Matching())
    for pitch in np.union1d(truth.pitches, found.pitches):
        true_spans = truth.intervals_s[truth.pitches == pitch]
        found_spans = found.intervals_s[found.pitches == pitch]
        is_true, is_found = held(true_spans, moments), held(found_spans, moments)
        clear = ~near(true_spans.ravel(), moments, edge_s)
        colours: tuple[Colour, Colour] = ("all", "black" if pitch % 12 in _BLACK_CLASSES else "white")
        for colour in colours:
            exact[colour] += _count(is_true, is_found)
            tolerant[colour] += _count(is_true & clear, is_found & clear)
    return FrameScores(exact, tolerant)


def grid_s(*several: Notes) -> Times:
    """Moments every 10 ms from 0 to the last offset of all notes."""
    end_s = max((float(notes.intervals_s[:, 1].max()) for notes in several if len(notes)), default=0.0)
    return np.arange(int(np.ceil(end_s / GRID_S)), dtype=np.float64) * GRID_S


def held(spans_s: Times, moments_s: Times) -> Cells:
    """``(moments,)``: whether a moment lies in one of the spans ``(n, 2)``; the moments are in order."""
    change = np.zeros(len(moments_s) + 1, dtype=np.int64)
    np.add.at(change, np.searchsorted(moments_s, spans_s[:, 0], side="left"), 1)
    np.add.at(change, np.searchsorted(moments_s, spans_s[:, 1], side="left"), -1)
    return np.asarray(np.cumsum(change[:-1]) > 0)


def near(changes_s: Times, moments_s: Times, distance_s: float) -> Cells:
    """``(moments,)``: whether a moment lies within ``distance_s`` of one of the changes."""
    if not len(changes_s):
        return np.zeros(len(moments_s), dtype=bool)
    around = np.stack([changes_s - distance_s, np.nextafter(changes_s + distance_s, np.inf)], axis=1)
    return held(around, moments_s)


def _count(is_true: Cells, is_found: Cells) -> Matching:
    return Matching(int((is_true & is_found).sum()), int(is_found.sum()), int(is_true.sum()))
