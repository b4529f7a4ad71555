"""What the neural piano plays from: every note as its strings sound it, and its age in each frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.music.score import Part, TempoMap
from photoplayer.sound.neural.spectrogram import FRAMES_PER_S
from photoplayer.sound.timbre.pedal import Pedal
from photoplayer.sound.timbre.sounding import Sounding, apart

LOWEST, KEYS = 21, 88
FIRST_WITHOUT_DAMPER = 90
"""The shortest strings ring on when their key comes up."""
RELEASE_S, LONGEST_S = 1.0, 16.0
"""How long a damped string is still heard, and any string."""
MOST = 96
"""Strings computed at once; of more, the ones struck first are left out."""
LONG_AGO_FRAMES = 1000.0
AHEAD_FRAMES = 4.0
"""A window already holds the beginning of a note so long before its centre reaches it."""

Rows = npt.NDArray[np.float64]
"""``(n, 4)``: onset_s, offset_s, pitch, velocity, in order of onset."""


@dataclass(frozen=True, eq=False)
class Strokes:
    """The notes heard in a stretch of ``T`` frames; ``ages`` and ``releases`` count frames since a note began
    and since its string was damped, ``(n, T)``."""

    keys: npt.NDArray[np.int64]
    velocities: npt.NDArray[np.float32]
    ages: npt.NDArray[np.float32]
    releases: npt.NDArray[np.float32]
    onsets_s: npt.NDArray[np.float64]

    @classmethod
    def of(cls, rows: Rows, first_frame: int, frames: int) -> Strokes:
        """Those of ``rows`` that are heard in frames ``first_frame`` and on; always at least one."""
        start_s, end_s = first_frame / FRAMES_PER_S, (first_frame + frames + AHEAD_FRAMES) / FRAMES_PER_S
        heard = rows[(rows[:, 0] < end_s) & (_faded_s(rows) > start_s)][-MOST:]
        if not len(heard):
            heard = np.array([[1e6, 1e6 + 1, LOWEST, 1]])  # one that never comes: a network needs something
        at = (first_frame + np.arange(frames)) - heard[:, :2, None] * FRAMES_PER_S
        return cls(
            heard[:, 2].astype(np.int64) - LOWEST,
            (heard[:, 3] / 127).astype(np.float32),
            at[:, 0].astype(np.float32),
            at[:, 1].astype(np.float32),
            heard[:, 0],
        )


def sounded(strokes: Strokes) -> npt.NDArray[np.float32]:
    """``(3, T, KEYS)``: age, frames since the damper fell and velocity 0..1 of every key's last stroke;
    velocity 0 where there was none."""
    found = np.full((3, strokes.ages.shape[1], KEYS), LONG_AGO_FRAMES, np.float32)
    found[2] = 0
    for number, key in enumerate(strokes.keys):
        begun = strokes.ages[number] > -AHEAD_FRAMES
        found[0, begun, key] = strokes.ages[number, begun]
        found[1, begun, key] = strokes.releases[number, begun]
        found[2, begun, key] = strokes.velocities[number]
    return found


def strokes(part: Part, tempo: TempoMap, *, end_s: float, release_by_s: float | None = None) -> Rows:
    """A part's notes as its strings sound: held by the pedal, within the 88 keys, each string once."""
    notes = [
        Sounding(tempo.seconds(n.onset), tempo.seconds(n.offset), _within(n.pitch), n.velocity)
        for n in part.notes
    ]
    pedal = Pedal(part.controls, tempo, end_s=end_s)
    lines: dict[int, list[Sounding]] = {}
    for note in apart(notes):
        lines.setdefault(note.pitch, []).append(note)
    held = sorted(note for line in lines.values() for note in pedal.held(line))
    return _rows(held, release_by_s)


def _rows(notes: Sequence[Sounding], release_by_s: float | None) -> Rows:
    rows = np.array([(n.onset_s, n.offset_s, n.pitch, n.velocity) for n in notes], np.float64).reshape(-1, 4)
    if release_by_s is not None:
        rows[:, 1] = np.maximum(np.minimum(rows[:, 1], release_by_s), rows[:, 0] + 0.05)
    return rows


def _within(pitch: int) -> int:
    while pitch < LOWEST:
        pitch += 12
    while pitch >= LOWEST + KEYS:
        pitch -= 12
    return pitch


def _faded_s(rows: Rows) -> npt.NDArray[np.float64]:
    damped = np.where(rows[:, 2] < FIRST_WITHOUT_DAMPER, rows[:, 1] + RELEASE_S, np.inf)
    found: npt.NDArray[np.float64] = np.minimum(damped, rows[:, 0] + LONGEST_S)
    return found
