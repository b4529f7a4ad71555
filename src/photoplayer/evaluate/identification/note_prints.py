"""Notes known again by prints of three: two intervals and the ratio of two waits.

After Arzt, Böck & Widmer, "Fast identification of piece and score position via symbolic fingerprinting"
(ISMIR 2012), with intervals in place of pitches, so that a transposed piece is found too. Notes that begin
together are a chord, of which the highest and the lowest count: a transcription misses inner notes most. A
print of a query and one of a piece that are alike say where in the piece the query begins, how much faster it
is, and by how much it is transposed; the place where most prints of the query agree is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.evaluate.identification.lookup import matches

TOGETHER_S = 0.05
"""Notes that begin within this of the first of a chord belong to it."""

NEXT_CHORDS, THEN_CHORDS = 3, 2
"""How many chords ahead the second note of a print may be, and the third beyond that."""

LONGEST_S = 4.0
"""Between neighbours of a print."""

RATIO_STEPS_PER_OCTAVE = 4
"""The ratio of the two waits is told in quarters of a factor of two."""

SLOWEST, FASTEST = 0.5, 2.0
"""Speeds, against the piece, at which a query may be played."""

SPEED_STEPS_PER_OCTAVE = 8
BEGIN_BIN_S = 1.5
"""Alignments that differ by less are one."""

COMMONEST = 2000
"""A print of a query that is found more often than this in a library says nothing."""

_BITS = (8, 6, 24)
"""Of a bin's transposition, speed and begin, where all of it is one number."""

_WIDEST = 40
_RATIO_CLASSES = 8 * RATIO_STEPS_PER_OCTAVE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Prints:
    """Prints in order of time: ``key (n,)``, where and how high each begins, and its first wait."""

    key: npt.NDArray[np.uint32]
    begin_s: npt.NDArray[np.float32]
    wait_s: npt.NDArray[np.float32]
    pitch: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True)
class Place:
    """Where in a piece a query lies: ``votes``, the share of the query's prints that agree; ``transposed``
    in semitones above the piece, ``speed`` as a multiple of the piece's."""

    votes: float
    begin_s: float
    transposed: int
    speed: float


def prints_of(onset_s: npt.ArrayLike, pitch: npt.ArrayLike) -> Prints:
    """The prints of notes, onsets in seconds and MIDI pitches, in any order."""
    onsets, pitches = np.asarray(onset_s, np.float64), np.asarray(pitch, np.int64)
    times, lows, highs = _chords(onsets, pitches)
    made = [_line_prints(times, line) for line in (highs, lows)]
    return Prints(*(np.concatenate(columns) for columns in zip(*made, strict=True)))


def _chords(onsets: Floats, pitches: Ints) -> tuple[Floats, Ints, Ints]:
    """Begin, lowest and highest pitch of every chord."""
    order = np.argsort(onsets, kind="stable")
    times: list[float] = []
    lows: list[int] = []
    highs: list[int] = []
    for onset, pitch in zip(onsets[order].tolist(), pitches[order].tolist(), strict=True):
        if times and onset - times[-1] <= TOGETHER_S:
            lows[-1], highs[-1] = min(lows[-1], pitch), max(highs[-1], pitch)
        else:
            times.append(onset)
            lows.append(pitch)
            highs.append(pitch)
    return np.array(times), np.array(lows, np.int64), np.array(highs, np.int64)


def _line_prints(times: Floats, line: Ints) -> tuple[npt.NDArray[np.generic], ...]:
    """All prints along one line: key, begin, wait and pitch."""
    parts = []
    for first in range(1, NEXT_CHORDS + 1):
        for second in range(first + 1, first + THEN_CHORDS + 1):
            count = len(times) - second
            if count <= 0:
                continue
            a, b, c = (np.s_[k : k + count] for k in (0, first, second))
            parts.append(np.stack([times[a], times[b], times[c], line[a], line[b], line[c]]))
    rows = np.concatenate(parts, axis=1) if parts else np.zeros((6, 0))
    wait, then = rows[1] - rows[0], rows[2] - rows[1]
    steps = (rows[4] - rows[3], rows[5] - rows[4])
    telling = (wait <= LONGEST_S) & (then <= LONGEST_S)
    telling &= (np.abs(steps[0]) <= _WIDEST) & (np.abs(steps[1]) <= _WIDEST)
    telling &= (steps[0] != 0) | (steps[1] != 0)  # a repeated note is everybody's
    rows, wait, then = rows[:, telling], wait[telling], then[telling]
    ratio = np.round(np.log2(then / wait) * RATIO_STEPS_PER_OCTAVE) + _RATIO_CLASSES // 2
    ratio = np.clip(ratio, 0, _RATIO_CLASSES - 1)
    width = 2 * _WIDEST + 1
    key = ((steps[0][telling] + _WIDEST) * width + steps[1][telling] + _WIDEST) * _RATIO_CLASSES + ratio
    order = np.argsort(rows[0], kind="stable")
    return (
        key[order].astype(np.uint32),
        rows[0][order].astype(np.float32),
        wait[order].astype(np.float32),
        rows[3][order].astype(np.uint8),
    )


