"""The step language, and the tables written in it."""

from __future__ import annotations

import pytest
from band_plans import METERS, ODD_METERS

from photoplayer.compose.band.energy import LEVELS
from photoplayer.compose.band.layers import LAYERS
from photoplayer.compose.band.steps import Family, Stroke, strokes
from photoplayer.compose.band.styles import STYLES
from photoplayer.compose.band.styles.bass_lines import BASS
from photoplayer.compose.band.styles.chord_lines import ARPEGGIOS, CHORDS, PULSES, SPARKLES
from photoplayer.compose.band.styles.drum_grids import GRIDS
from photoplayer.compose.moods import MOODS
from photoplayer.music.instruments import instrument
from photoplayer.music.theory import Meter

FAMILIES = {**BASS, **CHORDS, **ARPEGGIOS, **PULSES, **SPARKLES}


def test_a_line_reads_as_strokes() -> None:
    assert strokes("R--..5-.") == (Stroke(0.0, 0.75, "R"), Stroke(1.25, 0.5, "5"))


def test_a_line_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 steps"):
        Family(("R---",) * LEVELS)


@pytest.mark.parametrize("meter", (*METERS, *ODD_METERS), ids=str)
def test_every_family_fills_a_bar_of_any_meter(meter: Meter) -> None:
    drums = [family for grid in GRIDS.values() for _, family in grid]
    for family in (*FAMILIES.values(), *drums):
        for level in range(LEVELS):
            assert len(family.line(meter, level)) == round(meter.quarters * 4)


@pytest.mark.parametrize("name", sorted(FAMILIES))
@pytest.mark.parametrize("meter", METERS, ids=str)
def test_density_never_falls_with_energy(name: str, meter: Meter) -> None:
    counts = [len(strokes(FAMILIES[name].line(meter, level))) for level in range(LEVELS)]
    assert counts == sorted(counts)


@pytest.mark.parametrize("name", sorted(GRIDS))
@pytest.mark.parametrize("meter", METERS, ids=str)
def test_drums_get_busier_with_energy(name: str, meter: Meter) -> None:
    counts = [sum(len(strokes(f.line(meter, level))) for _, f in GRIDS[name]) for level in range(LEVELS)]
    assert counts == sorted(counts) and counts[-1] >= 3 * max(counts[0], 1)


def test_every_mood_has_a_style_of_known_layers_and_lines() -> None:
    assert set(STYLES) == set(MOODS)
    for style in STYLES.values():
        assert 8 <= len(style.stack) <= 12
        assert len(set(style.stack)) == len(style.stack)
        assert "lead" in style.stack and set(style.stack) <= set(LAYERS)
        for role in style.roles:
            known = FAMILIES if role.programs else GRIDS
            assert set(role.lines) <= set(known)


def test_chords_go_to_instruments_that_can_play_them() -> None:
    for style in STYLES.values():
        for role in style.roles:
            for program in role.programs:
                player = instrument(program)
                assert player.highest - player.lowest >= 12, (role, player)
                if role.layer in ("pad", "chords", "brass"):
                    assert player.is_polyphonic, (role, player)
