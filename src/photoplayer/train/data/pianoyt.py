"""PianoYT (Koepke et al., ICASSP 2020): 228 videos of YouTube from above, with MIDI transcribed from sound.

Layout as published in May 2020, with the videos that its owner has downloaded::

    pianoyt_videos.csv or pianoyt.csv   id, address, 1 (train) or 3 (test), min y, max y, min x, max x
    pianoyt_MIDI/audio_ID.0.midi
    videos/ or raw_videos/              any of video_ID.0.mp4, video_ID.mp4, ID.mp4, YOUTUBE_ID.mp4

Notes are Onsets and Frames' of the sound: some are wrong, offsets follow string and pedal, times are the
sound track's. The crop is the keyboard's rectangle, the player at the bottom, in pixels of a picture 1280 or
1920 wide; videos of another size are met by scale (as in Chromeilion/ppan). There is no validation split:
every tenth training video is it. Whose videos they are is not told; the video is its own group.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np

from photoplayer import video
from photoplayer.errors import InputError
from photoplayer.files import read_small
from photoplayer.train.data.piano_clip import PianoClip, Split, homography_of_corners, midi_rows

TABLES = ("pianoyt_videos.csv", "pianoyt.csv")
VIDEO_FOLDERS = ("videos", "raw_videos")
SUFFIXES = (".mp4", ".mkv", ".webm")
FRAME_WIDTHS = (1280, 1920)
TRAIN_CODE, TEST_CODE = "1", "3"
VALIDATION_EVERY = 10
_MOST_TABLE_BYTES = 4 << 20


@dataclass(frozen=True)
class _Row:
    number: str
    address: str
    split: Split
    top: float
    bottom: float
    left: float
    right: float


def clips(folder: Path, *, split: Split | None = None) -> list[PianoClip]:
    """The videos that are there, in order of number, those of ``split`` alone if given.

    Raises :class:`InputError` where the folder is no PianoYT, or holds no video.
    """
    table = next((folder / name for name in TABLES if (folder / name).is_file()), None)
    if table is None:
        raise InputError(f"{folder} holds no {TABLES[0]}; give the PianoYT folder.")
    found = []
    for row in _rows(table):
        film, midi = _video(folder, row), folder / "pianoyt_MIDI" / f"audio_{row.number}.0.midi"
        if film is not None and midi.is_file() and split in (None, row.split):
            found.append(_clip(row, film, midi, table))
    if not found:
        raise InputError(
            f"{folder} holds no videos of the table; download them to {VIDEO_FOLDERS[0]}/ID.mp4."
        )
    return found


def _rows(table: Path) -> Iterator[_Row]:
    content = read_small(table, most_bytes=_MOST_TABLE_BYTES, wanted="the table of PianoYT")
    trained = 0
    for line in csv.reader(content.decode("utf-8", "replace").splitlines()):
        cells = [cell.strip() for cell in line]
        if len(cells) < 7 or cells[2] not in (TRAIN_CODE, TEST_CODE):
            continue  # a header or an empty line
        split: Split = "test"
        if cells[2] == TRAIN_CODE:
            trained += 1
            split = "train" if trained % VALIDATION_EVERY else "validation"
        try:
            top, bottom, left, right = (float(cell) for cell in cells[3:7])
        except ValueError as problem:
            raise InputError(f"{table} has no crop for video {cells[0]}; download it again.") from problem
        yield _Row(Path(cells[0]).name, cells[1], split, top, bottom, left, right)


def _video(folder: Path, row: _Row) -> Path | None:
    address = urlparse(row.address)
    youtube = parse_qs(address.query).get("v", [address.path])[0]
    stems = (f"video_{row.number}.0", f"video_{row.number}", row.number, Path(youtube).name)
    names = [stem + suffix for stem in stems if stem for suffix in SUFFIXES]
    places = [folder / part / name for part in VIDEO_FOLDERS for name in names]
    return next((place for place in places if place.is_file()), None)


def _clip(row: _Row, film: Path, midi: Path, table: Path) -> PianoClip:
    frame_width = min(FRAME_WIDTHS, key=lambda width: abs(width - row.right))
    scale = video.probe(film).width / frame_width
    corners = np.array(
        [(row.left, row.top), (row.right, row.top), (row.right, row.bottom), (row.left, row.bottom)]
    )
    try:
        homography = homography_of_corners(corners * scale)
    except ValueError as problem:
        raise InputError(f"{table} has an empty crop for video {row.number}; correct it.") from problem
    return PianoClip(
        name=f"pianoyt_{row.number}",
        video=film,
        notes=midi_rows(midi),
        group=f"pianoyt_{row.number}",
        split=row.split,
        covered_s=(0.0, math.inf),
        homography=homography,
    )