@dataclass(frozen=True, eq=False)
class PrintIndex:
    """The prints of all pieces in order of key; ``piece (n,)`` is the piece each belongs to."""

    prints: Prints
    piece: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, pieces: list[tuple[int, Prints]]) -> PrintIndex:
        """An index of numbered pieces."""
        columns = [
            np.concatenate([np.zeros(0, kind), *(getattr(prints, name) for _, prints in pieces)])
            for name, kind in (
                ("key", np.uint32),
                ("begin_s", np.float32),
                ("wait_s", np.float32),
                ("pitch", np.uint8),
            )
        ]
        owner = np.repeat(
            np.array([number for number, _ in pieces], np.uint32), [len(prints) for _, prints in pieces]
        )
        order = np.argsort(columns[0], kind="stable")
        return cls(Prints(*(column[order] for column in columns)), owner[order])

    def search(self, query: Prints) -> dict[int, Place]:
        """The best place in every piece that shares a print with the query."""
        asked, found = matches(self.prints.key, query.key, commonest=COMMONEST)
        speed = (self.prints.wait_s[found] / query.wait_s[asked]).astype(np.float64)
        fits = (speed >= SLOWEST) & (speed <= FASTEST)
        asked, found, speed = asked[fits], found[fits], speed[fits]
        since = query.begin_s - query.begin_s.min(initial=np.inf)
        begin = self.prints.begin_s[found] - speed * since[asked]
        shift = self.prints.pitch[found].astype(np.int64) - query.pitch[asked]
        return _places(self.piece[found].astype(np.int64), asked, begin, shift, speed, total=len(query))


def _places(
    piece: Ints, asked: Ints, begin: Floats, shift: Ints, speed: Floats, *, total: int
) -> dict[int, Place]:
    """The bin of (transposition, speed, begin) with most different prints of the query, for every piece."""
    best: dict[int, Place] = {}
    for half in (0.5, 0.0):  # two grids, half a bin apart: an alignment may lie on the border of one
        pace = np.floor(np.log2(speed) * SPEED_STEPS_PER_OCTAVE + half).astype(np.int64)
        start = np.floor(begin / BEGIN_BIN_S + half).astype(np.int64)
        bins, votes = _different(_packed(piece, shift, pace, start), asked)
        for number, by, at, beginning, count in _fullest(bins, votes):
            share = count / max(total, 1)
            if number not in best or share > best[number].votes:
                best[number] = Place(
                    share,
                    max((beginning + 0.5 - half) * BEGIN_BIN_S, 0.0),
                    -by,
                    float(2 ** ((at + 0.5 - half) / SPEED_STEPS_PER_OCTAVE)),
                )
    return best


def _packed(piece: Ints, shift: Ints, pace: Ints, start: Ints) -> Ints:
    """A bin as one number, which sorts by piece: sorting numbers is ten times as fast as sorting rows."""
    packed = piece
    for column, bits in zip((shift, pace, start), _BITS, strict=True):
        packed = packed << bits | (column + (1 << bits - 1))
    return packed


def _unpacked(bins: Ints) -> list[Ints]:
    """Piece, shift, pace and start of packed bins."""
    columns = []
    for bits in reversed(_BITS):
        columns.append((bins & (1 << bits) - 1) - (1 << bits - 1))
        bins = bins >> bits
    return [bins, *reversed(columns)]


def _different(bins: Ints, asked: Ints) -> tuple[Ints, Ints]:
    """Every bin in order, and how many different prints of the query lie in it."""
    found, which = np.unique(bins, return_inverse=True)
    width = int(asked.max(initial=0)) + 1
    each = np.unique(which * width + asked) // width
    return found, np.bincount(each, minlength=len(found))


def _fullest(bins: Ints, votes: Ints) -> Iterator[tuple[int, int, int, int, int]]:
    """For every piece the bin with most votes: piece, shift, pace, start and votes."""
    piece = bins >> sum(_BITS)
    order = np.lexsort((votes, piece))
    last = order[np.diff(piece[order], append=-1) != 0]
    yield from zip(*(c.tolist() for c in (*_unpacked(bins[last]), votes[last])), strict=True)
