"""Choosing a line's pitches: the best path between what the tune wants and what the chords allow.

A dynamic programme (Viterbi) over the pitches of each tone. All costs are whole numbers, so that the
same line comes out on every machine; they are the rules of thumb of species counterpoint and of
melodic expectation (Huron, *Sweet Anticipation*, 2006: steps prevail, leaps are stepped back).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, takewhile

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.music.theory import MODE_STEPS, Chord, Key

REACH = 5
"""Scale steps that a tone may be moved from its aim."""

_FORBIDDEN = 10_000

_INTERVAL_COST = (0, 0, 0, 1, 2, 9, 30, 11, 18, 20, 36, 48, 22)
"""How hard an interval is to sing, by its semitones."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A tone before its pitch is settled. Times in quarters from the section's start.

    ``step``: the wanted scale step of the section's key, 0 its tonic in octave -1 of MIDI; ``alter``
    semitones off it. ``strength`` is its metrical weight, 0..3; ``is_long`` more than a beat.
    ``goals``: pitch classes that close a phrase, if it does. ``is_start``: nothing binds it to the tone
    before. ``is_peak``: the line's highest. ``is_fixed``: the tune's own pitch, not to be moved.
    """

    onset: float
    offset: float
    step: int
    alter: int = 0
    strength: int = 0
    is_long: bool = False
    goals: tuple[int, ...] = ()
    is_start: bool = False
    is_peak: bool = False
    is_fixed: bool = False


def settle(aims: Sequence[Aim], spans: Sequence[ChordSpan], *, key: Key, low: int, high: int) -> list[int]:
    """A pitch of ``low..high`` for every aim. Raises ``ValueError`` if the range is no octave."""
    if high - low < 12:
        raise ValueError(f"a melody has no room between {low} and {high}")
    if not aims:
        return []
    sounding = [_chords_under(aim, spans) for aim in aims]
    choices = [_choices(aim, chords, key, low, high) for aim, chords in zip(aims, sounding, strict=True)]
    ceiling = _ceilings(aims)
    costs = {
        (pitch, leap): _fit(aims[0], pitch, sounding[0], key, ceiling[0])
        for pitch in choices[0]
        for leap in (0,)
    }
    trail: list[dict[tuple[int, int], tuple[int, int]]] = []
    for i in range(1, len(aims)):
        costs, back = _advance(costs, aims, i, choices[i], sounding, key, ceiling[i])
        trail.append(back)
    state = min(costs, key=lambda s: (costs[s], s))
    path = [state]
    for back in reversed(trail):
        path.append(back[path[-1]])
    return [pitch for pitch, _ in reversed(path)]


def loosened(aims: Sequence[Aim], spans: Sequence[ChordSpan], *, key: Key, share: float) -> list[Aim]:
    """The aims with their worst clashes no longer fixed, at most ``share`` of them."""
    pains = []
    for i, aim in enumerate(aims):
        chords = _chords_under(aim, spans)
        if aim.is_fixed and chords and (aim.is_long or aim.strength >= 2):
            tone = _wanted(aim, key) % 12
            if any((tone - 1) % 12 in c.pitch_classes and tone not in c.pitch_classes for c, _ in chords[:1]):
                pains.append((_clash(aim, tone, chords[0][0], is_first=True), -i))
    freed = {-i for _, i in sorted(pains, reverse=True)[: int(len(aims) * share)]}
    return [replace(aim, is_fixed=False) if i in freed else aim for i, aim in enumerate(aims)]


def scale_under(key: Key, chord: Chord | None) -> frozenset[int]:
    """The key's pitch classes, with those altered that the chord alters (the raised seventh over V)."""
    scale = set(key.pitch_classes)
    if chord is None:
        return frozenset(scale)
    tones = chord.pitch_classes
    for tone in tones:
        if tone in key.pitch_classes:
            continue
        is_raised = (tone - chord.root) % 12 == 4
        for near in (tone - 1, tone + 1) if is_raised else (tone + 1, tone - 1):
            if near % 12 in scale and near % 12 not in tones:
                scale.discard(near % 12)
                break
    return frozenset(scale | set(tones))


def step_pitch(key: Key, step: int) -> int:
    """MIDI pitch of an absolute scale step: 0 is the tonic in MIDI's lowest octave."""
    return key.degree_pitch(step, octave=-1)


@lru_cache(maxsize=4096)
def pitch_step(key: Key, pitch: int) -> int:
    """The scale step of a pitch; one outside the scale counts as the raised step below it."""
    octave, above = divmod(pitch - key.tonic, 12)
    steps = MODE_STEPS[key.mode]
    return 7 * octave + max(i for i, semitones in enumerate(steps) if semitones <= above)


def chord_at(spans: Sequence[ChordSpan], onset: float) -> Chord | None:
    """The chord that sounds at a moment."""
    at = bisect_right(spans, onset, key=lambda span: span.onset) - 1
    return spans[at].chord if at >= 0 and onset < spans[at].offset else None


def _chords_under(aim: Aim, spans: Sequence[ChordSpan]) -> list[tuple[Chord, float]]:
    """The chords while a tone sounds, each with its share in quarters."""
    first = max(bisect_right(spans, aim.onset, key=lambda span: span.onset) - 1, 0)
    under = takewhile(lambda span: span.onset < aim.offset, islice(spans, first, None))
    shares = [(s.chord, min(s.offset, aim.offset) - max(s.onset, aim.onset)) for s in under]
    return [(chord, share) for chord, share in shares if share > 1e-6]


