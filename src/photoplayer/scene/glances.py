"""Small pictures of a whole clip, kept while it is watched, for engines that compose to what they see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from photoplayer.scene.looks import ANALYSIS_SIZE
from photoplayer.scene.timeline import RATE_HZ
from photoplayer.video import Frame

MOST = 3600
"""Pictures kept at most (52 MB): all of twenty minutes, every other one of forty, and so on."""

WIDTH, HEIGHT = ANALYSIS_SIZE

Pictures = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Glances:
    """``pictures (n, 60, 80, 3) uint8`` RGB, picture ``i`` on screen at ``i / rate_hz`` seconds; n ≥ 1."""

    pictures: Pictures
    rate_hz: float

    def __post_init__(self) -> None:
        if self.pictures.shape[1:] != (HEIGHT, WIDTH, 3) or not len(self.pictures):
            raise ValueError(f"glances are (n, {HEIGHT}, {WIDTH}, 3), not {self.pictures.shape}")

    def between(self, start_s: float, end_s: float, count: int) -> Pictures:
        """``(count, 60, 80, 3)``: pictures in the middle of ``count`` equal parts of ``[start_s, end_s)``.

        A short stretch gives the same picture several times; what lies outside the clip, its nearest one.
        """
        times_s = start_s + (np.arange(count) + 0.5) * (end_s - start_s) / count
        chosen = np.floor(times_s * self.rate_hz + 1e-6).astype(int)
        found: Pictures = self.pictures[np.clip(chosen, 0, len(self.pictures) - 1)]
        return found


@dataclass
class Glancing:
    """Collects :class:`Glances` from frames on their way elsewhere, ``most`` pictures at most."""

    most: int = MOST
    _kept: list[Pictures] = field(default_factory=list)
    _rate_hz: float = float(RATE_HZ)

    def tap(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """The same frames, each ``scene.ANALYSIS_SIZE`` large; of every step's, the first is kept."""
        for frame in frames:
            if frame.time_s * self._rate_hz >= len(self._kept) - 1e-6:
                self._kept.append(frame.image.copy())
                if len(self._kept) == self.most:
                    self._kept, self._rate_hz = self._kept[::2], self._rate_hz / 2
            yield frame

    @property
    def glances(self) -> Glances:
        """What was kept so far. Raises ``ValueError`` before the first frame has passed."""
        return Glances(np.stack(self._kept) if self._kept else np.empty((0, HEIGHT, WIDTH, 3), np.uint8),
                       self._rate_hz)  # fmt: skip
