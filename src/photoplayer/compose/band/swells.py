"""Swells: held layers breathe with the phrases and grow towards what is announced (CC 11, expression)."""

from __future__ import annotations

from collections.abc import Sequence

from photoplayer.compose.band.passage import Bar, Passage
from photoplayer.compose.band.passages import Setting
from photoplayer.music.score import Control

EXPRESSION = 11

SWELLING = ("pad", "brass", "counter")
"""Layers whose instruments can grow while they hold."""

_REST, _BREATH, _FULL, _HUSHED = 94, 14, 122, 66


def swells(settings: Sequence[Setting], starts: Sequence[float]) -> dict[str, tuple[Control, ...]]:
    """Expression for the swelling layers, in quarters from the piece's start."""
    controls: list[Control] = []
    for setting, start in zip(settings, starts, strict=True):
        passage = setting.passage
        step = passage.section.meter.beat_quarters / 2
        for bar in passage.bars:
            for i in range(round(passage.bar_quarters / step)):
                at = bar.onset + i * step
                value = _dying(passage, at) if passage.closes(bar) else _expression(passage, bar, at)
                if not controls or controls[-1].value != value:
                    controls.append(Control(start + at, EXPRESSION, value))
    return dict.fromkeys(SWELLING, tuple(controls))


def _expression(passage: Passage, bar: Bar, at: float) -> int:
    """A breath over each phrase, less of it the livelier it is; up in a riser, down before a drop."""
    phrase = passage.phrases[bar.phrase]
    done = (at / passage.bar_quarters - phrase.start_bar) / phrase.bars
    value = _REST + _BREATH * (1 - bar.energy) * (4 * done * (1 - done) - 0.5) + 20 * bar.energy
    for turn in passage.turns:
        if turn.onset <= at < turn.offset and turn.kind != "fill":
            goal = _FULL if turn.kind == "riser" else _HUSHED
            value += (goal - value) * (at - turn.onset) / (turn.offset - turn.onset)
    return max(1, min(127, round(value)))


def _dying(passage: Passage, at: float) -> int:
    """The last chord dies away."""
    left = (passage.end - at) / passage.bar_quarters
    return round(_HUSHED + (_REST - _HUSHED) * left)
