"""From tokens to a section's notes: its meter, its key, the register of its players.

Trios come in bars of sixteen steps and in C major or A minor. A shorter bar leaves the last steps out, a
longer one begins again; degrees of the scale go to the same degrees of the plan's mode, so a third stays a
third; and lines move by octaves to where their instruments are at home.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.band.casting import Seat
from photoplayer.music.key_finding import find_key
from photoplayer.music.score import Note
from photoplayer.music.theory import MODE_STEPS, Key, Meter
from photoplayer.music.trio import (
    STEPS_PER_BAR,
    STEPS_PER_QUARTER,
    Tokens,
    Trio,
    decode_line,
    sounding,
)

_LONG_QUARTERS = 0.75
"""A note outside the scale that lasts so long goes to the scale; shorter ones pass."""


def in_meter(tokens: Tokens, meter: Meter) -> NDArray[np.integer]:
    """Tokens of bars of sixteen steps as bars of the meter's length."""
    steps = np.arange(round(meter.quarters * STEPS_PER_QUARTER)) % STEPS_PER_BAR
    found: NDArray[np.integer] = tokens.reshape(-1, STEPS_PER_BAR)[:, steps].reshape(-1)
    return found


def key_of(trio: Trio) -> Key:
    """The key that a decoded trio is heard in; mostly C major or A minor."""
    return find_key(sounding(trio.melody) + sounding(trio.bass))[0]


def line_notes(tokens: Tokens, meter: Meter, source: Key, target: Key, seat: Seat) -> tuple[Note, ...]:
    """A line's notes in the plan's meter and key, where its player plays; quarters from its beginning."""
    notes = [
        (note, in_key(note.pitch, source, target, keep=note.length < _LONG_QUARTERS))
        for note in decode_line(in_meter(tokens, meter))
    ]
    shift = octaves_to([pitch for _, pitch in notes], (seat.low + seat.high) / 2)
    return tuple(
        Note(note.onset, note.offset, int(np.clip(pitch + shift, 0, 127)), note.velocity)
        for note, pitch in notes
    )


def in_key(pitch: int, source: Key, target: Key, *, keep: bool) -> int:
    """A pitch of ``source`` as the same degree of ``target``, by the nearest way.

    What lies between two degrees stays a raised degree where ``keep`` allows, else it becomes the degree.
    """
    way = (target.tonic - source.tonic + 5) % 12 - 5
    octave, above = divmod(pitch - source.tonic, 12)
    steps, wanted = MODE_STEPS[source.mode], MODE_STEPS[target.mode]
    degree = max(d for d, step in enumerate(steps) if step <= above)
    raised = above - steps[degree] if keep else 0
    return source.tonic + way + 12 * octave + wanted[degree] + raised


def octaves_to(pitches: Sequence[int], middle: float) -> int:
    """The octaves, in semitones, that bring the mean of pitches nearest to the middle of a register."""
    if not pitches:
        return 0
    return 12 * round((middle - float(np.mean(pitches))) / 12)
