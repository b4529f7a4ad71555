"""From notes in time to symbols on paper: bars of chords and rests with written lengths.

Each beat is read as four sixteenths or as a triplet, whichever lies nearer to the notes that begin in
it; in compound meters always as sixteenths. A part is written in one voice: where notes overlap, the
longer one is cut and tied, which says exactly what sounds, if not always as a copyist would.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from photoplayer.music.bars import Bar, bars
from photoplayer.music.score import Note, Part, Score

DIVISIONS = 12
"""Units per quarter: a sixteenth is 3, an eighth of a triplet 4."""

SIXTEENTH, TRIPLET_EIGHTH = 3, 4

_WRITTEN_LENGTHS = (72, 48, 36, 24, 18, 12, 9, 6, 3)
"""Lengths with a sign of their own (dotted or not), in units."""


@dataclass(frozen=True, slots=True)
class Tone:
    """One note of a chord: its pitch, and whether it is tied to the one before and the one after."""

    pitch: int
    tied_from_before: bool = False
    tied_to_next: bool = False


@dataclass(frozen=True, slots=True)
class Symbol:
    """A chord or, without tones, a rest, of a written length in units.

    ``is_triplet``: three take the time of two. ``starts_group`` and ``ends_group`` mark the ends of a
    triplet's bracket.
    """

    units: int
    tones: tuple[Tone, ...]
    is_triplet: bool = False
    starts_group: bool = False
    ends_group: bool = False


@dataclass(frozen=True, slots=True)
class WrittenBar:
    """A bar's symbols. ``start`` in units from the beginning; an empty bar is one rest of its length."""

    bar: Bar
    start: int
    units: int
    symbols: tuple[Symbol, ...]


class Layout:
    """The bar lines of a score in units, shared by its parts."""

    def __init__(self, score: Score) -> None:
        self.bars: list[Bar] = []
        self.starts: list[int] = []
        at = 0
        for bar in bars(score):
            units = round((bar.end - bar.start) * DIVISIONS / SIXTEENTH) * SIXTEENTH
            if units:
                self.bars.append(bar)
                self.starts.append(at)
                at += units
        self.end = at
        self._starts_quarters = [bar.start for bar in self.bars]

    def bar_index(self, quarters: float) -> int:
        """The bar that holds a position."""
        return max(bisect_right(self._starts_quarters, quarters) - 1, 0)

    def exact_units(self, quarters: float) -> float:
        """A position in units, not yet on the grid."""
        index = self.bar_index(quarters)
        return self.starts[index] + (quarters - self.bars[index].start) * DIVISIONS

    def units_of(self, index: int) -> int:
        """Length of a bar in units."""
        after = self.starts[index + 1] if index + 1 < len(self.starts) else self.end
        return after - self.starts[index]


def write_bars(part: Part, layout: Layout) -> list[WrittenBar]:
    """The part's bars, all of them, with rests where it is silent."""
    cells = _Cells(layout, part.notes)
    notes = cells.quantise(part.notes, is_drum=part.is_drum)
    segments = list(_segments(notes, layout.end))
    written = []
    for index, bar in enumerate(layout.bars):
        start, units = layout.starts[index], layout.units_of(index)
        inside = [cut for s in segments if (cut := s.within(start, start + units)) is not None]
        if all(not segment.sounding for segment in inside):
            symbols: tuple[Symbol, ...] = (Symbol(units, ()),)
        else:
            symbols = tuple(symbol for segment in inside for symbol in _spell(segment, cells))
        written.append(WrittenBar(bar, start, units, symbols))
    return written


