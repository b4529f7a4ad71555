"""Pitch theory: modes, keys, meters and chords.

Pitch classes are 0..11 with C = 0. A :class:`Key` here is a tonic with any of six modes; its MIDI
key signature is the one whose accidentals spell that mode's notes, as modal music is printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Mode = Literal["major", "minor", "dorian", "phrygian", "lydian", "mixolydian"]
MODES: tuple[Mode, ...] = get_args(Mode)

MODE_STEPS: dict[Mode, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}
"""Semitones above the tonic of each degree."""

_PARENT_OFFSET: dict[Mode, int] = {
    "major": 0,
    "minor": 3,
    "dorian": 10,
    "phrygian": 8,
    "lydian": 7,
    "mixolydian": 5,
}
"""Semitones from a mode's tonic up to the tonic of the major scale with the same notes."""

PITCH_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "add9": (0, 4, 7, 2),
    "madd9": (0, 3, 7, 2),
}
"""Chord qualities by their usual suffix: semitones above the root."""

_SEMITONES_PER_OCTAVE, _MIDI_OCTAVE = 12, -1
_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_PITCH = re.compile(r"([a-gA-G])(#{1,2}|b{1,2}|♯|♭)?(-?\d{1,2})")


def pitch_name(pitch: int) -> str:
    """A MIDI pitch as people write it, middle C (60) being C4: ``Bb3``."""
    octave, within = divmod(pitch, _SEMITONES_PER_OCTAVE)
    return f"{PITCH_NAMES[within]}{octave + _MIDI_OCTAVE}"


def parse_pitch(text: str) -> int:
    """The MIDI pitch of a name such as ``C2``, ``F#3`` or ``Bb-1``. Raises ``ValueError`` for others."""
    found = _PITCH.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} names no pitch")
    letter, signs, octave = found.groups(default="")
    shift = sum(1 if sign in "#♯" else -1 for sign in signs)
    return _SEMITONES_PER_OCTAVE * (int(octave) - _MIDI_OCTAVE) + _LETTERS[letter.lower()] + shift


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic pitch class (0 = C) and a mode."""

    tonic: int
    mode: Mode = "major"

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read ``"C"``, ``"F# minor"``, ``"Bbm"``, ``"d dorian"``. Raises ``ValueError`` otherwise."""
        words = text.strip().replace("♯", "#").replace("♭", "b").split()
        if not words:
            raise ValueError("an empty text is not a key")
        name, mode = words[0], " ".join(words[1:]).lower()
        if not mode and name.endswith("m") and len(name) > 1:
            name, mode = name[:-1], "minor"
        mode = {"": "major", "maj": "major", "min": "minor", "ionian": "major", "aeolian": "minor"}.get(
            mode, mode
        )
        letter = _LETTERS.get(name[:1].lower())
        accidentals = name[1:]
        if letter is None or mode not in MODES or accidentals.strip("#b"):
            raise ValueError(f"{text!r} is not a key")
        tonic = (letter + accidentals.count("#") - accidentals.count("b")) % 12
        return cls(tonic, mode)

    def __str__(self) -> str:
        return f"{PITCH_NAMES[self.tonic]} {self.mode}"

    @property
    def is_minor(self) -> bool:
        """Whether the third degree is a minor third."""
        return MODE_STEPS[self.mode][2] == 3

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The seven pitch classes, from the tonic up."""
        return tuple((self.tonic + step) % 12 for step in MODE_STEPS[self.mode])

    @property
    def sharps(self) -> int:
        """Accidentals of the key signature: 1..6 sharps, or -1..-5 flats."""
        fifths = (self.tonic + _PARENT_OFFSET[self.mode]) * 7 % 12
        return fifths if fifths <= 6 else fifths - 12

    def degree_pitch(self, degree: int, octave: int = 4) -> int:
        """MIDI pitch of a scale degree (0 = tonic; may be negative or above 6) from ``octave`` up.

        Octave 4 holds middle C (60).
        """
        turn, step = divmod(degree, 7)
        return 12 * (octave + 1 + turn) + self.tonic + MODE_STEPS[self.mode][step]


@dataclass(frozen=True, slots=True)
class Meter:
    """A time signature. In compound meters (6/8, 9/8, 12/8) the felt beat is a dotted quarter."""

    numerator: int
    denominator: int

    @classmethod
    def parse(cls, text: str) -> Meter:
        """Read ``"6/8"``. Raises ``ValueError`` for anything that is not a meter."""
        top, _, bottom = text.strip().partition("/")
        if not (top.isdecimal() and bottom.isdecimal() and len(text) < 8):
            raise ValueError(f"{text!r} is not a meter")
        meter = cls(int(top), int(bottom))
        if not 1 <= meter.numerator <= 32 or meter.denominator not in (1, 2, 4, 8, 16):
            raise ValueError(f"{text!r} is not a meter")
        return meter

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @property
    def is_compound(self) -> bool:
        return self.denominator == 8 and self.numerator % 3 == 0 and self.numerator > 3

    @property
    def quarters(self) -> float:
        """Length of a bar in quarters."""
        return self.numerator * 4 / self.denominator

    @property
    def beat_quarters(self) -> float:
        """Length of one felt beat in quarters (1.5 in 6/8)."""
        return 1.5 if self.is_compound else 4 / self.denominator

    @property
    def beats(self) -> int:
        """Felt beats in a bar (2 in 6/8)."""
        return round(self.quarters / self.beat_quarters)


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord by root pitch class and quality; ``bass`` is another pitch class below it, if any."""

    root: int
    quality: str = ""
    bass: int | None = None

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Pitch classes from the root up, the added bass not included."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def bass_class(self) -> int:
        return self.root if self.bass is None else self.bass

    def __str__(self) -> str:
        below = "" if self.bass in (None, self.root) else f"/{PITCH_NAMES[self.bass_class]}"
        return f"{PITCH_NAMES[self.root]}{self.quality}{below}"
