"""Instruments are found by what people call them, and by nothing else."""

from __future__ import annotations

from typing import get_args

import pytest

from photoplayer.errors import PlanError
from photoplayer.music.instrument_names import find_instrument
from photoplayer.music.instruments import PROGRAMS, Family, instrument
from photoplayer.sound.timbre import ENSEMBLES, choose


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_name_and_number_finds_its_own(program: int) -> None:
    own = instrument(program)
    wild = own.name.upper().replace(" ", "  ")
    for text in (own.name, wild, str(program), f"#{program + 1}", f"GM {program + 1}", f" gm{program + 1} "):
        assert find_instrument(text) is own


@pytest.mark.parametrize("family", get_args(Family))
def test_a_family_stands_for_one_of_its_kind(family: str) -> None:
    found = find_instrument(family)
    assert found and (found.family == family or family == "strings")  # strings: the section of them
    assert family in ("reed", "pipe", "synth lead", "bass") or found.is_polyphonic


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("koto", "Koto"),
        ("nylon guitar", "Acoustic Guitar (nylon)"),
        ("guitar", "Acoustic Guitar (nylon)"),
        ("harp", "Orchestral Harp"),
        ("horn", "French Horn"),
        ("violins", "Violin"),
        ("Double-Bass", "Contrabass"),
        ("electric piano", "Electric Piano 1"),
        ("choir", "Choir Aahs"),
        ("saxophone", "Alto Sax"),
        ("brass", "Brass Section"),
        ("strings", "String Ensemble 1"),
    ],
)
def test_what_people_say(text: str, name: str) -> None:
    found = find_instrument(text)
    assert found and found.name == name


def test_ensembles_are_found_too() -> None:
    for ensemble in ENSEMBLES:
        assert choose(ensemble.name.lower()) is ensemble is choose(ensemble.name.replace(" ", "-"))


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("kotto", "Koto"),
        ("string quartett", "String Quartet"),
        ("violine", "Violin"),
        ("qqqqqqqq", "photoplayer instruments"),
        ("", "photoplayer instruments"),
        ("128", "#128"),
        ("#129", "#1 to #128"),
        ("#0", "#1 to #128"),
        ("9999999999", "photoplayer instruments"),
        ("-5", "photoplayer instruments"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest(text: str, needle: str) -> None:
    with pytest.raises(PlanError) as told:
        choose(text)
    assert needle in str(told.value) and "\n" not in str(told.value)
