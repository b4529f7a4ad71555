"""How hard a key was struck, as the instrument answers.

A piano spans its whole dynamic range between velocities 1 and 127. Others do not: a harpsichord and an organ
know no touch, plucked strings are never as soft as a piano, and what is blown or bowed speaks badly under a
third of its range. So velocities are mapped on a line from a softest to a loudest; their order stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from photoplayer.music.instruments import Family, Instrument
from photoplayer.sound.timbre.sounding import Sounding

_OF_FAMILY: dict[Family, tuple[int, int]] = {
    "piano": (1, 127),
    "chromatic percussion": (20, 120),
    "organ": (84, 100),
    "guitar": (40, 118),
    "bass": (50, 118),
    "strings": (36, 116),
    "ensemble": (36, 112),
    "brass": (44, 118),
    "reed": (40, 114),
    "pipe": (44, 112),
    "synth lead": (56, 112),
    "synth pad": (48, 108),
    "synth effects": (48, 112),
    "ethnic": (44, 118),
    "percussive": (30, 122),
    "sound effects": (40, 110),
}
_OF_PROGRAM = {6: (84, 92), 7: (50, 115), 46: (30, 112)}
"""Harpsichord, clavinet, harp."""


def touch(instrument: Instrument) -> tuple[int, int]:
    """The velocities of an instrument's softest and loudest note."""
    return _OF_PROGRAM.get(instrument.program, _OF_FAMILY[instrument.family])


def touched(notes: Iterable[Sounding], instrument: Instrument) -> list[Sounding]:
    """The notes, struck as the instrument answers."""
    softest, loudest = touch(instrument)
    return [
        replace(note, velocity=softest + round((loudest - softest) * (note.velocity - 1) / 126))
        for note in notes
    ]
