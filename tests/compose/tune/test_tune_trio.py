"""Trios of the melody engine: what the network writes, and how it is played."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from photoplayer.compose.plan import Plan, Section
from photoplayer.compose.trio.engine import played
from photoplayer.compose.tune import write_trios
from photoplayer.compose.tune.trio import DRUM_TOKENS, trio_of
from photoplayer.evaluate.rules import out_of_range_notes, stuck_notes
from photoplayer.music.melody_code import HOLD, REST
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.score import Note, Score
from photoplayer.music.theory import Key, Meter
from photoplayer.music.trio import to_score
from photoplayer.scene.glances import HEIGHT, WIDTH, Glances


def section(bars: int = 8, **said: object) -> Section:
    energy = said.pop("energy", 0.6)
    return Section(
        **{
            "mood": "village",
            "bars": bars,
            "bpm": 100.0,
            "meter": Meter(4, 4),
            "key": Key(2),
            "energy": (energy,) * bars,
            "valence": 0.4,
            **said,
        }  # type: ignore[arg-type]
    )


PLAN = Plan((section(), section(6, key=Key(9, "minor"), label="B"), section(10, similar_to=0)))


def scored(plan: Plan, *, seed: int = 1, thicken: bool = False) -> Score:
    return played(plan, write_trios(plan, seed=seed), seed=seed, thicken=thicken)


def part(score: Score, layer: str) -> list[Note]:
    return sorted(note for part in score.parts if part.layer == layer for note in part.notes)


def test_tokens_become_lines_and_drums_by_hand() -> None:
    grid = np.zeros((16, 3), np.int64)
    grid[:, 0] = HOLD
    grid[0, 0], grid[4, 0], grid[8, 0] = 14, REST, 18  # C4 for a quarter, a rest, E4
    grid[:, 1] = HOLD
    grid[0, 1] = 14  # C4 as it is written: it sounds as C2
    grid[0, 2], grid[4, 2] = 0b101, 0b010
    melody, bass, drums = to_score(trio_of(grid)).parts
    assert [(n.onset, n.offset, n.pitch) for n in melody.notes] == [(0, 1, 60), (2, 4, 64)]
    assert [(n.onset, n.offset, n.pitch) for n in bass.notes] == [(0, 4, 36)]
    assert sorted((n.onset, n.pitch) for n in drums.notes) == [(0, 36), (0, 42), (1, 38)]


def test_a_section_that_comes_back_brings_its_trio_with_it() -> None:
    trios = write_trios(PLAN, seed=1)
    assert [trio.bars for trio, _ in trios] == [8, 6, 10]
    assert (trios[2][0].melody[:128] == trios[0][0].melody).all()
    assert (trios[2][0].melody[128:] == trios[0][0].melody[:32]).all()  # longer: it begins again
    assert [key.mode for _, key in trios] == ["major", "minor", "major"]
    assert trios[0][0].drums.max() < DRUM_TOKENS


@pytest.mark.parametrize("meter", ["4/4", "3/4", "6/8", "2/4"])
def test_it_is_as_long_as_its_plan_and_playable(meter: str) -> None:
    plan = Plan(tuple(replace(each, meter=Meter.parse(meter)) for each in PLAN.sections))
    score = scored(plan)
    assert score.end == plan.quarters
    assert set(score.layers) == {"lead", "bass", "drums"}
    assert stuck_notes(score).count == 0 and out_of_range_notes(score).count == 0
    assert max(note.offset for note in score.notes()) < score.end
    assert part(score, "bass")[-1].pitch % 12 == PLAN.sections[-1].key.tonic


def test_the_same_seed_gives_the_same_bytes_and_another_others() -> None:
    assert to_bytes(scored(PLAN)) == to_bytes(scored(PLAN)) != to_bytes(scored(PLAN, seed=2))


def test_pads_join_where_they_are_asked_to() -> None:
    thick = scored(PLAN, thicken=True)
    assert set(thick.layers) == {"lead", "bass", "drums", "pad"}
    assert [(n.onset, n.pitch) for n in part(thick, "lead")] == [
        (n.onset, n.pitch) for n in part(scored(PLAN), "lead")
    ]


def test_the_pictures_matter() -> None:
    dark, bright = (
        write_trios(PLAN, seed=1, glances=Glances(np.full((180, HEIGHT, WIDTH, 3), level, np.uint8), 3.0))
        for level in (5, 250)
    )
    assert (dark[0][0].melody != bright[0][0].melody).any()
