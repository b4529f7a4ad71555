"""Games that nobody wrote: little arcade games drawn by chance, to teach what a fight looks like anywhere.

A few real games teach a network those games. Here every number is another game: its background, sprites,
colours, camera, traffic and rules are drawn (domain randomisation: Tobin et al. 2017). What they have in
common is what shall be learned: shots, blasts, foes that come at the player are a fight; scenery going by,
traffic in its lanes, a player who wanders, jumps or fires at nothing are none. Drawn at once at the size and
rate of analysis, about a thousand times as fast as they are played.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE
from photoplayer.train.data.pictures import EVERY, Pictures
from photoplayer.train.data.states import States

WIDTH, HEIGHT = ANALYSIS_SIZE
NO_FIGHT_SHARE = 0.4
"""Games in which nothing is ever fought."""

_PHASE_S = (4.0, 14.0)
_FIGHT_REACH_S = 1.0
_BLAST = ((255, 255, 240), (255, 230, 120), (250, 150, 40), (160, 60, 20))

Floats = npt.NDArray[np.float64]


@dataclass
class Mover:
    """Something that moves, in pixels and pixels per picture; ``age`` in pictures."""

    x: float
    y: float
    vx: float
    vy: float
    look: int
    age: int = 0


@dataclass
class Stage:
    """What is on the screen."""

    player: Mover
    foes: list[Mover] = field(default_factory=list)
    traffic: list[Mover] = field(default_factory=list)
    shots: list[Mover] = field(default_factory=list)
    own: list[Mover] = field(default_factory=list)
    blasts: list[Mover] = field(default_factory=list)
    camera: tuple[float, float] = (0.0, 0.0)


class Arcade:
    """One game, drawn by ``dice``; :meth:`play` plays it."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._source = np.random.default_rng(dice.getrandbits(32))
        self._ground = _ground(self._source, dice)
        size = dice.randint(3, 10)
        self._sprites = [_sprite(self._source, max(size + dice.randint(-2, 2), 3)) for _ in range(6)]
        self._shot = tuple(int(v) for v in self._source.integers(120, 256, 3))
        self._shot_size = dice.choice((1, 1, 2, 2, 3))
        self._fights = dice.random() >= NO_FIGHT_SHARE
        self._camera = dice.choice(("fixed", "fixed", "right", "up", "follow", "follow"))
        self._speed = dice.uniform(0.3, 3.0)
        self._lanes = dice.random() < 0.5
        self._traffic = dice.choice((0, 0, 2, 5, 9))
        self._foes = dice.randint(1, 7)
        self._fire = dice.uniform(0.0, 0.25)
        self._idle_fire = dice.choice((0.0, 0.0, 0.0, 0.15))
        self._shakes, self._reddens = dice.random() < 0.2, dice.random() < 0.3
        self._jumps = dice.random() < 0.3

    def play(self, steps: int) -> tuple[Pictures, States]:
        """``(3 * steps, 60, 80, 3)`` pictures and the state at every step."""
        stage = Stage(
            Mover(WIDTH * self._dice.uniform(0.2, 0.8), HEIGHT * self._dice.uniform(0.3, 0.8), 0, 0, 0)
        )
        phases = self._phases(steps * EVERY)
        shown = np.zeros((steps * EVERY, HEIGHT, WIDTH, 3), np.uint8)
        told = np.zeros((steps * EVERY, 3))
        for number, fight in enumerate(phases):
            hurt = self._advance(stage, fight)
            shown[number] = self._draw(stage, hurt)
            told[number] = self._told(stage, hurt)
        return shown, _states(told)

    def _phases(self, count: int) -> npt.NDArray[np.bool_]:
        """Whether it is meant to be a fight, for every picture."""
        phases = np.zeros(count, bool)
        at, fight = 0, self._dice.random() < 0.5
        while at < count:
            length = round(self._dice.uniform(*_PHASE_S) * ANALYSIS_RATE_HZ)
            phases[at : at + length] = fight and self._fights
            at, fight = at + length, not fight
        return phases

    def _advance(self, stage: Stage, fight: bool) -> bool:
        """Everything moves for a ninth of a second; whether the player is hurt."""
        self._steer(stage)
        self._spawn(stage, fight)
        for foe in stage.foes:
            self._hunt(foe, stage, fight)
        for group in (stage.foes, stage.traffic, stage.shots, stage.own, stage.blasts):
            for mover in group:
                mover.x, mover.y, mover.age = mover.x + mover.vx, mover.y + mover.vy, mover.age + 1
        return self._collide(stage)

    def _steer(self, stage: Stage) -> None:
        dice, player = self._dice, stage.player
        if dice.random() < 0.12:
            speed = dice.choice((0.0, 0.5, 1.0)) * self._speed
            player.vx, player.vy = speed * dice.uniform(-1, 1), 0.6 * speed * dice.uniform(-1, 1)
        if self._jumps:
            player.vy = -2.5 if dice.random() < 0.08 else min(player.vy + 0.6, 2.5)
        player.x = float(np.clip(player.x + player.vx, 6, WIDTH - 6))
        player.y = float(np.clip(player.y + player.vy, 6, HEIGHT - 6))
        drift = {"fixed": (0.0, 0.0), "right": (self._speed, 0.0), "up": (0.0, -self._speed)}.get(
            self._camera, (player.vx, player.vy)
        )
        stage.camera = (stage.camera[0] + drift[0], stage.camera[1] + drift[1])

    def _spawn(self, stage: Stage, fight: bool) -> None:
        dice = self._dice
        if fight and len(stage.foes) < self._foes and dice.random() < 0.3:
            x, y = dice.choice(((-3.0, None), (WIDTH + 3.0, None), (None, -3.0)))
            stage.foes.append(
                Mover(
                    x if x is not None else dice.uniform(0, WIDTH),
                    y if y is not None else dice.uniform(0, HEIGHT),
                    0,
                    0,
                    dice.choice((1, 2)),
                )
            )
        if len(stage.traffic) < self._traffic and dice.random() < 0.2:
            way = dice.choice((-1, 1))
            lane = dice.randint(0, 5) * HEIGHT / 6 + 4 if self._lanes else dice.uniform(0, HEIGHT)
            stage.traffic.append(
                Mover(
                    -4.0 if way > 0 else WIDTH + 4.0,
                    lane,
                    way * dice.uniform(0.3, 2.5),
                    0,
                    dice.choice((3, 4, 5)),
                )
            )
        fires = dice.random() < (0.35 if fight and stage.foes else self._idle_fire)
        if fires and self._fights:
            target = stage.foes[0] if stage.foes else Mover(WIDTH, stage.player.y, 0, 0, 0)
            stage.own.append(_aimed(stage.player, target, 5.0))

    def _hunt(self, foe: Mover, stage: Stage, fight: bool) -> None:
        """Foes come, strafe and fire; when the fight is over they leave."""
        dice, player = self._dice, stage.player
        if dice.random() < 0.2:
            towards = (1 if fight else -1) * dice.uniform(0.2, 1.2)
            distance = float(np.hypot(player.x - foe.x, player.y - foe.y)) + 1
            foe.vx = towards * (player.x - foe.x) / distance + dice.gauss(0, 0.8)
            foe.vy = towards * (player.y - foe.y) / distance + dice.gauss(0, 0.8)
        if fight and dice.random() < self._fire:
            stage.shots.append(_aimed(foe, player, dice.uniform(2.0, 4.0)))

    def _collide(self, stage: Stage) -> bool:
        dice = self._dice
        for shot in list(stage.own):
            for foe in list(stage.foes):
                if abs(shot.x - foe.x) + abs(shot.y - foe.y) < 7 and dice.random() < 0.6:
                    stage.foes.remove(foe)
                    stage.own.remove(shot)
                    stage.blasts.append(Mover(foe.x, foe.y, 0, 0, dice.randint(2, 8)))
                    break
        hit = [s for s in stage.shots if abs(s.x - stage.player.x) + abs(s.y - stage.player.y) < 4]
        stage.shots = [s for s in stage.shots if s not in hit and _inside(s)]
        stage.own = [s for s in stage.own if _inside(s)]
        stage.traffic = [t for t in stage.traffic if _inside(t, 8)]
        stage.foes = [f for f in stage.foes if _inside(f, 12)]
        stage.blasts = [b for b in stage.blasts if b.age < len(_BLAST)]
        return bool(hit)

    def _draw(self, stage: Stage, hurt: bool) -> npt.NDArray[np.uint8]:
        left, top = (int(v) for v in stage.camera)
        if self._shakes and stage.blasts:
            left, top = left + self._dice.randint(-2, 2), top + self._dice.randint(-2, 2)
        rows = (np.arange(HEIGHT) + top) % self._ground.shape[0]
        columns = (np.arange(WIDTH) + left) % self._ground.shape[1]
        picture = self._ground[rows][:, columns]
        for mover in (*stage.traffic, *stage.foes, stage.player):
            _paste(picture, self._sprites[mover.look], mover, flipped=mover.vx < 0)
        for shot in (*stage.shots, *stage.own):
            x, y = int(shot.x), int(shot.y)
            picture[max(y, 0) : max(y + self._shot_size, 0), max(x, 0) : max(x + self._shot_size, 0)] = (
                self._shot
            )
        for blast in stage.blasts:
            _burst(picture, blast)
        if hurt and self._reddens:
            picture = (picture * 0.5 + np.array([110, 0, 0])).astype(np.uint8)
        return np.asarray(picture)

    def _told(self, stage: Stage, hurt: bool) -> tuple[float, float, float]:
        """Fighting, danger, pace."""
        player = stage.player
        gaps = [abs(f.x - player.x) + abs(f.y - player.y) for f in stage.foes]
        shots = [abs(s.x - player.x) + abs(s.y - player.y) for s in stage.shots]
        near = max([0.9 * np.exp(-g / 20) for g in gaps] + [np.exp(-g / 15) for g in shots] + [0.9 * hurt])
        engaged = bool(stage.shots or stage.blasts or (gaps and min(gaps) < 35) or (stage.own and gaps))
        scroll = self._speed if self._camera in ("right", "up") else 0.0
        movers = len(stage.foes) + len(stage.traffic)
        moving = 0.45 * min(float(np.hypot(player.vx, player.vy)) / 2, 1) + 0.3 * min(movers / 8, 1)
        return float(engaged), float(near), min(moving + 0.25 * min(scroll / 2, 1), 1.0)


