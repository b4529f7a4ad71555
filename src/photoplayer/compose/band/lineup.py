"""The line-up of a piece: how large its band is, how full its chords, how busy its players.

A mood says what may play; a piece takes some of it. Without that all pieces of a mood are equally thick,
while real game music ranges from two voices to ten. Energy has no say here: within a piece more of it
always means more.
"""

from __future__ import annotations

from dataclasses import replace

from photoplayer.compose.band.chord_language import LANGUAGES, ChordLanguage
from photoplayer.compose.band.styles import STYLES, Role
from photoplayer.compose.chance import chance

CORE = 5
"""The first layers of a stack carry the mood and are in every line-up."""

SPARED = ("double", "counter", "sparkle", "percussion", "arpeggio", "chords")
"""Layers after the core that a piece may do without."""

BAREST = 0.85
"""In the barest pieces the chance of each sparing: a layer left out, a chord with a voice less, a layer one
level of density below the others. In the richest it is 0."""

THINNED = ("pad", "chords", "brass")
"""Layers whose chords may have a voice less."""

FEWEST_VOICES = 2

EASED = ("chords", "arpeggio", "pulse", "sparkle", "pad")
"""Layers that may take it easier than the others, all through a piece."""

COLOURFUL = 0.35
"""Share of pieces that like notes from outside the key."""

CHROMATIC_LINES = frozenset({"slips", "turning", "creeping"})
"""Lines of figures and chords that slip by semitones."""

SPICIER = 2.5
"""How much oftener colourful pieces borrow chords."""


def stack_of(mood: str, *, seed: int) -> tuple[str, ...]:
    """The layers that play a mood in a piece, first to enter first."""
    stack = STYLES[mood].stack
    return tuple(
        layer
        for i, layer in enumerate(stack)
        if i < CORE or layer not in SPARED or not _is_spared(seed, "layer", layer)
    )


def voices_of(role: Role, *, seed: int) -> int:
    """How many notes the chords of a role have in a piece."""
    fewer = role.layer in THINNED and _is_spared(seed, "voice", role.layer)
    return max(role.voices - fewer, FEWEST_VOICES)


def ease_of(layer: str, *, seed: int) -> int:
    """How many levels of density a layer stays below the others in a piece: 0 or 1."""
    return int(layer in EASED and _is_spared(seed, "ease", layer))


def language_of(mood: str, *, seed: int) -> ChordLanguage:
    """The mood's chord language as this piece speaks it."""
    language = LANGUAGES[mood]
    return replace(language, spice=language.spice * SPICIER) if _is_colourful(seed) else language


def lines_of(role: Role, *, seed: int) -> tuple[str, ...]:
    """The lines that a role chooses from in this piece."""
    slipping = tuple(line for line in role.lines if line in CHROMATIC_LINES)
    return slipping if slipping and _is_colourful(seed) else role.lines


def _is_spared(seed: int, *path: str) -> bool:
    bareness = chance(seed, "line-up").uniform(0, BAREST)
    return chance(seed, "line-up", *path).random() < bareness


def _is_colourful(seed: int) -> bool:
    return chance(seed, "line-up", "colour").random() < COLOURFUL
