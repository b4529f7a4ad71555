"""How much of a melody is somebody else's: the longest run of notes it shares with other pieces.

A run is told by its intervals and durations, so a transposed copy is a copy. Runs of few different
intervals (a repeated note, a trill, a scale) belong to everybody and do not count, and of a run only
what is new in it does: two pieces with the same broken chord in every bar share one bar, not a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from photoplayer.music.melody_steps import Step, melody_steps, own_length
from photoplayer.music.score import Part, Score


@dataclass(frozen=True, slots=True)
class SharedRun:
    """``steps`` steps (one less than notes) that part ``part`` of a score shares with piece ``piece``."""

    steps: int = 0
    part: str = ""
    piece: str = ""


class MelodyIndex:
    """Melodies to compare with: a suffix automaton over the steps of every pitched part of each piece.

    Building takes time and memory in proportion to the notes, a query time in proportion to its own.
    """

    def __init__(self) -> None:
        self._states: list[_State] = [_State(length=0, link=-1)]
        self._pieces: list[str] = []

    def add(self, piece: str, score: Score) -> None:
        """Add a piece under a name."""
        self._pieces.append(piece)
        for part in score.parts:
            if not part.is_drum:
                self._add_sequence(melody_steps(part.notes))

    def longest_run(self, score: Score) -> SharedRun:
        """The longest run that any pitched part of ``score`` shares with any piece added."""
        best = SharedRun()
        for part in score.parts:
            if not part.is_drum:
                found = self._longest_in(part)
                best = max(best, found, key=lambda run: run.steps)
        return best

    def _longest_in(self, part: Part) -> SharedRun:
        steps = melody_steps(part.notes)
        best = SharedRun()
        state = length = 0
        for end, step in enumerate(steps, start=1):
            while state and step not in self._states[state].next:
                state = self._states[state].link
                length = self._states[state].length
            if step in self._states[state].next:
                state = self._states[state].next[step]
                length += 1
            else:
                state = length = 0
            if length > best.steps and (own := own_length(steps[end - length : end])) > best.steps:
                best = SharedRun(own, part.name, self._pieces[self._states[state].piece])
        return best

    def _add_sequence(self, steps: Sequence[Step]) -> None:
        """Blumer et al. (1985), for several words: each begins again at the first state."""
        last = 0
        for step in steps:
            last = self._extend(last, step)

    def _extend(self, last: int, step: Step) -> int:
        states = self._states
        known = states[last].next.get(step)
        if known is not None:
            if states[known].length == states[last].length + 1:
                return known
            return self._split(last, step, known)
        new = len(states)
        states.append(_State(states[last].length + 1, 0, piece=len(self._pieces) - 1))
        at = last
        while at != -1 and step not in states[at].next:
            states[at].next[step] = new
            at = states[at].link
        if at != -1:
            other = states[at].next[step]
            is_direct = states[other].length == states[at].length + 1
            states[new].link = other if is_direct else self._split(at, step, other)
        return new

    def _split(self, at: int, step: Step, other: int) -> int:
        """A copy of state ``other`` for the shorter words that reach it through ``at``."""
        states = self._states
        clone = len(states)
        old = states[other]
        states.append(_State(states[at].length + 1, old.link, dict(old.next), old.piece))
        old.link = clone
        while at != -1 and states[at].next.get(step) == other:
            states[at].next[step] = clone
            at = states[at].link
        return clone


@dataclass(slots=True)
class _State:
    length: int
    link: int
    next: dict[Step, int] = field(default_factory=dict)
    piece: int = 0
