"""From the likeliest history of the keys to notes: when exactly, how loud, how sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.decoder_settings import DecoderSettings
from photoplayer.piano.evidence import Evidence
from photoplayer.piano.layout import LOWEST_PITCH
from photoplayer.piano.path import Path, Step
from photoplayer.piano.roll import Curves, HeardNote

SHORTEST_S = 0.02
"""No note is told shorter."""
REPEAT_GAP_S = 0.03
"""A key struck again without being seen free was free for about so long (98 % of 10,000 repeats: longer)."""
PLAIN_VELOCITY = 80
"""Told where the network has no word on it."""


@dataclass(slots=True)
class _Open:
    """A note that has begun; ``down`` sums the chances of being held over ``frames``."""

    onset_s: float
    velocity: int
    press: float
    down: float = 0.0
    frames: int = 0


class Teller:
    """Takes paths of one stretch in order and tells the notes that end in them."""

    def __init__(self, settings: DecoderSettings) -> None:
        self._settings = settings
        self._open: dict[int, _Open] = {}
        self._begun = False
        self._end_s = 0.0

    def tell(self, evidence: Evidence, path: Path, count: int) -> list[HeardNote]:
        """The notes that end in the first ``count`` frames."""
        sums = np.concatenate([np.zeros((1, evidence.down.shape[1])), np.cumsum(evidence.down, axis=0)])
        since = np.zeros(evidence.down.shape[1], dtype=np.int64)
        notes: list[HeardNote] = []
        if not self._begun:
            self._begin(evidence, path)

        def add_up(key: int, frame: int) -> None:
            self._open[key].down += float(sums[frame, key] - sums[since[key], key])
            self._open[key].frames += frame - int(since[key])

        for frame, key in np.argwhere(path.steps[:count] != Step.STAY).tolist():
            step = path.steps[frame, key]
            if key in self._open:
                add_up(key, frame)
                notes += self._close(key, self._offset_s(evidence, frame, key, again=step == Step.AGAIN))
            since[key] = frame + 1  # the frame of a change says little of the key being held
            if step != Step.RELEASE:
                self._open[key] = self._pressed(evidence, frame, key)
            if step == Step.TAP:
                notes += self._close(key, self._offset_s(evidence, frame, key, again=False))
        for key in self._open:
            add_up(key, count)
        self._end_s = float(evidence.times_s[count - 1])
        return notes

    def close(self) -> list[HeardNote]:
        """What is still held ends with the last frame."""
        return [note for key in list(self._open) for note in self._close(key, self._end_s)]

    def _begin(self, evidence: Evidence, path: Path) -> None:
        """Keys held from the first frame on were pressed nobody knows when."""
        self._begun = True
        for key in np.flatnonzero(path.held[0]).tolist():
            self._open[key] = _Open(float(evidence.times_s[0]), PLAIN_VELOCITY, press=0.0)

    def _pressed(self, evidence: Evidence, frame: int, key: int) -> _Open:
        if evidence.press.peak[frame, key]:
            onset_s = float(evidence.press.at_s[frame, key])
        else:
            onset_s = crossing_s(evidence, frame, key)
        velocity = PLAIN_VELOCITY
        if evidence.velocity is not None:
            velocity = int(np.clip(np.rint(127 * evidence.velocity[frame, key]), 1, 127))
        onset_s = max(onset_s + self._settings.onset_shift_s, 0.0)
        return _Open(onset_s, velocity, float(evidence.press.strength[frame, key]))

    def _offset_s(self, evidence: Evidence, frame: int, key: int, *, again: bool) -> float:
        """When the key came up; for a key struck again in this frame, before that."""
        if again:
            latest_s = float(evidence.press.at_s[frame, key]) - REPEAT_GAP_S
            near = range(max(frame - 1, 0), frame + 1)
            seen = [float(evidence.release.at_s[i, key]) for i in near if evidence.release.peak[i, key]]
            return min([*seen, latest_s]) + self._settings.offset_shift_s
        fall_s = crossing_s(evidence, frame, key)
        if not evidence.release.peak[frame, key]:
            return fall_s + self._settings.offset_shift_s
        share = self._settings.fall_share
        peak_s = float(evidence.release.at_s[frame, key])
        return (1 - share) * peak_s + share * fall_s + self._settings.offset_shift_s

    def _close(self, key: int, offset_s: float) -> list[HeardNote]:
        note = self._open.pop(key)
        down = note.down / note.frames if note.frames else note.press
        return [
            HeardNote(
                onset_s=note.onset_s,
                offset_s=max(offset_s, note.onset_s + SHORTEST_S),
                pitch=LOWEST_PITCH + key,
                velocity=note.velocity,
                confidence=round(min(max((note.press + down) / 2, 0.0), 1.0), 4),
            )
        ]


def crossing_s(evidence: Evidence, frame: int, key: int) -> float:
    """Where the held curve passes even odds beside a frame, on the straight line between two frames."""
    level = evidence.even
    down: Curves = evidence.down[:, key]
    times_s: npt.NDArray[np.float64] = evidence.times_s
    for first in (frame - 1, frame):
        if 0 <= first < len(down) - 1:
            before, after = float(down[first]), float(down[first + 1])
            if (before < level) != (after < level):
                share = (level - before) / (after - before)
                return float(times_s[first] + share * (times_s[first + 1] - times_s[first]))
    return float(times_s[frame])
