"""Casting: which instrument plays each layer, the same through the whole piece where moods allow it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from photoplayer.compose.band.styles import Role, role_for
from photoplayer.compose.chance import chance
from photoplayer.music.instruments import instrument

NARROWEST = 12
"""Semitones that a register keeps when it is cut to an instrument's range."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A layer's instrument in one mood, and the register in which it plays."""

    layer: str
    program: int
    low: int
    high: int


def cast(wanted: Iterable[tuple[str, str]], *, seed: int, most_parts: int) -> dict[tuple[str, str], Seat]:
    """The seat of each (mood, layer), with at most ``most_parts`` different instruments and layers.

    ``wanted`` comes in the order of the sections. A mood takes over an instrument that its layer already
    has where it likes that one too; when the seats do not suffice, the rarest give way.
    """
    programs: dict[tuple[str, str], int] = {}
    uses: Counter[tuple[str, int]] = Counter()
    for mood, layer in wanted:
        role = role_for(mood, layer)
        if role is None or not role.programs:
            continue
        if (mood, layer) not in programs:
            present = [p for p in role.programs if uses[layer, p]]
            programs[mood, layer] = chance(seed, "cast", mood, layer).choice(present or role.programs)
        uses[layer, programs[mood, layer]] += 1
    _share(programs, uses, most_parts)
    return {
        (mood, layer): _seat(role, program)
        for (mood, layer), program in programs.items()
        if (role := role_for(mood, layer))
    }


def _share(programs: dict[tuple[str, str], int], uses: Counter[tuple[str, int]], most_parts: int) -> None:
    """Give up the rarest instrument of the fullest layer until the parts suffice."""
    while len(uses) > most_parts:
        in_layer = Counter(layer for layer, _ in uses)
        layer = max(sorted(in_layer), key=lambda name: in_layer[name])
        rivals = sorted((count, program) for (name, program), count in uses.items() if name == layer)
        if len(rivals) < 2:
            return
        (count, rare), (_, kept) = rivals[0], rivals[-1]
        for key, program in programs.items():
            if key[1] == layer and program == rare:
                programs[key] = kept
        uses[layer, kept] += count
        del uses[layer, rare]


def _seat(role: Role, program: int) -> Seat:
    player = instrument(program)
    low, high = max(role.low, player.lowest), min(role.high, player.highest)
    if high - low < NARROWEST:
        low = max(player.lowest, min(role.low, player.highest - NARROWEST))
        high = min(player.highest, low + NARROWEST)
    return Seat(role.layer, program, low, high)
