"""What a transcription leaves of a performance, for networks that have to mend it.

Notes are missing and added, begin a little early or late, end early, break in two, and their velocities are
told by the notes around them (:mod:`photoplayer.piano.touch`) about the performance's own mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from photoplayer.models import Model, load
from photoplayer.piano.touch import TELLING, features
from photoplayer.sound.neural.strokes import Rows
from photoplayer.train.data.grand_pairs import within_keys


@dataclass(frozen=True)
class Faults:
    """How bad a transcription is; the defaults give an onset F1 of about .95 at 50 ms."""

    missing: float = 0.06
    added: float = 0.04
    onset_sd_s: float = 0.015
    shortened: float = 0.25
    """Standard deviation of the ln of lengths."""
    broken: float = 0.06


def transcribed(
    rows: Rows, dice: np.random.Generator, faults: Faults | None = None, *, touch: Model | None = None
) -> Rows:
    """A performance's notes as they might have been transcribed."""
    faults = faults or Faults()
    left = rows[dice.random(len(rows)) >= faults.missing].copy()
    added = left[dice.random(len(left)) < faults.added].copy()
    added[:, 2] += dice.choice([-12, -2, -1, 1, 2, 12], len(added))
    left = _broken(np.concatenate([left, added]), dice, faults.broken)
    lengths = (left[:, 1] - left[:, 0]) * np.exp(dice.normal(-0.1, faults.shortened, len(left)))
    left[:, 0] = np.maximum(left[:, 0] + dice.normal(0, faults.onset_sd_s, len(left)), 0)
    left[:, 1] = left[:, 0] + np.maximum(lengths, 0.04)
    left = within_keys(left)
    if len(left):
        (swing,) = (touch or load("touch")).session.run(None, {"notes": features(*left[:, :3].T)})
        left[:, 3] = np.clip(np.rint(rows[:, 3].mean() + TELLING * swing), 8, 122)
    return left


def _broken(rows: Rows, dice: np.random.Generator, share: float) -> Rows:
    """Some notes in two, struck again where they were held."""
    chosen = rows[(dice.random(len(rows)) < share) & (rows[:, 1] - rows[:, 0] > 0.3)]
    again = chosen.copy()
    again[:, 0] += dice.uniform(0.3, 0.7, len(again)) * (again[:, 1] - again[:, 0])
    return np.concatenate([rows, again])
