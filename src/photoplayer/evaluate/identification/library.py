"""A library of pieces to be known again: built once, kept as arrays, asked many times."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError
from photoplayer.evaluate.identification.chroma import (
    Chroma,
    ChromaIndex,
    chroma_of_notes,
    chroma_of_sound,
)
from photoplayer.evaluate.identification.landmarks import (
    LandmarkIndex,
    Landmarks,
    Sound,
    landmarks_of,
)
from photoplayer.evaluate.identification.note_prints import PrintIndex, Prints, prints_of
from photoplayer.evaluate.identification.sound_notes import notes_of_sound
from photoplayer.music.score import Score

FORMAT = 2

SURE = 8.0
"""Of a match's score: from here on the piece is said to be known (docs/identify.md)."""

CHANCE_DEVIATIONS = 3.0
"""By which prints or landmarks of one piece of a thousand agree by chance; only more than that counts, so
that they leave chroma alone where notes begin too softly to be found."""

_LEAST_DEVIATION = 0.01

FEW = 20
"""Pieces under which a library does not tell what is usual; then this is supposed of wrong pieces, as it was
seen in larger ones:"""
USUAL_CHROMA, USUAL_CHROMA_DEVIATION, USUAL_SHARE = 0.65, 0.06, 0.005

Heard = tuple[float, float, int, float]
"""What one way of hearing says of a piece: likeness, begin in seconds, semitones, speed."""


@dataclass(frozen=True)
class Hearing:
    """What one way of hearing says of the pieces, by number; pieces that it says nothing of are left out.

    ``asked``: of how many prints or landmarks of the query a likeness is the share; nothing where it is none.
    """

    said: dict[int, Heard]
    asked: int | None = None

    def standing_out(self, count: int) -> npt.NDArray[np.float64]:
        """``(count,)``: by how many deviations each piece is above the library's middle; at least 0.

        The middle and the deviation are the median and the median distance from it, which one right piece
        among others does not move; of a ``FEW`` pieces they are supposed. Prints that agree by chance are
        counted, so their deviation grows with their number: twice the root of a count has the deviation 1
        (Anscombe, Biometrika 1948); of them what chance explains is taken away.
        """
        likeness = np.zeros(count)
        for number, answer in self.said.items():
            likeness[number] = answer[0]
        if self.asked is None:
            usual = USUAL_CHROMA, USUAL_CHROMA_DEVIATION
            return np.maximum(_deviations(likeness, usual, _LEAST_DEVIATION), 0.0)
        usual = float(_rooted(USUAL_SHARE * self.asked)), 1.0
        counts = _rooted(likeness * self.asked)
        return np.maximum(_deviations(counts, usual, 1.0) - CHANCE_DEVIATIONS, 0.0)


