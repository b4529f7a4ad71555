"""A few pictures of a clip, kept while its frames pass by on their way elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from photoplayer.video.frames import Frame


@dataclass
class Filmstrip:
    """``count`` pictures spread evenly over ``duration_s``; ``pictures`` fills as frames pass."""

    duration_s: float
    count: int = 14
    pictures: list[npt.NDArray[np.uint8]] = field(default_factory=list)

    def tap(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """The same frames; those in the middle of each of the ``count`` stretches are kept."""
        for frame in frames:
            if frame.time_s >= (len(self.pictures) + 0.5) * self.duration_s / self.count:
                self.pictures.append(frame.image.copy())
            yield frame
