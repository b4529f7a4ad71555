"""What is being played? A file, or the hands in a silent video, against a folder of one's own music.

The folder is read once and kept as an index inside it (``.photoplayer_index_*.npz``), which is made again
when a file of it changes. How pieces are told apart: :mod:`photoplayer.evaluate.identification`.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from photoplayer import video
from photoplayer.errors import InputError, OutputError, PlanError
from photoplayer.evaluate.identification import Entry, Library, Match
from photoplayer.evaluate.identification.landmarks import RATE_HZ, Sound
from photoplayer.evaluate.identification.library import FORMAT
from photoplayer.files import finished
from photoplayer.music.midi_read import MIDI_SUFFIXES, read_midi
from photoplayer.music.score import Score
from photoplayer.progress import Progress, stage
from photoplayer.transcription import transcribe
from photoplayer.video.hearing import read_mono

log = logging.getLogger(__name__)

SOUND_SUFFIXES = frozenset(
    {".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aiff", ".aif"}
)

_INDEX = ".photoplayer_index_"
_MOST_BYTES = 4 << 30
_AUDIBLE = 0.003
"""Samples softer than this before the first louder one are silence."""


@dataclass(frozen=True, kw_only=True)
class IdentifyOptions:
    """What of a query is listened to, and how many answers are given."""

    start: float = 0.0
    """Seconds from which to listen; silence there is passed over."""
    seconds: float = 20.0
    """How much to listen to: 10 to 30 seconds tell most."""
    most: int = 5
    """Pieces to name at most."""
    look: bool = False
    """Read a piano video's keys although it has sound."""

    def __post_init__(self) -> None:
        if not (self.start >= 0 and 5 <= self.seconds <= 120):
            raise PlanError(
                f"{self.seconds:g} s from {self.start:g} s cannot be listened to; give 5 to 120 seconds"
            )
        if self.most < 1:
            raise PlanError(f"--most {self.most} names no piece; give at least 1")


def identify(
    query: str | os.PathLike[str] | Score,
    index: str | os.PathLike[str] | Library,
    *,
    progress: Progress | None = None,
    **options: Any,
) -> list[Match]:
    """The pieces of a folder that ``query`` may be of, likeliest first; ``options`` are those of
    :class:`IdentifyOptions`.

    >>> identify("unknown.mid", "my_music/")[0].piece  # doctest: +SKIP

    A query is a MIDI file, a sound file, a video with sound, a silent video of a piano, or a Score. Raises
    :class:`PhotoplayerError` where a file cannot be used.
    """
    wanted = IdentifyOptions(**options)
    library = index if isinstance(index, Library) else library_of(Path(index), progress=progress)
    return library.search(query_of(query, wanted, progress=progress), most=wanted.most)


def query_of(
    query: str | os.PathLike[str] | Score, options: IdentifyOptions, *, progress: Progress | None = None
) -> Entry:
    """What is heard of a query. Raises :class:`InputError` where nothing is."""
    if isinstance(query, Score):
        return _of_score(query, options, "the score")
    path = Path(query)
    suffix = path.suffix.lower()
    if suffix in MIDI_SUFFIXES:
        return _of_score(read_midi(path), options, str(path))
    if suffix not in SOUND_SUFFIXES and (options.look or not video.probe(path).has_audio):
        return _of_score(transcribe(path, progress=progress).score, options, str(path))
    return Entry.of_sound(path.name, _cut(read_mono(path, rate_hz=RATE_HZ), options, path))


def library_of(folder: Path, *, progress: Progress | None = None) -> Library:
    """The library of a folder of MIDI and sound files, folders inside it too; files that cannot be read are
    left out with a warning. Raises :class:`InputError` where there is none to read."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; name a folder of MIDI or sound files with --index")
    files = _pieces(folder)
    if not files:
        raise InputError(f"{folder} holds no MIDI or sound file; put the pieces to be known into it")
    kept = folder / f"{_INDEX}{_digest(folder, files)}.npz"
    if kept.is_file() and kept.stat().st_size <= _MOST_BYTES:
        return Library.from_bytes(kept.read_bytes())
    library = _read(folder, files, progress)
    _keep(library, kept)
    return library


def _of_score(score: Score, options: IdentifyOptions, name: str) -> Entry:
    """The stretch that is listened to, from its first note on."""
    begins_s = (
        score.tempo_map.seconds(note.onset) for part in score.parts if not part.is_drum for note in part.notes
    )
    first_s = min((begin_s for begin_s in begins_s if begin_s >= options.start), default=None)
    if first_s is None:
        raise InputError(f"{name} has no note after {options.start:g} s; listen to another place (--start)")
    return Entry.of_score(name, score, begin_s=first_s, end_s=first_s + options.seconds)


def _cut(sound: Sound, options: IdentifyOptions, path: Path) -> Sound:
    after = sound[round(options.start * RATE_HZ) :]
    loud = np.flatnonzero(np.abs(after) > _AUDIBLE)
    if not len(loud):
        raise InputError(f"{path} is silent after {options.start:g} s; listen to another place (--start)")
    return after[loud[0] :][: round(options.seconds * RATE_HZ)]


def _pieces(folder: Path) -> list[Path]:
    kinds = MIDI_SUFFIXES | SOUND_SUFFIXES
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in kinds and p.is_file())


def _digest(folder: Path, files: Sequence[Path]) -> str:
    """Changes when a file comes, goes, or is written, and when indexes are made otherwise."""
    lines = [
        f"{FORMAT}",
        *(f"{p.relative_to(folder)}\0{p.stat().st_size}\0{p.stat().st_mtime_ns}" for p in files),
    ]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _read(folder: Path, files: Sequence[Path], progress: Progress | None) -> Library:
    tell = stage(progress, "index", len(files))
    entries = []
    for number, path in enumerate(files):
        name = path.relative_to(folder).as_posix()
        try:
            if path.suffix.lower() in MIDI_SUFFIXES:
                entries.append(Entry.of_score(name, read_midi(path)))
            else:
                entries.append(Entry.of_sound(name, read_mono(path, rate_hz=RATE_HZ)))
        except InputError as problem:
            log.warning("left out: %s", problem)
        tell(number + 1)
    if not entries:
        raise InputError(f"{folder} holds no file that can be read; put the pieces to be known into it")
    return Library.of(entries)


def _keep(library: Library, path: Path) -> None:
    """Write the index and take away older ones; a folder that may not be written to goes without."""
    try:
        with finished(path) as unfinished:
            unfinished.write_bytes(library.to_bytes())
    except OutputError as problem:
        log.warning("the index is not kept: %s", problem)
        return
    for old in path.parent.glob(f"{_INDEX}*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
