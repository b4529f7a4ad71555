"""What holds for every score the band writes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise

import pytest
from band_plans import METERS, ODD_METERS, at_energy, journey, onsets_in, section

from photoplayer.compose.band import compose
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Plan
from photoplayer.evaluate.rules import find_faults
from photoplayer.music.instruments import instrument
from photoplayer.music.score import TICKS_PER_QUARTER, Note, Score
from photoplayer.music.theory import Key, Meter


def check(score: Score, plan: Plan) -> None:
    """Every hard promise."""
    borders = [*plan.starts_q[1:], plan.quarters]
    for part in score.parts:
        assert part.notes and list(part.notes) == sorted(part.notes)
        for note in part.notes:
            for moment in (note.onset, note.offset):
                assert abs(moment * TICKS_PER_QUARTER - round(moment * TICKS_PER_QUARTER)) < 1e-6
            end = next(border for border in borders if border > note.onset + 1e-6)
            assert note.offset <= end + 1e-6, f"{part.name} sounds over a border"
        last: dict[int, Note] = {}
        for note in part.notes:
            assert note.pitch not in last or last[note.pitch].offset <= note.onset + 1e-6
            last[note.pitch] = note
        if not part.is_drum and not instrument(part.program).is_polyphonic:
            assert all(a.offset <= b.onset + 1e-6 for a, b in pairwise(part.notes)), part.name
    faults = find_faults(score)
    assert faults.out_of_range.count == faults.stuck_notes.count == faults.empty_bars.count == 0
    assert faults.parallel_fifths.share < 0.02
    assert sum(not part.is_drum for part in score.parts) <= 15


@pytest.mark.parametrize("mood", sorted(MOODS))
@pytest.mark.parametrize("meter", METERS, ids=str)
def test_promises_hold_for_every_mood_and_meter(mood: str, meter: Meter) -> None:
    plan = journey(mood, meter=meter)
    check(compose(plan, seed=3), plan)


@pytest.mark.parametrize("meter", ODD_METERS, ids=str)
def test_promises_hold_in_odd_meters(meter: Meter) -> None:
    plan = journey("tense", meter=meter, bars=(1, 7, 2))
    check(compose(plan), plan)


@pytest.mark.parametrize("bars", (1, 2, 3, 5, 11, 17))
@pytest.mark.parametrize("energy", (0.0, 0.5, 1.0))
def test_promises_hold_for_any_count_of_bars(bars: int, energy: float) -> None:
    plan = Plan((section("march", bars=bars, energy=energy),))
    score = compose(plan, seed=bars)
    check(score, plan)
    assert plan.quarters - max(note.offset for note in score.notes()) < plan.sections[0].meter.beat_quarters


def test_many_moods_share_the_channels() -> None:
    plan = Plan(tuple(section(mood, bars=4, energy=0.9, label=mood) for mood in MOODS))
    check(compose(plan), plan)


def test_the_same_seed_gives_the_same_score() -> None:
    plan = journey("tense")
    assert compose(plan, seed=5) == compose(plan, seed=5)
    assert compose(plan, seed=5) != compose(plan, seed=6)


def test_maps_and_markers_follow_the_plan() -> None:
    plan = journey("calm")
    score = compose(plan)
    assert score.end == plan.quarters
    assert score.duration_s == pytest.approx(plan.duration_s)
    assert [m.text for m in score.markers] == ["1 calm A", "2 boss B", "3 calm A"]
    assert [m.onset for m in score.markers] == list(plan.starts_q)
    assert [c.key for c in score.keys] == [s.key for s in plan.sections]


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_intensities_are_the_same_music(mood: str) -> None:
    """The lead of a wild version contains that of a calm one, and the bass stands on the same chords."""
    plan = Plan((section(mood, bars=8),))
    calm, wild = (compose(at_energy(plan, e), seed=2) for e in (0.45, 0.95))
    leads = [
        {(n.onset, n.pitch) for p in s.parts if p.layer == "lead" for n in p.notes} for s in (calm, wild)
    ]
    closing = plan.quarters - plan.sections[0].meter.quarters
    assert {note for note in leads[0] if note[0] < closing} <= leads[1]
    tones = [
        {n.onset: n.pitch % 12 for p in s.parts if p.layer == "bass" for n in p.notes} for s in (calm, wild)
    ]
    bar = plan.sections[0].meter.quarters
    downbeats = [i * bar for i in range(8)]
    same = [tones[0].get(q) == tones[1].get(q) for q in downbeats if q in tones[0]]
    assert same and all(same)


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_energy_is_heard_within_a_bar(mood: str) -> None:
    plan = Plan((section(mood, bars=16, energy=[0.2] * 8 + [0.9] * 8),))
    score = compose(plan)
    bar = plan.sections[0].meter.quarters
    calm, wild = (onsets_in(score, i * bar, (i + 1) * bar) for i in (5, 8))
    assert wild >= 3 * calm
    loud = [
        sum(v) / len(v)
        for i in (5, 8)
        for v in [[n.velocity for n in score.notes() if i * bar <= n.onset < (i + 1) * bar]]
    ]
    assert loud[1] >= loud[0] + 40


def test_density_and_loudness_rise_step_by_step() -> None:
    scores = [compose(Plan((section("tense", bars=8, energy=e),))) for e in (0.1, 0.3, 0.5, 0.7, 0.9)]
    counts = [sum(1 for _ in score.notes()) for score in scores]
    loud = [sum(n.velocity for n in s.notes()) / c for s, c in zip(scores, counts, strict=True)]
    assert counts == sorted(counts) and loud == sorted(loud)
    assert counts[-1] > 4 * counts[0]


def test_what_comes_back_is_known_but_changed() -> None:
    first = section("village", bars=8, energy=0.6)
    plan = Plan((first, section("boss", bars=4, label="B"), replace(first, similar_to=0), section(bars=2)))
    score = compose(plan, seed=4)
    start, length = plan.starts_q[2], first.quarters

    def said(layer: str, begin: float) -> list[tuple[float, int]]:
        return [
            (round(n.onset - begin, 3), n.pitch % 12)
            for p in score.parts
            if p.layer == layer
            for n in sorted(p.notes)
            if begin <= n.onset < begin + length
        ]

    before, after = set(said("lead", 0.0)), set(said("lead", start))
    assert len(before & after) >= 0.4 * len(before)
    assert sorted(before) != sorted(after) or said("arpeggio", 0.0) != said("arpeggio", start)
    programs = [
        {p.program for p in score.parts if p.layer == "lead" for n in p.notes if b <= n.onset < b + length}
        for b in (0.0, start)
    ]
    assert programs[0] != programs[1]


def test_a_long_section_hands_its_tune_to_a_second_player() -> None:
    """Home phrases (A A' .. A) are the first player's, the contrasting ones the second's."""
    plan = Plan((section("boss", bars=32, energy=0.9, meter=Meter(4, 4)), section("boss", bars=1)))
    players = {
        p.program: {int(n.onset // 16) for n in p.notes if n.onset < 128}
        for p in compose(plan).parts
        if p.layer == "lead"
    }
    home, other = sorted(players.values(), key=min)
    assert home == {0, 1, 3, 7}
    assert not home & other and home | other == set(range(8))


def test_neighbours_of_one_mood_have_different_players_for_the_tune() -> None:
    plan = Plan((section("boss", energy=0.8), section("boss", energy=0.8, label="B")))
    border = plan.starts_q[1]
    players = {
        p.program: {note.onset >= border for note in p.notes}
        for p in compose(plan).parts
        if p.layer == "lead"
    }
    assert sorted(players.values(), key=max) == [{False}, {True}]


@pytest.mark.parametrize("energy", (0.0, 0.5, 1.0))
def test_a_seed_melody_is_in_the_lead_at_any_energy(energy: float) -> None:
    pitches = (67, 69, 71, 72, 74, 71, 67, 67, 64, 66, 67, 69, 71, 69, 67, 67)
    tune = tuple(Note(float(i), i + 0.9, pitch, 90) for i, pitch in enumerate(pitches))
    first = section("village", bars=8, meter=Meter(4, 4), key=Key(7), energy=energy)
    score = compose(Plan((first, section(bars=2))), melody=tune)
    lead = {round(n.onset, 2): n.pitch % 12 for p in score.parts if p.layer == "lead" for n in p.notes}
    assert sum(lead.get(float(i)) == pitch % 12 for i, pitch in enumerate(pitches)) >= 15


def test_golden_score() -> None:
    """The same bytes on every machine, and no change that nobody meant."""
    score = compose(journey("mystery"), seed=11)
    played = [
        (
            p.layer,
            p.program,
            round(n.onset * TICKS_PER_QUARTER),
            round(n.offset * TICKS_PER_QUARTER),
            n.pitch,
            n.velocity,
        )
        for p in score.parts
        for n in p.notes
    ]
    assert hashlib.sha256(repr(played).encode()).hexdigest()[:16] == "b5c2678afd9f40c6"
