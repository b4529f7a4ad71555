"""Trios as MusicVAE writes them: melody, bass and drums on a grid of sixteenths, a token a step.

A line (melody, bass) has one of 90 tokens a step: nothing happens, the note ends, or one of 88 pitches
begins; drums have the set of nine classes that are struck, as the nine bits of a number (Roberts et al.,
MusicVAE, 2018; the classes are Magenta's). Positions come from ticks, not from seconds, so tempo has no
part in it. Lines are of 4/4 bars of sixteen steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from photoplayer.music.key_finding import find_key
from photoplayer.music.melody import skyline
from photoplayer.music.score import Note, Part, Score

STEPS_PER_BAR = 16
STEPS_PER_QUARTER = 4

NO_EVENT, NOTE_OFF, FIRST_PITCH = 0, 1, 2
"""Tokens of a line; pitch ``p`` begins with token ``p - LOWEST + FIRST_PITCH``."""

LOWEST, HIGHEST = 21, 108
LINE_TOKENS = FIRST_PITCH + HIGHEST - LOWEST + 1

DRUMS: tuple[tuple[int, ...], ...] = (
    (36, 35),
    (38, 27, 28, 31, 32, 33, 34, 37, 39, 40, 56, 65, 66, 75, 85),
    (42, 44, 54, 68, 69, 70, 71, 73, 78, 80, 22),
    (46, 67, 72, 74, 79, 81, 26),
    (45, 29, 41, 43, 61, 64, 84),
    (48, 47, 60, 63, 77, 86, 87),
    (50, 30, 62, 76, 83),
    (49, 52, 55, 57, 58),
    (51, 53, 59, 82),
)
"""MIDI drums of each class: kick, snare, closed and open hat, low, mid and high tom, crash, ride. Bit ``i``
of a drum token is class ``i``; it is played on the first of its drums."""

DRUM_TOKENS = 1 << len(DRUMS)

MELODY_PROGRAM, BASS_PROGRAM = 0, 33
VELOCITY = 80
"""Of a trio that has none: the tokens say nothing of loudness."""

_CLASS_OF = {pitch: number for number, pitches in enumerate(DRUMS) for pitch in pitches}
_STROKE_QUARTERS = 0.25
_MIDDLE_CENTRE = 6
"""Keys are moved by -5 to 6 semitones, the nearest way."""

Tokens = NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Trio:
    """``melody`` and ``bass`` ``(steps,)`` tokens of a line, ``drums`` ``(steps,)`` sets of drum classes.

    Raises ``ValueError`` where the three are not equally long whole bars or hold other numbers.
    """

    melody: Tokens
    bass: Tokens
    drums: Tokens
    melody_program: int = MELODY_PROGRAM
    bass_program: int = BASS_PROGRAM

    def __post_init__(self) -> None:
        steps = len(self.melody)
        if steps % STEPS_PER_BAR or not steps or {len(self.bass), len(self.drums)} != {steps}:
            raise ValueError("a trio is three lines of the same whole bars")
        tops = ((self.melody, LINE_TOKENS), (self.bass, LINE_TOKENS), (self.drums, DRUM_TOKENS))
        if any(line.min() < 0 or line.max() >= top for line, top in tops):
            raise ValueError("a trio holds a token that there is not")

    @property
    def bars(self) -> int:
        return len(self.melody) // STEPS_PER_BAR

    def cut(self, first_bar: int, bars: int) -> Trio:
        """Some of its bars."""
        inside = np.s_[first_bar * STEPS_PER_BAR : (first_bar + bars) * STEPS_PER_BAR]
        return replace(self, melody=self.melody[inside], bass=self.bass[inside], drums=self.drums[inside])

    def filled(self, bars: int) -> Trio:
        """So many bars: cut, or begun again until there are."""
        steps = np.arange(bars * STEPS_PER_BAR) % len(self.melody)
        return replace(self, melody=self.melody[steps], bass=self.bass[steps], drums=self.drums[steps])

    def transposed(self, semitones: int) -> Trio:
        """Melody and bass moved; pitches that would leave the grid stay in it by octaves."""
        return replace(self, melody=transposed(self.melody, semitones), bass=transposed(self.bass, semitones))


def encode_line(notes: Iterable[Note], *, start: float, bars: int) -> NDArray[np.uint8]:
    """The tokens of the highest line through ``notes`` over ``bars`` bars of 4/4 from ``start`` quarters.

    ``(steps,)``. Notes that began before are left out, pitches beyond the grid too; a note shorter than
    a step lasts one; of two that begin in one step the later counts.
    """
    steps = bars * STEPS_PER_BAR
    line = np.zeros(steps, np.uint8)
    ends: dict[int, int] = {}
    for note in skyline(notes):
        first = round((note.onset - start) * STEPS_PER_QUARTER)
        if 0 <= first < steps and LOWEST <= note.pitch <= HIGHEST:
            line[first] = note.pitch - LOWEST + FIRST_PITCH
            ends[first] = max(round((note.offset - start) * STEPS_PER_QUARTER), first + 1)
    onsets = sorted(ends)
    for first, after in pairwise([*onsets, steps]):
        if ends[first] < after:
            line[ends[first]] = NOTE_OFF
    return line


def decode_line(tokens: Sequence[int] | Tokens, *, velocity: int = VELOCITY) -> tuple[Note, ...]:
    """The notes of a line, in quarters from its beginning; what still sounds ends with it."""
    notes: list[Note] = []
    begun: tuple[int, int] | None = None
    for step, token in enumerate([*map(int, tokens), NOTE_OFF]):
        if token == NO_EVENT:
            continue
        if begun is not None:
            first, pitch = begun
            notes.append(Note(first / STEPS_PER_QUARTER, step / STEPS_PER_QUARTER, pitch, velocity))
        begun = None if token == NOTE_OFF else (step, token - FIRST_PITCH + LOWEST)
    return tuple(notes)


def encode_drums(notes: Iterable[Note], *, start: float, bars: int) -> NDArray[np.uint16]:
    """The drum classes struck at every step, ``(steps,)``; drums of no class are left out."""
    line = np.zeros(bars * STEPS_PER_BAR, np.uint16)
    for note in notes:
        step = round((note.onset - start) * STEPS_PER_QUARTER)
        if 0 <= step < len(line) and note.pitch in _CLASS_OF:
            line[step] |= 1 << _CLASS_OF[note.pitch]
    return line


def decode_drums(tokens: Sequence[int] | Tokens, *, velocity: int = VELOCITY) -> tuple[Note, ...]:
    """The strokes of drum tokens, in quarters from their beginning."""
    return tuple(
        Note(step / STEPS_PER_QUARTER, step / STEPS_PER_QUARTER + _STROKE_QUARTERS, drums[0], velocity)
        for step, token in enumerate(map(int, tokens))
        for number, drums in enumerate(DRUMS)
        if token >> number & 1
    )


def transposed(tokens: Tokens, semitones: int) -> NDArray[np.uint8]:
    """A line moved by semitones; what would leave the grid stays in it by octaves."""
    pitches = tokens.astype(np.int64) - FIRST_PITCH + semitones
    top = HIGHEST - LOWEST
    pitches = np.where(pitches > top, top - 11 + (pitches - (top - 11)) % 12, pitches)
    pitches = np.where(pitches < 0, pitches % 12, pitches)
    return np.where(tokens >= FIRST_PITCH, pitches + FIRST_PITCH, tokens).astype(np.uint8)


def home_shift(trio: Trio) -> int:
    """Semitones (-5..6) that bring the trio's key to C major or A minor, by what its lines sound like."""
    return shift_home(sounding(trio.melody) + sounding(trio.bass))


