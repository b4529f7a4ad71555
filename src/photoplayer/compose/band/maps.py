"""Where tempo, meter and key change: at the starts of sections."""

from __future__ import annotations

from photoplayer.compose.plan import Plan
from photoplayer.music.score import KeyChange, Marker, MeterChange, TempoChange, TempoMap


def tempo_map(plan: Plan) -> TempoMap:
    """A change wherever a section has another tempo than the one before."""
    changes: list[TempoChange] = []
    for section, start in zip(plan.sections, plan.starts_q, strict=True):
        if not changes or changes[-1].qpm != section.qpm:
            changes.append(TempoChange(start, section.qpm))
    return TempoMap(tuple(changes))


def meters(plan: Plan) -> tuple[MeterChange, ...]:
    """A change wherever a section has another meter than the one before."""
    changes: list[MeterChange] = []
    for section, start in zip(plan.sections, plan.starts_q, strict=True):
        if not changes or changes[-1].meter != section.meter:
            changes.append(MeterChange(start, section.meter))
    return tuple(changes)


def keys(plan: Plan) -> tuple[KeyChange, ...]:
    """A change wherever a section has another key than the one before."""
    changes: list[KeyChange] = []
    for section, start in zip(plan.sections, plan.starts_q, strict=True):
        if not changes or changes[-1].key != section.key:
            changes.append(KeyChange(start, section.key))
    return tuple(changes)


def markers(plan: Plan) -> tuple[Marker, ...]:
    """One marker a section: its number, mood and letter."""
    return tuple(
        Marker(start, f"{i} {section.mood} {section.label}")
        for i, (section, start) in enumerate(zip(plan.sections, plan.starts_q, strict=True), start=1)
    )
