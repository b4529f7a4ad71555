"""What of a trio can be turned up and down: five numbers measured from its tokens.

* **speed**: how soon the tune's notes follow each other: the mean over melody onsets of
  ``log2(16 / steps since the onset before)``; 2 are quarters, 3 eighths, 4 sixteenths. The source project
  asked for slow and fast music by its latent code; tempo itself is the plan's.
* **density**: onsets of melody and bass a bar.
* **syncopation**: share of their onsets on a weak place that no stronger place after them answers.
* **register**: mean MIDI pitch of the melody.
* **drums**: strokes a bar.

Major and minor are not among them: trios are encoded in C major or A minor, which have the same notes, and
the mode is the plan's.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from photoplayer.music.trio import (
    DRUMS,
    FIRST_PITCH,
    LOWEST,
    STEPS_PER_BAR,
    Tokens,
    Trio,
)

ATTRIBUTES = ("speed", "density", "syncopation", "register", "drums")

_LONGEST_WAIT = STEPS_PER_BAR
_SILENT_REGISTER = 60.0


def attributes(trio: Trio) -> NDArray[np.float64]:
    """The five numbers of a trio, in the order of :data:`ATTRIBUTES`."""
    onsets = [np.flatnonzero(line >= FIRST_PITCH) for line in (trio.melody, trio.bass)]
    waits = np.diff(onsets[0])
    count = sum(len(each) for each in onsets)
    pitches = trio.melody[trio.melody >= FIRST_PITCH].astype(np.float64) - FIRST_PITCH + LOWEST
    return np.array([
        float(np.log2(STEPS_PER_BAR / np.minimum(waits, _LONGEST_WAIT)).mean()) if len(waits) else 0.0,
        count / trio.bars,
        sum(_late(each, len(trio.melody)) for each in onsets) / count if count else 0.0,
        float(pitches.mean()) if len(pitches) else _SILENT_REGISTER,
        strokes(trio.drums) / trio.bars,
    ])  # fmt: skip


def attribute_table(trios: Iterable[Trio]) -> NDArray[np.float64]:
    """``(trios, 5)``."""
    return np.array([attributes(trio) for trio in trios]).reshape(-1, len(ATTRIBUTES))


def strokes(drums: Tokens) -> int:
    """How many drums are struck, those struck together too."""
    return int((np.asarray(drums, np.int64)[:, None] >> np.arange(len(DRUMS)) & 1).sum())


def _late(onsets: NDArray[np.int64], steps: int) -> int:
    """Onsets of a line on an odd sixteenth without one on the next, or on an off-beat eighth without one on
    the next quarter; what follows the last step counts as played."""
    played = np.zeros(steps + 2, bool)
    played[onsets] = True
    played[steps:] = True
    sixteenth = (onsets % 2 == 1) & ~played[onsets + 1]
    eighth = (onsets % 4 == 2) & ~played[np.minimum(onsets + 2, steps)]
    return int((sixteenth | eighth).sum())
