"""Somebody's tune read as a theme: key, grid, phrases and which of them are alike.

The tune may be a few notes or a whole song, played by hand and over chords: the top line is taken, put
on the nearest grid of the beat, and cut where it rests or dwells near every fourth bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import fsum, sqrt

from photoplayer.compose.band.melody_meter import find_meter
from photoplayer.compose.band.melody_pitch import pitch_step, step_pitch
from photoplayer.compose.band.theme import BEAT, SHORTEST, Line, Theme, Tone, legal
from photoplayer.errors import InputError
from photoplayer.music.score import Note
from photoplayer.music.theory import MODE_STEPS, Key, Meter, Mode

MAX_BARS = 64
"""Bars of a tune that are read; a longer one is used as far as this."""

_MAJOR_PROFILE = (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0)
_MINOR_PROFILE = (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0)
"""How well each semitone above the tonic fits (Temperley, "What's key for key?", 1999)."""

_HOME, _NEARLY_HOME = 0.2, 0.08
"""What a key gains in correlation if the tune ends on its tonic, or on its third or fifth.

With it and these profiles 451 of 493 lead sheets get their tonic and family, with those of Krumhansl and
Kessler 323 without it and 419 with it.
"""

_HEARD = 2.0
"""Quarters after which a held note adds no more to the impression of a key."""

_FAMILIES: tuple[tuple[tuple[float, ...], tuple[Mode, ...]], ...] = (
    (_MAJOR_PROFILE, ("major", "mixolydian", "lydian")),
    (_MINOR_PROFILE, ("minor", "dorian", "phrygian")),
)

_MODAL = 0.04
"""The share of the tune's time that must fit better for a mode to be taken for plain major or minor."""

_GRIDS: dict[int, float] = {12: 0.0, 6: 1.2, 8: 2.4, 3: 5.0}
_COMPOUND_GRIDS: dict[int, float] = {8: 0.0, 4: 1.2, 12: 2.4}
"""Grids in pulses, and by how many pulses in all a beat's onsets must fit one better than the first."""

_ALIKE = 0.6
"""Lines at least this alike share a letter."""


def find_key(notes: Sequence[Note]) -> Key:
    """The key of some notes by their durations and their end, then the mode of it they fit best.

    The method is Krumhansl's: correlate with a profile for every key. C major if there are no notes.
    """
    if not notes:
        return Key(0)
    weights = [0.0] * 12
    for note in notes:
        weights[note.pitch % 12] += min(note.length, _HEARD)
    end = max(notes, key=lambda n: (n.offset, n.pitch)).pitch
    fits = [
        (
            round(_correlation(profile, weights, tonic) + _ending((end - tonic) % 12, modes[0]), 9),
            -tonic,
            modes,
        )
        for profile, modes in _FAMILIES
        for tonic in range(12)
    ]
    _, minus_tonic, modes = max(fits, key=lambda fit: fit[:2])
    return Key(-minus_tonic, _mode(weights, -minus_tonic, modes))


def _ending(above_tonic: int, mode: Mode) -> float:
    if above_tonic == 0:
        return _HOME
    return _NEARLY_HOME if above_tonic in (MODE_STEPS[mode][2], 7) else 0.0


def _mode(weights: Sequence[float], tonic: int, modes: Sequence[Mode]) -> Mode:
    """Plain major or minor, unless another mode of the family has clearly less outside it."""
    outside = [
        round(fsum(w for pc, w in enumerate(weights) if (pc - tonic) % 12 not in MODE_STEPS[mode]), 6)
        for mode in modes
    ]
    best = outside.index(min(outside))
    return modes[best if outside[0] - outside[best] > _MODAL * fsum(weights) else 0]


def theme_from(melody: Sequence[Note], *, meter: Meter | None = None, key: Key | None = None) -> Theme:
    """The theme of a tune whose bars begin at onset 0; its meter and key are found if not given.

    Raises :class:`InputError` if there are no notes.
    """
    line = _top_line(melody)
    if not line:
        raise InputError("The seed melody has no notes; give a MIDI file with a tune in it.")
    key, meter = key or find_key(line), meter or find_meter(line)
    bar = meter.beats * BEAT
    tones = _on_grid(line, key, meter)
    start = _first_bar(tones, bar)
    tones = tuple(replace(t, onset=t.onset - start) for t in tones if t.onset - start < MAX_BARS * bar)
    bars = max(-(-tones[-1].onset // bar) if tones[-1].onset % bar else tones[-1].onset // bar + 1, 1)
    return Theme(meter, _lettered(_cut(tones, bars, meter), bar), key.mode, literal=True)


def _correlation(profile: Sequence[float], weights: Sequence[float], tonic: int) -> float:
    turned = [weights[(i + tonic) % 12] for i in range(12)]
    mean_p, mean_w = fsum(profile) / 12, fsum(turned) / 12
    p, w = [x - mean_p for x in profile], [x - mean_w for x in turned]
    spread = sqrt(fsum(x * x for x in p) * fsum(x * x for x in w))
    return fsum(x * y for x, y in zip(p, w, strict=True)) / spread if spread else 0.0


def _top_line(notes: Sequence[Note]) -> list[Note]:
    """The highest note of every moment a note begins, each ended by the next; what lies below is left out."""
    line: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.onset, -n.pitch)):
        if line and note.onset - line[-1].onset < 0.08:
            continue
        if line and note.onset < line[-1].offset - 0.1 and note.pitch < line[-1].pitch - 7:
            continue
        line.append(note)
    ended = [replace(a, offset=min(a.offset, b.onset)) for a, b in pairwise(line)]
    return [*ended, *line[-1:]]


