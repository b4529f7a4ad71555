"""The mix: how loud, where and how far each layer stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """``volume`` is MIDI's 0..127, ``pan`` -1 (left) .. 1, ``reverb`` 0..1."""

    volume: int
    pan: float
    reverb: float


PLACES: dict[str, Place] = {
    "pad": Place(80, -0.35, 0.6),
    "bass": Place(98, 0.0, 0.08),
    "pulse": Place(86, 0.25, 0.2),
    "drums": Place(104, 0.0, 0.15),
    "drums-full": Place(104, 0.0, 0.15),
    "drums-fill": Place(104, 0.0, 0.15),
    "percussion": Place(104, 0.0, 0.15),
    "chords": Place(80, 0.35, 0.3),
    "arpeggio": Place(84, -0.5, 0.4),
    "lead": Place(124, 0.08, 0.35),
    "double": Place(88, -0.15, 0.4),
    "counter": Place(98, -0.3, 0.4),
    "brass": Place(84, 0.3, 0.35),
    "sparkle": Place(78, 0.55, 0.5),
    "stingers": Place(110, 0.0, 0.4),
}
"""All drums share one channel of a MIDI file, hence one place; the kit's own sounds are spread in it."""
