"""Audio: samples in memory, for pieces short enough to hold. Long ones travel in blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE_HZ = 44_100
"""Sample rate of everything we render."""

Samples = npt.NDArray[np.float32]
"""``(channels, samples)`` in -1..1."""


@dataclass(frozen=True, eq=False)
class Audio:
    """``samples`` of shape ``(channels, samples)``, float32 in -1..1, at ``rate_hz``."""

    samples: Samples
    rate_hz: int = RATE_HZ

    @property
    def duration_s(self) -> float:
        return int(self.samples.shape[1]) / self.rate_hz
