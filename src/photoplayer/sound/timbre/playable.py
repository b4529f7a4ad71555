"""What one player does with a keyboard's music: which line to take, and how many notes to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from photoplayer.music.instruments import Instrument
from photoplayer.music.melody import skyline
from photoplayer.music.score import HIGHEST_PITCH, Note
from photoplayer.sound.timbre.lengths import LEGATO_S
from photoplayer.sound.timbre.sounding import Sounding, chords

_BASS_CENTRE = 48
"""Who plays one note at a time around or below this C plays the bass, others the tune."""
_NEIGHBOURS = 8
_FAR_BELOW = 12
"""Half tones under its surroundings: there, a note is accompaniment that shows in the tune's rests."""
_MOSTLY = 0.9

_FINGERS = 10
_STEP_DOWN, _LEAST_QUARTERS = 4, 1 / 8
_LEGATO_QUARTERS, _LEGATO_SHARE = 0.2, 0.3
_AS_LOUD = 0.75


def one_line(
    notes: Sequence[Note], instrument: Instrument, pedal_held: Callable[[Note], bool]
) -> tuple[Note, ...]:
    """The tune in ``notes``, or the bass where the instrument is a low one, one note at a time.

    ``pedal_held`` tells whether a note was let sound by the pedal, not by its key.
    """
    if sum(instrument.comfortable) / 2 > _BASS_CENTRE:
        return _tune(notes, pedal_held)
    return _upside_down(_tune(_upside_down(notes), pedal_held))


def _tune(notes: Sequence[Note], pedal_held: Callable[[Note], bool]) -> tuple[Note, ...]:
    line = skyline(_let_go(notes, pedal_held))
    if len(line) > _MOSTLY * len(notes):
        return line  # it was a line before, with all its leaps
    around = (line[max(i - _NEIGHBOURS, 0) : i + _NEIGHBOURS + 1] for i in range(len(line)))
    return tuple(
        note
        for note, near in zip(line, around, strict=True)
        if note.pitch > median(n.pitch for n in near) - _FAR_BELOW
    )


def _let_go(notes: Sequence[Note], pedal_held: Callable[[Note], bool]) -> Iterator[Note]:
    """The notes, those ended at which the tune has gone on to a lower one: else that would be hidden."""
    ordered = sorted(notes)
    for i, note in enumerate(ordered):
        for after in ordered[i + 1 : i + 1 + _FINGERS]:
            if after.onset >= note.offset:
                break
            if _goes_on(note, after, pedal_held):
                note = replace(note, offset=after.onset)
                break
        yield note


def _goes_on(note: Note, after: Note, pedal_held: Callable[[Note], bool]) -> bool:
    """Whether the tune steps down from a note to one that begins under it: fingers overlap a little, and a
    pedal lets the higher note sound on; accompaniment is softer or lies further below."""
    down, overlap = note.pitch - after.pitch, note.offset - after.onset
    if not 0 < down <= _STEP_DOWN or after.onset - note.onset < _LEAST_QUARTERS:
        return False
    if overlap <= min(_LEGATO_QUARTERS, _LEGATO_SHARE * note.length):
        return True
    return after.velocity >= _AS_LOUD * note.velocity and pedal_held(note)


def _upside_down(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(replace(note, pitch=HIGHEST_PITCH - note.pitch) for note in notes)


def widest(notes: Sequence[Sounding]) -> int:
    """The most notes that begin together; ``notes`` are in order of their onsets."""
    return max((len({note.pitch for note in chord}) for chord in chords(notes)), default=0)


def held(notes: Iterable[Sounding], most: int) -> list[Sounding]:
    """Notes of which at most ``most`` sound at once: the oldest that is neither the highest nor the lowest is
    let go for a new one. Those that begin together must be no more than ``most``; joined notes count once."""
    kept: list[Sounding] = []
    active: list[int] = []
    for note in sorted(notes):
        active = [i for i in active if kept[i].offset_s > note.onset_s + LEGATO_S]
        while len(active) >= most:
            by_pitch = sorted(active, key=lambda i: kept[i].pitch)
            victim = min(by_pitch[1:-1] or by_pitch, key=lambda i: kept[i].onset_s)
            kept[victim] = kept[victim].until(note.onset_s)
            active.remove(victim)
        active.append(len(kept))
        kept.append(note)
    return [note for note in kept if note.length_s > 0]
