"""Plans to try the band on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Plan, Section, Stinger
from photoplayer.music.score import Score
from photoplayer.music.theory import Key, Meter

METERS = (Meter(4, 4), Meter(3, 4), Meter(6, 8))
ODD_METERS = (Meter(2, 4), Meter(5, 4), Meter(7, 8), Meter(9, 8), Meter(12, 8))


def section(
    mood: str = "village", *, bars: int = 8, energy: float | Sequence[float] = 0.5, **other: object
) -> Section:
    """A section in the mood's own middle tempo and first mode, on D."""
    its = MOODS[mood]
    fields: dict[str, object] = {
        "bpm": sum(its.bpm) / 2,
        "meter": its.meters[0],
        "key": Key(2, its.modes[0]),
        "tension": (its.tension,) * bars,
        **other,
    }
    energies = (energy,) * bars if isinstance(energy, float | int) else tuple(energy)
    return Section(mood=mood, bars=bars, energy=energies, **fields)  # type: ignore[arg-type]


def journey(mood: str = "village", *, meter: Meter | None = None, bars: Sequence[int] = (5, 8, 3)) -> Plan:
    """Calm, a wild other mood with a fight in it, and the beginning again; three stingers."""
    first = section(mood, bars=bars[0], energy=0.25)
    wild = section(
        "boss", bars=bars[1], energy=[0.4] * (bars[1] // 2) + [0.9] * (bars[1] - bars[1] // 2), label="B"
    )
    again = section(mood, bars=bars[2], energy=0.6, similar_to=0)
    parts = tuple(replace(s, meter=meter) if meter else s for s in (first, wild, again))
    plan = Plan(parts)
    times = [plan.duration_s * share for share in (0.1, 0.42, 0.8)]
    kinds = ("pickup", "impact", "kill")
    return replace(plan, stingers=tuple(Stinger(t, kind) for t, kind in zip(times, kinds, strict=True)))


def at_energy(plan: Plan, energy: float) -> Plan:
    """The same plan at one energy throughout."""
    return replace(plan, sections=tuple(replace(s, energy=(energy,) * s.bars) for s in plan.sections))


def onsets_in(score: Score, start: float, stop: float, *, layer: str | None = None) -> int:
    """Notes that begin in ``start <= onset < stop`` quarters."""
    return sum(
        start - 1e-6 <= note.onset < stop - 1e-6
        for part in score.parts
        if layer in (None, part.layer)
        for note in part.notes
    )
