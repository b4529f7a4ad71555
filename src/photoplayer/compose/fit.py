"""Fitting bars to a picture: Timeline → Plan, exact to the sample at the end.

Every section is a whole number of bars. Its start may lie up to half a bar from the change of scene it
answers (hardly ever more than ``NOTICED_S``), and its tempo may bend by ``MAX_BEND`` from the tempo its
mood has in this piece; the end of the last one is the end of the picture. Among all such plans,
dynamic programming finds the one with least shift, least bend and the squarest phrases.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from photoplayer.compose.chance import chance
from photoplayer.compose.choose import Choice, affect_between, choose
from photoplayer.compose.plan import Plan, Section, Stinger
from photoplayer.music.theory import Key, Meter
from photoplayer.scene.timeline import Event, Timeline

MAX_BEND = 0.03
NOTICED_S = 0.35
"""A section that starts this far from its change of scene begins to look late (or early)."""

MAX_SHIFT_S = 0.45
"""Unless the tempo is fixed by hand, no start lies farther from its change."""

MIN_SECTION_S = 3.0
"""Changes of scene that follow each other faster are one change to the music."""

STINGER_GAP_S = 4.0
"""Events closer together than this share one accent, the strongest."""

_SHIFTS = 19  # odd, so that no shift at all is one of them
_TEMPO_STEP_BPM = 0.5
_TASTE = 0.25
_Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a person asks of the plan; ``None`` leaves it to the picture."""

    mood: str | None = None
    key: Key | None = None
    meter: Meter | None = None
    bpm: float | None = None
    loops: bool = False


@dataclass(frozen=True)
class _Tempo:
    """The tempo a mood has in this piece, the beats of its bar, and the window it may leave it for."""

    bpm: float
    beats: int
    window: tuple[float, float]

    @property
    def bar_s(self) -> float:
        return self.beats * 60 / self.bpm

    def price(self, bpm: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """What it costs to play at these tempi instead: bending is cheap, another tempo of the same
        mood dear, leaving the mood's window dearer than anything else."""
        bend = np.abs(np.log(bpm / self.bpm)) / MAX_BEND
        low, high = self.window
        outside = np.maximum(low / bpm, bpm / high) - 1
        return np.where(bend <= 1, bend**2, 8.0 + np.minimum(bend / 10, 2.0) + 200 * np.maximum(outside, 0))


def fit(timeline: Timeline, *, seed: int = 1, wishes: Wishes | None = None) -> Plan:
    """Make a plan whose sections follow the timeline's changes and whose length is its length."""
    wishes = wishes or Wishes()
    edges = section_edges(timeline.changes_s, timeline.duration_s)
    spans = list(pairwise(edges))
    affects = [affect_between(timeline, start, end) for start, end in spans]
    choices = choose(affects, seed=seed, mood=wishes.mood, key=wishes.key, meter=wishes.meter)
    tempi = _tempi([end - start for start, end in spans], choices, wishes.bpm, seed)
    bars, starts = _place(edges, tempi, fixed=wishes.bpm is not None)
    sections = [
        _section(timeline, choice, n, start, end)
        for choice, n, start, end in zip(choices, bars, starts, starts[1:], strict=False)
    ]
    return Plan(tuple(sections), stingers(timeline.events), loops=wishes.loops)


def section_edges(changes_s: Sequence[float], duration_s: float) -> list[float]:
    """Section borders in seconds, 0 and the end included, none nearer than ``MIN_SECTION_S``."""
    edges = [0.0]
    for change in sorted(changes_s):
        if change - edges[-1] >= MIN_SECTION_S and duration_s - change >= MIN_SECTION_S:
            edges.append(change)
    return [*edges, duration_s]


def stingers(events: Sequence[Event]) -> tuple[Stinger, ...]:
    """The events worth an accent, strongest first served, in order of time."""
    kept: list[Event] = []  # in order of time, so that only neighbours need a look
    for event in sorted(events, key=lambda e: (-e.strength, e.time_s)):
        at = bisect(kept, event)
        if all(abs(event.time_s - other.time_s) >= STINGER_GAP_S for other in kept[max(at - 1, 0) : at + 1]):
            kept.insert(at, event)
    return tuple(Stinger(e.time_s, e.kind, e.strength) for e in kept)


def _section(timeline: Timeline, choice: Choice, bars: int, start_s: float, end_s: float) -> Section:
    bar_s = (end_s - start_s) / bars
    energy, tension = (
        tuple(
            # Two decimals: a difference in a machine's last bits hardly ever changes a note.
            round(timeline.at(curve, start_s + i * bar_s, start_s + (i + 1) * bar_s), 2)
            for i in range(bars)
        )
        for curve in ("energy", "tension")
    )
    return Section(
        mood=choice.mood.name,
        bars=bars,
        bpm=choice.meter.beats * 60 / bar_s,
        meter=choice.meter,
        key=choice.key,
        energy=energy,
        tension=tension,
        valence=choice.affect.valence,
        label=choice.label,
        similar_to=choice.similar_to,
    )


def _place(edges: Sequence[float], tempi: Sequence[_Tempo], *, fixed: bool) -> tuple[list[int], list[float]]:
    """Bars of every section, and where each starts (the end of the picture last), in seconds.

    With a ``fixed`` tempo starts may lie half a bar from their changes, else ``MAX_SHIFT_S``.
    """
    lengths = np.diff(edges)
    reach_s = max(t.bar_s for t in tempi) / 2 if fixed else MAX_SHIFT_S
    shifts = np.linspace(-reach_s, reach_s, _SHIFTS)
    nowhere = cost = np.zeros(1)
    trail: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]] = []
    before = nowhere
    for i, (length, tempo) in enumerate(zip(lengths, tempi, strict=True)):
        after = nowhere if i == len(lengths) - 1 else shifts
        span = np.maximum(length - before[:, None] + after[None, :], 0.05)
        bars, price = _bars_for(span, tempo)
        total = cost[:, None] + price + (after[None, :] / NOTICED_S) ** 2
        origin = total.argmin(axis=0)
        trail.append((origin, bars[origin, np.arange(len(after))]))
        cost, before = total.min(axis=0), after
    return _walk_back(edges, trail, shifts)


