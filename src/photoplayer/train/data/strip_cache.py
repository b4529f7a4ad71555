"""Piano clips decoded once: a folder of strips and notes per clip, read memory-mapped.

FOLDER/NAME/pictures.npy  uint8   (frames, 64, 864)
            times.npy     float64 (frames,)            seconds of the video
            plates.npy    uint8   (blocks, 64, 864)
            plate_of.npy  int32   (frames,)            which plate holds for a frame
            notes.npy     float64 (notes, 4)           onset_s, offset_s, pitch, velocity or nan
            meta.json     name, group, split, view, source, covered_s, seen (and written down)
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from photoplayer.errors import PhotoplayerError
from photoplayer.piano.keyboard import Shot
from photoplayer.piano.layout import PITCHES
from photoplayer.piano.strip import Pictures, Strip
from photoplayer.piano.strips import strips
from photoplayer.train.data.piano_clip import NoteRows, PianoClip, Split, read_json
from photoplayer.video import probe

log = logging.getLogger(__name__)

Finder = Callable[[Path], "tuple[Shot, ...]"]


@dataclass(frozen=True, eq=False)
class CachedClip:
    """One clip of a cache; ``pictures`` are mapped from the disk, the rest is in memory."""

    name: str
    group: str
    split: Split
    view: str
    source: str
    covered_s: tuple[float, float]
    pictures: Pictures
    times_s: npt.NDArray[np.float64]
    plates: Pictures
    plate_of: npt.NDArray[np.int32]
    notes: NoteRows
    seen: npt.NDArray[np.bool_]

    def as_strips(self) -> Iterable[Strip]:
        """The clip as the runtime's strips."""
        for block in range(len(self.plates)):
            inside = np.flatnonzero(self.plate_of == block)
            yield Strip(
                times_s=self.times_s[inside],
                pictures=np.asarray(self.pictures[inside[0] : inside[-1] + 1]),
                plate=self.plates[block],
                seen=self.seen,
                continues=block > 0,
            )


def build(clips: Iterable[PianoClip], folder: Path, *, source: str, find: Finder | None = None) -> int:
    """Cache every clip that is not there yet; how many are new.

    ``find`` looks for the keyboard where a clip has none marked. Clips that fail are logged and left out.
    """
    new = 0
    for clip in tqdm(list(clips), unit="clip", disable=None):
        target = folder / clip.name
        if (target / "meta.json").exists():
            continue
        try:
            new += _build_one(clip, target, source, find)
        except (PhotoplayerError, ValueError) as problem:
            log.warning("%s is left out: %s", clip.name, problem)
    return new


def _build_one(clip: PianoClip, target: Path, source: str, find: Finder | None) -> int:
    info = probe(clip.video)
    keyboard = clip.keyboard((info.width, info.height))
    shots = (Shot(0.0, np.inf, keyboard),) if keyboard else find(clip.video) if find else ()
    read = list(strips(clip.video, shots))
    if not read:
        log.warning("%s is left out: no keyboard in %s", clip.name, clip.video)
        return 0
    temporary = target.with_name(target.name + ".part")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    np.save(temporary / "pictures.npy", np.concatenate([s.pictures for s in read]))
    np.save(temporary / "times.npy", np.concatenate([s.times_s for s in read]))
    np.save(temporary / "plates.npy", np.stack([s.plate for s in read]))
    np.save(temporary / "plate_of.npy", np.repeat(np.arange(len(read)), [len(s.times_s) for s in read]))
    np.save(temporary / "notes.npy", clip.notes)
    meta = {
        "name": clip.name,
        "group": clip.group,
        "split": clip.split,
        "view": clip.view,
        "source": source,
        "covered_s": list(clip.covered_s),
        "seen": [bool(x) for x in np.all([_written(clip), *(s.seen for s in read)], axis=0)],
    }
    (temporary / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    temporary.rename(target)
    return 1


def _written(clip: PianoClip) -> npt.NDArray[np.bool_]:
    """``(88,)``: keys whose notes stand in the truth."""
    lowest, highest = clip.written
    return np.array([lowest <= pitch <= highest for pitch in PITCHES])


def caches(folder: Path, *, split: Split | None = None) -> list[CachedClip]:
    """The clips of a cache, by name; of one split if asked."""
    found = [_open(file.parent) for file in sorted(folder.glob("*/meta.json"))]
    return [clip for clip in found if split is None or clip.split == split]


def _open(folder: Path) -> CachedClip:
    meta = read_json(folder / "meta.json")
    start_s, end_s = meta["covered_s"]
    return CachedClip(
        name=meta["name"],
        group=meta["group"],
        split=meta["split"],
        view=meta["view"],
        source=meta["source"],
        covered_s=(float(start_s), float(end_s)),
        pictures=np.load(folder / "pictures.npy", mmap_mode="r"),
        times_s=np.load(folder / "times.npy"),
        plates=np.load(folder / "plates.npy"),
        plate_of=np.load(folder / "plate_of.npy").astype(np.int32),
        notes=np.load(folder / "notes.npy"),
        seen=np.array(meta["seen"], dtype=bool),
    )
