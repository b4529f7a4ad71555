"""Who plays what: notes to hands, then to fingers, as two ten-fingered paths of least effort.

Both searches are beams over the chords in time. A hand is a place on the keyboard (where its middle finger
rests); a finger has a natural distance from it. Effort is stretch, travel in little time, the same finger on
another key, a thumb on a black key. What no hand can reach is left out, and keys that a hand must leave are
let go: labels stay what the picture shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from photoplayer.piano.layout import is_black, key_middle
from photoplayer.train.data.piano_renderer.action import SHORTEST_S, playable
from photoplayer.train.data.piano_renderer.notes import Fingered, KeyPress

NATURAL = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
"""Where a right hand's fingers rest beside its middle finger, in white-key widths."""

_CHORD_S = 0.035
_MOST_WIDTHS = 8.6
_BEAM = 24
_REACH = np.array([-4.8, -2.4, -1.6, 2.2, 4.6]), np.array([-0.2, 0.6, 1.6, 3.0, 4.8])
"""Furthest a right hand's fingers go, left and right of its place."""

_LEAP_WIDTHS, _FLIGHT_WIDTHS_PER_S = 4.0, 45.0
_MOVE_S_PER_WIDTH, _LEAST_MOVE_S = 0.012, 0.045


@dataclass(frozen=True)
class _Chord:
    time_s: float
    notes: tuple[KeyPress, ...]


def finger(presses: Sequence[KeyPress], *, hands: Sequence[int] = (0, 1)) -> list[Fingered]:
    """Fingerings for what can be played of ``presses``; ``hands`` says which hands there are.

    The presses given back may end earlier than those given. In order of onset.
    """
    chords = _chords(playable(presses))
    parts = _split(chords) if len(hands) == 2 else {hands[0]: chords}
    fingered = [note for hand, own in parts.items() for note in _fingers(own, hand)]
    return sorted(fingered, key=lambda f: (f.press, f.hand, f.finger))


def _chords(presses: Sequence[KeyPress]) -> list[_Chord]:
    groups: list[list[KeyPress]] = []
    for press in presses:
        if groups and press.onset_s - groups[-1][0].onset_s < _CHORD_S:
            groups[-1].append(press)
        else:
            groups.append([press])
    return [_Chord(g[0].onset_s, tuple(sorted(g, key=lambda p: p.pitch))) for g in groups]


def _split(chords: Sequence[_Chord]) -> dict[int, list[_Chord]]:
    """Every chord cut into a lower part for the left hand and an upper one for the right."""
    beam: list[tuple[float, float, float, float, float, tuple[int, ...]]] = [
        (0.0, 17.0, 33.0, -9.0, -9.0, ())
    ]
    for chord in chords:
        places = [key_middle(p.pitch) for p in chord.notes]
        grown = []
        for cost, left, right, left_s, right_s, cuts in beam:
            for cut in range(len(places) + 1):
                more, new = cost, [left, right]
                for hand, (own, last) in enumerate(((places[:cut], left_s), (places[cut:], right_s))):
                    if not own:
                        continue
                    wide, middle = own[-1] - own[0], (own[0] + own[-1]) / 2
                    rest = max(chord.time_s - last, 0.03)
                    away = max(abs(middle - new[hand]) - 2.0, 0.0)
                    more += 40 * max(wide - _MOST_WIDTHS, 0) + 6 * max(len(own) - 5, 0) + 0.3 * wide
                    more += away * (0.6 + 0.25 / rest)
                    new[hand] = middle
                more += 3 * max(new[0] - new[1] + 3, 0)
                times = (chord.time_s if cut else left_s, chord.time_s if cut < len(places) else right_s)
                grown.append((more, new[0], new[1], *times, (*cuts, cut)))
        beam = sorted(grown)[:_BEAM]
    cuts = beam[0][-1]
    sides: dict[int, list[_Chord]] = {0: [], 1: []}
    for chord, cut in zip(chords, cuts, strict=True):
        for hand, own in ((0, chord.notes[:cut]), (1, chord.notes[cut:])):
            if own:
                sides[hand].append(_Chord(chord.time_s, own))
    return sides


