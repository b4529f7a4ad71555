"""How far apart two chords are, and the four sizes of jump that the agent chooses between.

Three views of closeness are added: how many notes of the triads are not shared, how far the roots lie
apart on the circle of fifths, and how far the voices must move::

    distance = (3 - common notes) + fifths / 2 + semitones / 3

For diatonic triads this makes a *small* jump the third relations (two notes held: I-vi, I-iii), a
*medium* jump the fifth relations and chromatic mediants (one note held: I-V, ii-V, I-bVI), and a *big*
jump the steps and what is farther (none held: IV-V, i-bII). Watson Beat's distance, from which the idea
comes, had twelve hand-set constants and knew no voices.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations
from typing import Literal, get_args

from photoplayer.compose.band.chord_language import Numeral
from photoplayer.music.theory import QUALITIES

Jump = Literal["stay", "small", "medium", "big"]
JUMPS: tuple[Jump, ...] = get_args(Jump)

SMALL_UP_TO, MEDIUM_UP_TO = 3.4, 5.0


def _triad(numeral: Numeral) -> tuple[int, ...]:
    return tuple((numeral.step + interval) % 12 for interval in QUALITIES[numeral.quality][:3])


def _around(a: int, b: int) -> int:
    """Semitones between two pitch classes, the short way."""
    up = (b - a) % 12
    return min(up, 12 - up)


@lru_cache(maxsize=4096)
def voice_motion(a: Numeral, b: Numeral) -> int:
    """Fewest semitones that three voices move in all from triad ``a`` to triad ``b``."""
    return min(sum(map(_around, _triad(a), order)) for order in permutations(_triad(b)))


@lru_cache(maxsize=4096)
def distance(a: Numeral, b: Numeral) -> float:
    """Distance of two triads; 0 for the same one."""
    common = len(set(_triad(a)) & set(_triad(b)))
    fifths = _around(0, (b.step - a.step) * 7 % 12)
    return (3 - common) + fifths / 2 + voice_motion(a, b) / 3


@lru_cache(maxsize=4096)
def jump(a: Numeral, b: Numeral) -> int:
    """Size of the jump from ``a`` to ``b``, as an index of :data:`JUMPS`."""
    if (a.step, a.quality) == (b.step, b.quality):
        return 0
    far = distance(a, b)
    return 1 if far <= SMALL_UP_TO else 2 if far <= MEDIUM_UP_TO else 3
