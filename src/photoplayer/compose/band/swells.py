"""Swells: expression (CC 11) through the piece.

The fewer play, the nearer they stand: expression takes back some of what velocity and the number of
layers do, so that calm parts are heard beside loud ones while touch and timbre still tell them apart.
Held layers breathe with the phrases and grow towards what is announced; in a mood that pumps they duck
under every beat, as if a compressor listened to the kick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from photoplayer.compose.band.layers import LAYERS
from photoplayer.compose.band.passage import Bar, Passage
from photoplayer.compose.band.passages import Setting
from photoplayer.compose.band.styles import STYLES
from photoplayer.music.score import Control

EXPRESSION = 11

SWELLING = ("pad", "brass", "counter")
"""Layers whose instruments can grow while they hold."""

PUMPING = ("pad",)
"""Layers that duck under the beats of a mood that pumps."""

_NEAR, _FARTHER = 122, 38
"""Expression at energy 0, and how much less of it at energy 1: some 5 dB."""

_LIFT = 3
"""How much expression may grow in half a beat after a loud border: what still rings must not swell."""

_BREATH, _GROW, _HUSH, _DUCK = 12, 24, 30, 0.55

_STEPS_OF_DUCK = (_DUCK, 0.8, 0.93, 1.0)
"""Share of its expression that a pumping layer keeps in the quarters of a beat."""

_Level = Callable[[Passage, Bar, float], float]


def swells(settings: Sequence[Setting], starts: Sequence[float]) -> dict[str, tuple[Control, ...]]:
    """Expression for every layer, in quarters from the piece's start."""
    plain = _controls(settings, starts, _standing)
    held = _controls(settings, starts, _breathing)
    controls = {layer: held if layer in SWELLING else plain for layer in LAYERS}
    if any(STYLES[setting.passage.section.mood].pumps for setting in settings):
        pumping = _controls(settings, starts, _breathing, pumps=True)
        controls |= dict.fromkeys(PUMPING, pumping)
    return controls


def _controls(
    settings: Sequence[Setting], starts: Sequence[float], level: _Level, *, pumps: bool = False
) -> tuple[Control, ...]:
    """A value each half beat (each quarter beat where the layer pumps), left out where nothing changes."""
    controls: list[Control] = []
    last = 0.0
    for setting, start in zip(settings, starts, strict=True):
        passage = setting.passage
        ducks = pumps and STYLES[passage.section.mood].pumps
        parts = len(_STEPS_OF_DUCK) if ducks else 2
        step = passage.section.meter.beat_quarters / parts
        for bar in passage.bars:
            for i in range(round(passage.bar_quarters / step)):
                at = bar.onset + i * step
                wanted = level(passage, bar, at)
                last = min(wanted, last + _LIFT) if controls else wanted
                share = _STEPS_OF_DUCK[i % parts] if ducks and _has_kick(passage, bar) else 1.0
                value = max(1, min(127, round(last * share)))
                if not controls or controls[-1].value != value:
                    controls.append(Control(start + at, EXPRESSION, value))
    return tuple(controls)


def _has_kick(passage: Passage, bar: Bar) -> bool:
    return "drums" in bar.layers and bar.level >= 2 and not passage.closes(bar)


def _standing(passage: Passage, bar: Bar, at: float) -> float:
    """How near a player stands at this energy."""
    return _NEAR - _FARTHER * passage.energy_at(at)


def _breathing(passage: Passage, bar: Bar, at: float) -> float:
    """A breath over each phrase, less of it the livelier it is; up in a riser, down before a drop."""
    value = _standing(passage, bar, at)
    if passage.closes(bar):
        left = (passage.end - at) / passage.bar_quarters
        return value - _HUSH * (1 - left)
    phrase = passage.phrases[bar.phrase]
    done = (at / passage.bar_quarters - phrase.start_bar) / phrase.bars
    value += _BREATH * (1 - bar.energy) * (4 * done * (1 - done) - 0.5)
    for turn in passage.turns:
        if turn.onset <= at < turn.offset and turn.kind != "fill":
            goal = _GROW if turn.kind == "riser" else -_HUSH
            value += goal * (at - turn.onset) / (turn.offset - turn.onset)
    return value
