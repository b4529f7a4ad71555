"""Playing a score onto tape: how long, how it ends, and how a loop closes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np

from photoplayer.music.score import Score
from photoplayer.sound.audio import RATE_HZ, Samples
from photoplayer.sound.events import Orchestra, last_offset, schedule
from photoplayer.sound.synth import Synth
from photoplayer.sound.tape import Tape

BLOCK_FRAMES = 1 << 16
RING_OUT_S = 3.0
"""What is added after the last note when no duration is asked for."""
RELEASE_BEFORE_END_S = 0.7
"""Notes held to the very end of a given duration are let go so long before it."""
FADE_S = 0.3
LOOP_TAIL_S = 8.0
"""How long a loop's sound may ring past its end into its beginning."""

Progress = Callable[[float], None]
"""Told the share done, 0..1."""


@dataclass(frozen=True, slots=True)
class Take:
    """How much is played (``recorded`` samples), how much is kept, and how it ends."""

    frames: int
    recorded: int
    release_by_s: float | None
    fade_frames: int

    @classmethod
    def of(cls, score: Score, duration_s: float | None, *, loop: bool) -> Take:
        if loop:
            frames = round(score.tempo_map.seconds(bar_end(score)) * RATE_HZ)
            return cls(frames, frames + round(LOOP_TAIL_S * RATE_HZ), None, 0)
        release_by_s = None
        if duration_s is None:
            last = last_offset(score)
            ring = score.tempo_map.seconds(last) + RING_OUT_S if last else 0.0
            duration_s = max(score.duration_s, ring)
        else:
            release_by_s = max(duration_s - RELEASE_BEFORE_END_S, 0.0)
        frames = round(duration_s * RATE_HZ)
        return cls(frames, frames, release_by_s, min(round(FADE_S * RATE_HZ), frames))


def bar_end(score: Score) -> float:
    """The first bar line at or after the score's end, in quarters."""
    change = score.meters[-1]
    bars = (score.end - change.onset) / change.meter.quarters
    return change.onset + ceil(round(bars, 6)) * change.meter.quarters


def record(synth: Synth, score: Score, orchestra: Orchestra, take: Take, tape: Tape, tell: Progress) -> None:
    """Play everything onto the tape's stem rows."""
    orchestra.tune(synth)
    events = schedule(score, orchestra, release_by_s=take.release_by_s)
    event = next(events, None)
    block = np.zeros((orchestra.groups, 2, BLOCK_FRAMES), np.float32)
    for start in range(0, take.recorded, BLOCK_FRAMES):
        end = min(start + BLOCK_FRAMES, take.recorded)
        block[:] = 0
        at = start
        while at < end:
            while event and event.frame <= at:
                event.play(synth)
                event = next(events, None)
            until = min(event.frame, end) if event else end
            synth.render(block, at - start, until - at)
            at = until
        played = block[:, :, : end - start].reshape(2 * orchestra.groups, end - start)
        tape.write(start, played * faded(start, end, take))
        tell(end / take.recorded)


def faded(start: int, end: int, take: Take) -> Samples:
    """Gain of samples ``start..end``: 1, and an equal-power fade over the last of them."""
    to_go = take.recorded - np.arange(start, end)
    share = np.minimum(to_go / max(take.fade_frames, 1), 1.0)
    return np.sin(share * (np.pi / 2)).astype(np.float32)


def fold(tape: Tape, frames: int) -> None:
    """Add what was recorded past ``frames`` to the beginning, as often around as it lasts."""
    for start in range(frames, tape.frames, BLOCK_FRAMES):
        ringing = tape.read(start, BLOCK_FRAMES, rows=tape.rows - 1)
        into = start % frames
        while ringing.shape[1]:
            part = ringing[:, : frames - into]
            tape.write(into, tape.read(into, part.shape[1], rows=tape.rows - 1) + part)
            ringing = ringing[:, part.shape[1] :]
            into = 0


def mixed(tape: Tape, start: int, size: int) -> Samples:
    """The stems' sum, ``(2, size)``."""
    rows = tape.read(start, size, rows=tape.rows - 1)
    total: Samples = rows.reshape(-1, 2, rows.shape[1]).sum(axis=0)
    return total
