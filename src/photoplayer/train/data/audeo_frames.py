"""Frames for Video2Roll Net as Audeo draws them: a key or silence, then a frame in which it is held."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.audeo import BESIDE
from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.piano.strip import Pictures
from photoplayer.train.data.piano_clip import NoteRows
from photoplayer.train.data.strip_cache import CachedClip

Held = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Batch:
    """``pictures`` ``(frames, 5, 64, 864)``, ``held`` and ``seen`` ``(frames, 88)``."""

    pictures: Pictures
    held: Held
    seen: Held


class Frames:
    """All frames of some clips that have two more on either side and of which it is known what is played."""

    def __init__(self, clips: Sequence[CachedClip]) -> None:
        self.clips = clips
        self._held = [held(clip.notes, clip.times_s) for clip in clips]
        inside = [_inside(clip) for clip in clips]
        self.places = np.array(
            [(number, frame) for number, frames in enumerate(inside) for frame in frames], dtype=np.int64
        ).reshape(-1, 2)
        """``(frames, 2)``: number of the clip, number of the frame."""
        self._classes = self._sorted()

    def __len__(self) -> int:
        return len(self.places)

    def _sorted(self) -> list[npt.NDArray[np.int64]]:
        """Places in which each key is held, then those of silence; classes without any are left out."""
        if not len(self.places):
            return []
        down = np.concatenate(
            [self._held[n][self.places[self.places[:, 0] == n, 1]] for n in range(len(self.clips))]
        )
        found = [self.places[down[:, key]] for key in range(KEY_COUNT)]
        found.append(self.places[~down.any(axis=1)])
        return [places for places in found if len(places)]

    def drawn(self, dice: random.Random, count: int) -> npt.NDArray[np.int64]:
        """Places ``(count, 2)``, each of a class drawn uniformly: rare keys come as often as others."""
        return np.array([dice.choice(dice.choice(self._classes)) for _ in range(count)])

    def spread(self, count: int) -> npt.NDArray[np.int64]:
        """At most ``count`` places, evenly over all of them."""
        chosen = np.linspace(0, len(self.places) - 1, min(count, len(self.places))).round().astype(np.int64)
        return np.asarray(self.places[chosen])

    def batch(self, places: npt.NDArray[np.int64]) -> Batch:
        """The frames at ``places`` with their neighbours and labels."""
        around = np.arange(-BESIDE, BESIDE + 1)
        return Batch(
            pictures=np.stack([self.clips[n].pictures[frame + around] for n, frame in places]),
            held=np.stack([self._held[n][frame] for n, frame in places]),
            seen=np.stack([self.clips[n].seen for n, _ in places]),
        )


def held(notes: NoteRows, times_s: npt.NDArray[np.float64]) -> Held:
    """``(frames, 88)``: the keys held at each of ``times_s``."""
    roll = np.zeros((len(times_s), KEY_COUNT), dtype=bool)
    firsts, lasts = np.searchsorted(times_s, notes[:, 0]), np.searchsorted(times_s, notes[:, 1])
    for first, last, pitch in zip(firsts, lasts, notes[:, 2].astype(int), strict=True):
        roll[first:last, pitch - LOWEST_PITCH] = True
    return roll


def _inside(clip: CachedClip) -> npt.NDArray[np.int64]:
    first, last = np.searchsorted(clip.times_s, clip.covered_s)
    return np.arange(max(first, BESIDE), min(last, len(clip.times_s) - BESIDE), dtype=np.int64)
