"""The layers of the band: what each one is, and which of them play.

A layer is the unit of the mix, of the stems and of the plan's ``must_have`` and ``must_not_have``. A
mood stacks some of them in order; the energy of a phrase decides how far up the stack it plays.
"""

from __future__ import annotations

from collections.abc import Sequence

from photoplayer.compose.plan import Section
from photoplayer.errors import PlanError

LAYERS: dict[str, str] = {
    "pad": "held chords: strings, choir, warm synths",
    "bass": "the bass line",
    "pulse": "a repeated figure low or in the middle that keeps time without drums",
    "drums": "the light kit: kick, hats, side stick",
    "drums-full": "the rest of the kit: snare, toms, ride, open hats",
    "drums-fill": "fills, crashes and risers where something changes",
    "percussion": "shakers, tambourine, congas, ethnic drums",
    "chords": "rhythmic accompaniment",
    "arpeggio": "broken chords",
    "lead": "the melody",
    "double": "the melody doubled, mostly an octave away",
    "counter": "a second melody under or over the first",
    "brass": "stabs and held chords that add weight",
    "sparkle": "high bells and plucks",
    "riser": "a run up the scale into a big jump of energy",
    "stingers": "accents on the moments the plan names",
}
"""Every layer and what it plays. Forbidding ``drums`` forbids ``drums-full`` and ``drums-fill`` too; asking
for ``stingers`` or a ``riser`` does not invent moments for them."""

EXTRA_LAYERS = ("drums-fill", "riser", "stingers")
"""Layers outside the stacks: they play where something happens."""


def check_layers(sections: Sequence[Section]) -> None:
    """Raise :class:`PlanError` where a section names a layer that no band has."""
    for number, section in enumerate(sections, start=1):
        for name in sorted(section.must_have | section.must_not_have):
            if name not in LAYERS:
                raise PlanError(f"Section {number} names the layer {name!r}; use {', '.join(LAYERS)}.")


def is_forbidden(layer: str, section: Section) -> bool:
    """Whether the section must not have this layer, by its own name or by its family's."""
    return layer in section.must_not_have or layer.split("-")[0] in section.must_not_have


def layers_on(energy: float, stack: Sequence[str], section: Section, *, fewest: int = 1) -> frozenset[str]:
    """The layers that play at an energy: the first ``round(fewest + e (n - fewest))`` of the stack.

    What the section forces is added, what it forbids is never heard; the rest of the stack moves up.
    """
    allowed = [layer for layer in stack if not is_forbidden(layer, section)]
    first = min(fewest, len(allowed))
    count = round_half_up(first + energy * (len(allowed) - first))
    forced = (layer for layer in section.must_have if not is_forbidden(layer, section))
    return frozenset([*allowed[:count], *forced])


def round_half_up(value: float) -> int:
    """Nearest integer; halves go up, whatever the last bits of ``value`` say."""
    return int(round(value, 6) + 0.5)
