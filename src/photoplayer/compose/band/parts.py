"""From what was played, by layer and program, to the parts of a score, each in its place in the mix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from photoplayer.compose.band.layers import LAYERS
from photoplayer.compose.band.mix import place_of
from photoplayer.compose.band.perform import Played
from photoplayer.music.instruments import program_name
from photoplayer.music.score import Control, Note, Part

NO_CONTROLS: Mapping[str, tuple[Control, ...]] = MappingProxyType({})


def moved(note: Note, by: float) -> Note:
    """The note ``by`` quarters later."""
    return Note(note.onset + by, note.offset + by, note.pitch, note.velocity)


def parts(lines: Played, controls: Mapping[str, tuple[Control, ...]] = NO_CONTROLS) -> Iterator[Part]:
    """Parts in the order of the layers, those without a note left out."""
    order = list(LAYERS)
    for layer, program in sorted(lines, key=lambda key: (order.index(key[0]), key[1] or 0)):
        notes = lines[layer, program]
        if not notes:
            continue
        place = place_of(layer, program)
        yield Part(
            name=layer if program is None else f"{layer}: {program_name(program)}",
            program=program or 0,
            notes=tuple(sorted(notes)),
            is_drum=program is None,
            layer=layer,
            volume=place.volume,
            pan=place.pan,
            reverb=place.reverb,
            controls=controls.get(layer, ()),
        )
