"""The lead: a theme said over the chords of a section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.form import Cadence, Phrase
from photoplayer.compose.band.melody_pitch import Aim, chord_at, loosened, settle, step_pitch
from photoplayer.compose.band.melody_sketch import Sketch, sketch
from photoplayer.compose.band.melody_styles import MelodyStyle
from photoplayer.compose.band.melody_vary import ornament
from photoplayer.compose.band.theme import BEAT, Theme, Tone, recast, strength
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note
from photoplayer.music.theory import MODE_STEPS, Key, Meter, Mode

_CLOSES: dict[Cadence, tuple[int, ...]] = {
    "open": (),
    "half": (1, 4, 6),
    "authentic": (0,),
    "final": (0,),
}
"""Scale degrees on which a phrase may end, by its cadence."""


_MAY_BEND, _MAY_BEND_LATER = 0.04, 0.12
"""The share of a given tune's tones that may move to the chord where they grate: it stays that tune."""


_SWELL = 8
"""Velocity from the ends of a phrase to its peak."""


def lead(
    section: Section,
    phrases: Sequence[Phrase],
    spans: Sequence[ChordSpan],
    *,
    theme: Theme,
    style: MelodyStyle,
    low: int,
    high: int,
    statement: int = 0,
    seed: int,
    path: tuple[str | int, ...],
) -> tuple[Note, ...]:
    """The section's melody, onsets in quarters from its start, pitches in ``low..high``.

    ``statement`` counts how often the theme was said before: 0 as it is, 1 and more varied. The section's
    energy has no part in it: the same melody is played at any intensity.
    """
    sketches = sketch(phrases, recast(theme, section.meter), spans, statement=statement)
    aims = _aims(sketches, spans, section, theme, low, high)
    aims = loosened(aims, spans, key=section.key, share=_MAY_BEND_LATER if statement else _MAY_BEND)
    bottom, top = (low, high) if theme.literal else _window(aims, style.span, section.key, low, high)
    pitches = settle(aims, spans, key=section.key, low=bottom, high=top)
    notes = _played(aims, pitches, section.meter, style, statement)
    out: list[Note] = []
    for index, said in enumerate(sketches):
        share, notes = notes[: len(said.tones)], notes[len(said.tones) :]
        amount = 0.0 if said.is_own else _richness(said.phrase.role, statement)
        out += ornament(
            share, spans, section, low=low, high=high, amount=amount, seed=seed, path=(*path, index)
        )
    return tuple(out)


def outline(
    section: Section, phrases: Sequence[Phrase], *, theme: Theme, low: int, high: int, statement: int = 0
) -> tuple[Note, ...]:
    """The melody before there are chords: what a harmony for it should suit."""
    sketches = sketch(phrases, recast(theme, section.meter), (), statement=statement)
    aims = [replace(aim, is_fixed=True) for aim in _aims(sketches, (), section, theme, low, high)]
    pitches = settle(aims, (), key=section.key, low=low, high=high)
    return tuple(Note(aim.onset, aim.offset, pitch, 80) for aim, pitch in zip(aims, pitches, strict=True))


def _aims(
    sketches: Sequence[Sketch],
    spans: Sequence[ChordSpan],
    section: Section,
    theme: Theme,
    low: int,
    high: int,
) -> list[Aim]:
    meter, key = section.meter, section.key
    quarter = meter.beat_quarters / BEAT
    lift = _lift([tone.step for s in sketches for tone in s.tones], key, low, high)
    aims: list[Aim] = []
    for said in sketches:
        top = max((tone.step for tone in said.tones), default=0)
        for i, tone in enumerate(said.tones):
            is_free = len(said.tones) - said.formula <= i < len(said.tones) - 1
            is_last = i == len(said.tones) - 1
            is_closing = is_free or (is_last and (not said.is_own or said.phrase.cadence == "final"))
            onset = tone.onset * quarter
            aims.append(
                Aim(
                    onset=onset,
                    offset=tone.end * quarter,
                    step=tone.step + lift,
                    alter=_coloured(tone, theme.mode, key.mode),
                    strength=0 if is_free else strength(tone.onset, meter),
                    is_long=tone.length > BEAT and not is_free,
                    goals=_goals(said.phrase.cadence, key, spans, onset) if is_last else (),
                    is_start=i == 0,
                    is_peak=tone.step == top,
                    is_fixed=theme.literal and not is_closing,
                )
            )
    return aims


