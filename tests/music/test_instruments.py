"""The table of instruments is whole, in the order of General MIDI, and its ranges make sense."""

from __future__ import annotations

from typing import get_args

import pytest

from photoplayer.music.drums import drum_kit_name, drum_name
from photoplayer.music.instruments import Family, instrument, program_name

FAMILIES = get_args(Family)


def test_sixteen_families_of_eight() -> None:
    assert [instrument(program).family for program in range(128)] == [f for f in FAMILIES for _ in range(8)]
    assert len({instrument(program).name for program in range(128)}) == 128


def test_names_agree_with_another_table() -> None:
    pretty_midi = pytest.importorskip("pretty_midi")
    theirs = [pretty_midi.program_to_instrument_name(program) for program in range(128)]
    # Spaces and hyphens apart, the one name of two in use (GM 1 and GM 2) differs.
    different = [
        (program_name(i), name)
        for i, name in enumerate(theirs)
        if _letters(program_name(i)) != _letters(name)
    ]
    assert different == [("Synth Voice", "Synth Choir")]
    assert [drum_name(p) for p in (35, 42, 81)] == ["Acoustic Bass Drum", "Closed Hi-Hat", "Open Triangle"]


def _letters(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


@pytest.mark.parametrize("program", range(128))
def test_comfort_lies_within_reach(program: int) -> None:
    it = instrument(program)
    low, high = it.comfortable
    assert 0 <= it.lowest <= low < high <= it.highest <= 127
    assert -1 <= it.pan <= 1
    assert 0 <= it.reverb <= 1


def test_known_facts() -> None:
    violin, bass, piano = instrument(40), instrument(33), instrument(0)
    assert (violin.lowest, violin.is_polyphonic, violin.articulation) == (55, False, "sustained")
    assert (bass.lowest, bass.articulation) == (28, "plucked")
    assert (piano.lowest, piano.highest, piano.articulation) == (21, 108, "struck")
    assert drum_kit_name(0) == "Standard Kit"
    with pytest.raises(ValueError, match="outside"):
        instrument(128)


@pytest.mark.parametrize("program", range(128))
def test_players_have_hands_and_lungs(program: int) -> None:
    it = instrument(program)
    assert it.highest - it.lowest >= 12, "every pitch has an octave within reach"
    assert 1 <= it.most_notes <= 88
    assert not (it.ring_s and it.breath_s), "what rings of itself needs no breath"
    assert it.breath_s == 0 or 4 <= it.breath_s <= 20
    assert 0 <= it.ring_s <= 6


def test_known_players() -> None:
    assert [instrument(program).most_notes for program in (24, 46, 73, 40)] == [6, 8, 1, 1]
    assert instrument(73).breath_s > 0 and instrument(40).breath_s == 0, "a flute breathes, a violin does not"
    assert instrument(107).ring_s > instrument(13).ring_s > 0, "a koto rings longer than a xylophone"
    assert instrument(0).ring_s == 0, "a piano's dampers fall with its keys"