def _walk_back(
    edges: Sequence[float],
    trail: Sequence[tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]],
    shifts: npt.NDArray[np.float64],
) -> tuple[list[int], list[float]]:
    state, bars, starts = 0, [], [edges[-1]]
    for i in reversed(range(len(trail))):
        origin, counts = trail[i]
        bars.append(int(counts[state]))
        state = int(origin[state])
        starts.append(edges[i] + (float(shifts[state]) if i else 0.0))
    return bars[::-1], starts[::-1]


def _bars_for(span_s: _Seconds, tempo: _Tempo) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The best whole number of bars for each span, and its price: bend, then squareness."""
    best_bars = np.ones(span_s.shape, dtype=np.int64)
    best_price = np.full(span_s.shape, np.inf)
    for offset in (-2, -1, 0, 1, 2):
        bars = np.maximum(np.rint(span_s / tempo.bar_s).astype(np.int64) + offset, 1)
        price = tempo.price(bars * tempo.beats * 60 / span_s) + _squareness(bars)
        better = price < best_price
        best_bars, best_price = np.where(better, bars, best_bars), np.where(better, price, best_price)
    return best_bars, best_price


def _squareness(bars: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Phrases of four bars sound at home, pairs of bars do, odd counts less so."""
    return np.where(bars % 4 == 0, 0.0, np.where(bars % 2 == 0, 0.4, 1.0))


def _tempi(lengths: Sequence[float], choices: Sequence[Choice], bpm: float | None, seed: int) -> list[_Tempo]:
    """One tempo per mood and meter for the whole piece: the one its sections bend least from."""
    if bpm is not None:
        return [_Tempo(bpm, choice.meter.beats, (bpm, bpm)) for choice in choices]
    groups: dict[tuple[str, Meter], list[int]] = defaultdict(list)
    for i, choice in enumerate(choices):
        groups[choice.mood.name, choice.meter].append(i)
    chosen = {
        group: _common_tempo([lengths[i] for i in members], [choices[i] for i in members], seed)
        for group, members in groups.items()
    }
    return [chosen[choice.mood.name, choice.meter] for choice in choices]


def _common_tempo(lengths: Sequence[float], choices: Sequence[Choice], seed: int) -> _Tempo:
    mood, meter = choices[0].mood, choices[0].meter
    low, high = mood.bpm
    arousal = float(np.average([c.affect.arousal for c in choices], weights=lengths))
    # The middle of the window suits a scene as aroused as the mood; the seed gives each piece a taste.
    taste = chance(seed, "tempo", mood.name).uniform(-_TASTE, _TASTE)
    wanted = low + (high - low) * min(max(0.5 + arousal - mood.arousal + taste, 0.0), 1.0)
    candidates = [
        _Tempo(float(t), meter.beats, mood.bpm) for t in np.arange(low, high + 0.1, _TEMPO_STEP_BPM)
    ]
    give = np.linspace(-MAX_SHIFT_S, MAX_SHIFT_S, _SHIFTS)
    spans = np.maximum(np.array(lengths)[:, None] + give, 0.05)

    def price(tempo: _Tempo) -> float:
        misfit = _bars_for(spans, tempo)[1] + (give / NOTICED_S) ** 2
        return float(misfit.min(axis=1).mean() + 2 * ((tempo.bpm - wanted) / (high - low)) ** 2)

    return min(candidates, key=price)
