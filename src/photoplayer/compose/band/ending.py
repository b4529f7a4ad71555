"""The closing bar: everyone on the last chord, held until just before the end."""

from __future__ import annotations

from photoplayer.compose.band.casting import Seat
from photoplayer.compose.band.chordal import voicings
from photoplayer.compose.band.drums import STROKE_QUARTERS
from photoplayer.compose.band.energy import velocity
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.players import nearest
from photoplayer.compose.band.styles.drum_grids import CRASH, KICK, SNARE, TAMBOURINE
from photoplayer.music.score import Note

REST_QUARTERS = 0.25
"""Silence between the last note's end and the piece's."""

_CHORDAL = ("pad", "chords", "brass")
_LAST_STROKES = {"drums": (KICK, CRASH), "drums-full": (SNARE,), "percussion": (TAMBOURINE,)}
_ACCENTS = {"lead": 6.0, "bass": 4.0, "pad": -8.0, "sparkle": -12.0, "arpeggio": -8.0}


def play_ending(passage: Passage, layer: str, seat: Seat | None, *, voices: int) -> list[Note]:
    """What a layer plays in the piece's last bar."""
    bar = passage.bars[-1]
    if layer not in bar.layers:
        return []
    loud = velocity(max(bar.energy, 0.2), accent=_ACCENTS.get(layer, 0.0))
    if seat is None:
        return [Note(bar.onset, bar.onset + STROKE_QUARTERS, drum, loud) for drum in _LAST_STROKES[layer]]
    end = passage.end - REST_QUARTERS
    return [Note(bar.onset, end, pitch, loud) for pitch in _pitches(passage, layer, seat, voices)]


def _pitches(passage: Passage, layer: str, seat: Seat, voices: int) -> tuple[int, ...]:
    span = passage.span_at(passage.bars[-1].onset)
    middle = (seat.low + seat.high) // 2
    if layer in _CHORDAL:
        return voicings(passage, seat, voices)[-1]
    if layer == "bass":
        return (nearest([span.chord.bass_class], seat.low + 8, seat.low, seat.high),)
    if layer in ("counter", "arpeggio"):
        return (nearest(span.chord.pitch_classes[1:2], middle, seat.low, seat.high),)
    return (nearest([span.chord.root], middle, seat.low, seat.high),)
