"""Four-second windows of piano roll for Roll2Midi: what Video2Roll said, and which keys were held."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.files import finished
from photoplayer.piano.roll import Curves, Roll
from photoplayer.piano.roll2midi import HOP, WINDOW, at_times, grid
from photoplayer.piano.strip import Strip
from photoplayer.train.data.audeo_frames import held
from photoplayer.train.data.strip_cache import CachedClip

log = logging.getLogger(__name__)

Read = Callable[[Iterable[Strip]], Iterator[Roll]]


@dataclass(frozen=True, eq=False)
class RollWindows:
    """``said`` and ``held`` ``(windows, 88, 100)`` float32, 25 columns a second."""

    said: npt.NDArray[np.float32]
    held: npt.NDArray[np.float32]


def windows(rolls: Sequence[tuple[CachedClip, Roll]], *, hop: int = HOP) -> RollWindows:
    """Windows every ``hop`` columns of the stretches whose notes are known; what is left over is dropped."""
    said, truth = [], []
    for clip, roll in rolls:
        start_s = max(clip.covered_s[0], float(roll.times_s[0]))
        times_s = grid(start_s, 0, min(clip.covered_s[1], float(roll.times_s[-1])))
        columns = at_times(times_s, roll.times_s, roll.down)
        down = held(clip.notes, times_s)
        for first in range(0, len(times_s) - WINDOW + 1, hop):
            said.append(columns[first : first + WINDOW].T)
            truth.append(down[first : first + WINDOW].T)
    if not said:
        return RollWindows(np.zeros((0, 0, WINDOW), np.float32), np.zeros((0, 0, WINDOW), np.float32))
    return RollWindows(np.stack(said).astype(np.float32), np.stack(truth).astype(np.float32))


def kept_rolls(
    clips: Sequence[CachedClip], read: Read, folder: Path, *, model: bytes
) -> list[tuple[CachedClip, Roll]]:
    """Every clip as ``read`` (which runs ``model``) reads it; kept in ``folder`` for the next time."""
    place = folder / hashlib.sha256(model).hexdigest()[:16]
    place.mkdir(parents=True, exist_ok=True)
    return [(clip, _kept_roll(clip, read, place / f"{clip.source}_{clip.name}.npy")) for clip in clips]


def _kept_roll(clip: CachedClip, read: Read, path: Path) -> Roll:
    if not path.is_file():
        log.info("reading %s", clip.name)
        down = np.concatenate([roll.down for roll in read(clip.as_strips())]).astype(np.float16)
        with finished(path) as unfinished:
            np.save(unfinished, down)
    down = np.load(path, allow_pickle=False)
    return Roll(
        times_s=clip.times_s, down=np.asarray(down, dtype=np.float32), seen=clip.seen, continues=False
    )


def pooled(said: Curves, truth: Curves, threshold: float) -> tuple[float, float, float]:
    """Precision, recall and F1 over all cells of two rolls."""
    found, wanted = said >= threshold, truth > 0.5
    hits = int((found & wanted).sum())
    false, missed = int(found.sum()) - hits, int(wanted.sum()) - hits
    return (
        hits / max(hits + false, 1),
        hits / max(hits + missed, 1),
        2 * hits / max(2 * hits + false + missed, 1),
    )