def _states(told: Floats) -> States:
    """From every picture to every step."""
    steps = told.reshape(-1, EVERY, 3)
    fighting = told[:, 0] > 0
    reach = round(_FIGHT_REACH_S * ANALYSIS_RATE_HZ)
    near = np.convolve(fighting, np.ones(2 * reach + 1), mode="same") > 0.5
    count = len(steps)
    none = np.zeros(count)
    return States(
        near.reshape(-1, EVERY).max(axis=1).astype(float), steps[:, :, 1].max(axis=1), np.ones(count),
        steps[:, :, 2].mean(axis=1), np.full(count, 0.5), none, none, none,
    )  # fmt: skip


def _aimed(source: Mover, target: Mover, speed: float) -> Mover:
    distance = float(np.hypot(target.x - source.x, target.y - source.y)) + 0.1
    return Mover(
        source.x,
        source.y,
        speed * (target.x - source.x) / distance,
        speed * (target.y - source.y) / distance,
        0,
    )


def _inside(mover: Mover, margin: float = 2.0) -> bool:
    return -margin <= mover.x < WIDTH + margin and -margin <= mover.y < HEIGHT + margin


def _ground(source: np.random.Generator, dice: random.Random) -> npt.NDArray[np.uint8]:
    """A background that repeats, ``(120, 160, 3)``: plain, blocks, soft noise, stars, tiles, stripes."""
    dark, light = np.sort(source.integers(0, 256, (2, 3)), axis=0).astype(float)
    height, width = 2 * HEIGHT, 2 * WIDTH
    kind = dice.choice(("plain", "blocks", "soft", "stars", "tiles", "stripes"))
    share = np.zeros((height, width))
    if kind in ("blocks", "soft"):
        cell = dice.choice((4, 5, 10, 20))
        share = source.random((height // cell, width // cell)).repeat(cell, axis=0).repeat(cell, axis=1)
        if kind == "soft":
            moves = [(i, j) for i in range(-4, 5, 2) for j in range(-4, 5, 2)]
            share = np.mean([np.roll(share, move, (0, 1)) for move in moves], axis=0)
    elif kind == "stars":
        share = (source.random((height, width)) < 0.01).astype(float)
    elif kind == "tiles":
        cell = dice.choice((5, 10, 20))
        wall = source.random((height // cell, width // cell)) < 0.35
        share = wall.repeat(cell, axis=0).repeat(cell, axis=1).astype(float)
    elif kind == "stripes":
        share = ((np.arange(height) // dice.choice((5, 10, 20))) % 2)[:, None] * np.ones(width)
    noise = source.normal(0, dice.choice((0.0, 4.0, 10.0)), (height, width, 1))
    return np.asarray(np.clip(dark + (light - dark) * share[..., None] + noise, 0, 255), np.uint8)


def _sprite(source: np.random.Generator, size: int) -> npt.NDArray[np.int16]:
    """A little figure, the same on both sides; -1 where one sees through."""
    half = source.random((size, (size + 1) // 2)) < 0.6
    mask = np.concatenate([half, half[:, ::-1]], axis=1)[:, :size]
    colours = source.integers(30, 256, (3, 3))
    shade = source.integers(0, 3, (size, (size + 1) // 2))
    figure = colours[np.concatenate([shade, shade[:, ::-1]], axis=1)[:, :size]]
    return np.where(mask[..., None], figure, -1).astype(np.int16)


def _paste(picture: Pictures, sprite: npt.NDArray[np.int16], mover: Mover, *, flipped: bool) -> None:
    size = len(sprite)
    top, left = int(mover.y) - size // 2, int(mover.x) - size // 2
    rows = slice(max(-top, 0), min(HEIGHT - top, size))
    columns = slice(max(-left, 0), min(WIDTH - left, size))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    part = (sprite[:, ::-1] if flipped else sprite)[rows, columns]
    place = picture[top + rows.start : top + rows.stop, left + columns.start : left + columns.stop]
    np.copyto(place, part.astype(np.uint8), where=part >= 0)


def _burst(picture: Pictures, blast: Mover) -> None:
    radius = blast.look * (0.5 + 0.3 * blast.age)
    top, left = max(int(blast.y - radius), 0), max(int(blast.x - radius), 0)
    place = picture[top : int(blast.y + radius) + 1, left : int(blast.x + radius) + 1]
    if place.size:
        rows, columns = np.ogrid[: place.shape[0], : place.shape[1]]
        inside = np.hypot(rows + top - blast.y, columns + left - blast.x) < radius
        place[inside] = _BLAST[min(blast.age, len(_BLAST) - 1)]
