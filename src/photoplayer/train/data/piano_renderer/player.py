"""From notes to everything that moves: key depths, hands, lamps, at every moment a clip shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.piano_renderer.action import key_depths
from photoplayer.train.data.piano_renderer.fingering import finger
from photoplayer.train.data.piano_renderer.gestures import Excursion, hand_path
from photoplayer.train.data.piano_renderer.hands import Pose, hand_tubes, pose
from photoplayer.train.data.piano_renderer.keys import lay_keys
from photoplayer.train.data.piano_renderer.look import Look
from photoplayer.train.data.piano_renderer.notes import Fingered, KeyPress
from photoplayer.train.data.piano_renderer.scene_pass import NOTHING, Moment
from photoplayer.train.data.piano_renderer.tubes import Tubes

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Which hands are there, where they idle (white widths) and how they leave the keys for a while."""

    hands: tuple[int, ...] = (0, 1)
    homes: Mapping[int, float] = field(default_factory=dict)
    excursions: Mapping[int, Excursion] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Performance:
    """``played``: the labels, with fingers. ``moments`` in order of frame, then of the shutter's steps."""

    played: tuple[Fingered, ...]
    depths: Floats
    poses: tuple[tuple[int, Pose], ...]
    brightness: Floats
    look: Look

    @cached_property
    def _tubes(self) -> Tubes | None:
        return hand_tubes(self.poses, self.look.player) if self.poses else None

    def moment(self, index: int) -> Moment:
        """What the engine draws."""
        hands = self._tubes.triangles(index) if self._tubes else NOTHING.hands
        return Moment(self.depths[index], hands, self._balls(index), float(self.brightness[index]))

    def _balls(self, index: int) -> Floats:
        balls = []
        for _, bones in self.poses:
            tips = bones.fingers[index, :, 3]
            middles = bones.fingers[index, 1:5, 1]
            balls += [(*tip, 8.0) for tip in tips] + [(*m, 10.0) for m in middles[::2]]
            centre = 0.5 * (bones.wrist[index] + bones.fingers[index, 2, 0])
            balls.append((*centre, 26.0))
        return np.array(balls).reshape(-1, 4)


def perform(
    presses: Sequence[KeyPress],
    *,
    duration_s: float,
    look: Look,
    presence: Presence | None = None,
    seed: int = 0,
) -> Performance:
    """Play ``presses`` for ``duration_s`` seconds from the first frame (time 0) with fingers and arms.

    What hands cannot do is left out or shortened: the labels are ``Performance.played``.
    """
    presence = presence or Presence()
    dice = np.random.default_rng([seed, 71])
    piano, player = look.piano, look.player
    on_piano = [
        p for p in presses if piano.first_pitch <= p.pitch <= piano.last_pitch and p.onset_s < duration_s
    ]
    played = finger(on_piano, hands=presence.hands) if presence.hands and on_piano else []
    times = moment_times(duration_s, look)
    keys = lay_keys(piano)
    poses = []
    for hand in presence.hands:
        path = hand_path(
            played,
            hand=hand,
            times=times,
            piano=piano,
            keys=keys,
            player=player,
            dice=dice,
            excursion=presence.excursions.get(hand),
            home=presence.homes.get(hand),
        )
        poses.append((hand, pose(path, player)))
    depths = key_depths([f.press for f in played], times)
    light = look.light
    wander = light.drift * np.sin(2 * np.pi * times / dice.uniform(4, 15) + dice.uniform(0, 6))
    blink = light.flicker * np.sin(2 * np.pi * times * dice.uniform(3, 12))
    return Performance(tuple(played), depths, tuple(poses), 1 + wander + blink, look)


def moment_times(duration_s: float, look: Look) -> Floats:
    """Seconds of every moment drawn: the shutter's steps lie around its frame's time."""
    sensor = look.sensor
    frames = np.arange(round(duration_s * sensor.fps)) / sensor.fps
    steps = (
        (np.arange(sensor.steps) - (sensor.steps - 1) / 2)
        / max(sensor.steps, 1)
        * sensor.shutter
        / sensor.fps
    )
    return np.asarray((frames[:, None] + steps[None]).reshape(-1))
