"""How long notes last: strings ring, bows join, lungs run out.

* What is plucked or struck and not damped rings its own time, wherever the key comes up. Partials fade faster
  the higher they are: at measured pianos the rate doubles about every 18 half tones (see
  :mod:`photoplayer.piano.sustain`), which is taken for all strings, bars and bells.
* A line that is bowed or blown joins its notes where the player's fingers left only a small gap, and leaves a
  gap where a note is repeated, without which it would be one.
* Who blows must breathe: in a rest, if the phrase has one in time, else where it hurts least: after a long
  note and before a leap. The note before is shortened for it; a note longer than a breath is taken up again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from photoplayer.music.instruments import Instrument
from photoplayer.sound.timbre.sounding import Line, Sounding

LEGATO_S = 0.03
"""Joined notes overlap so much."""
BREATH_GAP_S = 0.25
"""How long it takes to breathe in, quickly."""

_FADES_BY_HALF = 18.0
_SHORTEST_RING_S, LONGEST_RING_S = 0.12, 7.5
_JOINED_S = 0.15
"""Gaps up to this are the fingers', not the music's."""
_DETACHED_S, _DETACHED_SHARE = 0.05, 0.25
_WORTH_TAKING_UP_S = 0.5
_LEAST_OF_NOTE = 0.5
"""So much of a note is left when its end is given to breathing."""


def ring_s(instrument: Instrument, pitch: int) -> float:
    """Seconds for which a note rings on an instrument that lets it: longer the lower."""
    middle = sum(instrument.comfortable) / 2
    natural = instrument.ring_s * 2 ** ((middle - pitch) / _FADES_BY_HALF)
    return float(min(max(natural, _SHORTEST_RING_S), LONGEST_RING_S))


def ringing(notes: Iterable[Sounding], instrument: Instrument) -> list[Sounding]:
    """Every note as long as it rings; the same string struck again is the business of ``apart``."""
    return [note.until(note.onset_s + ring_s(instrument, note.pitch)) for note in notes]


def joined(line: Line) -> Line:
    """Legato where gaps are small, detached where a pitch is repeated; what is held on under others stays."""
    result = []
    for note, after in zip(line, [*line[1:], None], strict=False):
        if after is None:
            result.append(note)
        elif after.pitch == note.pitch:
            gap_s = min(_DETACHED_S, _DETACHED_SHARE * (after.onset_s - note.onset_s))
            result.append(note.until(min(note.offset_s, after.onset_s - gap_s)))
        elif -LEGATO_S <= after.onset_s - note.offset_s <= _JOINED_S:
            result.append(note.until(after.onset_s + min(LEGATO_S, after.length_s / 2)))
        else:
            result.append(note)
    return result


def breathed(line: Line, breath_s: float) -> Line:
    """The line with a rest of :data:`BREATH_GAP_S` at least every ``breath_s`` seconds."""
    notes = _taken_up_again(line, breath_s)
    begin = 0  # of the phrase in one breath
    i = 0
    while i + 1 < len(notes):
        if notes[i + 1].onset_s - notes[i].offset_s >= BREATH_GAP_S:
            begin = i + 1
        elif notes[i + 1].offset_s - notes[begin].onset_s > breath_s:
            last = max(range(begin, i + 1), key=lambda k: _good_to_breathe(notes, begin, k, breath_s))
            notes[last] = _shortened(notes[last], notes[last + 1].onset_s)
            i, begin = last, last + 1
        i += 1
    return notes


def _taken_up_again(line: Line, breath_s: float) -> Line:
    """Notes longer than a breath as several, each begun after breathing in."""
    notes = []
    for note in line:
        while note.length_s > breath_s + _WORTH_TAKING_UP_S:
            notes.append(note.until(note.onset_s + breath_s - BREATH_GAP_S))
            note = replace(note, onset_s=note.onset_s + breath_s)
        notes.append(note.until(min(note.offset_s, note.onset_s + breath_s)))
    return notes


def _good_to_breathe(notes: Line, begin: int, at: int, breath_s: float) -> float:
    """How good it is to breathe after note ``at`` of a phrase that began at ``begin``."""
    note, after = notes[at], notes[at + 1]
    spent = (note.offset_s - notes[begin].onset_s) / breath_s
    room_s = after.onset_s - note.onset_s
    leap = abs(after.pitch - note.pitch) / 12
    return min(room_s, 2.0) + 0.3 * min(leap, 1.0) + 2.0 * min(spent, 0.7)


def _shortened(note: Sounding, next_onset_s: float) -> Sounding:
    """A note that ends a breath before the next, but keeps half of itself."""
    room_s = next_onset_s - note.onset_s
    return note.until(max(next_onset_s - BREATH_GAP_S, note.onset_s + _LEAST_OF_NOTE * room_s))
