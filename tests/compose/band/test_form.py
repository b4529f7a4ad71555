"""Phrases cover a section, in lengths that musicians count in."""

from __future__ import annotations

from band_plans import section
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.compose.band.form import phrases_of


@given(st.lists(st.floats(0, 1), min_size=1, max_size=70))
def test_phrases_cover_the_bars_one_after_another(energy: list[float]) -> None:
    phrases = phrases_of(section(bars=len(energy), energy=energy))
    assert phrases[0].start_bar == 0
    assert [p.stop_bar for p in phrases] == [p.start_bar for p in phrases[1:]] + [len(energy)]
    assert all(2 <= p.bars <= 6 for p in phrases) or len(energy) == 1


def test_fours_where_the_count_allows() -> None:
    assert [p.bars for p in phrases_of(section(bars=16))] == [4, 4, 4, 4]
    assert [p.bars for p in phrases_of(section(bars=9))] == [4, 5]
    assert [p.bars for p in phrases_of(section(bars=7))] == [4, 3]
    assert [p.bars for p in phrases_of(section(bars=5))] == [5]


def test_a_jump_of_energy_makes_a_border() -> None:
    phrases = phrases_of(section(bars=8, energy=[0.2] * 3 + [0.8] * 5))
    assert [p.start_bar for p in phrases] == [0, 3]


def test_roles_come_back() -> None:
    assert [p.role for p in phrases_of(section(bars=16))] == ["A", "A'", "B", "A''"]
    assert [p.role for p in phrases_of(section(bars=12))] == ["A", "B", "A'"]
    assert [p.role[0] for p in phrases_of(section(bars=32))] == list("AABACCBA")
    assert [p.role[0] for p in phrases_of(section(bars=24))] == list("AABACA")


def test_only_the_last_phrase_of_a_piece_is_final() -> None:
    cadences = [p.cadence for p in phrases_of(section(bars=16), is_last=True)]
    assert cadences == ["half", "authentic", "half", "final"]
    assert phrases_of(section(bars=16))[-1].cadence == "authentic"
    assert phrases_of(section(bars=16), is_last=True, loops=True)[-1].cadence == "half"
