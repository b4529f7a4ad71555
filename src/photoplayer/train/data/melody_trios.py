"""Melodies with the bass and the drums that go with them: what the trio variant learns from.

The windows are those of :mod:`photoplayer.train.data.melodies` that have all three. The bass stands in the
same four octaves as melodies do, moved up by octaves; drums are three: what is struck on a sixteenth of
kick, snare and cymbals is a set, the token its three bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.compose.band.melody_seed import find_key
from photoplayer.compose.tune.trio import BASS_UP
from photoplayer.errors import InputError
from photoplayer.files import finished
from photoplayer.music.bars import bars as bars_of
from photoplayer.music.instruments import instrument
from photoplayer.music.melody import skyline
from photoplayer.music.melody_code import (
    STEPS_PER_BAR,
    STEPS_PER_QUARTER,
    Grid,
    grid_of,
    in_c,
)
from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import HIGHEST_PITCH, Note, Part, Score
from photoplayer.train.data.melodies import (
    BAR_QUARTERS,
    BARS,
    STRIDE,
    Melodies,
    Phrase,
    gather,
    leading_phrase,
    plain,
    window_of,
)
from photoplayer.train.data.tunes import Split, tunes

DRUMS: tuple[tuple[int, ...], ...] = (
    (36, 35),
    (38, 40, 39, 37),
    (42, 44, 46, 49, 51, 52, 53, 55, 57, 59),
)
"""Kick, snare, cymbals: bit ``i`` of a drum token is class ``i``, played on the first of its drums."""

_BASS_BELOW = 52
"""Mean pitch of a part that counts as the bass, whatever its program."""

_FEWEST_BASS_BARS, _FEWEST_STROKES = 8, 16

_CLASS_OF = {pitch: number for number, pitches in enumerate(DRUMS) for pitch in pitches}


@dataclass(frozen=True, eq=False)
class Trios:
    """``melodies`` and with each ``bass_and_drums (n, 256, 2)`` tokens."""

    melodies: Melodies
    bass_and_drums: npt.NDArray[np.int64]

    def of(self, split: Split) -> Trios:
        """Those of one split."""
        return Trios(self.melodies.of(split), self.bass_and_drums[self.melodies.split == split])

    @property
    def grids(self) -> Grid:
        """``(n, 256, 3)``: melody, bass, drums."""
        return np.concatenate([self.melodies.grids[..., None], self.bass_and_drums], axis=2)


def read_trios(midi_folders: Sequence[Path], *, cache: Path) -> Trios:
    """The corpus of folders of game music, kept in the folder ``cache``.

    Raises :class:`InputError` where no window has a melody, a bass and drums.
    """
    kept, others = cache / "trio_melodies.npz", cache / "trio_others.npy"
    if kept.is_file() and others.is_file():
        return Trios(Melodies.load(kept), np.load(others, allow_pickle=False))
    rows: list[tuple[Phrase, str, str, str, Split]] = []
    beside: list[Grid] = []
    for tune in tunes(midi_folders, cache=cache / "tunes.json"):
        if tune.tier != "green":
            continue
        score = read_midi(tune.path)
        for start in _starts(score, STRIDE if tune.split == "train" else BARS):
            phrase, other = leading_phrase(score, start), bass_and_drums(score, start)
            if phrase is not None and other is not None:
                rows.append((phrase, tune.group, tune.composer, "game", tune.split))
                beside.append(other)
    if not rows:
        raise InputError("no sixteen bars of melody, bass and drums were found; give folders of MIDI files")
    found = Trios(gather(rows), np.stack(beside))
    found.melodies.save(kept)
    with finished(others) as unfinished:
        np.save(unfinished, found.bass_and_drums, allow_pickle=False)
    return found


def bass_and_drums(score: Score, start: float) -> Grid | None:
    """``(256, 2)`` tokens of bass and drums in the sixteen bars from ``start``, if it has both."""
    parts = window_of(score, start)
    pitched = [part for part in parts if not part.is_drum]
    basses = [part for part in pitched if _is_bass(part)]
    strokes = [note for part in parts if part.is_drum for note in part.notes]
    if not basses or len(strokes) < _FEWEST_STROKES:
        return None
    key = plain(find_key(sorted(note for part in pitched for note in part.notes)))
    line = [
        replace(note, pitch=min(note.pitch + BASS_UP, HIGHEST_PITCH))
        for note in skyline(min(basses, key=_mean_pitch).notes)
    ]
    if len({int(note.onset // BAR_QUARTERS) for note in line}) < _FEWEST_BASS_BARS:
        return None
    return np.stack([grid_of(in_c(line, key), bars=BARS), drum_grid(strokes)], axis=1)


def drum_grid(strokes: Sequence[Note]) -> Grid:
    """``(256,)``: the classes struck on every sixteenth; drums of no class are left out."""
    grid = np.zeros(BARS * STEPS_PER_BAR, np.int64)
    for note in strokes:
        step = round(note.onset * STEPS_PER_QUARTER)
        if step < len(grid) and note.pitch in _CLASS_OF:
            grid[step] |= 1 << _CLASS_OF[note.pitch]
    return grid


def _starts(score: Score, stride: int) -> list[float]:
    whole = [b.start for b in bars_of(score) if b.end - b.start == b.meter.quarters == BAR_QUARTERS]
    known = set(whole)
    return [start for start in whole[::stride] if start + (BARS - 1) * BAR_QUARTERS in known]


def _is_bass(part: Part) -> bool:
    return instrument(part.program).family == "bass" or _mean_pitch(part) < _BASS_BELOW


def _mean_pitch(part: Part) -> float:
    return sum(note.pitch for note in part.notes) / len(part.notes)
