"""Keys looked up in an index."""

from __future__ import annotations

import numpy as np

from photoplayer.evaluate.identification.lookup import matches


def test_equal_keys_are_paired_and_common_ones_passed_over() -> None:
    index, query = np.array([2, 5, 5, 5, 9], np.uint32), np.array([5, 1, 9, 2], np.uint32)
    pairs = [
        list(zip(*found, strict=True))
        for found in (matches(index, query), matches(index, query, commonest=2))
    ]
    assert pairs[0] == [(0, 1), (0, 2), (0, 3), (2, 4), (3, 0)]
    assert pairs[1] == [(2, 4), (3, 0)]
