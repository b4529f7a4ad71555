"""Drawn games in two dimensions: seen from above or from the side, standing, scrolling or following."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from photoplayer.train.data.arcade.canvas import (
    BLAST,
    HEIGHT,
    WIDTH,
    Weather,
    block,
    bright_colour,
    burst,
    draw_sprite,
    line,
    paste,
)
from photoplayer.train.data.arcade.grounds import Ground, draw_ground
from photoplayer.train.data.arcade.phases import draw_phases
from photoplayer.train.data.arcade.told import states_of
from photoplayer.train.data.pictures import EVERY, Pictures
from photoplayer.train.data.states import States

NO_FIGHT_SHARE = 0.4
"""Games in which nothing is ever fought."""

_NEAR = 35
"""Distance of a foe, pixels, from which on it counts as a fight."""


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
    coins: list[Mover] = field(default_factory=list)
    shots: list[Mover] = field(default_factory=list)
    own: list[Mover] = field(default_factory=list)
    blasts: list[Mover] = field(default_factory=list)
    camera: tuple[float, float] = (0.0, 0.0)


class Flat:
    """One game, drawn by ``dice``; :meth:`play` plays it. ``still``: a ground instead of a drawn one."""

    def __init__(self, dice: random.Random, still: Ground | None = None) -> None:
        self._dice = dice
        self._source = np.random.default_rng(dice.getrandbits(32))
        self._ground = draw_ground(self._source, dice) if still is None else still
        size = dice.randint(3, 12)
        sizes = [size + dice.randint(-2, 2) for _ in range(6)]
        sizes[2] = dice.choice((size, size, 2 * size, dice.randint(16, 28)))  # some foes are giants
        self._sprites = [draw_sprite(self._source, max(each, 3)) for each in sizes]
        self._shot, self._shot_size = bright_colour(dice), dice.choice((1, 1, 2, 2, 3))
        self._peaceful = dice.random() < NO_FIGHT_SHARE
        self._camera = dice.choice(("fixed", "fixed", "right", "up", "follow", "follow"))
        self._speed = dice.uniform(0.3, 3.0)
        self._lanes = dice.random() < 0.5
        self._traffic = dice.choice((0, 0, 2, 5, 9))
        self._coins = dice.choice((0, 0, 0, 3, 8))
        self._foes = dice.choice((1, 2, 3, 5, 7, 12))
        self._marching = dice.random() < 0.25
        self._fire = dice.uniform(0.0, 0.25) / max(1.0, self._foes / 5)
        self._beams = dice.random() < 0.15
        self._idle_fire = dice.choice((0.0, 0.0, 0.0, 0.15))
        self._shakes, self._reddens = dice.random() < 0.2, dice.random() < 0.3
        self._jumps = dice.random() < 0.35
        self._weather = Weather(dice)

    @property
    def standing(self) -> bool:
        """Whether the camera stands still."""
        return self._camera == "fixed"

    def play(self, steps: int) -> tuple[Pictures, States]:
        """``(3 * steps, 60, 80, 3)`` pictures and the state at every step."""
        stage = Stage(
            Mover(WIDTH * self._dice.uniform(0.2, 0.8), HEIGHT * self._dice.uniform(0.3, 0.8), 0, 0, 0)
        )
        phases = draw_phases(self._dice, steps * EVERY, peaceful=self._peaceful)
        shown = np.zeros((steps * EVERY, HEIGHT, WIDTH, 3), np.uint8)
        told = np.zeros((steps * EVERY, 3))
        for number, fight in enumerate(phases):
            hurt = self._advance(stage, bool(fight))
            shown[number] = self._draw(stage, hurt)
            self._weather.draw(shown[number], number)
            told[number] = self._told(stage, hurt)
        return shown, states_of(told)

    def _advance(self, stage: Stage, fight: bool) -> bool:
        """Everything moves for a ninth of a second; whether the player is hurt."""
        self._steer(stage)
        self._spawn_foes(stage, fight)
        self._spawn_others(stage)
        for foe in stage.foes:
            self._hunt(foe, stage, fight)
        for group in (stage.foes, stage.traffic, stage.coins, stage.shots, stage.own, stage.blasts):
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

    def _spawn_foes(self, stage: Stage, fight: bool) -> None:
        dice = self._dice
        if fight and self._marching and not stage.foes:
            look, gap = dice.choice((1, 2)), dice.randint(8, 14)
            stage.foes += [Mover(8 + gap * (i % 5), -8 + gap * (i // 5), 0, 0, look) for i in range(10)]
        elif fight and not self._marching and len(stage.foes) < self._foes and dice.random() < 0.3:
            x, y = dice.choice(
                (
                    (-3.0, dice.uniform(0, HEIGHT)),
                    (WIDTH + 3.0, dice.uniform(0, HEIGHT)),
                    (dice.uniform(0, WIDTH), -3.0),
                )
            )
            stage.foes.append(Mover(x, y, 0, 0, dice.choice((1, 2))))
        if not self._peaceful and dice.random() < (0.35 if fight and stage.foes else self._idle_fire):
            target = dice.choice(stage.foes) if stage.foes else Mover(WIDTH, stage.player.y, 0, 0, 0)
            stage.own.append(_aimed(stage.player, target, 5.0))

    def _spawn_others(self, stage: Stage) -> None:
        """Traffic on its ways, and things that lie about and come nearer as the camera moves."""
        dice = self._dice
        if len(stage.traffic) < self._traffic and dice.random() < 0.2:
            way = dice.choice((-1, 1))
            lane = dice.randint(0, 5) * HEIGHT / 6 + 4 if self._lanes else dice.uniform(0, HEIGHT)
            stage.traffic.append(
                Mover(
                    -4.0 if way > 0 else WIDTH + 4.0,
                    lane,
                    way * dice.uniform(0.3, 1.5) * self._speed,
                    0,
                    dice.choice((3, 4)),
                )
            )
        if len(stage.coins) < self._coins and dice.random() < 0.2:
            going = {"right": (-self._speed, 0.0), "up": (0.0, self._speed)}.get(self._camera, (0.0, 0.0))
            x = WIDTH + 3.0 if going[0] else dice.uniform(4, WIDTH - 4)
            y = -3.0 if going[1] else dice.uniform(4, HEIGHT - 4)
            stage.coins.append(Mover(x, y, *going, 5))

    def _hunt(self, foe: Mover, stage: Stage, fight: bool) -> None:
        """Foes come, strafe and fire, or march in rows; when the fight is over they leave."""
        dice, player = self._dice, stage.player
        if self._marching:
            foe.vx = 0.8 if (foe.age // 24) % 2 == 0 else -0.8
            foe.vy = 0.25 if fight else -2.0
        elif dice.random() < 0.2:
            towards = (1 if fight else -1) * dice.uniform(0.2, 1.2)
            distance = float(np.hypot(player.x - foe.x, player.y - foe.y)) + 1
            foe.vx = towards * (player.x - foe.x) / distance + dice.gauss(0, 0.8)
            foe.vy = towards * (player.y - foe.y) / distance + dice.gauss(0, 0.8)
        if fight and dice.random() < self._fire:
            stage.shots.append(_aimed(foe, player, dice.uniform(2.0, 4.0)))

    def _collide(self, stage: Stage) -> bool:
        dice, player = self._dice, stage.player
        for shot in list(stage.own):
            for foe in list(stage.foes):
                reach = 7 if len(self._sprites[foe.look]) < 14 else 12
                if _gap(shot, foe) < reach and dice.random() < 0.6:
                    stage.own.remove(shot)
                    stage.blasts.append(Mover(foe.x, foe.y, 0, 0, dice.randint(2, 8)))
                    if reach == 7 or dice.random() < 0.2:
                        stage.foes.remove(foe)
                    break
        hit = [s for s in stage.shots if _gap(s, player) < 4]
        stage.shots = [s for s in stage.shots if s not in hit and _inside(s)]
        stage.own = [s for s in stage.own if _inside(s)]
        stage.traffic = [t for t in stage.traffic if _inside(t, 8)]
        stage.coins = [c for c in stage.coins if _inside(c, 8) and _gap(c, player) > 6]
        stage.foes = [f for f in stage.foes if _inside(f, 12)]
        stage.blasts = [b for b in stage.blasts if b.age < len(BLAST)]
        return bool(hit)

    def _draw(self, stage: Stage, hurt: bool) -> npt.NDArray[np.uint8]:
        left, top = (int(v) for v in stage.camera)
        if self._shakes and stage.blasts:
            left, top = left + self._dice.randint(-2, 2), top + self._dice.randint(-2, 2)
        rows = (np.arange(HEIGHT) + top) % self._ground.shape[0]
        columns = (np.arange(WIDTH) + left) % self._ground.shape[1]
        picture = self._ground[rows][:, columns]
        for mover in (*stage.coins, *stage.traffic, *stage.foes, stage.player):
            paste(picture, self._sprites[mover.look], mover.x, mover.y, flipped=mover.vx < 0)
        for shot in (*stage.shots, *stage.own):
            block(picture, shot.x, shot.y, self._shot_size, self._shot)
            if self._beams:
                line(picture, (shot.x - 3 * shot.vx, shot.y - 3 * shot.vy), (shot.x, shot.y), self._shot)
        for blast in stage.blasts:
            burst(picture, blast.x, blast.y, blast.look, blast.age)
        if hurt and self._reddens:
            picture = (picture * 0.5 + np.array([110, 0, 0])).astype(np.uint8)
        return np.asarray(picture)

    def _told(self, stage: Stage, hurt: bool) -> tuple[float, float, float]:
        """Fighting, danger, pace."""
        player = stage.player
        gaps = [_gap(foe, player) for foe in stage.foes]
        shots = [_gap(shot, player) for shot in stage.shots]
        near = max([0.9 * np.exp(-g / 20) for g in gaps] + [np.exp(-g / 15) for g in shots] + [0.9 * hurt])
        engaged = stage.shots or stage.blasts or (gaps and min(gaps) < _NEAR) or (stage.own and gaps)
        scroll = self._speed if self._camera in ("right", "up") else 0.0
        movers = len(stage.foes) + len(stage.traffic)
        moving = 0.45 * min(float(np.hypot(player.vx, player.vy)) / 2, 1) + 0.3 * min(movers / 8, 1)
        return float(bool(engaged)), float(near), min(moving + 0.25 * min(scroll / 2, 1), 1.0)


def _gap(one: Mover, other: Mover) -> float:
    return abs(one.x - other.x) + abs(one.y - other.y)


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
