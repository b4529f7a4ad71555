"""The drummer: grids of sixteenths, the same for all bars of a phrase but for the fills."""

from __future__ import annotations

from collections.abc import Mapping

from photoplayer.compose.band.energy import LEVELS, velocity
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.steps import strokes
from photoplayer.compose.band.styles.drum_grids import Grid
from photoplayer.music.score import Note
from photoplayer.music.theory import Meter

STROKE_QUARTERS = 0.125
"""Length of every drum note; drums ring as they like."""

_ACCENTS = {"X": 8.0, "x": 0.0, "o": -16.0, "?": -2.0, ",": -18.0}


def play_drums(passage: Passage, layer: str, grids: Mapping[str, Grid], *, accent: float) -> list[Note]:
    """The strokes of one drum layer."""
    feel = passage.rng(layer, "feel")
    meter = passage.section.meter
    notes = []
    for bar in passage.playing(layer):
        level = bar.level
        if layer in passage.section.must_have:
            level = max(level, _first_level(grids[bar.letter], meter))
        role = passage.phrases[bar.phrase].role
        for pitch, family in grids[bar.letter]:
            for stroke in strokes(family.line(meter, level)):
                if stroke.sign in "?," and passage.rng(layer, role, pitch, str(stroke.at)).random() < 0.5:
                    continue
                onset = bar.onset + stroke.at
                if passage.is_filled(onset):
                    continue
                loud = velocity(passage.energy_at(onset), accent=accent + _ACCENTS[stroke.sign], rng=feel)
                notes.append(Note(onset, onset + STROKE_QUARTERS, pitch, loud))
    return notes


def _first_level(grid: Grid, meter: Meter) -> int:
    """The sparsest level at which anything of a grid sounds: what is asked for must be heard."""
    return next((level for level in range(LEVELS) if any(strokes(f.line(meter, level)) for _, f in grid)), 0)
