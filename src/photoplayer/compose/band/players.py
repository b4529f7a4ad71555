"""What the players share: strokes of a bar placed in time and cut where the chord changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.lineup import ease_of
from photoplayer.compose.band.passage import Bar, Passage
from photoplayer.compose.band.steps import Family, strokes
from photoplayer.music.score import Note

Lines = Mapping[str, Family]
"""What a layer plays in the phrases of each letter (A, B)."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A stroke of the step language with its chord, in quarters from the section's start."""

    onset: float
    offset: float
    sign: str
    bar: Bar
    span: ChordSpan


def struck(passage: Passage, layer: str, lines: Lines) -> Iterator[Struck]:
    """The strokes of a layer in all bars where it plays; one held over a change of chord strikes again."""
    meter = passage.section.meter
    ease = ease_of(layer, seed=passage.seed)
    for bar in passage.playing(layer):
        for stroke in strokes(lines[bar.letter].line(meter, max(bar.level - ease, 0))):
            onset = bar.onset + stroke.at
            offset = min(onset + stroke.length, bar.onset + passage.bar_quarters)
            inner = passage.changes_between(onset, offset)
            for start, stop in pairwise([onset, *inner, offset]):
                yield Struck(start, stop, stroke.sign, bar, passage.span_at(start))


def pitches_of(classes: Iterable[int], low: int, high: int) -> list[int]:
    """All pitches from ``low`` to ``high`` with these pitch classes, rising."""
    wanted = set(classes)
    return [pitch for pitch in range(low, high + 1) if pitch % 12 in wanted]


def nearest(classes: Iterable[int], target: int, low: int, high: int) -> int:
    """The pitch of these classes nearest to ``target`` within the register; the lower of two."""
    options = pitches_of(classes, low, high)
    return min(options, key=lambda pitch: (abs(pitch - target), pitch)) if options else target


def sounding(onset: float, offset: float, share: float) -> float:
    """Where a note ends that keeps ``share`` of its length, but never less than a thirty-second."""
    return onset + max((offset - onset) * share, min(0.125, offset - onset))


def line(notes: Iterable[Note]) -> list[Note]:
    """A single voice: every note ends where the next begins, the louder of two at one moment stays."""
    kept: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.onset, n.velocity)):
        if kept and note.onset - kept[-1].onset < 1e-6:
            kept.pop()
        elif kept and kept[-1].offset > note.onset:
            kept[-1] = Note(kept[-1].onset, note.onset, kept[-1].pitch, kept[-1].velocity)
        kept.append(note)
    return kept
