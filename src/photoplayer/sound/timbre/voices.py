"""Voice separation: notes of a keyboard given to a number of lines that sing one note at a time.

Chord after chord (notes that begin nearly together), the notes are laid on the voices from the top down so
that no two cross: the cheapest such laying, found by dynamic programming, after the principle of pitch
proximity. What it costs to give a note to a voice:

* a half tone away from the voice's last note costs 1, less the longer that voice has been silent, and
* a little for every half tone away from where the voice feels at home, more beyond its instrument's reach;
* the highest note goes to the first player of an ensemble, other things being equal;
* cutting off a note that still sounds costs up to an octave, as does crossing one.

A chord with more notes than voices is thinned first: its top and its bottom stay, doublings go before others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from photoplayer.sound.timbre.sounding import Line, Sounding, chords, with_next_onset

_CUT_COST, _CROSS_COST = 12.0, 12.0
_HOME_COST, _BEYOND_COST = 0.15, 2.0
_NOT_FIRST_COST = 1.5
_FORGETS_S = 2.0
_OVERLAP_S = 0.08
"""Fingers leave a key so much after the next is down: a legato, not a second voice."""
_FIRST_NOTE_COST = 5.0
"""In half tones: a line goes on in steps, and a leap is another voice's beginning."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a voice lives: the pitch it tends to, and what it reaches."""

    centre: int
    lowest: int
    highest: int


def separate(notes: Sequence[Sounding], count: int, homes: Sequence[Home] | None = None) -> list[Line]:
    """``count`` lines from the highest to the lowest; ``notes`` are in order of their onsets.

    ``homes`` (from the top) tells what each voice can sing; without, a voice is where its last note was.
    Notes keep their lengths: :func:`alone` ends each where the next begins.
    """
    voices = [_Voice(home) for home in homes] if homes else [_Voice(None) for _ in range(count)]
    for chord in chords(notes):
        _lay(thinned(chord, count), voices)
    return [voice.line for voice in voices]


def alone(line: Line) -> Line:
    """The line with every note ended where the next begins, at the latest."""
    return [note.until(min(note.offset_s, next_s)) for note, next_s in with_next_onset(line)]


def thinned(chord: Sequence[Sounding], count: int) -> list[Sounding]:
    """At most ``count`` notes of a chord that is told from the top: the highest and the lowest stay (of one,
    the highest), inner notes go: first those whose name another has too, then the softest."""
    kept = list({note.pitch: note for note in reversed(chord)}.values())[::-1]
    if count == 1:
        return kept[:1]
    names = Counter(note.pitch % 12 for note in kept)

    def first_to_go(i: int) -> tuple[bool, int, int]:
        return names[kept[i].pitch % 12] < 2, kept[i].velocity, -kept[i].pitch

    while len(kept) > count:
        gone = kept.pop(min(range(1, len(kept) - 1), key=first_to_go))
        names[gone.pitch % 12] -= 1
    return kept


@dataclass(slots=True)
class _Voice:
    home: Home | None
    line: Line = field(default_factory=list)

    def cost(self, note: Sounding) -> float:
        """What it costs that this voice sings ``note``, others left aside."""
        total = 0.0
        if self.home:
            beyond = max(self.home.lowest - note.pitch, note.pitch - self.home.highest, 0)
            total += _HOME_COST * abs(note.pitch - self.home.centre) + _BEYOND_COST * beyond
        if not self.line:
            return total + _FIRST_NOTE_COST
        last = self.line[-1]
        silent_s = max(note.onset_s - last.offset_s, 0.0)
        total += abs(note.pitch - last.pitch) / (1 + silent_s / _FORGETS_S)
        if self.sounds_at(note.onset_s):
            total += _CUT_COST * min((last.offset_s - note.onset_s) / last.length_s + 0.25, 1.0)
        return total

    def sounds_at(self, time_s: float) -> bool:
        return bool(self.line) and self.line[-1].offset_s > time_s + _OVERLAP_S


def _lay(chord: Sequence[Sounding], voices: Sequence[_Voice]) -> None:
    """Give the notes, from the top, to voices in order: the cheapest way of all."""
    spare = len(voices) - len(chord)
    onset_s = min(note.onset_s for note in chord)
    sounding = [(k, voice.line[-1].pitch) for k, voice in enumerate(voices) if voice.sounds_at(onset_s)]
    best = [[inf] * (spare + 1) for _ in chord]  # best[i][s]: notes 0..i sung, note i by voice i + s
    came = [[0] * (spare + 1) for _ in chord]
    for i, note in enumerate(chord):
        for s in range(spare + 1):
            own = voices[i + s].cost(note) + _crossings(note, i + s, sounding)
            if s and not i and voices[0].home:
                own += _NOT_FIRST_COST
            before, at = min((best[i - 1][t], t) for t in range(s + 1)) if i else (0.0, s)
            best[i][s], came[i][s] = before + own, at
    s = min(range(spare + 1), key=lambda k: best[-1][k])
    for i in reversed(range(len(chord))):
        voices[i + s].line.append(chord[i])
        s = came[i][s]


def _crossings(note: Sounding, index: int, sounding: Sequence[tuple[int, int]]) -> float:
    """What it costs voice ``index`` to sing above a higher voice or below a lower one that sounds on;
    ``sounding`` are such voices and their pitches."""
    crossed = sum(
        note.pitch > pitch if k < index else note.pitch < pitch for k, pitch in sounding if k != index
    )
    return _CROSS_COST * crossed
