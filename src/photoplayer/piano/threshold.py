"""Plain thresholding of a roll into notes, as Audeo does it (``Midi_synth.py``, Su, Liu, Shlizerman 2020).

A note begins at the first frame in which a key is held and ends at the first in which it is not; what is
open at the end ends there. Repeats without a free frame between them are one note, and every note is equally
loud. It is the baseline that :class:`photoplayer.piano.decode.Decoder` is measured against.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.piano.roll import HeardNote, Roll

THRESHOLD = 0.4
VELOCITY = 100


class ThresholdDecoder:
    """Rolls in, finished notes out: :meth:`feed` for each roll in order, then :meth:`finish`."""

    _held: npt.NDArray[np.bool_]
    _onsets_s: npt.NDArray[np.float64]
    _sums: npt.NDArray[np.float64]
    _frames: npt.NDArray[np.int64]
    _last_s: float | None

    def __init__(self, threshold: float = THRESHOLD) -> None:
        self._threshold = threshold
        self._begin()

    def feed(self, roll: Roll) -> list[HeardNote]:
        """The notes that are finished with this roll, in order of onset."""
        notes = [] if roll.continues else self.finish()
        for frame, time_s in enumerate(roll.times_s.tolist()):
            down = np.where(roll.seen, roll.down[frame], 0.0)
            held = down > self._threshold
            notes += [self._note(key, time_s) for key in np.flatnonzero(self._held & ~held).tolist()]
            begins = held & ~self._held
            self._onsets_s[begins] = time_s
            self._sums[begins], self._frames[begins] = 0.0, 0
            self._sums[held] += down[held]
            self._frames[held] += 1
            self._frame_s = time_s - self._last_s if self._last_s is not None else 0.0
            self._held, self._last_s = held, time_s
        return sorted(notes)

    def finish(self) -> list[HeardNote]:
        """What is still held ends a frame after the last. What is fed then is a new stretch."""
        end_s = (self._last_s or 0.0) + self._frame_s
        notes = [self._note(key, end_s) for key in np.flatnonzero(self._held).tolist()]
        self._begin()
        return sorted(note for note in notes if note.offset_s > note.onset_s)

    def _begin(self) -> None:
        self._held = np.zeros(KEY_COUNT, dtype=bool)
        self._onsets_s = np.zeros(KEY_COUNT)
        self._sums = np.zeros(KEY_COUNT)
        self._frames = np.zeros(KEY_COUNT, dtype=np.int64)
        self._last_s = None
        self._frame_s = 0.0

    def _note(self, key: int, end_s: float) -> HeardNote:
        return HeardNote(
            onset_s=float(self._onsets_s[key]),
            offset_s=end_s,
            pitch=LOWEST_PITCH + key,
            velocity=VELOCITY,
            confidence=round(float(self._sums[key] / max(self._frames[key], 1)), 4),
        )


def read_by_threshold(rolls: Sequence[Roll], threshold: float = THRESHOLD) -> list[HeardNote]:
    """All notes of a video's rolls in order of onset."""
    decoder = ThresholdDecoder(threshold)
    notes = [note for roll in rolls for note in decoder.feed(roll)]
    return sorted(notes + decoder.finish())
