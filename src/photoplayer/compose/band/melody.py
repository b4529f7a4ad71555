"""The lead: a theme said over the chords of a section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.form import Cadence, Phrase
from photoplayer.compose.band.melody_pitch import Aim, chord_at, settle, step_pitch
from photoplayer.compose.band.melody_sketch import Sketch, sketch
from photoplayer.compose.band.melody_styles import MelodyStyle
from photoplayer.compose.band.theme import BEAT, Theme, recast, strength
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note
from photoplayer.music.theory import Key, Meter

_CLOSES: dict[Cadence, tuple[int, ...]] = {
    "open": (),
    "half": (1, 4, 6),
    "authentic": (0,),
    "final": (0,),
}
"""Scale degrees on which a phrase may end, by its cadence."""


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
    aims = _aims(sketches, spans, section, low, high)
    pitches = settle(aims, spans, key=section.key, low=low, high=high)
    return _played(aims, pitches, section.meter, style, statement)


def outline(
    section: Section, phrases: Sequence[Phrase], *, theme: Theme, low: int, high: int, statement: int = 0
) -> tuple[Note, ...]:
    """The melody before there are chords: what a harmony for it should suit."""
    sketches = sketch(phrases, recast(theme, section.meter), (), statement=statement)
    aims = [replace(aim, is_fixed=True) for aim in _aims(sketches, (), section, low, high)]
    pitches = settle(aims, (), key=section.key, low=low, high=high)
    return tuple(Note(aim.onset, aim.offset, pitch, 80) for aim, pitch in zip(aims, pitches, strict=True))


def _aims(
    sketches: Sequence[Sketch], spans: Sequence[ChordSpan], section: Section, low: int, high: int
) -> list[Aim]:
    meter, key = section.meter, section.key
    quarter = meter.beat_quarters / BEAT
    lift = _lift([tone.step for s in sketches for tone in s.tones], key, low, high)
    aims: list[Aim] = []
    for said in sketches:
        top = max((tone.step for tone in said.tones), default=0)
        for i, tone in enumerate(said.tones):
            is_last = i == len(said.tones) - 1
            onset = tone.onset * quarter
            aims.append(
                Aim(
                    onset=onset,
                    offset=tone.end * quarter,
                    step=tone.step + lift,
                    alter=tone.alter,
                    strength=strength(tone.onset, meter),
                    is_long=tone.length >= BEAT,
                    goals=_goals(said.phrase.cadence, key, spans, onset) if is_last else (),
                    is_start=i == 0,
                    is_peak=tone.step == top,
                    is_fixed=said.is_own and not (is_last and said.phrase.cadence == "final"),
                )
            )
    return aims


def _lift(steps: Sequence[int], key: Key, low: int, high: int) -> int:
    """Scale steps (whole octaves) that bring the tune into the middle of its range."""
    if not steps:
        return 0

    def misfit(octave: int) -> tuple[int, int]:
        pitches = [step_pitch(key, step + 7 * octave) for step in steps]
        outside = sum(max(low - p, p - high, 0) for p in pitches)
        return outside, abs(max(pitches) + min(pitches) - low - high)

    return 7 * min(range(1, 10), key=misfit)


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
    ends = [after.onset for _, after in pairwise(aims)] + [section_end(aims)]
    for aim, pitch, until in zip(aims, pitches, ends, strict=True):
        written = min(aim.offset, until) - aim.onset
        sounds = written if style.touch >= 0.95 and written >= 2 else written * style.touch
        loud = 76 + style.accent * aim.strength // 3 + (6 if aim.is_peak else 0) + min(statement, 3)
        notes.append(Note(aim.onset, aim.onset + max(sounds, 0.05), pitch, min(max(loud, 1), 127)))
    return tuple(notes)


def section_end(aims: Sequence[Aim]) -> float:
    return aims[-1].offset if aims else 0.0
