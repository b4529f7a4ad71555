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
"""It is shown eight moments, two pictures each, of six pictures that there are to a moment at 3 a second."""

_SHOWN = [PICTURES_BETWEEN * moment + picture for moment in range(MOMENTS) for picture in (2, 3)]
"""Which pictures of a window: the middle two of every moment's."""


def seen(glances: Glances, start_s: float, end_s: float) -> tuple[Asked, ...]:
    """What equal parts of a stretch ask for, each about :data:`WINDOW_S` long; at least one.

    Raises :class:`SetupError` where the model is missing.
    """
    parts = max(round((end_s - start_s) / WINDOW_S), 1)
    edges = np.linspace(start_s, end_s, parts + 1)
    session = models.load("melody_see").session
    found = []
    for first, last in pairwise(edges.tolist()):
        pictures = glances.between(first, last, MOMENTS * PICTURES_BETWEEN)[_SHOWN][None]
        density, register, mode = session.run(None, {"pictures": pictures})[0][0].tolist()
        found.append(Asked(density, register, mode))
    return tuple(found)
