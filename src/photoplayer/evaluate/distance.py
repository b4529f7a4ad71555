"""How far a set of pieces is from the music of people, measure by measure.

The distance of one measure is the Wasserstein-1 distance between its values over the two sets (how far
the values must be moved, on the mean), divided by the standard deviation over the real set, so that
measures of different units add up. ``total`` is their mean. Two halves of the real set are not at
distance 0: :func:`floor_distance` says how near one can expect to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance

from photoplayer.evaluate.symbolic import MusicMeasures

COMPARED = (
    "pitch_class_entropy",
    "scale_consistency",
    "groove_consistency",
    "polyphony",
    "pitches_used",
)
"""The measures that count in the total; the others depend on the length of a piece or on its mixing."""

_SPLITS = 50


@dataclass(frozen=True, slots=True)
class Distance:
    """Distance by measure, in standard deviations of the real music, and their mean."""

    by_measure: dict[str, float]
    total: float


def distance(
    pieces: Sequence[MusicMeasures], real: Sequence[MusicMeasures], *, names: Sequence[str] = COMPARED
) -> Distance:
    """Distance of ``pieces`` to ``real``. Raises ``ValueError`` if a set is empty or real is one piece."""
    if not pieces or len(real) < 2:
        raise ValueError("a distance needs pieces on one side and at least two real ones on the other")
    return _distance(pieces, real, real, names)


def floor_distance(
    real: Sequence[MusicMeasures], *, seed: int = 0, names: Sequence[str] = COMPARED
) -> Distance:
    """Mean distance of a random half of ``real`` to the other half, over fifty splits."""
    random = Random(seed)
    found = []
    for _ in range(_SPLITS):
        shuffled = random.sample(list(real), len(real))
        half = len(shuffled) // 2
        found.append(_distance(shuffled[:half], shuffled[half:], real, names))
    by_measure = {name: float(np.mean([d.by_measure[name] for d in found])) for name in names}
    return Distance(by_measure, float(np.mean(list(by_measure.values()))))


def _distance(
    pieces: Sequence[MusicMeasures],
    others: Sequence[MusicMeasures],
    real: Sequence[MusicMeasures],
    names: Sequence[str],
) -> Distance:
    """From ``pieces`` to ``others``, in standard deviations of ``real``."""
    by_measure = {}
    for name in names:
        spread = float(values(real, name).std()) or 1.0
        moved = wasserstein_distance(values(pieces, name), values(others, name))
        by_measure[name] = float(moved) / spread
    return Distance(by_measure, float(np.mean(list(by_measure.values()))))


def values(pieces: Sequence[MusicMeasures], name: str) -> NDArray[np.float64]:
    """One measure of all pieces, ``(pieces,)``. ``name`` is a field of ``MusicMeasures``."""
    if name not in {f.name for f in fields(MusicMeasures)}:
        raise ValueError(f"{name!r} is not a measure")
    return np.array([getattr(piece, name) for piece in pieces], dtype=np.float64)
