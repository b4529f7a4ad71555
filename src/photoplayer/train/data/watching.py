"""Windows of recorded play for the watching networks: pictures changed in look, and what is true in them.

Recordings differ in tone, colour, framing, status bars, letterboxes, face cameras (``scene_effects``): a
network must not read those. What simulators hardly show is planted: cuts between games under one look, cuts
to black, menus. All of it is drawn by the seed and the number of the window.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError
from photoplayer.scene.affect import LEVELS, METERS, asked, felt
from photoplayer.scene.timeline import RATE_HZ
from photoplayer.train.data import scene_effects as effects
from photoplayer.train.data.arcade import draw_game
from photoplayer.train.data.gameplay import Clip, read_states_of
from photoplayer.train.data.pictures import EVERY, Pictures, watched
from photoplayer.train.data.states import States

STEPS = 72
"""Steps of a window: 24 s."""

TARGETS = ("fight", "intensity", "tension", "valence", "bpm", "energy", "meter", "change", "idle")
"""Columns of what is true: 0/1; curves; tempo's place 0..1; classes; change 1, 0, -1 (unsure); idle 0/1."""

_SOFT_S = 1.0
_JOIN_SHARE, _STILL_SHARE, _PLAIN_SHARE = 0.5, 0.25, 0.15

WEIGHTS = {"freedoom": 3, "openarena": 2, "arcade": 40}
"""How often a game is drawn beside others: those in 3D, and the drawn ones, which are many in one."""

ARCADE_STEPS = 100

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Recording:
    """A clip at 9 Hz, ``(3 * steps, 60, 80, 3)``, and what is true, ``(steps, len(TARGETS))``."""

    name: str
    game: str
    kind: str
    pictures: Pictures
    truth: Floats

    def __len__(self) -> int:
        return len(self.truth)

    def column(self, name: str) -> Floats:
        """One column of what is true."""
        return self.truth[:, TARGETS.index(name)]