def shift_home(weights: NDArray[np.float64]) -> int:
    """As :func:`home_shift`, of ``(12,)`` weights of pitch classes."""
    key, _, _ = find_key(weights)
    home = 9 if key.is_minor else 0
    return (home - key.tonic + _MIDDLE_CENTRE - 1) % 12 - (_MIDDLE_CENTRE - 1)


def held(tokens: Tokens) -> NDArray[np.int64]:
    """The MIDI pitch that sounds at every step of a line, ``(steps,)``; -1 where it is silent."""
    latest = np.maximum.accumulate(np.where(tokens != NO_EVENT, np.arange(len(tokens)), 0))
    current = tokens[latest].astype(np.int64)
    return np.where(current >= FIRST_PITCH, current - FIRST_PITCH + LOWEST, -1)


def sounding(tokens: Tokens) -> NDArray[np.float64]:
    """How many steps each pitch class of a line sounds, ``(12,)``."""
    pitches = held(tokens)
    return np.bincount(pitches[pitches >= 0] % 12, minlength=12).astype(np.float64)


def to_score(trio: Trio) -> Score:
    """A trio as a score of three parts, at 120 quarters a minute until somebody says otherwise."""
    return Score(
        parts=(
            Part("melody", trio.melody_program, decode_line(trio.melody), layer="lead"),
            Part("bass", trio.bass_program, decode_line(trio.bass), layer="bass"),
            Part("drums", 0, decode_drums(trio.drums), is_drum=True, layer="drums"),
        ),
        end=float(trio.bars * STEPS_PER_BAR / STEPS_PER_QUARTER),
    )
