"""The trio engine keeps the plan: length, key, ending, energy; the picture and the person have their say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from photoplayer.compose.plan import Plan
from photoplayer.compose.sketch import Sketch, realise
from photoplayer.compose.trio import compose
from photoplayer.compose.trio.engine import Manner
from photoplayer.errors import PlanError
from photoplayer.evaluate.rules import out_of_range_notes, stuck_notes
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.score import Note, Score
from photoplayer.music.theory import Key, Meter
from photoplayer.scene.glances import Glances


def plan(*, meter: str = "4/4", loops: bool = False) -> Plan:
    sketches = [
        Sketch(mood="march", bars=(12,), meter=Meter.parse(meter), key=Key(2, "dorian"), energy=(0.7,)),
        Sketch(mood="tense", bars=(5,), meter=Meter.parse(meter), key=Key(9, "minor"), energy=(0.3,)),
        Sketch(similar_to=0, bars=(20,), energy=(0.9,)),
    ]
    return realise(sketches, seed=1, loops=loops)


@pytest.fixture(scope="module")
def score() -> Score:
    return compose(plan(), seed=3)


def part(score: Score, layer: str) -> list[Note]:
    return sorted(note for part in score.parts if part.layer == layer for note in part.notes)


@pytest.mark.parametrize("meter", ["4/4", "3/4", "6/8"])
def test_it_is_as_long_as_its_plan_and_playable(meter: str) -> None:
    wanted = plan(meter=meter)
    made = compose(wanted, seed=3)
    assert made.end == wanted.quarters and made.duration_s == pytest.approx(wanted.duration_s)
    assert set(made.layers) == {"lead", "bass", "drums"}
    assert stuck_notes(made).count == 0 and out_of_range_notes(made).count == 0
    assert max(note.offset for note in made.notes()) < made.end
    assert [marker.onset for marker in made.markers] == list(wanted.starts_q)


def test_the_same_seed_gives_the_same_bytes_and_another_others(score: Score) -> None:
    assert to_bytes(compose(plan(), seed=3)) == to_bytes(score)
    assert part(compose(plan(), seed=4), "lead") != part(score, "lead")


def test_long_notes_are_in_the_key_of_their_section(score: Score) -> None:
    wanted = plan()
    for section, start in zip(wanted.sections, wanted.starts_q, strict=True):
        for note in (*part(score, "lead"), *part(score, "bass")):
            if start <= note.onset < start + section.quarters and note.length >= 1:
                assert note.pitch % 12 in section.key.pitch_classes


def test_it_ends_on_the_tonic_and_a_loop_does_not_end() -> None:
    wanted = plan()
    last_bar = wanted.quarters - 4
    closing = [n for n in part(compose(wanted, seed=3), "bass") if n.onset >= last_bar]
    assert [note.onset for note in closing] == [last_bar]
    assert closing[0].pitch % 12 == wanted.sections[-1].key.tonic
    looped = compose(plan(loops=True), seed=3)
    assert looped.end == wanted.quarters
    assert [n for n in part(looped, "bass") if n.onset >= last_bar] != closing


def test_versions_at_other_energies_run_in_step(score: Score) -> None:
    wanted = plan()
    calm, wild = (
        compose(
            replace(wanted, sections=tuple(replace(s, energy=(e,) * s.bars) for s in wanted.sections)), seed=3
        )
        for e in (0.1, 0.95)
    )
    pitches = [[(n.onset, n.pitch) for n in part(each, "lead")] for each in (calm, wild, score)]
    assert pitches[0] == pitches[1] == pitches[2]
    assert not part(calm, "drums") and part(wild, "drums")
    assert np.mean([n.velocity for n in calm.notes()]) < np.mean([n.velocity for n in wild.notes()])


def test_a_section_that_comes_back_is_known_again(score: Score) -> None:
    wanted = plan()

    def opening(section: int) -> set[tuple[float, int]]:
        start = wanted.starts_q[section]
        return {(n.onset - start, n.pitch) for n in part(score, "bass") if start <= n.onset < start + 16}

    first, other, again = (opening(i) for i in range(3))
    assert len(first & again) > len(first & other)


def test_thickened_it_has_pads_in_the_key() -> None:
    thick = compose(plan(), seed=3, manner=Manner(thicken=True))
    assert set(thick.layers) == {"pad", "lead", "bass", "drums"}
    first = plan().sections[0]
    assert all(
        n.pitch % 12 in first.key.pitch_classes for n in part(thick, "pad") if n.onset < first.quarters
    )


def test_more_drums_are_more_drums() -> None:
    few, many = (
        len(part(compose(plan(), seed=3, manner=Manner(more={"drums": amount})), "drums"))
        for amount in (-2.0, 2.0)
    )
    assert many > few


def test_what_is_seen_changes_the_music() -> None:
    dice = np.random.default_rng(0)
    still = Glances(np.full((90, 60, 80, 3), 30, np.uint8), 3.0)
    wild = Glances(dice.integers(0, 255, (90, 60, 80, 3)).astype(np.uint8), 3.0)
    lines = [part(compose(plan(), seed=3, glances=glances), "lead") for glances in (still, wild)]
    assert lines[0] != lines[1]


def test_a_tune_is_refused_in_one_sentence() -> None:
    with pytest.raises(PlanError, match="--engine band"):
        compose(plan(), melody=(Note(0, 1, 60, 80),))


def test_a_layer_that_is_forbidden_is_silent() -> None:
    wanted = plan()
    quiet = replace(
        wanted, sections=tuple(replace(s, must_not_have=frozenset({"drums"})) for s in wanted.sections)
    )
    assert set(compose(quiet, seed=3).layers) == {"lead", "bass"}
