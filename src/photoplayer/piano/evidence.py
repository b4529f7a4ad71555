"""From a roll's probabilities to evidence: what speaks, frame by frame and key by key, for which event.

Evidence is in log odds. A press is known to the frame at best, and networks spread it over neighbours, more
of them the faster the video; so a curve is first gathered over a short time around each frame, and then only
its peaks count. The time of an event is that of the frames around the peak and the shifts the network gives
there, each weighted by its probability.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.decoder_settings import DecoderSettings
from photoplayer.piano.roll import Curves, Roll

FRAME_S = 0.04
"""The length of frame that ``held_weight`` is for."""

_LONGEST_FRAME_S = 0.1
"""A frame after a hole in the video says no more than one of this length."""
_SUREST = 6.0
"""Log odds beyond this (1 in 400) say nothing of the world any more."""

_UNTOLD = -1.5
_LEAST_REACH_FRAMES = 1.2
"""An event that falls between two frames is said half of each, and is one event."""

Times = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class Event:
    """Presses or releases: ``odds``, the seconds ``at_s`` and ``strength`` 0..1, each ``(frames, 88)``.

    ``peak`` says where the curve has one, and only there ``at_s`` means something.
    """

    odds: Curves
    at_s: Times
    strength: Curves
    peak: Flags

    def since(self, first: int) -> Event:
        """The event's evidence from a frame on, a view."""
        return Event(
            odds=self.odds[first:],
            at_s=self.at_s[first:],
            strength=self.strength[first:],
            peak=self.peak[first:],
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """``held (frames, 88)`` speaks for a key being down through a frame, the events for its changes.

    ``down`` are the roll's own probabilities, even odds of being held at ``even``; ``velocity`` 0..1 of
    MIDI's 127 or None.
    """

    times_s: Times
    held: Curves
    press: Event
    release: Event
    down: Curves
    even: float
    velocity: Curves | None

    def __len__(self) -> int:
        return len(self.times_s)

    def since(self, first: int) -> Evidence:
        """The evidence from a frame on, a view."""
        return Evidence(
            times_s=self.times_s[first:],
            held=self.held[first:],
            press=self.press.since(first),
            release=self.release.since(first),
            down=self.down[first:],
            even=self.even,
            velocity=None if self.velocity is None else self.velocity[first:],
        )


def weigh(roll: Roll, settings: DecoderSettings) -> Evidence:
    """The evidence in a stretch without gaps."""
    times_s = roll.times_s
    frame_s = frame_lengths_s(times_s)
    weights = (settings.held_weight * frame_s / FRAME_S).astype(np.float32)[:, None]
    least_s = _LEAST_REACH_FRAMES * float(np.median(frame_s))
    around = _Around(times_s, max(settings.spread_s, least_s))
    peaks = _Around(times_s, max(settings.apart_s, least_s))
    onset, press_floor = _told(roll.onset, roll.down, settings.press_floor)
    offset, release_floor = _told(roll.offset, roll.down, settings.release_floor)
    return Evidence(
        times_s=times_s,
        held=(log_odds(roll.down) + np.float32(settings.held_bias)) * weights,
        press=_event(onset, roll.onset_s, around, peaks, settings.press_bias, press_floor),
        release=_event(offset, roll.offset_s, around, peaks, settings.release_bias, release_floor),
        down=roll.down,
        even=float(1.0 / (1.0 + np.exp(settings.held_bias))),
        velocity=None if roll.velocity is None else around.mean(roll.velocity, onset),
    )


def _told(curve: Curves | None, down: Curves, floor: float) -> tuple[Curves, float]:
    """A curve and its floor; a network that does not tell of events does not deny them either."""
    return (np.zeros_like(down), max(floor, _UNTOLD)) if curve is None else (curve, floor)


def frame_lengths_s(times_s: Times) -> Times:
    """``(frames,)``: how long each frame stands for."""
    lengths_s = np.gradient(times_s) if len(times_s) > 1 else np.full(len(times_s), FRAME_S)
    return np.asarray(np.clip(lengths_s, 0.0, _LONGEST_FRAME_S))


def log_odds(probability: Curves) -> Curves:
    """Natural logarithm of the odds, cut off at 6 either way."""
    least = 1.0 / (1.0 + np.exp(_SUREST))
    kept = np.clip(probability, least, 1.0 - least).astype(np.float32)
    return np.log(kept / (1.0 - kept))


def _event(
    curve: Curves, shift_s: Curves | None, around: _Around, peaks: _Around, bias: float, floor: float
) -> Event:
    gathered = around.gather(curve)
    odds = log_odds(gathered) + np.float32(bias)
    # Where the network is certain over several frames, the one that it likes best itself.
    peak = peaks.is_highest(gathered + curve) & (odds > floor)
    return Event(
        odds=np.where(peak, odds, np.float32(floor)),
        at_s=around.mean_time(np.zeros_like(curve) if shift_s is None else shift_s, curve),
        strength=np.minimum(gathered, np.float32(1.0)),
        peak=peak,
    )


class _Around:
    """Sums over the frames less than ``reach_s`` from each frame, whatever the frame rate."""

    def __init__(self, times_s: Times, reach_s: float) -> None:
        self._times_s = times_s
        self._reach_s = reach_s
        first = np.searchsorted(times_s, times_s - reach_s, side="right")
        self._most = int((np.arange(len(times_s)) - first).max(initial=0))

    def gather(self, curve: Curves) -> Curves:
        """Sum of neighbours, weighted by a triangle that falls to 0 at the reach."""
        total = np.zeros_like(curve)
        for here, there, weight in self._pairs():
            total[here] += curve[there] * weight
        return total

    def mean(self, values: Curves, chances: Curves) -> Curves:
        """Mean of neighbours' values by triangle and chance; a frame's own value where there is no chance."""
        total = np.zeros_like(values)
        for here, there, weight in self._pairs():
            total[here] += values[there] * chances[there] * weight
        chance = self.gather(chances)
        return np.where(chance > 1e-6, total / np.maximum(chance, 1e-6), values)

    def mean_time(self, shifts_s: Curves, chances: Curves) -> Times:
        """Mean of the moments that neighbours point at, as :meth:`mean`, in seconds."""
        total = np.zeros_like(shifts_s)
        for here, there, weight in self._pairs():
            apart_s = (self._times_s[there] - self._times_s[here]).astype(np.float32)[:, None]
            total[here] += (shifts_s[there] + apart_s) * chances[there] * weight
        chance = self.gather(chances)
        shift = np.where(chance > 1e-6, total / np.maximum(chance, 1e-6), np.float32(0.0))
        return np.asarray(self._times_s[:, None] + shift)

    def is_highest(self, curve: Curves) -> Flags:
        """Whether no frame within the reach is higher; of equals, the first."""
        highest = np.ones(curve.shape, dtype=bool)
        for here, there, weight in self._pairs():
            if here != there:
                later = here.start < there.start
                lower = curve[here] >= curve[there] if later else curve[here] > curve[there]
                highest[here] &= lower | (weight <= 0)
        return highest

    def _pairs(self) -> Iterator[tuple[slice, slice, Curves]]:
        """Slices of frames and of their neighbours so many frames on, and the weights ``(frames, 1)``."""
        count = len(self._times_s)
        for step in range(-self._most, self._most + 1):
            here = slice(max(0, -step), count - max(0, step))
            there = slice(max(0, step), count - max(0, -step))
            apart_s = np.abs(self._times_s[there] - self._times_s[here])
            weight = np.maximum(1.0 - apart_s / self._reach_s, 0.0)
            yield here, there, weight.astype(np.float32)[:, None]
