"""Sketches: sections as a person writes them, and the plan made of them.

Everything in a sketch may be left out. Where a range or several values are given, the seed decides.
"""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from photoplayer.compose.chance import chance
from photoplayer.compose.fit import MAX_BEND
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import MAX_BPM, MAX_DURATION_S, MIN_BPM, Plan, Section, Stinger, section_letter
from photoplayer.errors import PlanError
from photoplayer.music.theory import Key, Meter

log = logging.getLogger(__name__)

ENERGY_WORDS = {"low": 0.2, "medium": 0.5, "high": 0.85}

Slope = Literal["stay", "gradual", "steep"]
_RISE = {"stay": 0.0, "gradual": 0.25, "steep": 0.5}
"""How far the energy moves from the first bar of a section to its last."""

_DEFAULT_MOOD = "village"
_DEFAULT_BARS = 8
_MOST_BARS, _MOST_SECTIONS = 20_000, 5_000
_SHORTEST_S = 0.01
_SAME_LENGTH = 1e-9


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """One section. ``bars`` and ``energy`` with several values: choices in ``bars`` for the seed, values
    per bar in ``energy``. ``seconds`` is a range. ``similar_to`` counts from 0."""

    mood: str | None = None
    meter: Meter | None = None
    key: Key | None = None
    bpm: float | None = None
    bars: tuple[int, ...] = ()
    seconds: tuple[float, float] | None = None
    takes_the_rest: bool = False
    energy: tuple[float, ...] = ()
    slope: Slope = "stay"
    rises: bool = True
    tension: tuple[float, ...] = ()
    valence: float | None = None
    label: str | None = None
    similar_to: int | None = None
    must_have: frozenset[str] = field(default_factory=frozenset)
    must_not_have: frozenset[str] = field(default_factory=frozenset)


def realise(
    sketches: Sequence[Sketch],
    *,
    seed: int,
    duration_s: float | None = None,
    stingers: tuple[Stinger, ...] = (),
    loops: bool = False,
) -> Plan:
    """Make a plan of sketches; with ``duration_s`` the plan lasts that long, exactly.

    The last section (or the one that takes the rest) gives or takes bars, and all tempi bend by what
    is left. Raises :class:`PlanError` where a sketch cannot be played.
    """
    if not sketches:
        raise PlanError("the plan has no sections; write at least one [[section]]")
    if len(sketches) > _MOST_SECTIONS:
        raise PlanError(f"{len(sketches)} sections; write at most {_MOST_SECTIONS}")
    sections: list[Section] = []
    total_s = 0.0
    for i, sketch in enumerate(sketches):
        try:
            sections.append(_section(sketch, i, sections, seed))
        except ValueError as problem:
            raise PlanError(f"section {i + 1} cannot be played: {problem}") from problem
        total_s += sections[-1].duration_s
        if total_s > MAX_DURATION_S:
            raise PlanError(f"section {i + 1} ends after {MAX_DURATION_S / 3600:g} h; write a shorter plan")
    if duration_s is not None:
        elastic = next((i for i, s in enumerate(sketches) if s.takes_the_rest), len(sections) - 1)
        sections = _to_length(sections, elastic, duration_s)
    plan = Plan(tuple(sections), stingers, loops=loops)
    if late := [s for s in stingers if s.time_s >= plan.duration_s]:
        log.warning("the stinger at %g s comes after the end (%.1f s) and is not heard",
                    late[0].time_s, plan.duration_s)  # fmt: skip
    return plan


def _section(sketch: Sketch, index: int, before: Sequence[Section], seed: int) -> Section:
    model = _model(sketch, before)
    mood_name = sketch.mood or (model.mood if model else _DEFAULT_MOOD)
    if mood_name not in MOODS:
        raise ValueError(f"there is no mood {mood_name!r}; choose from {', '.join(MOODS)}")
    mood = MOODS[mood_name]
    same_mood = model if model and model.mood == mood_name else None
    meter = sketch.meter or (same_mood.meter if same_mood else mood.meters[0])
    bpm = sketch.bpm if sketch.bpm is not None else (same_mood.bpm if same_mood else round(sum(mood.bpm) / 2))
    if not MIN_BPM <= bpm <= MAX_BPM:
        raise ValueError(f"{bpm:g} bpm is outside {MIN_BPM:g}..{MAX_BPM:g}")
    if sketch.seconds and not _SHORTEST_S <= sketch.seconds[0] <= sketch.seconds[1] <= MAX_DURATION_S:
        raise ValueError(f"a length of {sketch.seconds[1]:g} s; write {_SHORTEST_S:g} to {MAX_DURATION_S:g}")
    bars = _bars(sketch, meter, bpm, chance(seed, "sketch", index), model)
    if sketch.seconds and sketch.bpm is None:
        bpm = _bent(bpm, bars, meter, sketch.seconds)
    home = before[0].key.tonic if before else chance(seed, "home").randrange(12)
    return Section(
        mood=mood_name,
        bars=bars,
        bpm=bpm,
        meter=meter,
        key=sketch.key or (same_mood.key if same_mood else Key(home, mood.modes[0])),
        energy=_energies(sketch, bars, model, mood.arousal),
        tension=_spread(sketch.tension, bars) if sketch.tension else (mood.tension,) * bars,
        valence=mood.valence if sketch.valence is None else sketch.valence,
        label=sketch.label or _label(sketch, index, before),
        similar_to=sketch.similar_to,
        must_have=sketch.must_have,
        must_not_have=sketch.must_not_have,
    )


