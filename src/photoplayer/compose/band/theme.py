"""The theme: a melody as an idea, free of key, register, tempo and harmony.

Time is counted in **pulses** of the felt beat, 24 to the beat, so that binary and ternary divisions
are whole numbers and rhythms can be compared exactly. Pitch is counted in scale **steps** from the
tonic: a theme said in another mode keeps its steps and takes that mode's colour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from photoplayer.music.theory import Meter, Mode

BEAT = 24
"""Pulses to a felt beat: divisible by 2, 3, 4, 6 and 8."""

SHORTEST = BEAT // 8
"""Pulses of the shortest tone a theme keeps: a thirty-second in 4/4."""


@dataclass(frozen=True, slots=True, order=True)
class Tone:
    """``onset`` (from its line's start; below 0 in an upbeat) and ``length`` in pulses.

    ``step`` 0 is the tonic, 7 its octave, -1 the degree below; ``alter`` is in semitones off the scale.
    """

    onset: int
    length: int
    step: int
    alter: int = 0

    @property
    def end(self) -> int:
        return self.onset + self.length


@dataclass(frozen=True, slots=True)
class Line:
    """A phrase of the theme. Lines with the same ``letter`` share their material."""

    letter: str
    bars: int
    tones: tuple[Tone, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """Lines in ``meter``. ``mode`` is the one it was thought in.

    A ``literal`` theme is somebody's tune: its first statement is not rewritten."""

    meter: Meter
    lines: tuple[Line, ...]
    mode: Mode = "major"
    literal: bool = False

    def line(self, letter: str) -> Line | None:
        """The first line of that letter."""
        return next((line for line in self.lines if line.letter == letter), None)


def strength(pulse: int, meter: Meter) -> int:
    """Metrical weight of a moment of the bar: 3 downbeat, 2 mid-bar, 1 other beats, 0 between beats."""
    at = pulse % (meter.beats * BEAT)
    if at == 0:
        return 3
    if at % BEAT:
        return 0
    return 2 if meter.beats % 2 == 0 and at * 2 == meter.beats * BEAT else 1


def legal(tones: tuple[Tone, ...]) -> tuple[Tone, ...]:
    """One tone at a time: in order, none overlapping the next, none shorter than :data:`SHORTEST`.

    Of tones that begin together the longest stays.
    """
    kept: list[Tone] = []
    for tone in sorted(tones):
        if kept and tone.onset - kept[-1].onset < SHORTEST:
            kept[-1] = max(kept[-1], tone, key=lambda t: t.length)
        else:
            kept.append(tone)
    clipped = [replace(a, length=min(a.length, b.onset - a.onset)) for a, b in pairwise(kept)]
    return tuple(tone for tone in (*clipped, *kept[-1:]) if tone.length >= SHORTEST)


def recast(theme: Theme, meter: Meter) -> Theme:
    """The theme in another meter.

    Between two and four the beat stays: a 4/4 bar becomes two of 6/8 with its eighths in lilt. Else the bar
    stays: 3/4 goes into 6/8 as long, short, long; from three beats to four the first is drawn out, from
    four to three the last two are pressed into one.
    """
    if theme.meter == meter:
        return theme
    lines = tuple(_recast_line(line, theme.meter, meter) for line in theme.lines)
    return replace(theme, meter=meter, lines=lines)


def _recast_line(line: Line, old: Meter, new: Meter) -> Line:
    bars, beats, tones = line.bars, old.beats, line.tones
    if (beats, new.beats, old.is_compound, new.is_compound) == (3, 2, False, True):
        return Line(line.letter, bars, _warped(tones, _hemiola, new))
    if (beats, new.beats, old.is_compound, new.is_compound) == (2, 3, True, False):
        return Line(line.letter, bars, _warped(tones, _hemiola_back, new))
    if old.is_compound != new.is_compound:
        tones = _warped(tones, _lilt if new.is_compound else _even, new)
    if beats == 2 and new.beats != 2:
        bars, beats = -(-bars // 2), 4
    target = 4 if new.beats == 2 else new.beats
    if beats != target:
        tones = _warped(tones, lambda at: _stretch(at, beats, target), new)
    if new.beats == 2 and target == 4:
        bars *= 2
    return Line(line.letter, bars, tones)


def _warped(tones: tuple[Tone, ...], warp: Callable[[int], int], meter: Meter) -> tuple[Tone, ...]:
    """Tones with both ends moved by ``warp``, onto the grid of ``meter``.

    One between beats that is squeezed to less than an eighth is absorbed by the one before.
    """
    eighth = BEAT // 3 if meter.is_compound else BEAT // 2
    grid = BEAT // 6 if meter.is_compound else BEAT // 4
    out: list[Tone] = []
    for tone in tones:
        onset, end = (round(warp(at) / grid) * grid for at in (tone.onset, tone.end))
        is_squeezed = end - onset < min(tone.length, eighth) and onset % BEAT
        if out and (end - onset < SHORTEST or is_squeezed):
            out[-1] = replace(out[-1], length=max(end, out[-1].end) - out[-1].onset)
        else:
            out.append(replace(tone, onset=onset, length=max(end - onset, SHORTEST)))
    return legal(tuple(out))


def _lilt(at: int) -> int:
    """Even halves of a beat become long and short (2:1)."""
    beat, inside = divmod(at, BEAT)
    return beat * BEAT + _through(inside, ((0, 0), (12, 16), (24, 24)))


def _even(at: int) -> int:
    """Long and short (2:1) become even halves."""
    beat, inside = divmod(at, BEAT)
    return beat * BEAT + _through(inside, ((0, 0), (16, 12), (24, 24)))


def _stretch(at: int, old: int, new: int) -> int:
    """A bar of ``old`` beats in ``new``: the first beat takes up what is added, the last what is lost."""
    bar, inside = divmod(at, old * BEAT)
    if new > old:
        first = (new - old + 1) * BEAT
        inside = inside * first // BEAT if inside < BEAT else inside + first - BEAT
    else:
        kept = (new - 1) * BEAT
        if inside > kept:
            inside = kept + (inside - kept) // (old - new + 1)
    return bar * new * BEAT + inside


def _hemiola(at: int) -> int:
    """A bar of three beats in two dotted ones: long, short, long."""
    bar, inside = divmod(at, 3 * BEAT)
    return bar * 2 * BEAT + _through(inside, ((0, 0), (24, 16), (48, 24), (72, 48)))


def _hemiola_back(at: int) -> int:
    """Two dotted beats in a bar of three."""
    bar, inside = divmod(at, 2 * BEAT)
    return bar * 3 * BEAT + _through(inside, ((0, 0), (16, 24), (24, 48), (48, 72)))


def _through(at: int, knees: tuple[tuple[int, int], ...]) -> int:
    """Piecewise linear between ``knees`` (from, to)."""
    for (a, to_a), (b, to_b) in pairwise(knees):
        if at <= b:
            return to_a + (at - a) * (to_b - to_a) // (b - a)
    return knees[-1][1]
