"""A note as the renderer plays it: a key goes down and comes up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class KeyPress:
    """``onset_s`` and ``offset_s`` are the moments at which the key passes half its travel, down and up."""

    onset_s: float
    offset_s: float
    pitch: int
    velocity: int


@dataclass(frozen=True)
class Fingered:
    """A press with the hand (0 left, 1 right) and finger (0 thumb .. 4 little) that plays it."""

    press: KeyPress
    hand: int
    finger: int
