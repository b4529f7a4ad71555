"""From theme and form to a sketch: which tones of the theme each phrase says, and how it closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.form import Cadence, Phrase
from photoplayer.compose.band.theme import BEAT, Line, Theme, Tone, legal
from photoplayer.music.theory import Meter

BREATH = BEAT // 2
"""Pulses of silence before the next phrase."""


_FORMULAS: dict[Cadence, tuple[tuple[int, ...], ...]] = {
    "half": ((4, 3, 2, 1), (2, 3, 2, 1), (6, 5, 4), (4, 5, 4), (0, -1, 1), (3, 2, 1)),
    "authentic": ((4, 2, 1, 0), (2, 2, 1, 0), (4, 3, 1, 0), (2, 1, 0), (0, -1, 0), (4, 6, 7)),
    "final": ((2, 1, 0), (0, -1, 0)),
}
"""How melodies close, in scale steps: on the fifth's chord, and at home (3-2-1, 1-7-1, 5-7-1)."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """One phrase's tones, in pulses from the section's start. ``is_own``: the tune's own, literally.

    ``formula``: how many of the last tones are a cadence's, which need not belong to the chord.
    """

    phrase: Phrase
    tones: tuple[Tone, ...]
    is_own: bool = False
    formula: int = 0


def sketch(
    phrases: Sequence[Phrase], theme: Theme, spans: Sequence[ChordSpan], *, statement: int
) -> tuple[Sketch, ...]:
    """The tones of every phrase. ``theme`` is in the section's meter.

    Somebody's tune goes through the phrases line after line at its first statement; all other themes
    give each phrase the line of its role's letter.
    """
    bar = theme.meter.beats * BEAT
    last_bar = max((phrase.start_bar + phrase.bars for phrase in phrases), default=0)
    tune = _whole(theme, bar, last_bar) if theme.literal and statement == 0 else ()
    out: list[Sketch] = []
    for phrase in phrases:
        start, end = phrase.start_bar * bar, (phrase.start_bar + phrase.bars) * bar
        own = tuple(tone for tone in tune if start <= tone.onset < end)
        goal = _goal(spans, phrase, theme.meter)
        if own:
            out.append(Sketch(phrase, _closed(own, phrase.cadence, end, goal, bar), is_own=True))
            continue
        tones = _moved(said(theme, phrase.role, phrase.bars), start)
        tones = _with_formula(tones, phrase.cadence, end - bar)
        if phrase.cadence in ("half", "authentic") and tones and tones[-1].onset < goal < end - BREATH:
            tones = legal((*tones, Tone(goal, end - goal, tones[-1].step)))
        tones = _closed(tones, phrase.cadence, end, goal, bar)
        formula = 0 if phrase.cadence == "open" else sum(tone.onset >= end - bar for tone in tones)
        upbeat = _upbeat(theme, phrase, start, out[-1].tones, tones) if out else ()
        if upbeat:
            out[-1] = replace(out[-1], tones=_giving_way(out[-1].tones, upbeat[0].onset))
        out.append(Sketch(phrase, (*upbeat, *tones), formula=formula))
    return tuple(out)


def _upbeat(
    theme: Theme, phrase: Phrase, start: int, before: tuple[Tone, ...], tones: tuple[Tone, ...]
) -> tuple[Tone, ...]:
    """The line's upbeat, where the phrase before has come to its last tone in time to leave room for it."""
    line = theme.line(phrase.role[:1])
    if line is None or not tones or tones[0].onset != start:
        return ()
    upbeat = _moved([tone for tone in line.tones if tone.onset < 0], start)
    has_room = bool(upbeat) and (not before or before[-1].onset + BEAT <= upbeat[0].onset)
    return upbeat if has_room else ()