def _rooted(count: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.asarray(2 * np.sqrt(np.asarray(count, np.float64) + 3 / 8))


def _deviations(
    value: npt.NDArray[np.float64], usual: tuple[float, float], least: float
) -> npt.NDArray[np.float64]:
    """How far each value is from the middle; ``usual`` middle and deviation stand in for those of few."""
    if len(value) < FEW:
        return (value - usual[0]) / usual[1]
    middle = float(np.median(value))
    return (value - middle) / max(1.4826 * float(np.median(np.abs(value - middle))), least)


@dataclass(frozen=True, eq=False)
class Entry:
    """What is kept of a piece, or made of a query: chroma, prints, and of sound landmarks."""

    name: str
    chroma: Chroma
    landmarks: Landmarks | None = None
    prints: Prints | None = None

    @classmethod
    def of_sound(cls, name: str, sound: Sound) -> Entry:
        """Of mono samples at :data:`~photoplayer.evaluate.identification.landmarks.RATE_HZ`."""
        notes = prints_of(*notes_of_sound(sound))
        return cls(name, chroma_of_sound(sound), landmarks=landmarks_of(sound), prints=notes)

    @classmethod
    def of_score(cls, name: str, score: Score, *, begin_s: float = 0.0, end_s: float = np.inf) -> Entry:
        """Of the pitched notes of a score that begin in ``[begin_s, end_s)``."""
        seconds = score.tempo_map.seconds
        rows = [
            (seconds(note.onset) - begin_s, seconds(note.offset) - begin_s, note.pitch)
            for part in score.parts
            if not part.is_drum
            for note in part.notes
            if begin_s <= seconds(note.onset) < end_s
        ]
        table = np.array(rows, np.float64).reshape(-1, 3)
        onsets, pitches = table[:, 0], table[:, 2].astype(np.int64)
        return cls(name, chroma_of_notes(onsets, table[:, 1], pitches), prints=prints_of(onsets, pitches))


@dataclass(frozen=True)
class Match:
    """A piece of the library that a query may be of.

    ``score``: by how many deviations, all ways of hearing added up, it stands out from the library;
    ``begin_s``: where in the piece the query begins; ``transposed``: semitones above it; ``speed``: times
    as fast. ``by``: what each way of hearing says, a likeness 0..1.
    """

    piece: str
    score: float
    begin_s: float
    transposed: int
    speed: float
    by: dict[str, float] = field(default_factory=dict)

    @property
    def is_sure(self) -> bool:
        """Whether the piece is known rather than guessed."""
        return self.score >= SURE


@dataclass(frozen=True, eq=False)
class Library:
    """Pieces in order, and an index for each way of hearing them."""

    names: tuple[str, ...]
    chroma: ChromaIndex
    landmarks: LandmarkIndex
    prints: PrintIndex

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Library:
        """A library of at least one piece. Raises ``ValueError`` for none."""
        if not entries:
            raise ValueError("a library holds at least one piece")
        numbered = list(enumerate(entries))
        return cls(
            tuple(entry.name for entry in entries),
            ChromaIndex.of([entry.chroma for entry in entries]),
            LandmarkIndex.of([(i, entry.landmarks) for i, entry in numbered if entry.landmarks]),
            PrintIndex.of([(i, entry.prints) for i, entry in numbered if entry.prints]),
        )

    def search(self, query: Entry, *, most: int = 5) -> list[Match]:
        """The pieces a query may be of, likeliest first. None where the query is too short to be heard."""
        return self.matches(self.heard(query), most=most)

    def matches(self, heard: dict[str, Hearing], *, most: int = 5) -> list[Match]:
        """The pieces that what was :meth:`heard` of a query speaks for, likeliest first."""
        alone = {way: hearing.standing_out(len(self.names)) for way, hearing in heard.items()}
        scores = np.sum(list(alone.values()), axis=0)
        order = np.argsort(-scores, kind="stable")[:most].tolist()
        return [self._match(number, heard, alone) for number in order if scores[number] > 0]

    def heard(self, query: Entry) -> dict[str, Hearing]:
        """What each way of hearing that the query and the library allow says."""
        found = {"chroma": Hearing(self.chroma.search(query.chroma))}
        if query.landmarks is not None and len(self.landmarks.landmarks):
            marks = self.landmarks.search(query.landmarks)
            said = {number: (share, at, 0, 1.0) for number, (share, at) in marks.items()}
            found["landmarks"] = Hearing(said, len(query.landmarks))
        if query.prints is not None and len(self.prints.prints):
            places = self.prints.search(query.prints)
            said = {n: (p.votes, p.begin_s, p.transposed, p.speed) for n, p in places.items()}
            found["prints"] = Hearing(said, len(query.prints))
        return found

    def _match(
        self, number: int, heard: dict[str, Hearing], alone: dict[str, npt.NDArray[np.float64]]
    ) -> Match:
        """What the surest way of hearing says of where, and what all say of how much."""
        said = {way: hearing.said[number] for way, hearing in heard.items() if number in hearing.said}
        score = sum(float(of_all[number]) for of_all in alone.values())
        _, begin_s, transposed, speed = said[max(said, key=lambda way: float(alone[way][number]))]
        by = {way: round(answer[0], 4) for way, answer in said.items()}
        return Match(self.names[number], round(score, 3), round(begin_s, 2), transposed, round(speed, 3), by)

    def to_bytes(self) -> bytes:
        """As a compressed npz without pickles."""
        marks, prints = self.landmarks.landmarks, self.prints.prints
        file = io.BytesIO()
        np.savez_compressed(
            file,
            format=np.array(FORMAT),
            names=np.array(self.names, dtype=np.str_),
            chroma_frames=self.chroma.frames.astype(np.float16),
            chroma_starts=self.chroma.starts,
            mark_key=marks.key,
            mark_frame=marks.frame,
            mark_piece=self.landmarks.piece,
            print_key=prints.key,
            print_begin_s=prints.begin_s,
            print_wait_s=prints.wait_s,
            print_pitch=prints.pitch,
            print_piece=self.prints.piece,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Library:
        """The inverse of :meth:`to_bytes`. Raises :class:`InputError` where it is no library."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as data:
                if int(data["format"]) != FORMAT:
                    raise InputError("the index is of another version; delete it and it is made again")
                return cls(
                    tuple(str(name) for name in data["names"]),
                    ChromaIndex(data["chroma_frames"].astype(np.float32), data["chroma_starts"]),
                    LandmarkIndex(Landmarks(data["mark_key"], data["mark_frame"]), data["mark_piece"]),
                    PrintIndex(
                        Prints(*(data[f"print_{n}"] for n in ("key", "begin_s", "wait_s", "pitch"))),
                        data["print_piece"],
                    ),
                )
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
            raise InputError(f"the index is damaged ({problem}); delete it and it is made again") from problem
