"""Voice leading: from chords to the notes of several voices, and to a bass line.

Both are least-cost paths (dynamic programming, the classical rules as costs): voices move as little as
they can, hold common tones, resolve leading tones and sevenths, and keep outer voices clear of parallel
fifths and octaves. Below E3 no thirds or seconds are stacked, where they would be mud.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.music.theory import QUALITIES, Chord

Voicing = tuple[int, ...]
"""MIDI pitches of a chord, lowest first."""

MUD_BELOW = 52
"""E3: under it neighbouring voices lie a fourth apart or more."""

WIDEST_GAP, WIDEST = 12, 24
"""Semitones between neighbouring voices, and between the outer ones, at most."""

BEAM = 12
"""Paths kept at each chord."""

PER_TOP = 2
"""Voicings kept for each top note."""

PARALLEL_OUTER, PARALLEL_BASS, PARALLEL_INNER = 40.0, 40.0, 3.0
LOST_COMMON, UNRESOLVED_TOP, UNRESOLVED = 2.0, 20.0, 6.0
OMITTED = {"third": 12.0, "colour": 4.0, "root": 3.0, "fifth": 1.5}
DOUBLED = {"third": 3.0, "colour": 12.0, "root": 0.0, "fifth": 0.5}
LEAP_POWER = 1.2
"""Above 1, so that two voices that step are cheaper than one that leaps as far."""

SPREAD = 0.15
"""Cost per semitone between the outer voices: close positions first, open where they lead better."""


def tendencies(chord: Chord, following: Chord) -> dict[int, tuple[int, ...]]:
    """Pitch classes of ``chord`` that want to move on to ``following``, with the moves that resolve them.

    In a dominant that falls a fifth the third rises a semitone and the seventh falls by step, so that
    the tritone of a V7 opens or closes as it should; a diminished chord's root rises to a root a
    semitone above. Anything else is free.
    """
    intervals, to_root = QUALITIES[chord.quality], (following.root - chord.root) % 12
    wants: dict[int, tuple[int, ...]] = {}
    if to_root == 5 and 4 in intervals:
        wants[(chord.root + 4) % 12] = (1,)
    if to_root == 5 and 10 in intervals:
        wants[(chord.root + 10) % 12] = (-1, -2, 0)
    if to_root == 1 and 6 in intervals and 3 in intervals:
        wants[chord.root] = (1,)
    return wants


def voice(
    spans: Sequence[ChordSpan], *, low: int, high: int, voices: int, start: Voicing | None = None
) -> tuple[Voicing, ...]:
    """One voicing of ``voices`` pitches in ``low..high`` for each span.

    ``start`` is the voicing before the first span, to lead on from. The bass is another player's: its
    pitch class (:attr:`Chord.bass_class`) is heeded, not played. Where the range holds fewer notes of a
    chord, voices meet in unison and the voicing is that much smaller. Raises ``ValueError`` if the range
    holds none.
    """
    if not spans:
        return ()
    chords = [span.chord for span in spans]
    options = [_voicings(chord, low, high, voices) for chord in chords]
    for chord, found in zip(chords, options, strict=True):
        if not found:
            raise ValueError(f"{low}..{high} holds no note of {chord}")
    middle = (low + high) / 2

    def first(option: Voicing) -> float:
        if start is not None and len(start) == voices:
            return sum(abs(a - b) for a, b in zip(start, option, strict=True))
        return abs(sum(option) / voices - middle) / 2

    def move(i: int, before: Voicing, after: Voicing) -> float:
        return _motion(chords[i - 1], chords[i], before, after)

    return tuple(tuple(dict.fromkeys(voicing)) for voicing in _least_cost(options, first, move))


def _least_cost(
    options: Sequence[Sequence[tuple[Voicing, float]]],
    first: Callable[[Voicing], float],
    move: Callable[[int, Voicing, Voicing], float],
) -> tuple[Voicing, ...]:
    """The path of least total cost, one option (with its own cost) at each place; ties to the lower."""
    paths: list[tuple[float, tuple[Voicing, ...]]] = []
    paths += sorted((round(own + first(o), 6), (o,)) for o, own in options[0])[:BEAM]
    for i in range(1, len(options)):
        reached: list[tuple[float, tuple[Voicing, ...]]] = []
        for option, own in options[i]:
            cost, path = min((round(c + move(i, p[-1], option), 6), p) for c, p in paths)
            reached.append((round(cost + own, 6), (*path, option)))
        paths = sorted(reached)[:BEAM]
    return paths[0][1]


@lru_cache(maxsize=4096)
def _voicings(chord: Chord, low: int, high: int, voices: int) -> tuple[tuple[Voicing, float], ...]:
    """The best voicings of a chord for each top note, with what they cost by themselves.

    Where the range is too small for the spacing, or for so many notes, it is relaxed in that order.
    """
    for sounding, strict in ((voices, True), *((count, False) for count in range(voices, 0, -1))):
        by_top: dict[int, list[tuple[float, Voicing]]] = {}
        for stack in _stacks(chord, low, high, sounding, strict):
            pitches = stack + stack[-1:] * (voices - sounding)
            by_top.setdefault(pitches[-1], []).append((_own_cost(chord, pitches), pitches))
        if by_top:
            kept = [pair for top in sorted(by_top) for pair in sorted(by_top[top])[:PER_TOP]]
            return tuple((pitches, cost) for cost, pitches in kept)
    return ()


def _stacks(chord: Chord, low: int, high: int, voices: int, strict: bool) -> Iterator[Voicing]:
    notes = [pitch for pitch in range(low, high + 1) if pitch % 12 in chord.pitch_classes]
    for bottom in notes:
        above = [pitch for pitch in notes if bottom < pitch <= bottom + WIDEST]
        for rest in combinations(above, voices - 1):
            if not strict or _clear((bottom, *rest)):
                yield (bottom, *rest)


def _clear(pitches: Voicing) -> bool:
    return all((5 if a < MUD_BELOW else 2) <= b - a <= WIDEST_GAP for a, b in pairwise(pitches))


def _own_cost(chord: Chord, pitches: Voicing) -> float:
    classes = [pitch % 12 for pitch in pitches]
    cost = SPREAD * (pitches[-1] - pitches[0])
    for interval in QUALITIES[chord.quality]:
        count = classes.count((chord.root + interval) % 12)
        role = _role(interval, chord.quality)
        cost += OMITTED[role] if count == 0 else DOUBLED[role] * (count - 1)
    return cost


def _role(interval: int, quality: str) -> str:
    """``root``, ``third`` (or what is suspended for it), ``fifth`` or ``colour``."""
    if interval == 0:
        return "root"
    if interval in (3, 4) or (quality in ("sus2", "sus4") and interval in (2, 5)):
        return "third"
    return "fifth" if interval in (6, 7, 8) else "colour"


@lru_cache(maxsize=8192)
def _motion(chord: Chord, following: Chord, before: Voicing, after: Voicing) -> float:
    """Cost of leading one voicing into the next."""
    if chord == following:
        return 2.0 * sum(abs(b - a) for a, b in zip(before, after, strict=True))
    cost = sum(float(abs(b - a) ** LEAP_POWER) for a, b in zip(before, after, strict=True))
    shared = {pitch % 12 for pitch in before} & set(following.pitch_classes)
    cost += LOST_COMMON * sum(p % 12 in shared and p not in after for p in before)
    top = len(before) - 1
    for i, j in combinations(range(len(before)), 2):
        if is_parallel(before[i], before[j], after[i], after[j]):
            cost += PARALLEL_OUTER if (i, j) == (0, top) else PARALLEL_INNER
    if follows_bass(chord, following, before[top], after[top]):
        cost += PARALLEL_BASS
    wants = tendencies(chord, following)
    for i, pitch in enumerate(before):
        moves = wants.get(pitch % 12)
        if moves is not None and after[i] - pitch not in moves:
            cost += UNRESOLVED_TOP if i == top else UNRESOLVED
    return cost


def is_parallel(low: int, high: int, next_low: int, next_high: int) -> bool:
    """Whether two voices move the same way from one fifth or octave to another of the same kind."""
    same_way = (next_low - low) * (next_high - high) > 0
    return same_way and (high - low) % 12 == (next_high - next_low) % 12 and (high - low) % 12 in (0, 7)


def follows_bass(chord: Chord, following: Chord, pitch: int, next_pitch: int) -> bool:
    """Whether a voice goes in fifths or octaves with the bass of two chords, as far as classes can tell."""
    above, next_above = (pitch - chord.bass_class) % 12, (next_pitch - following.bass_class) % 12
    moving = chord.bass_class != following.bass_class and pitch != next_pitch
    return moving and above == next_above and above in (0, 7)


INVERTED, DIMINISHED_ROOT, BASS_STAYS = 1.5, 3.0, 1.0
INVERTIBLE = ("", "m", "7", "m7", "dim", "add9", "madd9")


def bass_line(spans: Sequence[ChordSpan], *, low: int, high: int) -> tuple[int, ...]:
    """One bass pitch in ``low..high`` for each span: roots, and thirds where the line gains by them.

    A bass that a chord asks for (a pedal) is kept; the first chord, the last one and dominants that
    come home stand on their roots, and so does the home they come to. Raises ``ValueError`` if the
    range is smaller than an octave.
    """
    if high - low < 11:
        raise ValueError(f"a bass line needs an octave, {low}..{high} is less")
    if not spans:
        return ()
    options = []
    for i, span in enumerate(spans):
        following = spans[i + 1] if i + 1 < len(spans) else None
        fixed = i == 0 or following is None or _comes_home(spans[i - 1], span) or _comes_home(span, following)
        classes = _bass_classes(span.chord, fixed)
        options.append([((p,), classes[p % 12]) for p in range(low, high + 1) if p % 12 in classes])
    middle = (low + high) / 2

    def first(option: Voicing) -> float:
        return abs(option[0] - middle) / 4

    def move(i: int, before: Voicing, after: Voicing) -> float:
        step = abs(after[0] - before[0])
        if step == 0:
            return 0.0 if spans[i].chord == spans[i - 1].chord else BASS_STAYS
        return 0.5 * step + (4.0 if step > 7 else 0.0) + (2.0 if step == 6 else 0.0)

    return tuple(pitch for (pitch,) in _least_cost(options, first, move))


def _comes_home(span: ChordSpan, following: ChordSpan) -> bool:
    return span.function == "D" and following.degree == 0


def _bass_classes(chord: Chord, fixed: bool) -> dict[int, float]:
    """Pitch classes that may be the bass of a chord, with what they cost."""
    if chord.bass is not None:
        return {chord.bass % 12: 0.0}
    third = QUALITIES[chord.quality][1]
    diminished = chord.quality in ("dim", "m7b5", "dim7")
    classes = {chord.root: DIMINISHED_ROOT if diminished else 0.0}
    if not fixed and chord.quality in INVERTIBLE:
        classes[(chord.root + third) % 12] = 0.0 if diminished else INVERTED
    return classes
