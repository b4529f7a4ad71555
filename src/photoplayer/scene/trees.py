"""Looks -> what boosted trees say of every step (``watch_trees.onnx``).

Trees over hand-made numbers and SceneNet's opinion know games that were taught on better than the Watcher's
networks do, and unknown ones worse; together they are better than either alone at both (docs/features.md).
How they are grown: ``train/recipes/features_trees.py``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from photoplayer import models
from photoplayer.scene.affect import LEVELS
from photoplayer.scene.surroundings import surroundings

TREES = "watch_trees"

TREE_HEADS: dict[str, int] = {"fight": 1, "intensity": 1, "tension": 1, "valence": 1, "energy": len(LEVELS)}
"""What they say and how many numbers each takes, in this order: log-odds of fight and energy, the curves."""

_LOWEST = {"intensity": 0.0, "tension": 0.0, "valence": -1.0}

Array = npt.NDArray[np.float64]


def trees(looks: npt.NDArray[np.floating]) -> dict[str, Array]:
    """By head, ``(steps,)`` or ``(steps, classes)``, of what the looks say of every step ``(steps, 49)``."""
    (table,) = models.load(TREES).session.run(None, {"rows": surroundings(looks)})
    return by_head(np.asarray(table, np.float64))


def by_head(table: Array) -> dict[str, Array]:
    """Columns of a table ``(steps, 7)`` as :data:`TREE_HEADS`; the curves are kept where they may lie."""
    found, first = {}, 0
    for name, width in TREE_HEADS.items():
        columns = table[:, first : first + width]
        found[name] = columns[:, 0] if width == 1 else columns
        first += width
    for name, lowest in _LOWEST.items():
        found[name] = np.clip(found[name], lowest, 1.0)
    return found
