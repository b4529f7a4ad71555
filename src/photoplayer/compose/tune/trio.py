"""What the network writes of three streams, as a trio: melody, bass and drums.

The bass stands in the four octaves that melodies stand in, two above where it sounds; drums are the first
three classes of :mod:`photoplayer.music.trio` (kick, snare, cymbals), a token being the set that is struck.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from photoplayer.music import melody_code, trio
from photoplayer.music.melody_code import Grid
from photoplayer.music.trio import Trio

BASS_UP = 24
"""Semitones by which the bass is written higher than it sounds."""

DRUM_CLASSES = 3
DRUM_TOKENS = 1 << DRUM_CLASSES

_MELODY_PROGRAM = 80


def trio_of(grid: Grid) -> Trio:
    """The trio of ``(steps, 3)`` tokens: melody, bass, drums; in C."""
    return Trio(
        _line(grid[:, 0], melody_code.LOWEST),
        _line(grid[:, 1], melody_code.LOWEST - BASS_UP),
        grid[:, 2],
        melody_program=_MELODY_PROGRAM,
    )


def _line(tokens: Grid, lowest: int) -> npt.NDArray[np.int64]:
    """Tokens of :mod:`~photoplayer.music.melody_code` as those of a trio's line; a rest ends a note."""
    said = {melody_code.HOLD: trio.NO_EVENT, melody_code.REST: trio.NOTE_OFF}
    up = lowest - trio.LOWEST + trio.FIRST_PITCH - melody_code.FIRST_PITCH
    line = tokens + up
    for token, same in said.items():
        line[tokens == token] = same
    return line
