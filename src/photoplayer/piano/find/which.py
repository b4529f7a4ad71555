"""Which keys a row of black keys is: the instrument, the octave, and where its ends are.

An end that lies in the picture tells much: only a piano of 88 keys begins with A. Both ends cut off tell
nothing but the pitch classes; then the visible part is taken to be filmed from the middle of a piano.
"""

from __future__ import annotations

from dataclasses import dataclass

from photoplayer.piano.layout import (
    HIGHEST_PITCH,
    LOWEST_PITCH,
    PITCHES_PER_OCTAVE,
    WHITE_COUNT,
    is_black,
    key_middle,
)

INSTRUMENTS = (
    (LOWEST_PITCH, HIGHEST_PITCH),
    (28, 103),  # 76 keys, E to G
    (28, 100),  # 73, E to E
    (36, 96),  # 61, C to C
    (41, 100),  # 60, F to E: rare, but else it passes for a mirrored one
    (36, 84),  # 49
    (48, 84),  # 37
    (53, 84),  # 32, F to C
    (48, 72),  # 25
    (LOWEST_PITCH, 105),  # 85, old pianos
)
"""First and last key, commonest first."""


@dataclass(frozen=True)
class Seen:
    """The outermost black keys seen (octave arbitrary), and whether the keyboard ends there in the picture
    (else the picture ends first, or something lies over it)."""

    lowest: int
    highest: int
    ends_low: bool
    ends_high: bool


@dataclass(frozen=True)
class Placement:
    """Semitones to add to the arbitrary octave, the instrument's keys, whether that is more than a guess, and
    whether the ends seen are those of a known instrument."""

    shift: int
    first_pitch: int
    last_pitch: int
    octave_known: bool
    ends_fit: bool = True


def placed(seen: Seen) -> Placement | None:
    """The likeliest placement; None where no keyboard has so many keys."""
    options = [
        Placement(shift, first, last, False)
        for first, last in INSTRUMENTS
        for shift in _shifts(seen, first, last)
    ]
    if options:
        best = (
            options[0]
            if seen.ends_low or seen.ends_high
            else min(options, key=lambda o: _off_middle(seen, o))
        )
        known = len({option.shift for option in options}) == 1
        return Placement(best.shift, best.first_pitch, best.last_pitch, known)
    if seen.ends_low or seen.ends_high:
        guess = placed(Seen(seen.lowest, seen.highest, False, False))
        return None if guess is None else _as_seen(seen, guess.shift)
    return None


def _as_seen(seen: Seen, shift: int) -> Placement:
    """An instrument of no known kind, or half covered: the keys between its ends, and a guess."""
    first = max(seen.lowest + shift - 1, LOWEST_PITCH) if seen.ends_low else LOWEST_PITCH
    last = min(seen.highest + shift + 1, HIGHEST_PITCH) if seen.ends_high else HIGHEST_PITCH
    return Placement(shift, first, last, octave_known=False, ends_fit=False)


def _shifts(seen: Seen, first: int, last: int) -> list[int]:
    """Octave shifts under which an instrument shows what was seen."""
    low = first if is_black(first) else next_black(first, 1)
    high = last if is_black(last) else next_black(last, -1)
    shifts = []
    for octave in range(-12, 13):
        shift = octave * PITCHES_PER_OCTAVE
        a, b = seen.lowest + shift, seen.highest + shift
        if a < low or b > high or (seen.ends_low and a != low) or (seen.ends_high and b != high):
            continue
        shifts.append(shift)
    return shifts


def _off_middle(seen: Seen, option: Placement) -> tuple[int, float]:
    """Unseen ends speak for the full piano; then for its middle."""
    middle = (key_middle(seen.lowest + option.shift) + key_middle(seen.highest + option.shift)) / 2
    full = (option.first_pitch, option.last_pitch) == INSTRUMENTS[0]
    return int(not full), abs(middle - WHITE_COUNT / 2)


def next_black(pitch: int, step: int) -> int:
    """The next black key up or down, octave arbitrary."""
    pitch += step
    while not is_black(pitch):
        pitch += step
    return pitch
