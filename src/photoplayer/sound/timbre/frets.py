"""Guitars, banjos, shamisen: a hand on a neck.

A chord is played if its notes find strings of their own within a hand's reach, four frets and open strings;
else inner notes go, then the bass moves up an octave or goes, and the tune stays. A string sounds one note:
what rings on it ends when it is plucked again, and no earlier. The plectrum or thumb crosses the strings one
after the other: down (from the lowest string) on strong places, up on weak ones, 8 to 25 ms a string, quicker
the louder.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from photoplayer.music.instruments import Instrument
from photoplayer.sound.timbre.sounding import Sounding, chords
from photoplayer.sound.timbre.voices import thinned

GUITAR = (40, 45, 50, 55, 59, 64)
DROPPED = (38, 45, 50, 55, 59, 64)
BANJO = (48, 55, 59, 62, 67)  # C tuning; the drone last
SHAMISEN = (48, 55, 60)  # niagari

_TUNINGS = {
    **dict.fromkeys((24, 25, 26, 27, 28, 31), GUITAR),
    29: DROPPED,
    30: DROPPED,
    105: BANJO,
    106: SHAMISEN,
}
_FRETS = 27
"""Past the last fret of most, as the ranges in the table of instruments reach so far."""
_REACH_FRETS = 4

STRUM_LEAST_S, STRUM_MOST_S = 0.008, 0.025
"""From string to string."""

_RINGS_ON_COST, _STEP_COST, _FAR_COST, _HIGH_COST = 3.0, 0.3, 0.5, 0.1
_STEP = 2
"""Half tones: a scale runs along a string, else its notes would ring into each other."""
_WEAK_PLACE_S = 0.3
"""A chord so soon after the one before is struck upwards, as the hand comes back."""

Grip = tuple[tuple[int, Sounding], ...]
"""Strings (0 the lowest) and the notes on them, from the lowest string up."""


def tuning(instrument: Instrument) -> tuple[int, ...] | None:
    """The pitches of the open strings, lowest first; None for what is not fretted and strummed."""
    return _TUNINGS.get(instrument.program)


def fretted(notes: Sequence[Sounding], open_strings: Sequence[int], dice: random.Random) -> list[Sounding]:
    """Notes in order of their onsets, as the strings take them: chords spread, one note a string at a time.

    Raises ``ValueError`` where a note alone lies on no string.
    """
    neck = _Neck(open_strings)
    for chord in chords(notes):
        down = chord[0].onset_s - neck.struck_s > _WEAK_PLACE_S
        grip = neck.grip(thinned(chord, len(open_strings)))
        neck.pluck(_spread(grip, down=down, dice=dice))
    return sorted(neck.played())


def _spread(grip: Grip, *, down: bool, dice: random.Random) -> Grip:
    """The notes of a chord one after the other across the strings, from the earliest onset among them."""
    onset_s = min(note.onset_s for _, note in grip)
    loudest = max(note.velocity for _, note in grip)
    usual_s = STRUM_MOST_S - (STRUM_MOST_S - STRUM_LEAST_S) * loudest / 127
    late_s, spread = 0.0, []
    for string, note in grip if down else reversed(grip):
        begin_s = onset_s + late_s
        spread.append((string, replace(note, onset_s=begin_s, offset_s=max(note.offset_s, begin_s + 0.02))))
        late_s += min(max(dice.gauss(usual_s, 0.002), STRUM_LEAST_S), STRUM_MOST_S)
    return tuple(spread)


class _Neck:
    """What rings on each string, and where the hand is."""

    def __init__(self, open_strings: Sequence[int]) -> None:
        self._open = tuple(open_strings)
        self._lines: list[list[Sounding]] = [[] for _ in open_strings]
        self._hand_fret = 1.0
        self.struck_s = float("-inf")

    def played(self) -> Iterator[Sounding]:
        for line in self._lines:
            yield from line

    def pluck(self, grip: Grip) -> None:
        """Sound a chord. What rang on its strings ends."""
        for string, note in grip:
            line = self._lines[string]
            while line and line[-1].onset_s >= note.onset_s:  # a late strum of the chord before
                line.pop()
            if line and line[-1].offset_s > note.onset_s:
                line[-1] = line[-1].until(note.onset_s)
            line.append(note)
        self.struck_s = min(note.onset_s for _, note in grip)
        if frets := self._stopped(grip):
            self._hand_fret = sum(frets) / len(frets)

    def grip(self, chord: Sequence[Sounding]) -> Grip:
        """The easiest way to play a chord (from the top), with fewer notes if it must be."""
        for notes in _simpler(chord):
            grips = [grip for grip in self._grips(notes) if self._within_reach(grip)]
            if grips:
                return min(grips, key=self._effort)
        raise ValueError(f"pitch {chord[0].pitch} lies on no string of {self._open}")

    def _grips(self, chord: Sequence[Sounding]) -> Iterator[Grip]:
        upwards = sorted(chord, key=lambda note: note.pitch)
        for strings in combinations(range(len(self._open)), len(chord)):
            pairs = tuple(zip(strings, upwards, strict=True))
            if all(0 <= note.pitch - self._open[string] <= _FRETS for string, note in pairs):
                yield pairs

    def _stopped(self, grip: Grip) -> list[int]:
        return [fret for string, note in grip if (fret := note.pitch - self._open[string])]

    def _within_reach(self, grip: Grip) -> bool:
        frets = self._stopped(grip)
        return not frets or max(frets) - min(frets) <= _REACH_FRETS

    def _effort(self, grip: Grip) -> float:
        """Cutting off what rings, moving the hand, playing high on the neck."""
        effort = 0.0
        for string, note in grip:
            line = self._lines[string]
            if line and line[-1].offset_s > note.onset_s:
                steps = abs(line[-1].pitch - note.pitch) <= _STEP
                effort += _STEP_COST if steps else _RINGS_ON_COST
        frets = self._stopped(grip)
        for fret in frets:
            effort += _FAR_COST * abs(fret - self._hand_fret) / len(frets) + _HIGH_COST * fret
        return effort


def _simpler(chord: Sequence[Sounding]) -> Iterator[Sequence[Sounding]]:
    """The chord from the top, then with fewer and fewer inner notes; then its outer ones nearer to each
    other; then its tune alone."""
    for count in range(len(chord), 1, -1):
        yield thinned(chord, count)
    top, bottom = chord[0], chord[-1]
    while bottom.pitch + 12 < top.pitch:
        bottom = replace(bottom, pitch=bottom.pitch + 12)
        yield (top, bottom)
    yield (top,)
