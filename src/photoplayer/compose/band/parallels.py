"""No parallel fifths or octaves between melody and bass: the bass leaps the other way instead."""

from __future__ import annotations

from itertools import pairwise

from photoplayer.music.instruments import instrument
from photoplayer.music.melody import skyline
from photoplayer.music.score import TICKS_PER_QUARTER, Note

_PERFECT = (0, 7)


def without_parallels(lines: dict[tuple[str, int | None], list[Note]]) -> None:
    """Change bass notes, in place, that move with the melody from one perfect interval to the same.

    Only moves of both voices at one moment count, as theory teachers count them. The bass note, or the
    one before it, goes to another octave, so that the voices move against each other.
    """
    melody = skyline([note for (layer, _), notes in lines.items() if layer == "lead" for note in notes])
    where = [
        (key, i)
        for key, notes in lines.items()
        if key[0] == "bass" and key[1] is not None
        for i in range(len(notes))
    ]
    where.sort(key=lambda at: lines[at[0]][at[1]])
    bass = [lines[key][i] for key, i in where]
    at_tick = {_tick(note): i for i, note in enumerate(bass)}
    moves = [
        (before.pitch, note.pitch, i)
        for before, note in pairwise(melody)
        if (i := at_tick.get(_tick(note), 0)) > 0
    ]
    melody_moves = {i: (before, after) for before, after, i in moves}
    for _, _, i in moves:
        if not _is_parallel(bass, melody_moves, i):
            continue
        for j in (i, i - 1):
            key, at = where[j]
            assert key[1] is not None
            player = instrument(key[1])
            low, high = player.comfortable
            if _leap(bass, melody_moves, j, low=low, high=high):
                lines[key][at] = bass[j]
                break


def _leap(bass: list[Note], melody: dict[int, tuple[int, int]], at: int, *, low: int, high: int) -> bool:
    """Move a bass note by an octave if that leaves no parallel at it and after it."""
    old = bass[at]
    for pitch in (old.pitch + 12, old.pitch - 12):
        if not low <= pitch <= high:
            continue
        bass[at] = Note(old.onset, old.offset, pitch, old.velocity)
        if not any(_is_parallel(bass, melody, i) for i in (at, at + 1)):
            return True
    bass[at] = old
    return False


def _is_parallel(bass: list[Note], melody: dict[int, tuple[int, int]], at: int) -> bool:
    if at not in melody:
        return False
    before, after = melody[at]
    below, now_below = bass[at - 1].pitch, bass[at].pitch
    interval = (after - now_below) % 12
    return (
        interval in _PERFECT
        and interval == (before - below) % 12
        and (before - after) % 12 != 0
        and (after > before) == (now_below > below)
        and now_below != below
    )


def _tick(note: Note) -> int:
    return round(note.onset * TICKS_PER_QUARTER)
