"""Clips at analysis rate with a label a picture: decoded once, then read from disk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer import video
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE, LOOK_VALUES, look_at
from photoplayer.scene.timeline import RATE_HZ
from photoplayer.train.data.gameplay import Clip

UNSURE = -1
"""Cut label of pictures near a change on foot, or in a fade: neither taught as a change nor as none."""

Pictures = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Take:
    """A recording at analysis rate: pictures ``(n, 60, 80, 3)``, labels ``(n,)``.

    ``fight`` is bool; ``cut`` is 1 at the first picture of another place, ``UNSURE`` or 0. The pictures may
    be mapped from disk.
    """

    level: str
    pictures: Pictures
    fight: npt.NDArray[np.bool_]
    cut: npt.NDArray[np.int8]


def read_take(clip: Clip, cache: Path) -> Take:
    """A clip's pictures, decoded into ``cache`` where they are not there yet, and its labels."""
    kept = cache / f"{clip.kind}_{clip.path.stem}.npy"
    if not kept.is_file():
        stream = video.frames(clip.path, rate_hz=ANALYSIS_RATE_HZ, size=ANALYSIS_SIZE, fast=True)
        save_array(kept, np.stack([frame.image for frame in stream]))
    pictures: Pictures = np.load(kept, mmap_mode="r", allow_pickle=False)
    count = len(pictures)
    steps = np.minimum(np.arange(count) * RATE_HZ // ANALYSIS_RATE_HZ, len(clip.combat) - 1)
    cut = np.zeros(count, np.int8)
    for moment in clip.soft_changes_s:
        at = round(moment * ANALYSIS_RATE_HZ)
        cut[max(at - ANALYSIS_RATE_HZ, 0) : at + ANALYSIS_RATE_HZ + 1] = UNSURE
    for moment in clip.changes_s:
        cut[min(math.ceil(moment * ANALYSIS_RATE_HZ), count - 1)] = 1
    return Take(str(clip.source.get("level", clip.path)), pictures, clip.combat[steps], cut)


def looks_of(pictures: Pictures, *, batch: int = 36) -> Floats:
    """The looks of all pictures, ``(n, LOOK_VALUES)``; the first is compared with itself."""
    rows = []
    for start in range(0, len(pictures), batch):
        chunk = pictures[max(start - 1, 0) : start + batch]
        context = chunk if start else np.concatenate([chunk[:1], chunk])
        rows.append(look_at(context, np.zeros(len(context) - 1)).flat())
    return np.concatenate(rows).reshape(-1, LOOK_VALUES)


def save_array(path: Path, values: npt.NDArray[np.generic]) -> None:
    """Write ``.npy`` whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.part.npy")
    np.save(unfinished, values, allow_pickle=False)
    unfinished.replace(path)


def levels(takes: Sequence[Take]) -> int:
    """How many places the takes show."""
    return len({take.level for take in takes})