def _fingers(chords: Sequence[_Chord], hand: int) -> list[Fingered]:
    """One hand's fingers; what it cannot reach goes, keys it must leave are let go early."""
    chords = _in_time([_reachable(chord) for chord in chords])
    if not chords:
        return []
    natural = NATURAL if hand else -NATURAL
    beam: list[tuple[float, float, tuple[tuple[int, ...], ...]]] = [(0.0, np.nan, ())]
    last_s = -9.0
    for chord in chords:
        places = np.array([key_middle(p.pitch) for p in chord.notes])
        count = len(places)
        order = 1 if hand else -1
        grown = []
        for chosen in combinations(range(5), count):
            fingers = np.array(chosen[::order])
            hand_at, effort = _hand_place(places, natural[fingers])
            effort += sum(
                1.2 for f, p in zip(fingers, chord.notes, strict=True) if f == 0 and is_black(p.pitch)
            )
            effort += 0.25 * sum(int(f) == 4 for f in fingers) + 0.15 * sum(int(f) == 3 for f in fingers)
            for cost, before_at, path in beam:
                more = cost + effort
                if path:
                    rest = max(chord.time_s - last_s, 0.05)
                    more += abs(hand_at - before_at) * (0.35 + 0.12 / rest)
                    more += _reuse(path[-1], chords[len(path) - 1], chosen[::order], chord) * (
                        0.8 + 0.15 / rest
                    )
                grown.append((more, hand_at, (*path, tuple(int(f) for f in fingers))))
        beam = sorted(grown, key=lambda g: (round(g[0], 9), g[2]))[:_BEAM]
        last_s = chord.time_s
    played = [
        Fingered(press, hand, which)
        for chord, fingers_used in zip(chords, beam[0][2], strict=True)
        for press, which in zip(chord.notes, fingers_used, strict=True)
    ]
    return _let_go(played, hand)


def _reachable(chord: _Chord) -> _Chord:
    """The chord's outermost voice and what lies within a hand's width of it, five notes at most."""
    notes = list(chord.notes)
    while key_middle(notes[-1].pitch) - key_middle(notes[0].pitch) > _MOST_WIDTHS:
        notes.pop(0 if notes[0].velocity < notes[-1].velocity else -1)
    while len(notes) > 5:
        notes.pop(len(notes) // 2)
    return _Chord(chord.time_s, tuple(notes))


def _in_time(chords: Sequence[_Chord]) -> list[_Chord]:
    """Without the chords for which the hand would have to fly."""
    kept: list[_Chord] = []
    at = 0.0
    for chord in chords:
        middle = float(np.mean([key_middle(p.pitch) for p in chord.notes]))
        if kept and abs(middle - at) > _LEAP_WIDTHS + _FLIGHT_WIDTHS_PER_S * (chord.time_s - kept[-1].time_s):
            continue
        kept.append(chord)
        at = middle
    return kept


def _hand_place(places: np.ndarray, naturals: np.ndarray) -> tuple[float, float]:
    offsets = places - naturals
    middle = float(offsets.mean())
    return middle, float(((offsets - middle) ** 2).sum()) * 0.35


def _reuse(before: tuple[int, ...], then: _Chord, now: tuple[int, ...], chord: _Chord) -> float:
    """1 for every finger that must jump from one key to another, and 1 for a thumbless crossing."""
    at = {f: p.pitch for f, p in zip(before, then.notes, strict=True)}
    here = {f: p.pitch for f, p in zip(now, chord.notes, strict=True)}
    jumps = sum(1.0 for f, pitch in here.items() if f in at and at[f] != pitch)
    changed = sum(0.5 for f, pitch in here.items() for g, old in at.items() if pitch == old and f != g)
    rising = 1 if not now or now == tuple(sorted(now)) else -1
    del rising
    return jumps + 0.4 * changed


def _let_go(played: list[Fingered], hand: int) -> list[Fingered]:
    """Ends every press before its finger is wanted elsewhere or the hand has moved out of its reach."""
    low, high = _REACH if hand else (-_REACH[1], -_REACH[0])
    natural = NATURAL if hand else -NATURAL
    times = sorted({f.press.onset_s for f in played})
    place_at = {
        t: float(
            np.mean([key_middle(f.press.pitch) - natural[f.finger] for f in played if f.press.onset_s == t])
        )
        for t in times
    }
    done: list[Fingered] = []
    for i, note in enumerate(played):
        place, until = key_middle(note.press.pitch), note.press.offset_s
        for later in played[i + 1 :]:
            if later.press.onset_s >= until + 0.3:
                break
            if later.press.onset_s <= note.press.onset_s:
                continue
            far = abs(key_middle(later.press.pitch) - place)
            if later.finger == note.finger and later.press.pitch != note.press.pitch:
                until = min(until, later.press.onset_s - _LEAST_MOVE_S - _MOVE_S_PER_WIDTH * far)
                break
            away = place - place_at[later.press.onset_s]
            if not low[note.finger] <= away <= high[note.finger]:
                until = min(until, later.press.onset_s - 0.5 * _LEAST_MOVE_S)
                break
        until = max(until, note.press.onset_s + SHORTEST_S)
        done.append(replace(note, press=replace(note.press, offset_s=until)))
    return done
