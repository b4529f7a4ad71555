"""How well moments and levels of a scene are found: change points, and a score that should tell two states.

Change points are events on a time axis. Each true one may be claimed by one found one and the reverse
(one-to-one, as many pairs as possible), within a tolerance; two detections beside one true change are
therefore one hit and one false alarm. Counts of clips are added before precision and recall are taken
("micro"), so that a clip with one change does not weigh as much as one with twenty.

The area under the ROC curve (AUC) is the chance that a random positive step scores above a random
negative one, ties counting half (Hanley & McNeil 1982). It does not depend on a threshold.

Intervals are percentile bootstraps over *clips*: steps inside one clip are far from independent.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Matching:
    """Counts of one-to-one matched moments; add two to pool clips."""

    hits: int = 0
    found: int = 0
    true: int = 0

    def __add__(self, other: Matching) -> Matching:
        return Matching(self.hits + other.hits, self.found + other.found, self.true + other.true)

    @property
    def precision(self) -> float:
        """Share of the found ones that are true; 1 where none was found."""
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true ones that were found; 1 where there is none."""
        return self.hits / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there was nothing to find and nothing was."""
        return 2 * self.hits / (self.found + self.true) if self.found + self.true else 1.0


def match_changes(found_s: Sequence[float], true_s: Sequence[float], *, tolerance_s: float = 1.0) -> Matching:
    """Match found to true moments (seconds, any order) one to one within ``tolerance_s``.

    Both lists lie on a line and every true moment has a window of the same width, so taking the
    earliest free detection for each true moment in turn gives the largest number of pairs. Times are
    compared in whole microseconds, so that a moment on the window's edge is within it from both sides.
    """
    if tolerance_s < 0:
        raise ValueError(f"tolerance_s is {tolerance_s}, it cannot be negative")
    found, true = ([round(time_s * 1e6) for time_s in sorted(times_s)] for times_s in (found_s, true_s))
    tolerance = round(tolerance_s * 1e6)
    hits = next_free = 0
    for moment in true:
        while next_free < len(found) and found[next_free] < moment - tolerance:
            next_free += 1
        if next_free < len(found) and found[next_free] <= moment + tolerance:
            hits += 1
            next_free += 1
    return Matching(hits, len(found), len(true))


def auc(scores: npt.ArrayLike, positive: npt.ArrayLike) -> float:
    """Area under the ROC curve of ``scores (n,)`` for the truth ``positive (n,) bool``.

    ``nan`` where one of the classes is empty. Raises ``ValueError`` where shapes differ.
    """
    values, truth = np.asarray(scores, np.float64), np.asarray(positive, bool)
    if values.shape != truth.shape or values.ndim != 1:
        raise ValueError(f"scores have shape {values.shape}, the truth {truth.shape}")
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    rank_sum = float(mean_rank[inverse][truth].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def bootstrap_interval(
    items: Sequence[Item],
    statistic: Callable[[Sequence[Item]], float],
    *,
    rounds: int = 1000,
    level: float = 0.95,
    seed: int = 1,
) -> tuple[float, float]:
    """Percentile interval of ``statistic`` over resampled ``items`` (clips); ``nan`` values are left out."""
    if not items:
        raise ValueError("there are no clips to draw from")
    source = random.Random(seed)
    values = [statistic([items[source.randrange(len(items))] for _ in items]) for _ in range(rounds)]
    kept = np.array([v for v in values if not np.isnan(v)])
    if not len(kept):
        return float("nan"), float("nan")
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
