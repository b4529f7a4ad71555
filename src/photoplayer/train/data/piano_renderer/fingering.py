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


@dataclass(frozen=True, order=True)
class _Cuts:
    """Chords divided so far: the effort, where each hand is and since when, and how many notes of each chord
    are the left hand's."""

    effort: float
    places: tuple[float, float] = (17.0, 33.0)
    since_s: tuple[float, float] = (-9.0, -9.0)
    cuts: tuple[int, ...] = ()

    def grown(self, chord: _Chord, cut: int) -> _Cuts:
        """With one more chord, its lowest ``cut`` notes for the left hand."""
        effort, places, since = self.effort, list(self.places), list(self.since_s)
        for hand, own in enumerate((chord.notes[:cut], chord.notes[cut:])):
            if own:
                low, high = key_middle(own[0].pitch), key_middle(own[-1].pitch)
                away = max(abs((low + high) / 2 - places[hand]) - 2, 0)
                effort += away * (0.6 + 0.25 / max(chord.time_s - since[hand], 0.03))
                effort += (
                    0.3 * (high - low) + 40 * max(high - low - _MOST_WIDTHS, 0) + 6 * max(len(own) - 5, 0)
                )
                places[hand], since[hand] = (low + high) / 2, chord.time_s
        effort += 3 * max(places[0] - places[1] + 3, 0)  # hands that cross
        return _Cuts(effort, (places[0], places[1]), (since[0], since[1]), (*self.cuts, cut))


def _split(chords: Sequence[_Chord]) -> dict[int, list[_Chord]]:
    """Every chord cut into a lower part for the left hand and an upper one for the right."""
    beam = [_Cuts(0.0)]
    for chord in chords:
        beam = sorted(path.grown(chord, cut) for path in beam for cut in range(len(chord.notes) + 1))[:_BEAM]
    sides: dict[int, list[_Chord]] = {0: [], 1: []}
    for chord, cut in zip(chords, beam[0].cuts, strict=True):
        for hand, own in ((0, chord.notes[:cut]), (1, chord.notes[cut:])):
            if own:
                sides[hand].append(_Chord(chord.time_s, own))
    return sides


@dataclass(frozen=True, order=True)
class _Grips:
    """One hand's chords so far: the effort, the fingers of every chord, where the hand is (white widths)."""

    effort: float
    fingers: tuple[tuple[int, ...], ...] = ()
    place: float = 0.0


def _fingers(chords: Sequence[_Chord], hand: int) -> list[Fingered]:
    """One hand's fingers; what it cannot reach goes, keys it must leave are let go early."""
    chords = _in_time([_reachable(chord) for chord in chords])
    if not chords:
        return []
    beam = [_Grips(0.0)]
    before: _Chord | None = None
    for chord in chords:
        grips = [(fingers, *_grip(chord, fingers, hand)) for fingers in _choices(len(chord.notes), hand)]
        beam = sorted(
            _Grips(
                round(
                    path.effort + effort + (_way(path, before, chord, fingers, place) if before else 0.0), 9
                ),
                (*path.fingers, fingers),
                place,
            )
            for fingers, place, effort in grips
            for path in beam
        )[:_BEAM]
        before = chord
    played = [
        Fingered(press, hand, which)
        for chord, used in zip(chords, beam[0].fingers, strict=True)
        for press, which in zip(chord.notes, used, strict=True)
    ]
    return _let_go(played, hand)


def _choices(count: int, hand: int) -> list[tuple[int, ...]]:
    """All ways to take so many notes, lowest first, with uncrossed fingers."""
    return [chosen[:: 1 if hand else -1] for chosen in combinations(range(5), count)]


def _grip(chord: _Chord, fingers: tuple[int, ...], hand: int) -> tuple[float, float]:
    """Where the hand is with these fingers on a chord, and the effort of it."""
    natural = (NATURAL if hand else -NATURAL)[list(fingers)]
    offsets = np.array([key_middle(p.pitch) for p in chord.notes]) - natural
    place = float(offsets.mean())
    effort = 0.35 * float(((offsets - place) ** 2).sum())
    effort += 1.2 * sum(f == 0 and is_black(p.pitch) for f, p in zip(fingers, chord.notes, strict=True))
    return place, effort + 0.25 * (4 in fingers) + 0.15 * (3 in fingers)


def _way(path: _Grips, before: _Chord, chord: _Chord, fingers: tuple[int, ...], place: float) -> float:
    """The effort from one chord to the next: travel, and fingers that must jump, in little time."""
    rest = max(chord.time_s - before.time_s, 0.05)
    reused = _reuse(path.fingers[-1], before, fingers, chord)
    return abs(place - path.place) * (0.35 + 0.12 / rest) + reused * (0.8 + 0.15 / rest)


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


def _reuse(before: tuple[int, ...], then: _Chord, now: tuple[int, ...], chord: _Chord) -> float:
    """1 for every finger that must jump from one key to another, 0.2 for every finger changed on a key."""
    at = {f: p.pitch for f, p in zip(before, then.notes, strict=True)}
    here = {f: p.pitch for f, p in zip(now, chord.notes, strict=True)}
    jumps = sum(1.0 for f, pitch in here.items() if f in at and at[f] != pitch)
    changed = sum(0.2 for f, pitch in here.items() for g, old in at.items() if pitch == old and f != g)
    return jumps + changed


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
