"""Melodies of sixteen bars, in C and on a grid of sixteenths: what the melody networks learn from.

Two sources: the sung lines of songs (:mod:`photoplayer.train.data.songs`) and the leading parts of game
music in MIDI. Bars are of 4/4 (two of 2/4 count as one). A stretch is read every ``STRIDE`` bars for
training and without overlap for validation and test, so that a long tune does not count twice there. A
phrase is left out that is mostly silent, or that no grid of sixteenths can hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.compose.band.melody_seed import find_key
from photoplayer.errors import InputError
from photoplayer.evaluate.melody import in_key_share
from photoplayer.files import finished
from photoplayer.music.bars import bars as bars_of
from photoplayer.music.melody import find_melody, skyline
from photoplayer.music.melody_code import STEPS_PER_BAR, STEPS_PER_QUARTER, grid_of, in_c
from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import Note, Part, Score
from photoplayer.music.theory import Key
from photoplayer.train.data.songs import Song, songs
from photoplayer.train.data.tunes import Split, tunes

BARS = 16
STRIDE = 4
BAR_QUARTERS = 4.0

FEWEST_NOTES, MOST_EMPTY_BARS = 20, 4
"""A window with fewer notes or more bars without an onset is no melody of sixteen bars."""

_MOST_OFF_GRID = 0.1
"""Share of onsets more than a sixth of a sixteenth off: triplets, mostly."""

_OFF_GRID_STEPS = 1 / 6

_FITS_KEY = 0.75
"""Share of a window's notes in the key of its stretch; below, the window's own key is looked for."""

_TEST, _VALIDATION = 0.15, 0.1
"""Shares of composers."""


@dataclass(frozen=True, eq=False)
class Melodies:
    """``grids (n, 256) int64``; ``minor (n,) bool``; ``tune`` and ``composer`` ``(n,)`` names; ``source``
    ``songs`` or ``game``; ``split`` ``train``, ``val`` or ``test``, by composer."""

    grids: npt.NDArray[np.int64]
    minor: npt.NDArray[np.bool_]
    tune: npt.NDArray[np.str_]
    composer: npt.NDArray[np.str_]
    source: npt.NDArray[np.str_]
    split: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.grids)

    def where(self, mask: npt.NDArray[np.bool_]) -> Melodies:
        """Those that a mask ``(n,)`` is true for."""
        return Melodies(*(getattr(self, name)[mask] for name in _FIELDS))

    def of(self, split: Split, *, source: str | None = None) -> Melodies:
        """Those of a split, and of a source if one is named."""
        mask = self.split == split
        return self.where(mask if source is None else mask & (self.source == source))

    def save(self, path: Path) -> None:
        """Write as ``.npz``. Raises :class:`OutputError`."""
        with finished(path) as temporary, temporary.open("wb") as stream:
            np.savez_compressed(stream, **{name: getattr(self, name) for name in _FIELDS})

    @classmethod
    def load(cls, path: Path) -> Melodies:
        with np.load(path, allow_pickle=False) as arrays:
            return cls(*(arrays[name] for name in _FIELDS))


_FIELDS = ("grids", "minor", "tune", "composer", "source", "split")


@dataclass(frozen=True)
class Phrase:
    """A melody of :data:`BARS` bars in C, on the grid."""

    grid: npt.NDArray[np.int64]
    is_minor: bool


def read_melodies(song_folder: Path | None, midi_folders: Sequence[Path], *, cache: Path) -> Melodies:
    """The corpus of a folder of songs and of folders of game music, kept in the folder ``cache``.

    Songs are split by composer alone, game music as :func:`~photoplayer.train.data.tunes.tunes` splits it;
    only what may go into released weights is read. Raises :class:`InputError` where there is nothing.
    """
    kept = cache / "melodies.npz"
    if kept.is_file():
        return Melodies.load(kept)
    rows: list[tuple[Phrase, str, str, str, Split]] = []
    for song in songs(song_folder) if song_folder else ():
        split = split_of(song.composer)
        rows += [(phrase, song.name, song.composer, "songs", split) for phrase in phrases_of_song(song)]
    for tune in tunes(midi_folders, cache=cache / "tunes.json") if midi_folders else ():
        if tune.tier == "green":
            phrases = phrases_of_score(read_midi(tune.path), tune.split)
            rows += [(phrase, tune.group, tune.composer, "game", tune.split) for phrase in phrases]
    if not rows:
        raise InputError("no melody of sixteen bars in 4/4 was found; give folders of scores or MIDI files")
    found = gather(rows)
    found.save(kept)
    return found


def gather(phrases: Sequence[tuple[Phrase, str, str, str, Split]]) -> Melodies:
    """A corpus of (phrase, tune, composer, source, split)."""
    columns = list(zip(*((p.grid, p.is_minor, *rest) for p, *rest in phrases), strict=True))
    grids, minor, *names = columns
    return Melodies(np.stack(grids), np.array(minor), *(np.array(column) for column in names))


def split_of(name: str) -> Split:
    """The split of a composer: the same for one name always, whatever else there is."""
    place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") / 2**32
    return "test" if place < _TEST else "val" if place < _TEST + _VALIDATION else "train"


def phrases_of_song(song: Song) -> Iterator[Phrase]:
    """The phrases of a song's stretches in 4/4 and 2/4."""
    split = split_of(song.composer)
    for stretch in song.stretches:
        if stretch.bar_quarters in (BAR_QUARTERS, BAR_QUARTERS / 2):
            bars = int(stretch.bars * stretch.bar_quarters / BAR_QUARTERS)
            yield from windows(stretch.notes, bars, key=plain(find_key(stretch.notes)), stride=_stride(split))


