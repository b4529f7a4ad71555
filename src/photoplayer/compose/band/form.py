"""Phrases: how the bars of a section group, and how each group ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cadence = Literal["open", "half", "authentic", "final"]
"""How a phrase ends: moving on, on the dominant, at home, or at home for good (the piece's last bar)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """``bars`` bars from ``start_bar`` of a section. Equal ``role`` letters share material (A, A', B)."""

    start_bar: int
    bars: int
    role: str
    cadence: Cadence