def _on_grid(line: Sequence[Note], key: Key, meter: Meter) -> tuple[Tone, ...]:
    """Tones on the binary or ternary grid of each beat, whichever its onsets are nearer to."""
    pulses = [note.onset / meter.beat_quarters * BEAT for note in line]
    onsets = _snapped(pulses, _COMPOUND_GRIDS if meter.is_compound else _GRIDS)
    base = 7 * (pitch_step(key, sorted(n.pitch for n in line)[len(line) // 2]) // 7)
    tones = []
    for i, note in enumerate(line):
        following = line[i + 1].pitch if i + 1 < len(line) else note.pitch
        step, alter = _spelled(note.pitch, following, key)
        length = max(round(note.length / meter.beat_quarters * BEAT / SHORTEST) * SHORTEST, SHORTEST)
        if i + 1 < len(line):
            length = _joined(length, onsets[i + 1] - onsets[i])
        tones.append(Tone(onsets[i], length, step - base, alter))
    return legal(tuple(tones))


def _snapped(pulses: Sequence[float], grids: dict[int, float]) -> list[int]:
    """Each moment on the grid that suits its beat best."""
    beats: dict[int, list[float]] = {}
    for pulse in pulses:
        beats.setdefault(_beat(pulse), []).append(pulse)

    def misfit(grid: int, inside: Sequence[float]) -> tuple[float, int]:
        return round(sum(abs(p - round(p / grid) * grid) for p in inside) + grids[grid], 6), -grid

    chosen = {beat: min(grids, key=lambda grid: misfit(grid, inside)) for beat, inside in beats.items()}
    return [round(pulse / chosen[_beat(pulse)]) * chosen[_beat(pulse)] for pulse in pulses]


def _beat(pulse: float) -> int:
    """The beat a moment belongs to; one just before a beat is that beat played early."""
    return int((pulse + 2) // BEAT)


def _joined(length: int, until_next: int) -> int:
    """A written length: a note played short still fills its time, unless a real rest follows."""
    rest = until_next - length
    if rest < BEAT // 2 or (rest < BEAT and length * 2 >= until_next):
        return max(until_next, 1)
    return length


def _spelled(pitch: int, following: int, key: Key) -> tuple[int, int]:
    """(step, alter) of a pitch: outside the scale, raised where the line goes on upwards, else lowered."""
    step = pitch_step(key, pitch)
    above = pitch - step_pitch(key, step)
    if above == 0 or following > pitch or step % 7 == 6:
        return step, above
    return step + 1, pitch - step_pitch(key, step + 1)


def _first_bar(tones: Sequence[Tone], bar: int) -> int:
    """Where bar 1 begins: a tune that starts late in a bar starts with an upbeat."""
    start, inside = tones[0].onset - tones[0].onset % bar, tones[0].onset % bar
    has_upbeat = inside * 2 > bar and tones[-1].onset >= start + bar
    return start + bar if has_upbeat else start


def _cut(tones: tuple[Tone, ...], bars: int, meter: Meter) -> list[tuple[int, int, tuple[Tone, ...]]]:
    """(first bar, bars, tones) of each phrase: the best places to breathe, near every fourth bar."""
    bar = meter.beats * BEAT
    best: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, bars + 1):
        options = [
            (best[start][0] + _breath(tones, end * bar) - 30 * abs(end - start - 4), start)
            for start in range(max(0, end - 8), end)
        ]
        best.append(max(options))
    ends = [bars]
    while ends[-1] > 0:
        ends.append(best[ends[-1]][1])
    ends.reverse()
    out = []
    for start, end in pairwise(ends):
        first = _upbeat(tones, start * bar) if start else min(tones[0].onset, 0)
        until = _upbeat(tones, end * bar) if end < bars else end * bar
        inside = [t for t in tones if first <= t.onset < until]
        out.append((start, end - start, tuple(replace(t, onset=t.onset - start * bar) for t in inside)))
    return out


def _breath(tones: Sequence[Tone], at: int) -> int:
    """How well a phrase may end at a bar line, in pulses: the longest time between onsets just before it."""
    around = [(a, b) for a, b in pairwise(tones) if at - 2 * BEAT <= a.onset < at]
    if any(a.onset < at < a.end for a, _ in around):
        return -2 * BEAT
    return min(max((b.onset - a.onset for a, b in around), default=2 * BEAT), 4 * BEAT)


def _upbeat(tones: Sequence[Tone], at: int) -> int:
    """Where the phrase whose first downbeat is ``at`` really starts: with its upbeat, after a dwelling."""
    for a, b in reversed(list(pairwise(tones))):
        if a.onset < at and b.onset < at and at - b.onset <= BEAT and b.onset - a.onset >= BEAT * 3 // 2:
            return b.onset
    return at


def _lettered(phrases: Sequence[tuple[int, int, tuple[Tone, ...]]], bar: int) -> tuple[Line, ...]:
    lines: list[Line] = []
    firsts: list[Line] = []
    for _, bars, tones in phrases:
        line = Line("A", bars, tones)
        same = next((first for first in firsts if likeness(first.tones, tones) >= _ALIKE), None)
        letter = same.letter if same else chr(ord("A") + min(len(firsts), 25))
        line = replace(line, letter=letter)
        if same is None:
            firsts.append(line)
        lines.append(line)
    return tuple(lines)


def likeness(one: Sequence[Tone], other: Sequence[Tone]) -> float:
    """0..1: the share of (onset, move to the next tone) pairs that two lines have in common."""
    first, second = _moves(one), _moves(other)
    if not first or not second:
        return 1.0 if len(one) == len(other) else 0.0
    return len(first & second) / max(len(first), len(second))


def _moves(tones: Sequence[Tone]) -> frozenset[tuple[int, int]]:
    return frozenset((a.onset, b.step - a.step) for a, b in pairwise(tones))
