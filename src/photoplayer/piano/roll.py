"""What a network says of each key at each moment, and the notes that are read from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Curves = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False, kw_only=True)
class Roll:
    """A stretch of piano roll: ``(frames, 88)`` float32 each, lowest key first.

    ``times_s`` ``(frames,)`` float64 are the frames' own times. ``down``, ``onset`` and ``offset`` are
    probabilities: the key is held in this frame; its press or release falls nearest to this frame.
    ``onset_s`` and ``offset_s`` are the seconds by which the press or release comes after the frame's time
    (negative: before), and ``velocity`` is 0..1 of MIDI's 127, both of use only where there is an onset. A
    network that knows nothing but ``down`` leaves the others None.

    ``seen`` ``(88,)``: keys in the picture. ``continues``: the stretch follows on the one before without a
    gap, so notes may be held across.
    """

    times_s: npt.NDArray[np.float64]
    down: Curves
    onset: Curves | None = None
    onset_s: Curves | None = None
    offset: Curves | None = None
    offset_s: Curves | None = None
    velocity: Curves | None = None
    seen: npt.NDArray[np.bool_]
    continues: bool = True


@dataclass(frozen=True, slots=True, order=True)
class HeardNote:
    """A note read from a roll: seconds of the video, MIDI pitch and velocity, and how sure we are (0..1)."""

    onset_s: float
    offset_s: float
    pitch: int
    velocity: int
    confidence: float = 1.0
    hand: Literal["left", "right"] | None = None
