"""Random playing, and the roll an almost perfect network would give of it."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.piano.roll import Roll

Rows = npt.NDArray[np.float64]


def play(seed: int, *, notes: int = 120, seconds: float = 30.0, shortest_s: float = 0.06) -> Rows:
    """``(notes, 4)`` onset_s, offset_s, pitch, velocity; two notes of a key are 80 ms apart or more."""
    dice = random.Random(seed)
    rows: list[tuple[float, float, float, float]] = []
    while len(rows) < notes:
        onset = dice.uniform(0.5, seconds - 2.0)
        offset = onset + shortest_s + dice.expovariate(3.0)
        pitch = float(dice.randrange(LOWEST_PITCH, LOWEST_PITCH + KEY_COUNT))
        if all(p != pitch or offset + 0.08 < a or onset > b + 0.08 for a, b, p, _ in rows):
            rows.append((onset, offset, pitch, float(dice.randrange(30, 110))))
    return np.array(sorted(rows))


def roll_of(
    rows: Rows,
    *,
    fps: float,
    seconds: float = 30.0,
    noise: float = 0.15,
    seed: int = 1,
    jitter_s: float = 0.0,
    begin_s: float = 0.0,
) -> Roll:
    """Curves with soft edges, noise and small wrong peaks, as trained networks give them."""
    dice = np.random.default_rng(seed)
    times_s = np.arange(begin_s, seconds, 1 / fps)
    times_s = np.sort(times_s + dice.uniform(-jitter_s, jitter_s, len(times_s)))
    shape = (len(times_s), KEY_COUNT)
    down, onset, offset = (np.abs(dice.normal(0.0, noise / 3, shape)) for _ in range(3))
    onset_s, offset_s = np.zeros(shape), np.zeros(shape)
    velocity = np.full(shape, 0.5)
    frame_s = 1 / fps
    for press_s, release_s, pitch, loud in rows:
        key = int(pitch) - LOWEST_PITCH
        held = (times_s > press_s) & (times_s < release_s)
        down[held, key] = 1.0 - np.abs(dice.normal(0.0, noise, int(held.sum())))
        for moment, curve, shift in ((press_s, onset, onset_s), (release_s, offset, offset_s)):
            apart = moment - times_s
            near = np.abs(apart) < 1.5 * frame_s
            soft = np.maximum(1.0 - np.abs(apart[near]) / frame_s, 0.0)
            curve[near, key] = np.maximum(curve[near, key], soft)
            shift[near, key] = apart[near] + dice.normal(0.0, 0.004, int(near.sum()))
            if curve is onset:
                velocity[near, key] = loud / 127
    clipped = [np.clip(curve, 0.0, 1.0).astype(np.float32) for curve in (down, onset, offset)]
    return Roll(
        times_s=times_s,
        down=clipped[0],
        onset=clipped[1],
        onset_s=onset_s.astype(np.float32),
        offset=clipped[2],
        offset_s=offset_s.astype(np.float32),
        velocity=velocity.astype(np.float32),
        seen=np.ones(KEY_COUNT, dtype=bool),
    )


def pieces(roll: Roll, length: int) -> list[Roll]:
    """The same roll in pieces of so many frames."""
    found = []
    for first in range(0, len(roll.times_s), length):
        cut = slice(first, first + length)
        curves = {
            name: getattr(roll, name)[cut]
            for name in ("times_s", "down", "onset", "onset_s", "offset", "offset_s", "velocity")
        }
        found.append(Roll(**curves, seen=roll.seen, continues=first > 0))
    return found
