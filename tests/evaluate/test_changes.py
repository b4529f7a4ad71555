"""Hand-worked matchings, an AUC by counting pairs, and intervals that hold what they should."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from photoplayer.evaluate.changes import Matching, auc, bootstrap_interval, match_changes

moments = st.lists(st.integers(0, 400).map(lambda n: n / 10), max_size=12)


def test_two_detections_beside_one_change_are_one_hit() -> None:
    assert match_changes([9.5, 10.4], [10.0]) == Matching(hits=1, found=2, true=1)


def test_a_chain_is_matched_as_fully_as_it_can_be() -> None:
    # 10.9 lies nearest to 11.0, but only 10 -> 9.2 with 11 -> 10.9 gives two pairs, whatever the order
    assert match_changes([10.9, 9.2], [11.0, 10.0]).hits == 2
    assert match_changes([10.5, 11.5], [10.0, 11.0, 30.0]).hits == 2


def test_the_edge_of_the_tolerance_counts() -> None:
    assert match_changes([4.0], [5.0], tolerance_s=1.0).hits == 1
    assert match_changes([3.9], [5.0], tolerance_s=1.0).hits == 0


def test_figures_of_pooled_clips() -> None:
    pooled = match_changes([5.0, 20.0], [5.2]) + match_changes([], [7.0])
    assert (pooled.precision, pooled.recall, pooled.f1) == (0.5, 0.5, 0.5)
    assert Matching().f1 == 1.0


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(ValueError, match=r"-0\.1"):
        match_changes([1.0], [1.0], tolerance_s=-0.1)


@given(found=moments, true=moments)
@example(found=[1.2], true=[2.2])
def test_matching_is_symmetric_and_bounded(found: list[float], true: list[float]) -> None:
    there, back = match_changes(found, true), match_changes(true, found)
    assert there.hits == back.hits <= min(len(found), len(true))
    assert match_changes(true, true).hits == len(true)


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=25))
def test_auc_counts_pairs(pairs: list[tuple[int, bool]]) -> None:
    up = [s for s, positive in pairs if positive]
    down = [s for s, positive in pairs if not positive]
    value = auc([s for s, _ in pairs], [positive for _, positive in pairs])
    if not up or not down:
        assert math.isnan(value)
        return
    wins = sum((u > d) + 0.5 * (u == d) for u in up for d in down)
    assert value == pytest.approx(wins / (len(up) * len(down)))


def test_auc_refuses_other_shapes() -> None:
    with pytest.raises(ValueError, match="shape"):
        auc([1.0, 2.0], [True])


def test_the_interval_is_repeatable_and_holds_the_mean() -> None:
    items = list(range(40))

    def mean(chosen: object) -> float:
        return float(np.mean(chosen))

    low, high = bootstrap_interval(items, mean, rounds=300)
    assert (low, high) == bootstrap_interval(items, mean, rounds=300)
    assert low < 19.5 < high
    assert high - low < 10
