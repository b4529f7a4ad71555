"""What a stretch of pictures asks of a trio: attributes, and the code its music may have (``trio-frame``)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photoplayer.models import load
from photoplayer.music.trio_attributes import ATTRIBUTES
from photoplayer.scene.glances import Glances

GLANCES = 16
"""Pictures looked at in a stretch."""

SHORTEST_S = 16.0
"""The network was taught on 16 s; a shorter section is looked at with what is around it."""

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Seen:
    """``attributes (n, attributes)`` in standard deviations and ``codes (n, 512)``, one row a stretch."""

    attributes: Array
    codes: Array


def look(glances: Glances, stretches: list[tuple[float, float]]) -> Seen:
    """What the network makes of stretches ``(start_s, end_s)``."""
    pictures = np.stack([glances.between(*_widened(*stretch), GLANCES) for stretch in stretches])
    found = load("trio-frame").session.run(["attributes", "code"], {"pictures": pictures})
    attributes, codes = (np.asarray(each, np.float32) for each in found)
    assert attributes.shape[1] == len(ATTRIBUTES)
    return Seen(attributes, codes)


def _widened(start_s: float, end_s: float) -> tuple[float, float]:
    more_s = max(SHORTEST_S - (end_s - start_s), 0.0) / 2
    return start_s - more_s, end_s + more_s