def _giving_way(tones: tuple[Tone, ...], onset: int) -> tuple[Tone, ...]:
    """A phrase whose last tone leaves a breath before ``onset``."""
    if not tones:
        return ()
    last = tones[-1]
    return (*tones[:-1], replace(last, length=min(last.end, onset - BREATH // 2) - last.onset))


def said(theme: Theme, role: str, bars: int) -> tuple[Tone, ...]:
    """``bars`` bars of the line of that role's letter, from pulse 0."""
    letter = role[:1]
    line = theme.line(letter)
    if line is None:
        first = theme.lines[0]
        line = first if letter <= first.letter else _contrast(first)
    return _fitted(line, bars, theme.meter)


def _contrast(line: Line) -> Line:
    """The line turned over about its first tone, a fourth higher."""
    if not line.tones:
        return line
    first = line.tones[0].step
    tones = tuple(replace(t, step=first + 3 - (t.step - first), alter=-t.alter) for t in line.tones)
    return replace(line, tones=tones)


def _fitted(line: Line, bars: int, meter: Meter) -> tuple[Tone, ...]:
    """A line of another length: its beginning is said again, or its middle left out, never its close."""
    bar = meter.beats * BEAT
    order = list(range(line.bars))
    if bars == 1:
        order = [0]
    elif bars <= line.bars:
        order = [*order[: bars - 1], line.bars - 1]
    else:
        order = order[: bars % line.bars] + order * (bars // line.bars)
    out: list[Tone] = []
    for place, index in enumerate(order):
        inside = [t for t in line.tones if index * bar <= t.onset < (index + 1) * bar]
        out += [replace(t, onset=t.onset + (place - index) * bar) for t in inside]
    return legal(tuple(out))


def _whole(theme: Theme, bar: int, bars: int) -> tuple[Tone, ...]:
    """All lines one after another, from the start again where they are too few for ``bars``.

    An upbeat falls into the line before.
    """
    out: list[Tone] = []
    at = 0
    for line in cycle(theme.lines):
        if at >= bars * bar:
            break
        out += _moved(line.tones, at)
        at += line.bars * bar
    return legal(tuple(tone for tone in out if tone.onset >= 0))


def _moved(tones: Sequence[Tone], by: int) -> tuple[Tone, ...]:
    return tuple(replace(tone, onset=tone.onset + by) for tone in tones)


def _goal(spans: Sequence[ChordSpan], phrase: Phrase, meter: Meter) -> int:
    """The pulse at which the phrase's last bar has its last chord."""
    start = (phrase.start_bar + phrase.bars - 1) * meter.quarters
    end = start + meter.quarters
    onsets = [s.onset for s in spans if start < s.onset < end - 1e-6]
    last = max(onsets, default=start)
    return round(last / meter.beat_quarters * BEAT)


def _with_formula(tones: tuple[Tone, ...], cadence: Cadence, last_bar: int) -> tuple[Tone, ...]:
    """The last bar's tones on the formula of the cadence that is smoothest after the tone before."""
    closing = [tone for tone in tones if tone.onset >= last_bar]
    before = [tone for tone in tones if tone.onset < last_bar]
    formulas = [f for f in _FORMULAS.get(cadence, ()) if len(f) >= min(len(closing), 2)]
    if not closing or not before or not formulas:
        return tones
    options = [
        (abs(formula[0] + 7 * octave - before[-1].step), place, octave)
        for place, formula in enumerate(formulas)
        for octave in range(-3, 4)
    ]
    _, place, octave = min(options)
    formula = formulas[place]
    padded = (formula[0],) * (len(closing) - len(formula)) + formula[-len(closing) :]
    steps = [step + 7 * octave for step in padded]
    return (*before, *(replace(t, step=s, alter=0) for t, s in zip(closing, steps, strict=True)))


def _closed(tones: tuple[Tone, ...], cadence: Cadence, end: int, goal: int, bar: int) -> tuple[Tone, ...]:
    """The phrase with a breath at its end; at the very end of the piece with a long tone on the tonic."""
    if not tones:
        return ()
    if cadence == "final":
        onset = max(goal, end - bar)
        before = tuple(tone for tone in tones if tone.onset < onset)
        home = 7 * round((before or tones)[-1].step / 7)
        return legal((*before, Tone(onset, end - onset, home)))
    last = tones[-1]
    stop = max(min(last.end, end - BREATH), min(last.end, last.onset + BREATH // 2))
    return (*tones[:-1], replace(last, length=min(stop, end) - last.onset))
