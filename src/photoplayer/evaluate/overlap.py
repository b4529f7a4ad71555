"""How much two sets of music overlap: the share of one distribution that the other covers.

Two measures. :func:`shared_mass` lays two histograms over each other (intervals of all melodies, say):
it is 1 minus their total variation, and a Markov chain scores well on it by construction, since it has
learned that very histogram. :func:`relative_overlap` is the overlapped area of Yang & Lerch ("On the
evaluation of generative models in music", 2018): how far real pieces are from each other, and how far
made pieces are from real ones; the two distributions of distances are smoothed, and the area under both
is the score. Pieces that are all near the average score low on it, as do pieces that are all outlandish.

Theirs smooths with a Gaussian kernel of Scott's width and so does this, on a grid, which takes thousands of
distances in a millisecond. Nothing here says that music is good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.distance import cdist, pdist

from photoplayer.music.melody_steps import Step, melody_steps
from photoplayer.music.score import Note

Values = NDArray[np.float64]

_GRID = 1024
_NARROWEST = 8 / _GRID
"""A kernel is at least so wide, in standard deviations of both samples: a sample may be one number."""

_NO_SPREAD = 1e-9
"""Numbers whose spread is smaller than this, beside their size, are taken for equal."""

_MARGIN_WIDTHS = 4.0
"""Kernel widths by which the grid reaches beyond the samples: a Gaussian has nothing left there."""

NGRAM = 5
"""Steps (interval and time to the next note) of the runs that :func:`ngram_overlap` counts."""


def shared_mass(one: Sequence[float] | Values, other: Sequence[float] | Values) -> float:
    """0..1: what two histograms over the same classes have in common, each brought to the sum 1.

    Raises ``ValueError`` where one is empty or they differ in size.
    """
    first, second = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if first.shape != second.shape or first.sum() <= 0 or second.sum() <= 0:
        raise ValueError("two histograms of one size and above 0 are compared")
    return float(np.minimum(first / first.sum(), second / second.sum()).sum())


def overlap_area(one: Sequence[float] | Values, other: Sequence[float] | Values) -> float:
    """0..1: the area under both smoothed densities of two samples of numbers.

    Raises ``ValueError`` where a sample is empty.
    """
    first, second = np.asarray(one, np.float64).ravel(), np.asarray(other, np.float64).ravel()
    if not len(first) or not len(second):
        raise ValueError("two samples of at least one number are compared")
    both = np.concatenate([first, second])
    spread = max(float(both.std()), _NO_SPREAD * (1 + float(np.abs(both).max())))
    widths = [_scott(sample, floor=_NARROWEST * spread) for sample in (first, second)]
    margin = _MARGIN_WIDTHS * max(widths)
    low = min(first.min(), second.min()) - margin
    high = max(first.max(), second.max()) + margin
    densities = [_density(s, w, low, high) for s, w in zip((first, second), widths, strict=True)]
    return float(np.minimum(densities[0], densities[1]).sum())


def relative_overlap(made: Values, real: Values) -> float:
    """0..1: overlap of distances within ``real`` and from ``made`` to ``real``; rows are pieces.

    ``made`` ``(n, size)``, ``real`` ``(m, size)``, Euclidean. Raises ``ValueError`` for fewer than three
    real pieces or no made one.
    """
    if len(real) < 3 or not len(made):
        raise ValueError("an overlap needs three real pieces and one made")
    return overlap_area(pdist(real), cdist(made, real).ravel())


def ngrams(notes: Iterable[Note], n: int = NGRAM) -> frozenset[tuple[Step, ...]]:
    """The different runs of ``n`` steps in the highest line of some notes; transposed copies are the same."""
    steps = melody_steps(notes)
    return frozenset(tuple(steps[i : i + n]) for i in range(len(steps) - n + 1))


def ngram_overlap(one: frozenset[tuple[Step, ...]], other: frozenset[tuple[Step, ...]]) -> float:
    """0..1: the share of the smaller set of runs that the other has too. 0 where one is empty."""
    if not one or not other:
        return 0.0
    return len(one & other) / min(len(one), len(other))


def mean_ngram_overlap(melodies: Sequence[Sequence[Note]], n: int = NGRAM) -> float:
    """Mean of :func:`ngram_overlap` over all pairs of melodies: how far they repeat each other."""
    sets = [ngrams(melody, n) for melody in melodies]
    shares = [ngram_overlap(one, other) for one, other in combinations(sets, 2)]
    return float(np.mean(shares)) if shares else 0.0


def _scott(sample: Values, *, floor: float) -> float:
    """Scott's rule for one dimension; a sample without spread gets ``floor``."""
    return max(float(sample.std()) * float(np.power(len(sample), -0.2)), floor)


def _density(sample: Values, width: float, low: float, high: float) -> Values:
    """Shares of ``_GRID`` cells from ``low`` to ``high``, smoothed; their sum is 1."""
    counts, _ = np.histogram(sample, bins=_GRID, range=(low, high))
    cell = (high - low) / _GRID
    smooth = gaussian_filter1d(counts.astype(np.float64), width / cell, mode="constant")
    return np.asarray(smooth / smooth.sum(), np.float64)
