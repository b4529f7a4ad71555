"""Lay out the trios that MusicVAE learns from: of the tunes in a folder, of our own arranger, and of songs.

    photoplayer train trios -- --data shared/data/midi --out TRIOS [--scores shared/data/scores]

Writes tapes (:mod:`photoplayer.train.data.trios`) of windows of 4 and of 16 bars: ``pool_train_4.npz`` …
``pool_test_16.npz``, ``own_4.npz``, ``own_16.npz``, and, where scores are given, ``songs_4.npz`` and
``songs_16.npz`` of pseudo-trios (:mod:`photoplayer.train.data.song_trios`). Our own pieces are made twenty at
a time; started again, it goes on where it was.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import get_args

from tqdm import tqdm

from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import Score
from photoplayer.train.data.own_trios import own_scores
from photoplayer.train.data.song_trios import lead_sheets, some_songs, song_scores
from photoplayer.train.data.trios import GAPS, Tape, joined, load_tape, tape_of
from photoplayer.train.data.tunes import Split, Tune, tunes

log = logging.getLogger(__name__)

POOL = ("freedoom", "freedoom_history", "helland", "easyrpg")
"""Folders of freely licensed game music with melody, bass and drums."""

PIECES_AT_ONCE = 20


@dataclass(frozen=True)
class Config:
    """What is laid out, and where."""

    data: Path
    """Folder with the folders of MIDI files: freedoom, freedoom_history, helland, easyrpg."""
    out: Path
    """Folder for the tapes."""
    pieces: int = 400
    """Pieces of our arranger, of 128 bars each."""
    folders: tuple[str, ...] = field(default=POOL)
    scores: Path | None = None
    """Folder with openewld and openscore_lieder, for pseudo-trios."""
    songs: int = 600
    """Songs with piano of which pseudo-trios are made; lead sheets are all taken."""
    seed: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where the folders hold no tune."""
    config.out.mkdir(parents=True, exist_ok=True)
    _pool(config)
    _own(config)
    if config.scores is not None:
        _songs(config, config.scores)


def _pool(config: Config) -> None:
    wanted = [config.out / f"pool_{split}_{bars}.npz" for split in get_args(Split) for bars in GAPS]
    if all(path.is_file() for path in wanted):
        return
    found = tunes([config.data / name for name in config.folders], cache=config.out / "tunes.json")
    scores = [(tune, read_midi(tune.path)) for tune in tqdm(found, desc="reading", disable=None)]
    for split in get_args(Split):
        for bars in GAPS:
            tape = tape_of(_of_split(scores, split), bars=bars)
            tape.save(config.out / f"pool_{split}_{bars}.npz")
            log.info("%s, %d bars: %d windows of %d tunes", split, bars, len(tape), len(tape.names))


def _of_split(scores: list[tuple[Tune, Score]], split: Split) -> Iterator[tuple[str, Score]]:
    return ((f"{t.path.parent.name}/{t.path.stem}", score) for t, score in scores if t.split == split)


def _own(config: Config) -> None:
    if all((config.out / f"own_{bars}.npz").is_file() for bars in GAPS):
        return
    parts: dict[int, list[Tape]] = {bars: [] for bars in GAPS}
    for first in tqdm(range(0, config.pieces, PIECES_AT_ONCE), desc="composing", disable=None):
        paths = {bars: config.out / f"own_{bars}.{first:05d}.npz" for bars in GAPS}
        if not all(path.is_file() for path in paths.values()):
            scores = list(own_scores(PIECES_AT_ONCE, seed=config.seed, first=first))
            for bars, path in paths.items():
                tape_of(scores, bars=bars).save(path)
        for bars, path in paths.items():
            parts[bars].append(load_tape(path))
    for bars, tapes in parts.items():
        tape = joined(tapes)
        tape.save(config.out / f"own_{bars}.npz")
        log.info("own, %d bars: %d windows of %d pieces", bars, len(tape), len(tape.names))


def _songs(config: Config, folder: Path) -> None:
    wanted = {bars: config.out / f"songs_{bars}.npz" for bars in GAPS}
    if all(path.is_file() for path in wanted.values()):
        return
    found = chain(lead_sheets(folder / "openewld"), some_songs(folder / "openscore_lieder", config.songs))
    scores = list(song_scores(tqdm(found, desc="songs", disable=None), seed=config.seed))
    for bars, path in wanted.items():
        tape = tape_of(scores, bars=bars)
        tape.save(path)
        log.info("songs, %d bars: %d windows of %d songs", bars, len(tape), len(tape.names))
