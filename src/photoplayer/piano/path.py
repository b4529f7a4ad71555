"""The likeliest history of every key: free, pressed, struck again, let go (Viterbi, all keys at once).

Each key is free or held. Per frame it may stay, be pressed, be let go, be struck again without being seen
free, or be tapped: pressed and let go within the frame. What a frame says of a key being held does not count
in the frame of a change, since the change falls somewhere inside it. Scores are log odds against a key that
is never touched, so a history that is worth less than 0 is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from photoplayer.piano.decoder_settings import DecoderSettings
from photoplayer.piano.evidence import Evidence
from photoplayer.piano.roll import Curves

Steps = npt.NDArray[np.uint8]
Held = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]


class Step(IntEnum):
    """What a key does in a frame."""

    STAY = 0
    PRESS = 1
    RELEASE = 2
    AGAIN = 3
    TAP = 4


_IMPOSSIBLE = np.float32(-1e9)


@dataclass(frozen=True, eq=False)
class Path:
    """``steps (frames, 88)`` of :class:`Step`, and ``held (frames, 88)``: whether held after the step."""

    steps: Steps
    held: Held


def best_path(evidence: Evidence, settings: DecoderSettings, *, start: Held | None) -> Path:
    """The likeliest steps through the evidence.

    ``start`` ``(88,)`` says which keys are held before the first frame; None where a stretch begins and
    nobody knows: then a key may begin held, at a price, and none is pressed in the very first frame.
    """
    press, release = evidence.press.odds, evidence.release.odds
    unseen = _release_beside(release)
    again = press + unseen + np.float32(settings.again_bias)
    tap = press + unseen + np.float32(settings.tap_bias)
    free, held = _begin(evidence, settings, start)
    choices = _Choices(press.shape)
    for t in range(int(start is None), len(evidence)):
        stays, pressed, struck = held + evidence.held[t], free + press[t], held + again[t]
        let_go, tapped = held + release[t], free + tap[t]
        held = choices.held.best(t, stays, pressed, struck)
        free = choices.free.best(t, free, let_go, tapped)
    return _trace(choices, held > free)


class _Choices:
    """For every frame and key, how it would best have come to be held, and to be free."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.held = _Choice(shape, Step.PRESS, Step.AGAIN)
        self.free = _Choice(shape, Step.RELEASE, Step.TAP)


class _Choice:
    """The best of staying and two other steps, frame by frame; of equals, to stay."""

    def __init__(self, shape: tuple[int, ...], second: Step, third: Step) -> None:
        self._second, self._third = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        self._codes = second, third

    def best(self, t: int, stay: Scores, second: Scores, third: Scores) -> Scores:
        """The scores of the best steps into frame ``t``."""
        np.greater(second, stay, out=self._second[t])
        best: Scores = np.maximum(stay, second)
        np.greater(third, best, out=self._third[t])
        return np.maximum(best, third, out=best)

    @property
    def crossed(self) -> Held:
        """``(frames, 88)``: whether the best step comes from the other state."""
        return np.asarray(self._second & ~self._third)

    @property
    def steps(self) -> Steps:
        """``(frames, 88)``: the best steps."""
        second, third = (np.uint8(code) for code in self._codes)
        return np.where(self._third, third, np.where(self._second, second, np.uint8(Step.STAY)))


def _release_beside(release: Curves) -> Curves:
    """What speaks against a release in a frame where a press is seen too.

    It may be nearest to the frame before or after. It can do no more than not speak against the press: a
    sure release belongs to the note before, and does not make a new one.
    """
    near = release.copy()
    near[1:] = np.maximum(near[1:], release[:-1])
    near[:-1] = np.maximum(near[:-1], release[1:])
    return np.minimum(near, np.float32(0.0))


def _begin(
    evidence: Evidence, settings: DecoderSettings, start: Held | None
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    keys = evidence.held.shape[1]
    if start is None:
        held = np.full(keys, settings.start_floor, np.float32)
        return np.zeros(keys, np.float32), held + (evidence.held[0] if len(evidence) else np.float32(0.0))
    return np.where(start, _IMPOSSIBLE, np.float32(0.0)), np.where(start, np.float32(0.0), _IMPOSSIBLE)


def _trace(choices: _Choices, last_held: Held) -> Path:
    into_held, into_free = choices.held.crossed, choices.free.crossed
    held = np.zeros(into_held.shape, dtype=bool)
    is_held = last_held
    for t in range(len(held) - 1, -1, -1):
        held[t] = is_held
        is_held = is_held ^ np.where(is_held, into_held[t], into_free[t])
    return Path(np.where(held, choices.held.steps, choices.free.steps), held)
