"""The players of chords: held, struck or broken."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from photoplayer.compose.band.casting import Seat
from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.energy import gate, velocity
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.players import line, pitches_of, sounding, struck
from photoplayer.compose.band.steps import Family
from photoplayer.compose.band.voicing import Voicing, voice
from photoplayer.music.score import Note

_LONGEST_TIE_BARS = 2
_ACCENTS = {"C": 4.0, "c": -6.0, "t": -8.0, "b": -2.0}


def voicings(passage: Passage, seat: Seat, voices: int) -> tuple[Voicing, ...]:
    """One voicing for each chord of the passage, led from each to the next."""
    return _led(passage.spans, seat.low, seat.high, voices)


@lru_cache(maxsize=32)
def _led(spans: tuple[ChordSpan, ...], low: int, high: int, voices: int) -> tuple[Voicing, ...]:
    return voice(spans, low=low, high=high, voices=voices)


def play_chords(
    passage: Passage, layer: str, family: Family, seat: Seat, *, voices: int, accent: float, staccato: float
) -> list[Note]:
    """Chords struck as the line says."""
    rng = passage.rng(layer, "feel")
    chords = dict(zip((s.onset for s in passage.spans), voicings(passage, seat, voices), strict=True))
    notes = []
    for stroke in struck(passage, layer, family):
        pitches = _chosen(chords[stroke.span.onset], stroke.sign)
        energy = stroke.bar.energy
        end = sounding(stroke.onset, stroke.offset, gate(energy, staccato=staccato))
        loud = velocity(energy, accent=accent + _ACCENTS.get(stroke.sign, 0.0), rng=rng)
        notes += [Note(stroke.onset, end, pitch, loud) for pitch in pitches]
    return notes


def play_pad(passage: Passage, family: Family, seat: Seat, *, voices: int, accent: float) -> list[Note]:
    """Held chords whose common tones sound on through the next chord while it is calm."""
    struck_notes = play_chords(passage, "pad", family, seat, voices=voices, accent=accent, staccato=1.0)
    return tied(struck_notes, longest=_LONGEST_TIE_BARS * passage.bar_quarters)


def tied(notes: Sequence[Note], *, longest: float) -> list[Note]:
    """Repeated notes without a gap become one, up to ``longest`` quarters."""
    last: dict[int, int] = {}
    out: list[Note] = []
    for note in notes:
        at = last.get(note.pitch)
        if (
            at is not None
            and abs(out[at].offset - note.onset) < 1e-6
            and abs(out[at].velocity - note.velocity) < 10
            and note.offset - out[at].onset <= longest + 1e-6
        ):
            out[at] = Note(out[at].onset, note.offset, note.pitch, out[at].velocity)
        else:
            last[note.pitch] = len(out)
            out.append(note)
    return out


def play_broken(
    passage: Passage, layer: str, family: Family, seat: Seat, *, voices: int, accent: float, staccato: float
) -> list[Note]:
    """Single chord tones in the order of the line's digits: arpeggios, ostinati and pulses."""
    rng = passage.rng(layer, "feel")
    base = {
        span.onset: min(chord)
        for span, chord in zip(passage.spans, voicings(passage, seat, voices), strict=True)
    }
    notes = []
    for stroke in struck(passage, layer, family):
        ladder = pitches_of(stroke.span.chord.pitch_classes, base[stroke.span.onset], seat.high)
        index = int(stroke.sign) - 1
        pitch = ladder[min(index, 2 * len(ladder) - 2 - index)] if index < 2 * len(ladder) - 1 else ladder[-1]
        energy = stroke.bar.energy
        strong = abs(stroke.onset % passage.section.meter.beat_quarters) < 1e-6
        loud = velocity(energy, accent=accent + (3 if strong else -4), rng=rng)
        end = sounding(stroke.onset, stroke.offset, gate(energy, staccato=staccato))
        notes.append(Note(stroke.onset, end, pitch, loud))
    return line(notes)


def _chosen(chord: tuple[int, ...], sign: str) -> tuple[int, ...]:
    """The notes of a chord that a sign strikes."""
    if sign == "t":
        return chord[1:] or chord
    return chord[:1] if sign == "b" else chord