@dataclass(frozen=True, slots=True)
class _Placed:
    """A note on the grid, from ``start`` to ``end`` units."""

    start: int
    end: int
    pitch: int


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of time in which the same notes sound."""

    start: int
    end: int
    sounding: tuple[_Placed, ...]

    def within(self, start: int, end: int) -> _Segment | None:
        low, high = max(self.start, start), min(self.end, end)
        return _Segment(low, high, self.sounding) if low < high else None


class _Cells:
    """The beats of a part and whether each is divided by three or by four."""

    def __init__(self, layout: Layout, notes: Iterable[Note]) -> None:
        self._layout = layout
        onsets: defaultdict[int, list[float]] = defaultdict(list)
        for note in notes:
            exact = layout.exact_units(note.onset)
            onsets[self.bounds(exact)[0]].append(exact)
        self._triplets = {
            start for start, at in onsets.items() if self._is_whole_quarter(start) and _is_triplet(start, at)
        }

    def bounds(self, units: float) -> tuple[int, int]:
        """Begin and end of the beat that holds a position; the last beat of a bar may be shorter."""
        index = self._index(units)
        start, length = self._layout.starts[index], self._layout.units_of(index)
        cell = self._cell_units(index)
        offset = int((units - start) // cell) * cell
        return start + offset, min(start + offset + cell, start + length)

    def is_triplet(self, units: int) -> bool:
        return self.bounds(units)[0] in self._triplets

    def quantise(self, notes: Iterable[Note], *, is_drum: bool) -> list[_Placed]:
        placed = set()
        for note in notes:
            start = self._round(self._layout.exact_units(note.onset))
            if start >= self._layout.end:
                continue
            end = self._round(self._layout.exact_units(note.offset))
            step = TRIPLET_EIGHTH if self.is_triplet(start) else SIXTEENTH
            placed.add(_Placed(start, min(max(end, start + step), self._layout.end), note.pitch))
        return self._until_next(placed) if is_drum else _without_doubles(placed)

    def _until_next(self, hits: set[_Placed]) -> list[_Placed]:
        """Drum hits, which have no length, written up to the next hit or the end of their beat."""
        starts = sorted({hit.start for hit in hits})
        following = dict(zip(starts, [*starts[1:], self._layout.end], strict=True))
        lengths = {start: min(following[start], self.bounds(start)[1]) for start in starts}
        return sorted(
            {_Placed(h.start, lengths[h.start], h.pitch) for h in hits}, key=lambda h: (h.start, h.pitch)
        )

    def _round(self, exact: float) -> int:
        start, end = self.bounds(min(exact, self._layout.end - 1e-6))
        step = TRIPLET_EIGHTH if start in self._triplets else SIXTEENTH
        return min(start + round(round((exact - start) / step, 6)) * step, end)

    def _index(self, units: float) -> int:
        return max(bisect_right(self._layout.starts, units) - 1, 0)

    def _is_whole_quarter(self, units: float) -> bool:
        start, end = self.bounds(units)
        return end - start == DIVISIONS and not self._layout.bars[self._index(units)].meter.is_compound

    def _cell_units(self, index: int) -> int:
        return 18 if self._layout.bars[index].meter.is_compound else DIVISIONS

    def is_beat(self, units: int) -> bool:
        """Whether a beat begins here."""
        return self.bounds(units)[0] == units


def _is_triplet(start: int, onsets: Sequence[float]) -> bool:
    """Whether onsets within a beat are nearer to its thirds than to its quarters."""

    def miss(step: int) -> float:
        return sum(abs((at - start) / step - round((at - start) / step)) * step for at in onsets)

    return round(miss(TRIPLET_EIGHTH) - miss(SIXTEENTH), 6) < 0


def _without_doubles(notes: Iterable[_Placed]) -> list[_Placed]:
    """Notes in order, such that no pitch sounds twice at once: an earlier one ends where a later begins."""
    kept: list[_Placed] = []
    last_of_pitch: dict[int, int] = {}
    for note in sorted(notes, key=lambda n: (n.start, n.pitch, -n.end)):
        index = last_of_pitch.get(note.pitch)
        if index is not None and kept[index].end > note.start:
            if kept[index].start == note.start:
                continue
            kept[index] = _Placed(kept[index].start, note.start, note.pitch)
        last_of_pitch[note.pitch] = len(kept)
        kept.append(note)
    return kept


def _segments(notes: Sequence[_Placed], end: int) -> Iterator[_Segment]:
    """Time from 0 to ``end`` cut wherever a note begins or ends."""
    begins: defaultdict[int, list[_Placed]] = defaultdict(list)
    for note in notes:
        begins[note.start].append(note)
    borders = sorted({0, end, *(n.start for n in notes), *(n.end for n in notes)})
    sounding: list[_Placed] = []
    for start, stop in pairwise(borders):
        sounding = [n for n in sounding if n.end > start] + begins[start]
        yield _Segment(start, stop, tuple(sorted(sounding, key=lambda n: n.pitch)))


def _spell(segment: _Segment, cells: _Cells) -> Iterator[Symbol]:
    """A segment inside one bar as symbols that have a sign, tied where it needs several."""
    at = segment.start
    while at < segment.end:
        units = _next_length(at, segment.end, cells)
        is_triplet = cells.is_triplet(at) and units % DIVISIONS != 0
        low, high = cells.bounds(at)
        tones = tuple(
            Tone(n.pitch, tied_from_before=n.start < at, tied_to_next=n.end > at + units)
            for n in segment.sounding
        )
        yield Symbol(units, tones, is_triplet, is_triplet and at == low, is_triplet and at + units == high)
        at += units


def _next_length(at: int, end: int, cells: _Cells) -> int:
    """The longest written length from ``at`` that keeps to ``end`` and to the beats."""
    low, high = cells.bounds(at)
    if cells.is_triplet(at) and not (at == low and end >= high):
        return min(end, high) - at  # one or two thirds
    for units in _WRITTEN_LENGTHS:
        stays = at + units <= high
        whole_beats = cells.is_beat(at) and cells.is_beat(at + units)
        is_dotted_quarter = units == 18 and cells.is_beat(at) and at + 18 == end
        if at + units <= end and (
            stays or whole_beats or (is_dotted_quarter and not cells.is_triplet(end - 1))
        ):
            return units
    return end - at
