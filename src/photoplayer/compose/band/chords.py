"""Chords in time: the harmony that all layers of a section share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from photoplayer.music.theory import Chord

Function = Literal["T", "S", "D"]
"""Tonic, subdominant (pre-dominant) or dominant (Riemann)."""


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord from ``onset`` to ``offset``, quarters from the section's start.

    ``degree`` (0..6) is the scale degree of its root, or of the degree it stands for.
    """

    onset: float
    offset: float
    chord: Chord
    degree: int
    function: Function
