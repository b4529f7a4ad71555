"""Drawn races: a road that winds towards the horizon, other cars and what stands beside it. Nobody fights."""

from __future__ import annotations

import random

import numpy as np

from photoplayer.train.data.arcade.canvas import HEIGHT, WIDTH, Weather, draw_sprite, paste, scaled
from photoplayer.train.data.arcade.told import states_of
from photoplayer.train.data.pictures import EVERY, Pictures
from photoplayer.train.data.states import States


class Road:
    """One race, drawn by ``dice``; :meth:`play` drives it."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        source = np.random.default_rng(dice.getrandbits(32))
        self._sky, self._grass, self._asphalt = source.integers(0, 256, (3, 3)).astype(float)
        self._stripes, self._width = dice.uniform(5, 40), dice.uniform(0.5, 1.6)
        self._sprites = [draw_sprite(source, 16) for _ in range(5)]
        self._horizon = dice.randint(15, 32)
        self._fastest = dice.uniform(0.3, 2.5)
        self._rivals = [[dice.uniform(2, 40), dice.uniform(-0.7, 0.7)] for _ in range(dice.randint(0, 5))]
        self._posts = [[dice.uniform(2, 40), dice.choice((-1, 1)) * dice.uniform(1.2, 2.5)] for _ in range(6)]
        self._mine = dice.random() < 0.7
        self._weather = Weather(dice)

    def play(self, steps: int) -> tuple[Pictures, States]:
        """``(3 * steps, 60, 80, 3)`` pictures and the state at every step."""
        dice = self._dice
        shown = np.zeros((steps * EVERY, HEIGHT, WIDTH, 3), np.uint8)
        told = np.zeros((steps * EVERY, 3))
        at = bend = wanted = 0.0
        speed = self._fastest
        for number in range(len(shown)):
            if dice.random() < 0.04:
                wanted, speed = dice.gauss(0, 0.5), self._fastest * dice.choice((0.0, 0.5, 1.0, 1.0))
            bend += 0.1 * (wanted - bend)
            at += speed
            shown[number] = self._draw(at, bend)
            self._weather.draw(shown[number], number)
            told[number] = (0, 0, min(0.3 + speed / 2, 1) if speed else 0)
            self._pass_by(speed)
        return shown, states_of(told)

    def _pass_by(self, speed: float) -> None:
        for rival in self._rivals:
            rival[0] -= speed - self._fastest * 0.6
        for post in self._posts:
            post[0] -= speed
        for thing in (*self._rivals, *self._posts):
            if not 1 < thing[0] < 60:
                thing[0] = self._dice.uniform(25, 40)

    def _draw(self, at: float, bend: float) -> Pictures:
        picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        picture[: self._horizon] = self._sky
        rows = np.arange(self._horizon, HEIGHT)
        far = HEIGHT / (rows - self._horizon + 1.0)
        middle, half = WIDTH / 2 + bend * far**1.5, self._width * WIDTH / far / 1.5
        off = np.abs(np.arange(WIDTH) - middle[:, None]) / half[:, None]
        light = np.where(((far + at) * self._stripes / 10) % 2 < 1, 1.0, 0.82)[:, None, None]
        ground = np.where(off[..., None] < 1, self._asphalt, self._grass) * light
        edge = (np.abs(off - 1) < 0.06) | ((off < 0.03) & (light[..., 0] < 1))
        picture[self._horizon :] = np.where(edge[..., None], 230, ground)
        for look, (distance, side) in enumerate((*self._posts, *self._rivals)):
            row = self._horizon + HEIGHT / distance - 1
            size = int(min(26 / distance * 2, 40))
            if size > 2:
                x = WIDTH / 2 + bend * distance**1.5 + side * self._width * WIDTH / distance / 1.5
                sprite = self._sprites[look % 2 if look < len(self._posts) else 2 + look % 2]
                paste(picture, scaled(sprite, size), x, row - size / 3)
        if self._mine:
            paste(picture, self._sprites[4], WIDTH / 2 + 8 * bend, HEIGHT - 9)
        return picture
