"""The sustain pedal: what a piano's pedal held, players without one hold with fingers or breath."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from photoplayer.music.instruments import Instrument
from photoplayer.music.score import Control, TempoMap
from photoplayer.sound.timbre.sounding import Line, with_next_onset

_SUSTAIN = 64
_PEDALS = frozenset({_SUSTAIN, 65, 66, 67, 68, 69})
_DOWN = 64
_FADED_S = 6.0
"""A string that the pedal leaves free is hardly heard so long after it was struck."""
_PEDALLED_PROGRAMS = frozenset({*range(6), 11, 14})
"""Pianos, vibraphone and tubular bells have pedals."""


def controls_for(instrument: Instrument, controls: Iterable[Control]) -> tuple[Control, ...]:
    """The controls of a part that mean something to an instrument."""
    has_pedals = instrument.program in _PEDALLED_PROGRAMS
    return tuple(control for control in controls if has_pedals or control.number not in _PEDALS)


_JUST_S = 0.05


class Pedal:
    """When a sustain pedal was down."""

    def __init__(self, controls: Iterable[Control], tempo: TempoMap, *, end_s: float) -> None:
        self._downs: list[float] = []
        self._ups: list[float] = []
        for control in sorted(c for c in controls if c.number == _SUSTAIN):
            at_s, down = tempo.seconds(control.onset), control.value >= _DOWN
            if down and len(self._downs) == len(self._ups):
                self._downs.append(at_s)
            elif not down and len(self._downs) > len(self._ups):
                self._ups.append(at_s)
        if len(self._downs) > len(self._ups):
            self._ups.append(max(end_s, self._downs[-1]))

    def held(self, line: Line) -> Line:
        """The line with notes that the pedal held on, each until the next at the latest."""
        return [
            note.until(max(note.offset_s, min(self._up(note.offset_s), next_s, note.onset_s + _FADED_S)))
            for note, next_s in with_next_onset(line)
        ]

    def let_sound(self, offset_s: float) -> bool:
        """Whether the pedal may have held a note that ended then: it was down, or came up just then."""
        just_before_s = offset_s - _JUST_S
        return self._up(just_before_s) > just_before_s

    def _up(self, time_s: float) -> float:
        """When the pedal that holds at ``time_s`` comes up; else ``time_s``."""
        at = bisect_right(self._downs, time_s) - 1
        return max(self._ups[at], time_s) if at >= 0 else time_s
