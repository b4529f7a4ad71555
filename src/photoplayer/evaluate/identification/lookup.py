"""Many keys looked up at once in a sorted index."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]


def matches(index: Keys, query: Keys, *, commonest: int | None = None) -> tuple[Ints, Ints]:
    """All pairs of equal keys, as places in ``query`` and in ``index``, which is in order; keys that the
    index holds more often than ``commonest`` are passed over."""
    first = np.searchsorted(index, query, side="left")
    counts = np.searchsorted(index, query, side="right") - first
    if commonest is not None:
        counts = np.where(counts > commonest, 0, counts)
    asked = np.repeat(np.arange(len(query)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return asked, np.repeat(first, counts) + within
