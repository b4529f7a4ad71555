"""What leads into a jump."""

from __future__ import annotations

from itertools import pairwise

import pytest
from band_plans import section

from photoplayer.compose.band import compose
from photoplayer.compose.band.styles.drum_grids import CRASH
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Plan
from photoplayer.music.score import Note, Score


def run_of(score: Score) -> list[Note]:
    return [note for part in score.parts if part.layer == "riser" for note in part.notes]


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_a_run_rises_in_pitch_and_loudness_into_a_jump(mood: str) -> None:
    plan = Plan((section(mood, bars=4, energy=0.3), section("boss", bars=4, energy=0.9, label="B")))
    run = run_of(compose(plan, seed=2))
    assert len(run) >= 8
    assert run[0].onset >= plan.starts_q[1] - plan.sections[0].meter.quarters - 1e-6
    assert run[-1].offset == pytest.approx(plan.starts_q[1])
    assert all(a.pitch < b.pitch and a.offset <= b.onset + 1e-6 for a, b in pairwise(run))
    assert run[-1].velocity >= run[0].velocity + 30


def test_without_a_jump_nothing_runs() -> None:
    plan = Plan((section(energy=0.5), section("boss", energy=0.6, label="B"), section("calm", energy=0.3)))
    assert not run_of(compose(plan))


def test_a_riser_may_be_forbidden() -> None:
    calm = section("calm", energy=0.2, must_not_have=frozenset({"riser"}))
    assert not run_of(compose(Plan((calm, section("boss", energy=0.9, label="B")))))


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_a_jump_lands_on_a_crash(mood: str) -> None:
    plan = Plan((section("calm", bars=4, energy=0.1), section(mood, bars=4, energy=0.6, label="B")))
    struck = {(n.onset, n.pitch) for p in compose(plan).parts if p.layer == "drums-fill" for n in p.notes}
    assert (plan.starts_q[1], CRASH) in struck