def _model(sketch: Sketch, before: Sequence[Section]) -> Section | None:
    """The section whose mood, tempo and length hold where the sketch is silent."""
    if sketch.similar_to is None:
        return before[-1] if before else None
    if not 0 <= sketch.similar_to < len(before):
        raise ValueError("similar_to names a section that does not come before it")
    return before[sketch.similar_to]


def _label(sketch: Sketch, index: int, before: Sequence[Section]) -> str:
    if sketch.similar_to is not None:
        return before[sketch.similar_to].label
    taken = {section.label for section in before}
    return next(name for i in range(index + 1) if (name := section_letter(i)) not in taken)


def _bars(sketch: Sketch, meter: Meter, bpm: float, dice: random.Random, model: Section | None) -> int:
    if sketch.bars:
        bars = dice.choice(sketch.bars)
    elif sketch.seconds:
        low, high = (seconds * bpm / 60 / meter.beats for seconds in sketch.seconds)
        fitting = range(max(math.ceil(low - 1e-6), 1), math.floor(high + 1e-6) + 1)
        bars = min(fitting, key=lambda n: (n % 4 != 0, n % 2, n)) if fitting else max(round(low), 1)
    else:
        bars = model.bars if model and sketch.similar_to is not None else _DEFAULT_BARS
    if not 1 <= bars <= _MOST_BARS:
        raise ValueError(f"{bars:.6g} bars; write 1 to {_MOST_BARS}")
    return bars


def _bent(bpm: float, bars: int, meter: Meter, seconds: tuple[float, float]) -> float:
    """The tempo nearest to ``bpm`` at which the bars last as asked."""
    beats = bars * meter.beats
    slowest, fastest = 60 * beats / seconds[1], 60 * beats / seconds[0]
    return min(max(bpm, slowest), fastest)


def _energies(sketch: Sketch, bars: int, model: Section | None, usual: float) -> tuple[float, ...]:
    if len(sketch.energy) > 1:
        return _spread(sketch.energy, bars)
    if model and sketch.similar_to is not None and not sketch.energy:
        return _spread(model.energy, bars)
    start = sketch.energy[0] if sketch.energy else usual
    rise = _RISE[sketch.slope] * (1 if sketch.rises else -1)
    return tuple(round(min(max(start + rise * i / max(bars - 1, 1), 0.0), 1.0), 3) for i in range(bars))


def _spread(values: tuple[float, ...], bars: int) -> tuple[float, ...]:
    """One value per bar: as given where the count fits, else stretched over the bars."""
    return tuple(values[i * len(values) // bars] for i in range(bars))


def _to_length(sections: list[Section], elastic: int, duration_s: float) -> list[Section]:
    """Give or take bars of one section, then bend all tempi, so that the whole lasts ``duration_s``."""
    total = sum(s.duration_s for s in sections)
    if abs(total / duration_s - 1) < _SAME_LENGTH:
        return sections
    if abs(math.log(total / duration_s)) > MAX_BEND:
        stretchy = sections[elastic]
        room_s = stretchy.duration_s + duration_s - total
        bars = round(room_s / stretchy.bar_s)
        if bars < 1:
            raise PlanError(
                f"the plan lasts {total:.1f} s and the clip {duration_s:.1f} s; shorten the plan's sections"
            )
        log.warning("the plan lasts %.1f s, the clip %.1f s: section %d gets %d bars for %d, and tempi bend",
                    total, duration_s, elastic + 1, bars, stretchy.bars)  # fmt: skip
        sections = [*sections]
        sections[elastic] = replace(
            stretchy,
            bars=bars,
            energy=_spread(stretchy.energy, bars),
            tension=_spread(stretchy.tension, bars),
        )
    bend = sum(s.duration_s for s in sections) / duration_s
    return [replace(s, bpm=s.bpm * bend) for s in sections]
