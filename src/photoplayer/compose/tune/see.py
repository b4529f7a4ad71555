"""What the pictures of a section ask of its melody, told by C."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from photoplayer import models
from photoplayer.compose.tune.asked import Asked
from photoplayer.scene.glances import Glances

WINDOW_S = 16.0
"""C looks at about so many seconds."""

MOMENTS, PICTURES_BETWEEN = 8, 6
"""It is shown two pictures each of eight moments, of the six that there are to a moment at 3 a second."""

STARTS = (2, 0, 4)
"""Which two of a moment's pictures: the middle, the first, the last ones. The three answers are averaged."""


def seen(glances: Glances, start_s: float, end_s: float) -> tuple[Asked, ...]:
    """What equal parts of a stretch ask for, each about :data:`WINDOW_S` long; at least one.

    Raises :class:`SetupError` where the model is missing.
    """
    parts = max(round((end_s - start_s) / WINDOW_S), 1)
    edges = np.linspace(start_s, end_s, parts + 1)
    session = models.load("melody_see").session
    found = []
    for first, last in pairwise(edges.tolist()):
        pictures = glances.between(first, last, MOMENTS * PICTURES_BETWEEN)
        moments = pictures.reshape(MOMENTS, PICTURES_BETWEEN, *pictures.shape[1:])
        shown = np.stack([moments[:, start : start + 2].reshape(-1, *pictures.shape[1:]) for start in STARTS])
        density, register, mode = session.run(None, {"pictures": shown})[0].mean(axis=0).tolist()
        found.append(Asked(density, register, mode))
    return tuple(found)