def read_recording(clip: Clip, cache: Path) -> Recording:
    """A clip with its pictures from ``cache`` (decoded where they are not there) and its targets."""
    name = f"{clip.kind}_{clip.path.stem}"
    pictures = watched(clip.path, cache / f"{name}.npy")
    truth = targets(clip)
    steps = min(len(truth), len(pictures) // EVERY)
    return Recording(name, clip.game, clip.kind, pictures[: steps * EVERY], truth[:steps])


def arcades(
    count: int, *, seed: int, steps: int = ARCADE_STEPS, behind: Sequence[Recording] = ()
) -> list[Recording]:
    """``count`` games drawn by chance (``arcade``), each played for ``steps``; no clips on disk.

    Pictures of the recordings ``behind`` lie behind some of them.
    """
    found = []
    for number in range(count):
        dice = random.Random(f"arcade/{seed}/{number}")
        stills = [np.array(dice.choice(dice.choice(behind).pictures))] if behind else []
        pictures, states = draw_game(dice, stills).play(steps)
        truth = true_of(states, np.zeros(steps))
        found.append(Recording(f"arcade_{number}", "arcade", "arcade", pictures, truth))
    return found


def targets(clip: Clip) -> Floats:
    """What is true at every step of a clip, ``(steps, len(TARGETS))``."""
    states = read_states_of(clip)
    change = np.zeros(len(states))
    for moment in clip.soft_changes_s:
        at = moment * RATE_HZ
        change[max(round(at - _SOFT_S * RATE_HZ), 0) : round(at + _SOFT_S * RATE_HZ) + 1] = -1
    for moment in clip.changes_s:
        change[min(int(moment * RATE_HZ), len(change) - 1)] = 1
    return true_of(states, change)


def true_of(states: States, change: npt.NDArray[np.float64]) -> Floats:
    """States and changes ``(steps,)`` put through the rule table, ``(steps, len(TARGETS))``."""
    feeling = states.felt()
    fight = states.combat * (1 - states.idle)
    rows = [
        (a, t, v, *_music(a, t, v))
        for a, t, v in zip(feeling.arousal, feeling.tension, feeling.valence, strict=True)
    ]
    return np.column_stack([fight, np.array(rows), change, states.idle]).astype(np.float32)


def _music(arousal: float, tension: float, valence: float) -> tuple[float, float, float]:
    """Tempo's place, energy's class, meter's class."""
    music = asked(arousal, tension, valence)
    return float(np.clip(arousal, 0, 1)), LEVELS.index(music.level), METERS.index(music.meter)


_CALM = felt({})
_STILL = np.array(
    [
        0,
        *(float(_CALM.arousal), float(_CALM.tension), float(_CALM.valence)),
        *_music(float(_CALM.arousal), float(_CALM.tension), float(_CALM.valence)),
        0,
        1,
    ],
    np.float32,
)
"""What is true of a menu or a black screen: nothing goes on."""


@dataclass(frozen=True, eq=False)
class Window:
    """``pictures (steps, 3, 60, 80, 3) uint8`` and ``truth (steps, len(TARGETS))``."""

    pictures: Pictures
    truth: Floats


class Sampler:
    """Draws windows: every game as often as another but for :data:`WEIGHTS`."""

    def __init__(self, recordings: Sequence[Recording], *, seed: int, steps: int = STEPS) -> None:
        self._by_game: dict[str, list[Recording]] = defaultdict(list)
        for recording in recordings:
            if len(recording) > steps:
                self._by_game[recording.game].append(recording)
        if not self._by_game:
            raise InputError(f"no recording is longer than {steps // RATE_HZ} s; record longer clips")
        self._games = sorted(self._by_game)
        self._weights = [WEIGHTS.get(game, 1) for game in self._games]
        self._seed, self._steps = seed, steps
        self._all = [r for game in self._games for r in self._by_game[game]]

    def window(self, number: int) -> Window:
        """The window of this number, always the same."""
        dice = random.Random(f"{self._seed}/{number}")
        lengths = [self._steps]
        if dice.random() < _JOIN_SHARE:
            first = dice.randint(self._steps // 6, self._steps * 5 // 6)
            lengths = [first, self._steps - first]
        one_look = dice.random() < 0.65
        style = effects.draw_style(dice)
        parts: list[Floats] = []
        truths: list[Floats] = []
        for length in lengths:
            recording = self._draw(dice)
            start = self._start(recording, length, dice)
            pictures = recording.pictures[start * EVERY : (start + length) * EVERY]
            truth = recording.truth[start : start + length].copy()
            if not one_look:
                style = effects.draw_style(dice)
            parts.append(
                _hued(style(pictures), dice) if dice.random() > _PLAIN_SHARE else pictures.astype(np.float32)
            )
            if truths:
                truth[0, TARGETS.index("change")] = 1
            truths.append(truth)
        shown, truth = np.concatenate(parts), np.concatenate(truths)
        if dice.random() < _STILL_SHARE:
            _plant_still(shown, truth, dice)
        film = dice.choice(self._all).pictures[: len(shown)]
        mask, overlay = effects.draw_overlay(film, dice)
        shown[:, mask] = overlay[np.arange(len(shown)) % len(overlay)][:, mask]
        final = np.clip(shown, 0, 255).astype(np.uint8)
        return Window(final.reshape(self._steps, EVERY, *final.shape[1:]), truth)

    def _draw(self, dice: random.Random) -> Recording:
        game = dice.choices(self._games, self._weights)[0]
        return dice.choice(self._by_game[game])

    def _start(self, recording: Recording, length: int, dice: random.Random) -> int:
        """Two draws of three look for a window in which something begins or ends."""
        starts = [dice.randint(0, len(recording) - length) for _ in range(3)]
        if dice.random() < 1 / 3:
            return starts[0]
        intensity = recording.column("intensity")
        return max(starts, key=lambda start: float(intensity[start : start + length].std()))


def _hued(pictures: Floats, dice: random.Random) -> Floats:
    """Colours turned a little or a lot: channels mixed or swapped."""
    if dice.random() < 0.5:
        return pictures
    order = list(range(3))
    dice.shuffle(order)
    share = np.float32(dice.uniform(0, 1))
    return np.asarray((1 - share) * pictures + share * pictures[..., order], np.float32)


def _plant_still(shown: Floats, truth: Floats, dice: random.Random) -> None:
    """A menu over play that stands still, or black, for 1 to 6 s."""
    length = dice.randint(RATE_HZ, 6 * RATE_HZ)
    start = dice.randint(0, len(truth) - length)
    pictures = np.s_[start * EVERY : (start + length) * EVERY]
    shown[pictures] = shown[start * EVERY]
    if dice.random() < 0.4:
        shown[pictures] = dice.choice((0.0, 0.0, 6.0, 250.0))
    else:
        effects.menu(shown, start * EVERY, (start + length) * EVERY, dice)
    truth[start : start + length] = _STILL
    edges = [e for e in (start, start + length) if e < len(truth)]
    for edge in edges:
        truth[max(edge - 1, 0) : edge + 2, TARGETS.index("change")] = -1
