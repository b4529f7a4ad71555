"""The players of chords: held, struck or broken."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from functools import lru_cache

from photoplayer.compose.band.casting import Seat
from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.energy import gate, velocity
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.players import Lines, line, nearest, pitches_of, sounding, struck
from photoplayer.compose.band.voicing import Voicing, voice
from photoplayer.music.instruments import instrument
from photoplayer.music.score import Note

_LONGEST_TIE_BARS = 2
_CALM_LEVEL, _WILD_LEVEL = 1, 4
"""Density levels up to which pads tie, and from which they are doubled in octaves."""

PULSE_ABOVE = 6
"""Semitones above the bottom of its register near which a pulse lies."""

_ACCENTS = {"C": 4.0, "c": -6.0, "t": -8.0, "b": -2.0, "s": -8.0}


def voicings(passage: Passage, seat: Seat, voices: int) -> tuple[Voicing, ...]:
    """One voicing for each chord of the passage, led from each to the next."""
    return _led(passage.spans, seat.low, seat.high, voices)


@lru_cache(maxsize=32)
def _led(spans: tuple[ChordSpan, ...], low: int, high: int, voices: int) -> tuple[Voicing, ...]:
    return voice(spans, low=low, high=high, voices=voices)


def play_chords(
    passage: Passage, layer: str, lines: Lines, seat: Seat, *, voices: int, accent: float, staccato: float
) -> list[Note]:
    """Chords struck as the line says."""
    rng = passage.rng(layer, "feel")
    chords = dict(zip((s.onset for s in passage.spans), voicings(passage, seat, voices), strict=True))
    notes = []
    for stroke in struck(passage, layer, lines):
        if stroke.sign == "s":
            following = passage.span_at(min(stroke.offset, passage.end - 1e-3))
            pitches = tuple(pitch - 1 for pitch in chords[following.onset])
        else:
            pitches = _chosen(chords[stroke.span.onset], stroke.sign)
        energy = passage.energy_at(stroke.onset)
        end = sounding(stroke.onset, stroke.offset, gate(energy, staccato=staccato))
        loud = velocity(energy, accent=accent + _ACCENTS.get(stroke.sign, 0.0), rng=rng)
        notes += [Note(stroke.onset, end, pitch, loud) for pitch in pitches]
    return notes


def play_pad(passage: Passage, lines: Lines, seat: Seat, *, voices: int, accent: float) -> list[Note]:
    """Held chords. While it is calm, common tones sound on through the next chord; when it is wild, the
    top voice is doubled an octave higher."""
    notes = play_chords(passage, "pad", lines, seat, voices=voices, accent=accent, staccato=1.0)
    calm = {bar.onset for bar in passage.bars if bar.level <= _CALM_LEVEL}
    tied_notes = _tied(notes, calm, longest=_LONGEST_TIE_BARS * passage.bar_quarters)
    return tied_notes + _octaves(passage, notes, seat)


def _tied(notes: Sequence[Note], starts: Set[float], *, longest: float) -> list[Note]:
    """Repeated notes that meet on one of the moments ``starts`` become one, up to ``longest`` quarters."""
    last: dict[int, int] = {}
    out: list[Note] = []
    for note in notes:
        at = last.get(note.pitch)
        if at is not None and _continues(out[at], note, starts, longest):
            out[at] = replace(out[at], offset=note.offset)
        else:
            last[note.pitch] = len(out)
            out.append(note)
    return out


def _continues(note: Note, after: Note, starts: Set[float], longest: float) -> bool:
    meets = abs(note.offset - after.onset) < 1e-6
    return meets and after.onset in starts and after.offset - note.onset <= longest + 1e-6


def _octaves(passage: Passage, notes: Sequence[Note], seat: Seat) -> list[Note]:
    highest = instrument(seat.program).comfortable[1]
    tops: dict[float, Note] = {}
    for note in notes:
        if note.onset not in tops or note.pitch > tops[note.onset].pitch:
            tops[note.onset] = note
    return [
        replace(note, pitch=note.pitch + 12)
        for note in tops.values()
        if note.pitch + 12 <= highest and passage.bar_at(note.onset).level >= _WILD_LEVEL
    ]


def play_broken(
    passage: Passage, layer: str, lines: Lines, seat: Seat, *, voices: int, accent: float, staccato: float
) -> list[Note]:
    """Single chord tones in the order of the line's digits: arpeggios, ostinati and pulses."""
    rng = passage.rng(layer, "feel")
    base = _bases(passage, layer, seat, voices)
    notes = []
    pitch = seat.low
    for stroke in struck(passage, layer, lines):
        ladder = pitches_of(stroke.span.chord.pitch_classes, base[stroke.span.onset], seat.high)
        pitch = _broken_pitch(passage, stroke.sign, ladder, pitch)
        energy = passage.energy_at(stroke.onset)
        strong = abs(stroke.onset % passage.section.meter.beat_quarters) < 1e-6
        loud = velocity(energy, accent=accent + (3 if strong else -4), rng=rng)
        end = sounding(stroke.onset, stroke.offset, gate(energy, staccato=staccato))
        notes.append(Note(stroke.onset, end, pitch, loud))
    return line(notes)


def _bases(passage: Passage, layer: str, seat: Seat, voices: int) -> dict[float, int]:
    """The lowest rung of each chord by its onset: a pulse stands on the root, others on their voicing."""
    if layer == "pulse":
        low = seat.low + PULSE_ABOVE
        return {s.onset: nearest([s.chord.root], low, seat.low, seat.high) for s in passage.spans}
    chords = voicings(passage, seat, voices)
    return {span.onset: min(chord) for span, chord in zip(passage.spans, chords, strict=True)}


def _broken_pitch(passage: Passage, sign: str, ladder: Sequence[int], before: int) -> int:
    """The rung that a digit means, folded back at the top; or a neighbour of the note before."""
    if sign == "n":
        return before - 1
    if sign == "u":
        scale = passage.section.key.pitch_classes
        return next(pitch for pitch in range(before + 1, before + 13) if pitch % 12 in scale)
    rung = int(sign) - 1
    last = len(ladder) - 1
    return ladder[rung if rung <= last else max(2 * last - rung, 0)]


def _chosen(chord: tuple[int, ...], sign: str) -> tuple[int, ...]:
    """The notes of a chord that a sign strikes."""
    if sign == "t":
        return chord[1:] or chord
    return chord[:1] if sign == "b" else chord
