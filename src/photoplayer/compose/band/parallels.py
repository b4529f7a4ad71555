"""No parallel fifths or octaves between melody and bass: the bass leaps the other way instead."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from photoplayer.music.instruments import instrument
from photoplayer.music.melody import skyline
from photoplayer.music.score import TICKS_PER_QUARTER, Note

LOWEST, HIGHEST = 28, 55
"""Where a bass may go: the open E of a bass guitar to the G over the stave."""

_PERFECT = (0, 7)

_SHIFTS = ((0, 12), (0, -12), (12, 0), (-12, 0), (-12, 12), (12, -12), (0, 24), (0, -24))
"""Semitones for the note before and the note itself, the smallest change first."""

_Key = tuple[str, int | None]


def without_parallels(lines: dict[tuple[str, int | None], list[Note]]) -> None:
    """Change bass notes, in place, that move with the melody from one perfect interval to the same.

    Only moves of both voices at one moment count, as theory teachers count them. The bass note, the one
    before it or both go to another octave, so that the voices move against each other.
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
        if _is_parallel(bass, melody_moves, i) and _leap(bass, melody_moves, i, where):
            for j in (i - 1, i):
                key, at = where[j]
                lines[key][at] = bass[j]


def _leap(
    bass: list[Note], melody: dict[int, tuple[int, int]], at: int, where: list[tuple[_Key, int]]
) -> bool:
    """Move a bass note, the one before it or both by octaves, so that fewer parallels are left around."""
    old = bass[at - 1 : at + 1]
    best, fewest = old, _count(bass, melody, at)
    for shifts in _SHIFTS:
        moved = [replace(note, pitch=note.pitch + shift) for note, shift in zip(old, shifts, strict=True)]
        if not all(_is_playable(n, where[j][0]) for n, j in zip(moved, (at - 1, at), strict=True)):
            continue
        bass[at - 1 : at + 1] = moved
        if (count := _count(bass, melody, at)) < fewest:
            best, fewest = moved, count
    bass[at - 1 : at + 1] = best
    return best is not old


def _count(bass: list[Note], melody: dict[int, tuple[int, int]], at: int) -> tuple[int, int]:
    """Parallels up to this note, which no later step will mend, and after it."""
    here = [_is_parallel(bass, melody, i) for i in (at - 1, at, at + 1)]
    return sum(here[:2]), here[2]


def _is_playable(note: Note, key: _Key) -> bool:
    assert key[1] is not None, "a bass is no drum"
    return LOWEST <= note.pitch <= HIGHEST and instrument(key[1]).can_play(note.pitch)


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
