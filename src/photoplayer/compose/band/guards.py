"""What holds for every part whatever was played: the tick grid, ranges, no overlaps, no stuck notes."""

from __future__ import annotations

from collections.abc import Iterable

from photoplayer.compose.band.players import line
from photoplayer.music.instruments import instrument
from photoplayer.music.score import TICKS_PER_QUARTER, Note

SHORTEST_TICKS = TICKS_PER_QUARTER // 16
LONGEST_BARS = 4


def guarded(notes: Iterable[Note], *, program: int | None, until: float, bar_quarters: float) -> list[Note]:
    """Notes made safe: on ticks, in the range of ``program`` (None = drums), ended by ``until`` quarters
    and not longer than :data:`LONGEST_BARS`."""
    kept = []
    longest = LONGEST_BARS * bar_quarters
    for note in notes:
        onset, offset = _tick(note.onset), min(_tick(note.offset), _tick(note.onset + longest), _tick(until))
        if offset - onset < SHORTEST_TICKS:
            offset = min(onset + SHORTEST_TICKS, _tick(until))
        if offset <= onset:
            continue
        pitch = note.pitch if program is None else _into_range(note.pitch, program)
        kept.append(Note(onset / TICKS_PER_QUARTER, offset / TICKS_PER_QUARTER, pitch, note.velocity))
    if program is not None and not instrument(program).is_polyphonic:
        return line(kept)
    return _apart(kept)


def _tick(quarters: float) -> int:
    return round(quarters * TICKS_PER_QUARTER)


def _into_range(pitch: int, program: int) -> int:
    """The pitch moved by octaves into what the instrument reaches."""
    player = instrument(program)
    while pitch < player.lowest:
        pitch += 12
    while pitch > player.highest:
        pitch -= 12
    return max(pitch, player.lowest)


def _apart(notes: list[Note]) -> list[Note]:
    """The same pitch never overlaps itself: a note ends where the next of its pitch begins."""
    last: dict[int, int] = {}
    out: list[Note] = []
    for note in sorted(notes):
        at = last.get(note.pitch)
        if at is not None and out[at].onset == note.onset:
            longer, louder = max(out[at].offset, note.offset), max(out[at].velocity, note.velocity)
            out[at] = Note(note.onset, longer, note.pitch, louder)
            continue
        if at is not None and out[at].offset > note.onset:
            out[at] = Note(out[at].onset, note.onset, note.pitch, out[at].velocity)
        last[note.pitch] = len(out)
        out.append(note)
    return out