def _choices(aim: Aim, chords: list[tuple[Chord, float]], key: Key, low: int, high: int) -> list[int]:
    wanted = _wanted(aim, key)
    if aim.is_fixed:
        return [_folded(wanted, low, high)]
    scale = scale_under(key, chords[0][0] if chords else None)
    within = [
        pitch
        for pitch in range(low, high + 1)
        if (pitch % 12 in scale or (aim.alter and pitch == wanted))
        and (abs(pitch_step(key, pitch) - aim.step) <= REACH or pitch % 12 in aim.goals)
    ]
    return within or [_folded(wanted, low, high)]


def _wanted(aim: Aim, key: Key) -> int:
    return step_pitch(key, aim.step) + aim.alter


def _folded(pitch: int, low: int, high: int) -> int:
    """The pitch in the octave that brings it into range, or the range's nearest end."""
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return max(pitch, low)


def _ceilings(aims: Sequence[Aim]) -> list[int]:
    """For each aim the step of its phrase's peak, which others should stay below."""
    out: list[int] = []
    start = 0
    for i in range(1, len(aims) + 1):
        if i == len(aims) or aims[i].is_start:
            peak = max(aim.step for aim in aims[start:i])
            out += [peak + 1 if aim.is_peak else peak for aim in aims[start:i]]
            start = i
    return out


def _fit(aim: Aim, pitch: int, chords: list[tuple[Chord, float]], key: Key, ceiling: int) -> int:
    """How badly a pitch suits one tone, alone."""
    if aim.is_fixed:
        return 0
    step = pitch_step(key, pitch)
    cost = min(5 * abs(step - aim.step), 5 * REACH)
    if aim.alter and pitch != _wanted(aim, key):
        cost += 8
    if step >= ceiling and not (aim.is_peak or aim.goals):
        cost += 8 + 6 * (step - ceiling)
    for i, (chord, share) in enumerate(chords):
        if i and share < 0.25:
            continue
        cost += _clash(aim, pitch % 12, chord, is_first=i == 0)
    if aim.goals and pitch % 12 not in aim.goals:
        cost += 160
    elif aim.goals and pitch % 12 != aim.goals[0]:
        cost += 10
    return cost


def _clash(aim: Aim, tone: int, chord: Chord, *, is_first: bool) -> int:
    tones = chord.pitch_classes
    if tone in tones:
        return 0
    weight = aim.strength if is_first else 1
    cost = (3, 9, 28, 36)[weight] + (16 if aim.is_long else 0)
    if (tone - 1) % 12 in tones and (tone - chord.root) % 12 != 10:
        cost += 12 + 6 * weight + (20 if aim.is_long else 0)
    return cost


def _advance(
    costs: dict[tuple[int, int], int],
    aims: Sequence[Aim],
    i: int,
    choices: Sequence[int],
    sounding: Sequence[list[tuple[Chord, float]]],
    key: Key,
    ceiling: int,
) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], tuple[int, int]]]:
    """One tone further. A state is (pitch, the leap that led to it: -1, 0 or 1)."""
    best: dict[tuple[int, int], int] = {}
    back: dict[tuple[int, int], tuple[int, int]] = {}
    aim, before = aims[i], aims[i - 1]
    under = {tone for chord, _ in sounding[i - 1][-1:] for tone in chord.pitch_classes}
    here = {tone for chord, _ in sounding[i][:1] for tone in chord.pitch_classes}
    for pitch in choices:
        alone = _fit(aim, pitch, sounding[i], key, ceiling)
        for state, cost in costs.items():
            last, leap = state
            move = pitch - last
            total = cost + alone + _move_cost(key, last, pitch, aim.step - before.step, aim.is_start)
            if not aim.is_start:
                total += _leap_cost(move, leap)
                if under and last % 12 not in under and not 0 < abs(move) <= 2:
                    total += 8 if move == 0 else 26
                if here and pitch % 12 not in here and abs(move) > 2:
                    total += 22
                if before.alter and last == _wanted(before, key) and abs(move) != 1:
                    total += 40
            now = 0 if aim.is_start or abs(move) < 5 else (1 if move > 0 else -1)
            following = (pitch, now)
            if following not in best or total < best[following]:
                best[following] = total
                back[following] = state
    return best, back


@lru_cache(maxsize=8192)
def _move_cost(key: Key, last: int, pitch: int, wanted: int, is_start: bool) -> int:
    """How far an interval is from the tune's own, and how hard it is to sing."""
    move = pitch_step(key, pitch) - pitch_step(key, last)
    size = abs(pitch - last)
    cost = _FORBIDDEN * (size > 12)
    if is_start:
        return cost + max(0, size - 7) * 3
    cost += min(9 * abs(move - wanted), 45)
    if wanted and (move > 0) != (wanted > 0):
        cost += 12 + 18 * (move == 0)
    if wanted == 0 and move:
        cost += 12
    cost += _INTERVAL_COST[min(size, 12)]
    if abs(move) == 1 and size == 3:
        cost += 26
    return cost


def _leap_cost(move: int, leap: int) -> int:
    """After a leap the line turns back by step."""
    if leap == 0 or move == 0:
        return 0
    if (move > 0) == (leap > 0):
        return 16 if abs(move) <= 2 else 40
    return 0 if abs(move) <= 4 else 14
