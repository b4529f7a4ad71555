"""PianoVAM (Kim et al., ISMIR 2025): amateurs at a Disklavier from above, 1080p60, exact key releases.

Layout as published (read from the loaders in yonghyunk1m/PianoVAM-Code and TasosC98/tivit_vam_v2_repo)::

    metadata_v2.json (v1.1; before, metadata_v1.json)   {"0": {"record_time": …, "split": …, …}, …}
    Video/RECORD_TIME.mp4    TSV/RECORD_TIME.tsv    MIDI/RECORD_TIME.mid

A TSV has a note a line: onset, key_offset, frame_offset (with pedal), note, velocity; the key's own release
is taken. An entry's ``Point_LT`` … ``Point_LB`` are "x, y" pixels of the keyboard's corners in the video, the
player at the bottom; ``P1_name`` is the pianist. Numbers made with v1.0 are not comparable: v1.1 repaired
times and splits. Recordings whose split is none of ours ("special": blurred, or for four hands) and those
without a video are left out; "ext-train" trains.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from photoplayer.errors import InputError
from photoplayer.files import read_small
from photoplayer.train.data.piano_clip import (
    NoteRows,
    PianoClip,
    Split,
    homography_of_corners,
    midi_rows,
    note_rows,
    read_json,
)

METADATA = ("metadata_v2.json", "metadata_v1.json")
_SPLITS: dict[str, Split] = {
    "train": "train",
    "ext-train": "train",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
}
_CORNERS = ("Point_LT", "Point_RT", "Point_RB", "Point_LB")
_MOST_TSV_BYTES = 16 << 20


def clips(folder: Path, *, split: Split | None = None) -> list[PianoClip]:
    """The recordings in order of name, those of ``split`` alone if given.

    Raises :class:`InputError` where the folder is no PianoVAM or a file in it is broken.
    """
    metadata = next((folder / name for name in METADATA if (folder / name).is_file()), None)
    if metadata is None:
        raise InputError(f"{folder} holds no {METADATA[0]}; give the PianoVAM folder.")
    entries = [entry for entry in read_json(metadata).values() if isinstance(entry, dict)]
    found = [clip for entry in entries if (clip := _clip(folder, metadata, entry)) is not None]
    if not found:
        raise InputError(f"{folder} holds no recordings with a video; download the Video folder too.")
    return sorted((c for c in found if split in (None, c.split)), key=lambda clip: clip.name)


def _clip(folder: Path, metadata: Path, entry: dict[str, Any]) -> PianoClip | None:
    name = str(entry.get("record_time", ""))
    split = _SPLITS.get(str(entry.get("split", "")))
    video = folder / "Video" / f"{Path(name).name}.mp4"
    if split is None or not name or not video.is_file():
        return None
    corners = np.array([_point(entry.get(key), name, metadata) for key in _CORNERS])
    try:
        homography = homography_of_corners(corners)
    except ValueError as problem:
        raise InputError(f"{metadata} has corners of {name} on a line; correct them.") from problem
    return PianoClip(
        name=name,
        video=video,
        notes=_notes(folder, name),
        group=str(entry.get("P1_name") or name),
        split=split,
        covered_s=(0.0, math.inf),
        homography=homography,
    )


def _notes(folder: Path, name: str) -> NoteRows:
    table = folder / "TSV" / f"{name}.tsv"
    if not table.is_file():
        return midi_rows(folder / "MIDI" / f"{name}.mid")
    content = read_small(table, most_bytes=_MOST_TSV_BYTES, wanted="a table of notes")
    return note_rows(_rows(content.decode("utf-8", "replace"), table), name=str(table))


def _rows(text: str, table: Path) -> Iterator[tuple[float, float, float, float]]:
    for number, line in enumerate(csv.reader(text.splitlines(), delimiter="\t")):
        if number == 0 and line and not _is_number(line[0]):
            continue  # a header
        if not line:
            continue
        if len(line) < 5 or not all(_is_number(cell) for cell in line[:5]):
            raise InputError(f"{table} has a line {number + 1} that is no note; download it again.")
        onset_s, release_s, _, pitch, velocity = map(float, line[:5])
        yield onset_s, release_s, pitch, velocity


def _point(value: object, name: str, metadata: Path) -> tuple[float, float]:
    x, _, y = str(value).partition(",")
    if not _is_number(x) or not _is_number(y):
        raise InputError(f"{metadata} has no corners for {name}; download it again.")
    return float(x), float(y)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
