"""Casting: which instrument plays each layer, the same through the whole piece where moods allow it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from photoplayer.compose.band.energy import BIG_RISE
from photoplayer.compose.band.styles import STYLES, Role, role_for
from photoplayer.compose.chance import chance
from photoplayer.compose.plan import Plan
from photoplayer.music.instruments import instrument

MOST_MELODIC_PARTS = 15
"""MIDI has sixteen channels, one of them the drums'."""

STINGER_PARTS = 3

LONG_BARS = 16
"""A section of so many bars hands its tune on to a second player in the contrasting phrases."""

NARROWEST = 12
"""Semitones that a register keeps when it is cut to an instrument's range."""

_Chair = tuple[str, str, int]
"""Mood, layer, and whether it is the first player (0) or the one for returns (1)."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A layer's instrument in one mood, and the register in which it plays."""

    layer: str
    program: int
    low: int
    high: int


@dataclass(frozen=True)
class Seats:
    """Who plays what. Every second statement of a theme may go to another instrument."""

    taken: dict[_Chair, Seat]

    @classmethod
    def cast(cls, plan: Plan, *, seed: int) -> Seats:
        """Give every layer that a plan may use an instrument, within the channels that MIDI has.

        A mood takes over an instrument that its layer already has where it likes that one too; when the
        channels do not suffice, the rarest instruments give way.
        """
        most = MOST_MELODIC_PARTS - (STINGER_PARTS if plan.stingers else 0)
        programs = _shared(_programs(_wanted(plan), seed), most)
        return cls(
            {
                chair: _seat(role, program)
                for chair, program in programs.items()
                if (role := role_for(chair[0], chair[1]))
            }
        )

    def of(self, mood: str, layer: str, statement: int = 0) -> Seat | None:
        """The seat of a layer, or None for drums."""
        return self.taken.get((mood, layer, statement % 2)) or self.taken.get((mood, layer, 0))


def _wanted(plan: Plan) -> Iterator[_Chair]:
    """The chairs that the sections need, in order."""
    for section in plan.sections:
        yield from ((section.mood, layer, 0) for layer in STYLES[section.mood].stack)
        yield from ((section.mood, layer, 0) for layer in sorted(section.must_have))
    for section, after in zip(plan.sections, [*plan.sections[1:], plan.sections[0]], strict=True):
        energies = (*section.energy, after.energy[0])
        if any(round(b - a, 6) >= BIG_RISE for a, b in pairwise(energies)):
            yield section.mood, "riser", 0
    shares = Counter(section.mood for section in plan.sections)
    for section in plan.sections:
        if section.similar_to is not None:
            yield section.mood, "counter", 0
        if shares[section.mood] > 1 or section.bars >= LONG_BARS:
            yield section.mood, "lead", 1


def _programs(chairs: Iterable[_Chair], seed: int) -> dict[_Chair, int]:
    programs: dict[_Chair, int] = {}
    present: set[tuple[str, int]] = set()
    for mood, layer, turn in dict.fromkeys(chairs):
        role = role_for(mood, layer)
        if role is None or not role.programs:
            continue
        first = programs.get((mood, layer, 0))
        options = [p for p in role.programs if p != first] or list(role.programs)
        shared = [p for p in options if (layer, p) in present]
        programs[mood, layer, turn] = chance(seed, "cast", mood, layer, turn).choice(shared or options)
        present.add((layer, programs[mood, layer, turn]))
    return programs


def _shared(programs: dict[_Chair, int], most: int) -> dict[_Chair, int]:
    """Give up the rarest instrument of the fullest layer until there are ``most`` parts; the lead's last."""
    programs = dict(programs)
    while len(uses := Counter((layer, program) for (_, layer, _), program in programs.items())) > most:
        sizes = Counter(layer for layer, _ in uses)
        fullest = max(sorted(sizes), key=lambda layer: sizes[layer] - (layer == "lead"))
        ranks = sorted((count, program) for (layer, program), count in uses.items() if layer == fullest)
        if len(ranks) < 2:
            break
        rare, kept = ranks[0][1], ranks[-1][1]
        for chair, program in programs.items():
            if chair[1] == fullest and program == rare:
                programs[chair] = kept
    return programs


def _seat(role: Role, program: int) -> Seat:
    player = instrument(program)
    low, high = max(role.low, player.lowest), min(role.high, player.highest)
    if high - low < NARROWEST:
        low = max(player.lowest, min(role.low, player.highest - NARROWEST))
        high = min(player.highest, low + NARROWEST)
    return Seat(role.layer, program, low, high)
