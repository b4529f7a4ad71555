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
    on_steps, off_steps = np.zeros(press.shape, np.uint8), np.zeros(press.shape, np.uint8)
    first = 0
    if start is None and len(evidence):
        on_steps[0] = off_steps[0] = Step.STAY
        first = 1
    for t in range(first, len(evidence)):
        stays, pressed, struck = held + evidence.held[t], free + press[t], held + again[t]
        let_go, tapped = held + release[t], free + tap[t]
        on_steps[t] = np.where(
            (stays >= pressed) & (stays >= struck),
            Step.STAY,
            np.where(pressed >= struck, Step.PRESS, Step.AGAIN),
        )
        off_steps[t] = np.where(
            (free >= let_go) & (free >= tapped), Step.STAY, np.where(let_go >= tapped, Step.RELEASE, Step.TAP)
        )
        held = np.maximum(np.maximum(stays, pressed), struck)
        free = np.maximum(np.maximum(free, let_go), tapped)
    return _trace(on_steps, off_steps, held > free)


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


def _trace(on_steps: Steps, off_steps: Steps, is_held: Held) -> Path:
    steps = np.zeros_like(on_steps)
    held = np.zeros(on_steps.shape, dtype=bool)
    for t in range(len(steps) - 1, -1, -1):
        steps[t] = np.where(is_held, on_steps[t], off_steps[t])
        held[t] = is_held
        is_held = (is_held & (steps[t] != Step.PRESS)) | (steps[t] == Step.RELEASE)
    return Path(steps, held)
