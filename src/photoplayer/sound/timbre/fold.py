"""Bringing lines into the range of an instrument by whole octaves, so that tunes stay tunes.

A line is not folded note by note, which would break its contour at every note outside: for the whole line
the cheapest sequence of octave shifts is found (Viterbi). Changing the shift costs much within a phrase and
little where the line rests or leaps anyway; a shift costs a little at each note, as does leaving the
comfortable range. Lines come one after another, the most important first; where an earlier line sounds
already, a later one would rather go elsewhere than double it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from photoplayer.music.instruments import Instrument
from photoplayer.sound.timbre.sounding import Line, Sounding

_OCTAVE = 12
_SHIFTS = tuple(sorted((_OCTAVE * k for k in range(-10, 11)), key=abs))

_SHIFT_COST = 0.4
"""At each note, for each octave away from what is written."""
_UNCOMFORTABLE_COST = 0.25
_UNISON_COST = 4.0
_CHANGE_COST, _CHANGE_AT_REST_COST = 4.0, 1.0
_REST_S = 0.6
_LEAP = 9
"""Half tones: a line that leaps so far may as well change its octave."""


def folded(lines: Sequence[Line], instrument: Instrument) -> list[Line]:
    """The same lines in their order, every note within what the instrument reaches."""
    placed = _Placed()
    result: dict[int, Line] = {}
    for index in _by_importance(lines):
        result[index] = _fold(lines[index], instrument, placed)
        placed.add(result[index])
    return [result[index] for index in range(len(lines))]


def _by_importance(lines: Sequence[Line]) -> list[int]:
    """The tune above, the bass below, then what lies between from the top."""
    inner = range(1, len(lines) - 1)
    return list(dict.fromkeys([0, len(lines) - 1, *inner])) if lines else []


def _fold(line: Line, instrument: Instrument, placed: _Placed) -> Line:
    paths: list[dict[int, int]] = []  # at each note: shift → the shift before
    costs: dict[int, float] = {}
    before: Sounding | None = None
    for note in line:
        at_note, came = {}, {}
        change = _change_cost(before, note)
        for shift in _shifts(note.pitch, instrument):
            if costs:
                cost, came[shift] = min((c + change * abs(shift - s) / _OCTAVE, s) for s, c in costs.items())
            else:
                cost = 0.0
            at_note[shift] = cost + _note_cost(note, shift, instrument, placed)
        paths.append(came)
        costs, before = at_note, note
    return _walked_back(line, paths, costs)


def _walked_back(line: Line, paths: Sequence[dict[int, int]], costs: dict[int, float]) -> Line:
    if not line:
        return []
    shift = min(costs, key=lambda s: (costs[s], abs(s)))
    shifts = [shift]
    for came in reversed(paths[1:]):
        shift = came[shift]
        shifts.append(shift)
    return [replace(note, pitch=note.pitch + s) for note, s in zip(line, reversed(shifts), strict=True)]


def _shifts(pitch: int, instrument: Instrument) -> list[int]:
    """The shifts that bring a pitch into range: at least one, as every instrument spans an octave."""
    return [shift for shift in _SHIFTS if instrument.can_play(pitch + shift)]


def _change_cost(before: Sounding | None, note: Sounding) -> float:
    if before is None:
        return 0.0
    rests = note.onset_s - before.offset_s > _REST_S
    leaps = abs(note.pitch - before.pitch) >= _LEAP
    return _CHANGE_AT_REST_COST if rests or leaps else _CHANGE_COST


def _note_cost(note: Sounding, shift: int, instrument: Instrument, placed: _Placed) -> float:
    low, high = instrument.comfortable
    pitch = note.pitch + shift
    cost = _SHIFT_COST * abs(shift) / _OCTAVE
    if not low <= pitch <= high:
        cost += _UNCOMFORTABLE_COST
    if placed.sounds(pitch, note):
        cost += _UNISON_COST
    return cost


class _Placed:
    """What earlier lines sound, to be asked by pitch."""

    def __init__(self) -> None:
        self._spans: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)

    def add(self, line: Iterable[Sounding]) -> None:
        for note in line:
            insort(self._spans[note.pitch], (note.onset_s, note.offset_s))

    def sounds(self, pitch: int, note: Sounding) -> bool:
        """Whether ``pitch`` sounds already while ``note`` would."""
        spans = self._spans.get(pitch)
        if not spans:
            return False
        before = bisect_left(spans, (note.offset_s,)) - 1  # the last that begins before the note ends
        return before >= 0 and spans[before][1] > note.onset_s
