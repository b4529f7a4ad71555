"""What the pictures of a section ask of its melody, told by C."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from photoplayer import models
from photoplayer.compose.tune.asked import Asked
from photoplayer.scene.glances import Glances

PICTURES, WINDOW_S = 16, 16.0
"""C looks at so many pictures, spread evenly over about so many seconds."""


def seen(glances: Glances, start_s: float, end_s: float) -> tuple[Asked, ...]:
    """What equal parts of a stretch ask for, each about :data:`WINDOW_S` long; at least one.

    Raises :class:`SetupError` where the model is missing.
    """
    parts = max(round((end_s - start_s) / WINDOW_S), 1)
    edges = np.linspace(start_s, end_s, parts + 1)
    session = models.load("melody_see").session
    found = []
    for first, last in pairwise(edges.tolist()):
        pictures = glances.between(first, last, PICTURES)[None]
        density, register, mode = session.run(None, {"pictures": pictures})[0][0].tolist()
        found.append(Asked(density, register, mode))
    return tuple(found)
