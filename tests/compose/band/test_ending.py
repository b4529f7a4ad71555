"""How pieces end, loop, turn corners and mark moments."""

from __future__ import annotations

from dataclasses import replace

import pytest
from band_plans import METERS, journey, onsets_in, section

from photoplayer.compose.band import compose
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Plan, Stinger
from photoplayer.music.theory import Meter


@pytest.mark.parametrize("mood", sorted(MOODS))
@pytest.mark.parametrize("meter", METERS, ids=str)
def test_the_last_bar_is_one_chord_at_home_that_rings(mood: str, meter: Meter) -> None:
    plan = Plan((section(mood, bars=8, energy=0.7, meter=meter),))
    score = compose(plan, seed=2)
    start = plan.quarters - meter.quarters
    pitched = [n for p in score.parts if not p.is_drum for n in p.notes if n.onset >= start - 1e-6]
    assert pitched and {n.onset for n in pitched} == {start}
    assert all(plan.quarters - n.offset < meter.beat_quarters for n in pitched)
    bass = [n for p in score.parts if p.layer == "bass" for n in p.notes if n.onset >= start - 1e-6]
    assert bass[0].pitch % 12 == plan.sections[0].key.tonic
    lead = [n for p in score.parts if p.layer == "lead" for n in p.notes if n.onset >= start - 1e-6]
    assert lead[0].pitch % 12 == plan.sections[0].key.tonic


def test_a_loop_has_no_ending() -> None:
    plan = Plan((section("dance", bars=8, energy=0.8),), loops=True)
    looped, closed = compose(plan), compose(replace(plan, loops=False))
    last = plan.quarters - 4
    assert onsets_in(looped, last, plan.quarters) > 3 * onsets_in(closed, last, plan.quarters)
    assert max(n.offset for n in looped.notes()) <= plan.quarters


def test_a_rise_is_announced_and_arrives_with_a_crash() -> None:
    plan = Plan((section("tense", bars=4, energy=0.45), section("boss", bars=4, energy=0.9, label="B")))
    score = compose(plan)
    border = plan.starts_q[1]
    assert onsets_in(score, border - 4, border, layer="drums-fill") >= 8
    crashes = [n.onset for p in score.parts if p.layer == "drums-fill" for n in p.notes if n.pitch == 49]
    assert border in crashes


def test_a_big_rise_out_of_calm_swells_without_a_kit() -> None:
    plan = Plan((section("calm", bars=4, energy=0.1), section("boss", bars=4, energy=0.9, label="B")))
    score = compose(plan)
    border = plan.starts_q[1]
    swell = [n for p in score.parts if p.layer == "drums-fill" for n in p.notes if n.onset < border]
    assert len(swell) > 5 and swell[-1].velocity > swell[0].velocity + 20


def test_drums_rest_before_a_drop() -> None:
    plan = Plan((section("boss", bars=4, energy=0.9), section("calm", bars=4, energy=0.1, label="B")))
    score = compose(plan)
    border = plan.starts_q[1]
    assert sum(onsets_in(score, border - 2, border, layer=name) for name in ("drums", "drums-full")) == 0
    assert onsets_in(score, border - 4, border - 2, layer="drums") > 0


@pytest.mark.parametrize("meter", METERS, ids=str)
def test_stingers_fall_on_the_nearest_half_beat_in_the_chord(meter: Meter) -> None:
    plan = journey("chill", meter=meter)
    score = compose(plan)
    parts = [p for p in score.parts if p.layer == "stingers"]
    assert {p.program for p in parts if not p.is_drum} == {9, 47, 61}
    drums = [n for p in parts if p.is_drum for n in p.notes]
    assert len(drums) == len(plan.stingers)
    for stinger in plan.stingers:
        at = score.tempo_map.quarters(stinger.time_s)
        index = max(i for i, start in enumerate(plan.starts_q) if start <= at)
        step = meter.beat_quarters / (3 if meter.is_compound else 2)
        nearest = min((n.onset for n in drums), key=lambda onset: abs(onset - at))
        assert abs(nearest - at) <= step / 2 + 1e-6
        position = (nearest - plan.starts_q[index]) / step
        assert position == pytest.approx(round(position), abs=1e-3)


def test_a_stinger_outside_the_piece_is_left_out() -> None:
    plan = Plan((section(bars=2),), stingers=(Stinger(1000.0, "impact"),))
    assert "stingers" not in compose(plan).layers