def _richness(role: str, statement: int) -> float:
    """The share of places to ornament: more each time something comes back."""
    return min(0.15 * max(role.count("'") - 1, 0) + (0.15 + 0.1 * statement if statement else 0.0), 0.6)


def _coloured(tone: Tone, said_in: Mode, sung_in: Mode) -> int:
    """Semitones off the scale in another mode: a leading tone is not raised where it is high already."""
    degree = tone.step % 7
    steps = MODE_STEPS[sung_in]
    if tone.alter * (steps[degree] - MODE_STEPS[said_in][degree]) > 0:
        return 0
    neighbour = (*steps, 12)[degree + 1] if tone.alter > 0 else (steps[-1] - 12, *steps)[degree]
    return 0 if steps[degree] + tone.alter == neighbour else tone.alter


def _lift(steps: Sequence[int], key: Key, low: int, high: int) -> int:
    """Scale steps (whole octaves) that bring the tune into the middle of its range."""
    if not steps:
        return 0

    def misfit(octave: int) -> tuple[int, int]:
        pitches = [step_pitch(key, step + 7 * octave) for step in steps]
        outside = sum(max(low - p, p - high, 0) for p in pitches)
        return outside, abs(max(pitches) + min(pitches) - low - high)

    return 7 * min(range(1, 10), key=misfit)


def _window(aims: Sequence[Aim], span: int, key: Key, low: int, high: int) -> tuple[int, int]:
    """The part of the range, ``span`` semitones or an octave wide, that the tune lies in the middle of."""
    if not aims:
        return low, high
    pitches = [step_pitch(key, aim.step) for aim in aims]
    width = min(max(span, 12), high - low)
    bottom = min(max((min(pitches) + max(pitches) - width) // 2, low), high - width)
    return bottom, bottom + width


def _goals(cadence: Cadence, key: Key, spans: Sequence[ChordSpan], onset: float) -> tuple[int, ...]:
    """Pitch classes to end on: those of the cadence that the chord has, or the chord's own."""
    chord = chord_at(spans, onset)
    closes = tuple(key.pitch_classes[degree] for degree in _CLOSES[cadence])
    if chord is None:
        return closes
    return tuple(tone for tone in closes if tone in chord.pitch_classes) or chord.pitch_classes


def _played(
    aims: Sequence[Aim], pitches: Sequence[int], meter: Meter, style: MelodyStyle, statement: int
) -> tuple[Note, ...]:
    """Notes with the style's touch, louder on strong beats and towards each phrase's peak."""
    notes = []
    for aim, pitch, swell in zip(aims, pitches, _swells(aims), strict=True):
        written = aim.offset - aim.onset
        sounds = written if style.touch >= 0.95 and written >= 2 else written * style.touch
        pulse = round(aim.onset / meter.beat_quarters * BEAT)
        loud = 74 + style.accent * strength(pulse, meter) // 3 + swell + min(statement, 3)
        notes.append(Note(aim.onset, aim.onset + max(sounds, 0.05), pitch, min(max(loud, 1), 127)))
    return tuple(notes)


def _swells(aims: Sequence[Aim]) -> list[int]:
    """How much louder than its phrase's ends each tone is: most at the peak."""
    borders = [*(i for i, aim in enumerate(aims) if aim.is_start), len(aims)]
    out: list[int] = []
    for start, stop in pairwise(borders):
        peak = next(i for i in range(start, stop) if aims[i].is_peak)
        for i in range(start, stop):
            way = peak - start if i <= peak else stop - 1 - peak
            out.append(_SWELL - (_SWELL * abs(i - peak) // way if way else 0))
    return out
