"""Melodies that nobody composed, in C and 4/4: what a measure cannot tell from them, it does not show.

A random walk and a looped scale know nothing of people; a 2-gram knows which note people let follow which,
so it matches their intervals, durations and pitch classes by construction and has no phrases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from photoplayer.music.score import Note
from photoplayer.music.theory import Key

BAR_QUARTERS = 4
_SIXTEENTHS = 4
_LOWEST_DEGREE, _HIGHEST_DEGREE = -7, 14
_VELOCITY = 80

Melody = tuple[Note, ...]
Event = tuple[int, int]
"""Pitch, and sixteenths until the next note."""


def random_walk(random: Random, *, bars: int) -> Melody:
    """Steps of up to two degrees of C major from middle C, in random quarters, eighths and half notes."""
    degree, at, events = 0, 0, []
    while at < bars * BAR_QUARTERS * _SIXTEENTHS:
        length = random.choice((2, 2, 4, 4, 8))
        events.append((Key(0).degree_pitch(degree), length))
        degree = min(max(degree + random.choice((-2, -1, 1, 2)), _LOWEST_DEGREE), _HIGHEST_DEGREE)
        at += length
    return _melody(events, bars)


def looped_scale(random: Random, *, bars: int) -> Melody:
    """C major up from the C of a random octave in eighths, again and again."""
    octave = random.choice((3, 4, 5))
    return _melody([(Key(0).degree_pitch(i % 8, octave), 2) for i in range(bars * 8)], bars)


class Bigram:
    """Draws each note from those that followed its like in melodies of people.

    Raises ``ValueError`` where no melody has two notes.
    """

    def __init__(self, melodies: Sequence[Sequence[Note]]) -> None:
        self._starts: list[Event] = []
        self._after: defaultdict[Event, list[Event]] = defaultdict(list)
        for melody in melodies:
            events = [
                (a.pitch, max(round((b.onset - a.onset) * _SIXTEENTHS), 1)) for a, b in pairwise(melody)
            ]
            self._starts += events[:1]
            for event, following in pairwise(events):
                self._after[event].append(following)
        if not self._starts:
            raise ValueError("a 2-gram is learned from melodies of two notes and more")

    def write(self, random: Random, *, bars: int) -> Melody:
        """A melody; it begins anew where it comes to what nothing followed."""
        event, at, events = random.choice(self._starts), 0, []
        while at < bars * BAR_QUARTERS * _SIXTEENTHS:
            events.append(event)
            at += event[1]
            event = random.choice(self._after.get(event) or self._starts)
        return _melody(events, bars)


def _melody(events: Sequence[Event], bars: int) -> Melody:
    end = bars * BAR_QUARTERS
    notes, at = [], 0.0
    for pitch, sixteenths in events:
        if at < end:
            notes.append(Note(at, min(at + sixteenths / _SIXTEENTHS, end), pitch, _VELOCITY))
        at += sixteenths / _SIXTEENTHS
    return tuple(notes)
