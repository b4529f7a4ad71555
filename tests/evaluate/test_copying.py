"""Planted copies are found at their exact length; common property is not."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.evaluate.copying import MelodyIndex
from photoplayer.music.melody_steps import melody_steps
from photoplayer.music.score import Note, Part, Score


def tune(pitches: list[int], *, start: float = 0.0, name: str = "tune") -> Score:
    notes = tuple(Note(start + i / 2, start + (i + 1) / 2, pitch, 80) for i, pitch in enumerate(pitches))
    return Score((Part(name, 0, notes),), start + len(pitches) / 2)


def walk(seed: int, size: int) -> list[int]:
    random = Random(seed)
    return [random.randint(50, 80) for _ in range(size)]


def test_steps_are_intervals_and_sixteenths() -> None:
    notes = (Note(0, 1, 60, 80), Note(1, 1.5, 64, 80), Note(9, 10, 62, 80))
    assert melody_steps(notes) == [(4, 4), (-2, 16)]


def test_a_transposed_quotation_is_found_at_its_length() -> None:
    theirs = walk(1, 60)
    quotation = [pitch + 5 for pitch in theirs[20:33]]
    index = MelodyIndex()
    index.add("other", tune(walk(3, 60)))
    index.add("source", tune(theirs))
    found = index.longest_run(tune([*walk(2, 20), *quotation, *walk(4, 20)], name="lead"))
    assert (found.steps, found.part, found.piece) == (12, "lead", "source")


def test_common_property_does_not_count() -> None:
    index = MelodyIndex()
    index.add("repeated", tune([60] * 50))
    index.add("trill", tune([60, 62] * 20))
    assert index.longest_run(tune([72] * 30)).steps == 0
    assert index.longest_run(tune([72, 74] * 10)).steps == 0


def test_of_a_figure_that_goes_round_one_round_counts() -> None:
    index = MelodyIndex()
    index.add("source", tune([60, 64, 67, 72] * 20))
    # Four different beginnings of three steps, and the two steps after the last of them.
    assert index.longest_run(tune([62, 66, 69, 74] * 10)).steps == 6


def test_runs_do_not_reach_from_one_piece_into_the_next() -> None:
    index = MelodyIndex()
    index.add("a", tune([60, 61, 63, 66]))
    index.add("b", tune([60, 55, 59, 57]))
    joined = tune([60, 61, 63, 66, 61, 65, 63])
    assert index.longest_run(joined).steps == 3


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(60, 63), max_size=30), st.lists(st.integers(60, 63), max_size=30))
def test_runs_are_those_that_brute_force_finds(ours: list[int], theirs: list[int]) -> None:
    index = MelodyIndex()
    index.add("theirs", tune(theirs))
    mine = melody_steps(tune(ours).parts[0].notes)
    other = melody_steps(tune(theirs).parts[0].notes)
    grams = {tuple(other[i:j]) for i in range(len(other)) for j in range(i + 1, len(other) + 1)}
    spans = [(i, j) for i in range(len(mine)) for j in range(i + 1, len(mine) + 1)]
    shared = [mine[i:j] for i, j in spans if tuple(mine[i:j]) in grams]

    def new_in(run: list[tuple[int, int]]) -> int:
        return 2 + len({tuple(run[i : i + 3]) for i in range(len(run) - 2)})

    longest = max((new_in(run) for run in shared if len({p for p, _ in run}) >= 3), default=0)
    assert index.longest_run(tune(ours)).steps == longest
