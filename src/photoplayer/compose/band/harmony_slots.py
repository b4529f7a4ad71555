"""Harmonic rhythm: the slots of a phrase in which a chord may change."""

from __future__ import annotations

from dataclasses import dataclass

from photoplayer.compose.band.chord_language import ChordLanguage
from photoplayer.compose.band.form import Cadence
from photoplayer.music.theory import Meter

SLOWER_FROM = 0.6
"""Tension from which the language's second harmonic rhythm holds."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one chord: ``start`` and ``length`` in bars from the phrase's start."""

    start: float
    length: float


def lay_slots(
    tension: tuple[float, ...], cadence: Cadence, *, language: ChordLanguage, meter: Meter
) -> tuple[Slot, ...]:
    """Slots for a phrase with one ``tension`` per bar.

    Whole bars; pairs of bars where the language's rhythm is slow; where it is quick, the second bar of a
    pair is halved, and so is the bar before the last, so that harmony quickens to the cadence. The last
    bar is always whole, but in an authentic phrase of a single bar, which needs two chords. Only meters
    with an even number of felt beats have half bars.
    """
    bars, halves = len(tension), meter.beats % 2 == 0
    if bars == 1:
        return _halved(0) if halves and cadence == "authentic" else (Slot(0, 1),)
    slots: list[Slot] = []
    bar = 0
    while bar < bars:
        pair = language.rhythm[tension[bar] >= SLOWER_FROM]
        if pair == 1 and bar % 2 == 0 and bar + 2 <= bars - 2:
            slots.append(Slot(bar, 2))
            bar += 1
        elif pair == 3 and halves and bar < bars - 1 and (bar % 2 == 1 or bar == bars - 2):
            slots += _halved(bar)
        else:
            slots.append(Slot(bar, 1))
        bar += 1
    return tuple(slots)


def _halved(bar: int) -> tuple[Slot, Slot]:
    return Slot(bar, 0.5), Slot(bar + 0.5, 0.5)
