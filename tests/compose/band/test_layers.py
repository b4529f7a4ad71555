"""Which layers play."""

from __future__ import annotations

from itertools import pairwise

import pytest
from band_plans import at_energy, section

from photoplayer.compose.band import LAYERS, compose
from photoplayer.compose.band.layers import EXTRA_LAYERS, layers_on
from photoplayer.compose.band.lineup import CORE, stack_of
from photoplayer.compose.band.styles import STYLES
from photoplayer.compose.plan import Plan
from photoplayer.errors import PlanError


def test_energy_turns_on_the_first_layers_of_the_stack() -> None:
    stack = tuple("abcdefghijk")
    plain = section()
    assert layers_on(0.0, stack, plain) == {"a"}
    assert layers_on(0.5, stack, plain) == set("abcdef")
    assert layers_on(1.0, stack, plain) == set(stack)


@pytest.mark.parametrize("mood", sorted(STYLES))
def test_layers_only_grow_with_energy(mood: str) -> None:
    stack, fewest = STYLES[mood].stack, STYLES[mood].fewest
    sets = [layers_on(e / 20, stack, section(mood), fewest=fewest) for e in range(21)]
    assert all(a <= b for a, b in pairwise(sets))
    assert len(sets[0]) == fewest and sets[-1] == set(stack)


@pytest.mark.parametrize("mood", sorted(STYLES))
def test_full_energy_sounds_every_layer_of_the_band(mood: str) -> None:
    score = compose(Plan((section(mood, energy=1.0),)), seed=3)
    assert set(stack_of(mood, seed=3)) <= set(score.layers)


@pytest.mark.parametrize("layer", [name for name in LAYERS if name != "stingers"])
def test_what_must_play_plays_and_what_must_not_does_not(layer: str) -> None:
    wanted = section("calm", energy=0.5, must_have=frozenset({layer}))
    assert layer in compose(Plan((wanted, section("calm", energy=0.9)))).layers
    banned = section("boss", energy=1.0, must_not_have=frozenset({layer}))
    assert layer not in compose(Plan((banned,))).layers


def test_forbidding_the_drums_forbids_their_family() -> None:
    score = compose(Plan((section("boss", energy=1.0, must_not_have=frozenset({"drums"})),)))
    assert not {"drums", "drums-full", "drums-fill"} & set(score.layers)


def test_with_everything_forbidden_there_is_silence() -> None:
    score = compose(Plan((section(must_not_have=frozenset(LAYERS)),)))
    assert not score.parts and score.end > 0


def test_an_unknown_layer_is_named() -> None:
    with pytest.raises(PlanError, match="theremin"):
        compose(Plan((section(must_have=frozenset({"theremin"})),)))


@pytest.mark.parametrize("mood", sorted(STYLES))
def test_layers_change_at_phrase_borders_only(mood: str) -> None:
    """Four bars of a phrase hold the same layers, however the energy moves inside it."""
    plan = Plan((section(mood, bars=8, energy=[0.5, 0.55, 0.45, 0.5, 0.7, 0.75, 0.65, 0.7]),))
    score = compose(at_energy(plan, 0.5))
    steady = set(score.layers) - set(EXTRA_LAYERS)
    stack = stack_of(mood, seed=1)
    assert steady == layers_on(0.5, stack, plan.sections[0], fewest=STYLES[mood].fewest)


@pytest.mark.parametrize("mood", sorted(STYLES))
def test_pieces_differ_in_the_size_of_their_band(mood: str) -> None:
    stacks = [stack_of(mood, seed=seed) for seed in range(30)]
    whole = STYLES[mood].stack
    assert all(stack[:CORE] == whole[:CORE] and set(stack) <= set(whole) for stack in stacks)
    assert len({len(stack) for stack in stacks}) >= 4


def test_a_long_section_has_phrases_in_which_some_rest() -> None:
    score = compose(Plan((section("boss", bars=32, energy=0.9), section("boss", bars=4))), seed=1)
    bar = 4.0
    heard = [
        {
            p.layer
            for p in score.parts
            if p.layer not in EXTRA_LAYERS and any(i * bar <= n.onset < (i + 4) * bar for n in p.notes)
        }
        for i in range(0, 32, 4)
    ]
    assert len({frozenset(layers) for layers in heard}) >= 2
    assert all({"bass", "drums", "lead"} <= layers for layers in heard)