def phrases_of_score(score: Score, split: Split) -> Iterator[Phrase]:
    """The phrases of a piece of game music: of every window in 4/4 the part that leads there."""
    starts = [b.start for b in bars_of(score) if b.end - b.start == b.meter.quarters == BAR_QUARTERS]
    length = BARS * BAR_QUARTERS
    whole = set(starts)
    taken = -1.0
    for index, start in enumerate(starts):
        if start < taken or index % _stride(split):
            continue
        if start + length - BAR_QUARTERS in whole and (phrase := leading_phrase(score, start)):
            taken = start if split == "train" else start + length
            yield phrase


def leading_phrase(score: Score, start: float) -> Phrase | None:
    """The phrase of the part that leads in the :data:`BARS` bars of 4/4 from ``start`` quarters, if any."""
    parts = [part for part in window_of(score, start) if not part.is_drum]
    if not parts:
        return None
    line = skyline(find_melody(Score(tuple(parts), BARS * BAR_QUARTERS)).notes)
    everything = sorted(note for part in parts for note in part.notes)
    return phrase_of(line, key=plain(find_key(everything)))


def window_of(score: Score, start: float) -> list[Part]:
    """The parts that begin a note in :data:`BARS` bars from ``start``, with those notes, counted from it."""
    end = start + BARS * BAR_QUARTERS
    found = []
    for part in score.parts:
        inside = tuple(_inside(part.notes, start, end))
        if inside:
            found.append(Part(part.name, part.program, inside, is_drum=part.is_drum, layer=part.layer))
    return found


def _inside(notes: Sequence[Note], start: float, end: float) -> list[Note]:
    """The notes that begin in a stretch, counted from its start and cut at its end."""
    return [
        Note(n.onset - start, min(n.offset, end) - start, n.pitch, n.velocity)
        for n in notes
        if start <= n.onset < end
    ]


def windows(notes: Sequence[Note], bars: int, *, key: Key, stride: int) -> Iterator[Phrase]:
    """The phrases that begin every ``stride`` bars of one line."""
    for first in range(0, bars - BARS + 1, stride):
        start, end = first * BAR_QUARTERS, (first + BARS) * BAR_QUARTERS
        inside = _inside(notes, start, end)
        if phrase := phrase_of(inside, key=key):
            yield phrase


def phrase_of(notes: Sequence[Note], *, key: Key) -> Phrase | None:
    """One line of :data:`BARS` bars as a phrase; ``None`` where it is too bare, or off the grid."""
    if len(notes) < FEWEST_NOTES:
        return None
    steps = np.array([note.onset * STEPS_PER_QUARTER for note in notes])
    off_grid = np.abs(steps - np.rint(steps)) > _OFF_GRID_STEPS
    sounding = {int(step) // STEPS_PER_BAR for step in np.rint(steps)}
    if off_grid.mean() > _MOST_OFF_GRID or BARS - len(sounding) > MOST_EMPTY_BARS:
        return None
    if in_key_share(notes, tonic=key.tonic) < _FITS_KEY:
        key = plain(find_key(notes))
    return Phrase(grid_of(in_c(notes, key), bars=BARS), key.is_minor)


def plain(key: Key) -> Key:
    """Major or minor, by the third."""
    return Key(key.tonic, "minor" if key.is_minor else "major")


def _stride(split: Split) -> int:
    return STRIDE if split == "train" else BARS
