"""Notes in seconds: what players breathe, pluck and strum by. The transform works on these alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from photoplayer.music.score import Note, TempoMap

TOGETHER_S = 0.035
"""Notes that begin this close to each other are one chord, played by a human hand."""

SHORTEST_QUARTERS = 1 / 64
MOST_AFTER_END_QUARTERS = 64.0
"""No note rings on longer than this past the end of its score, however fast the tempo there."""


@dataclass(frozen=True, slots=True, order=True)
class Sounding:
    """A note from ``onset_s`` to ``offset_s`` seconds; ``pitch`` and ``velocity`` are MIDI's."""

    onset_s: float
    offset_s: float
    pitch: int
    velocity: int

    @property
    def length_s(self) -> float:
        return self.offset_s - self.onset_s

    def until(self, offset_s: float) -> Sounding:
        """The same, ending at ``offset_s``."""
        return replace(self, offset_s=offset_s)


Line = list[Sounding]
"""Notes of one voice in order, each begun after the one before."""


def from_notes(notes: Iterable[Note], tempo: TempoMap) -> list[Sounding]:
    """Notes in quarters as notes in seconds, in order of their onsets."""
    return sorted(
        Sounding(tempo.seconds(note.onset), tempo.seconds(note.offset), note.pitch, note.velocity)
        for note in notes
    )


def to_notes(heard: Iterable[Sounding], tempo: TempoMap, *, end: float) -> tuple[Note, ...]:
    """Notes in seconds as notes in quarters; ``end`` is the score's, in quarters."""
    last = end + MOST_AFTER_END_QUARTERS
    notes = []
    for sound in heard:
        onset = tempo.quarters(sound.onset_s)
        offset = max(min(tempo.quarters(sound.offset_s), last), onset + SHORTEST_QUARTERS)
        notes.append(Note(onset, offset, sound.pitch, sound.velocity))
    return tuple(sorted(notes))


def with_next_onset(line: Line) -> Iterator[tuple[Sounding, float]]:
    """Each note of a line and when the next begins, in seconds; infinity after the last."""
    return zip(line, [*(note.onset_s for note in line[1:]), inf], strict=False)


def chords(notes: Sequence[Sounding], *, within_s: float = TOGETHER_S) -> Iterator[list[Sounding]]:
    """Notes (in order) that begin together, chord after chord, each from the highest note down."""
    gathered: list[Sounding] = []
    for note in notes:
        if gathered and note.onset_s - gathered[0].onset_s > within_s:
            yield _from_the_top(gathered)
            gathered = []
        gathered.append(note)
    if gathered:
        yield _from_the_top(gathered)


def _from_the_top(chord: list[Sounding]) -> list[Sounding]:
    return sorted(chord, key=lambda note: (-note.pitch, note.onset_s))


def apart(notes: Iterable[Sounding]) -> list[Sounding]:
    """The same pitch never twice at once: of two begun together one stays, the longer and louder; else the
    earlier ends where the later begins."""
    last: dict[int, int] = {}
    kept: list[Sounding] = []
    for note in sorted(notes):
        at = last.get(note.pitch)
        if at is not None and note.onset_s - kept[at].onset_s <= TOGETHER_S:
            before = kept[at]
            kept[at] = Sounding(
                before.onset_s,
                max(before.offset_s, note.offset_s),
                note.pitch,
                max(before.velocity, note.velocity),
            )
            continue
        if at is not None and kept[at].offset_s > note.onset_s:
            kept[at] = kept[at].until(note.onset_s)
        last[note.pitch] = len(kept)
        kept.append(note)
    return kept
