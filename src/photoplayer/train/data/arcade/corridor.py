"""Drawn games seen through the player's eyes: walls cast by rays, flat figures standing between them."""

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
    bright_colour,
    burst,
    disc,
    draw_sprite,
    paste,
    scaled,
)
from photoplayer.train.data.arcade.grounds import draw_texture
from photoplayer.train.data.arcade.phases import draw_phases
from photoplayer.train.data.arcade.told import states_of
from photoplayer.train.data.pictures import EVERY, Pictures
from photoplayer.train.data.states import States

NO_FIGHT_SHARE = 0.4

_CELLS, _TEXTURE = 12, 16
_VIEW = 0.66
"""Half of the view's width at distance 1."""
_FARTHEST, _LARGEST = 14.0, 70
_NEAR = 4.0
"""Cells; a foe that is nearer and seen is a fight."""


@dataclass
class Figure:
    """Something that stands or moves in the maze; ``kind`` is foe, thing or shot."""

    x: float
    y: float
    vx: float
    vy: float
    kind: str
    look: int
    age: int = 0


@dataclass
class Walk:
    """Where the player is, looks and turns, in cells and radians, and who else is there."""

    x: float
    y: float
    angle: float
    turn: float = 0.0
    speed: float = 0.0
    flash: int = 0
    hurt: int = 0
    figures: list[Figure] = field(default_factory=list)
    blasts: list[tuple[float, float, float, int]] = field(default_factory=list)


class Corridor:
    """One game, drawn by ``dice``; :meth:`play` plays it."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._source = np.random.default_rng(dice.getrandbits(32))
        self._walls = np.where(
            self._source.random((_CELLS, _CELLS)) < dice.uniform(0.02, 0.2),
            self._source.integers(1, 4, (_CELLS, _CELLS)),
            0,
        )
        self._walls[[0, -1]] = self._walls[:, [0, -1]] = 1
        self._textures = np.stack([draw_texture(self._source, _TEXTURE) for _ in range(4)])
        self._back = self._backdrop()
        self._sprites = [draw_sprite(self._source, 16) for _ in range(6)]
        self._peaceful = dice.random() < NO_FIGHT_SHARE
        self._armed = dice.random() < 0.8
        self._idle_fire = dice.choice((0.0, 0.0, 0.1))
        self._foes, self._things = dice.randint(1, 5), dice.choice((0, 2, 5, 9))
        self._fire, self._shot = dice.uniform(0.02, 0.2), bright_colour(dice)
        self._pace, self._dark = dice.uniform(0.05, 0.3), dice.uniform(0.0, 0.25)
        self._reddens = dice.random() < 0.6
        self._weather = Weather(dice)

    def play(self, steps: int) -> tuple[Pictures, States]:
        """``(3 * steps, 60, 80, 3)`` pictures and the state at every step."""
        walk = self._begin()
        phases = draw_phases(self._dice, steps * EVERY, peaceful=self._peaceful)
        shown = np.zeros((steps * EVERY, HEIGHT, WIDTH, 3), np.uint8)
        told = np.zeros((steps * EVERY, 3))
        for number, fight in enumerate(phases):
            self._move(walk)
            self._spawn(walk, bool(fight))
            self._act(walk, bool(fight))
            shown[number], seen = self._draw(walk)
            self._weather.draw(shown[number], number)
            told[number] = self._told(walk, seen)
        return shown, states_of(told)

    def _begin(self) -> Walk:
        free = np.argwhere(self._walls == 0)
        x, y = free[self._source.integers(len(free))] + 0.5
        walk = Walk(float(x), float(y), self._dice.uniform(0, 6.28))
        for _ in range(self._things):
            x, y = free[self._source.integers(len(free))] + self._source.uniform(0.2, 0.8, 2)
            walk.figures.append(Figure(float(x), float(y), 0, 0, "thing", self._dice.randint(2, 5)))
        return walk

    def _open(self, x: float, y: float) -> bool:
        return 0 < x < _CELLS and 0 < y < _CELLS and self._walls[int(x), int(y)] == 0

    def _move(self, walk: Walk) -> None:
        dice = self._dice
        if dice.random() < 0.08:
            walk.turn = dice.choice((0.0, 0.0, dice.gauss(0, 0.12)))
            walk.speed = dice.choice((0.0, 1.0, 1.0)) * self._pace
        walk.angle += walk.turn
        ahead = float(np.cos(walk.angle)), float(np.sin(walk.angle))
        if self._open(walk.x + 1.3 * ahead[0], walk.y + 1.3 * ahead[1]):
            walk.x, walk.y = walk.x + walk.speed * ahead[0], walk.y + walk.speed * ahead[1]
        else:
            walk.turn = walk.turn or dice.choice((-0.2, 0.2))

    def _spawn(self, walk: Walk, fight: bool) -> None:
        """A foe steps into view, some cells ahead."""
        dice = self._dice
        foes = sum(figure.kind == "foe" for figure in walk.figures)
        if fight and foes < self._foes:
            angle, far = walk.angle + dice.uniform(-0.5, 0.5), dice.uniform(1, 6)
            x, y = walk.x + far * float(np.cos(angle)), walk.y + far * float(np.sin(angle))
            if self._open(x, y):
                walk.figures.append(Figure(x, y, 0, 0, "foe", dice.choice((0, 1))))

    def _act(self, walk: Walk, fight: bool) -> None:
        dice = self._dice
        for figure in walk.figures:
            figure.age += 1
            if figure.kind == "foe":
                self._hunt(figure, walk, fight)
            if self._open(figure.x + figure.vx, figure.y + figure.vy):
                figure.x, figure.y = figure.x + figure.vx, figure.y + figure.vy
            elif figure.kind == "shot":
                figure.age = 99
        hits = [f for f in walk.figures if f.kind == "shot" and np.hypot(f.x - walk.x, f.y - walk.y) < 0.4]
        walk.hurt = 6 if hits else max(walk.hurt - 1, 0)
        foes = [f for f in walk.figures if f.kind == "foe"]
        walk.flash = max(walk.flash - 1, 0)
        if not self._peaceful and dice.random() < (0.4 if fight and foes else self._idle_fire):
            walk.flash = 1
            if foes and dice.random() < 0.25:
                fallen = dice.choice(foes)
                walk.figures.remove(fallen)
                walk.blasts.append((fallen.x, fallen.y, dice.uniform(2, 5), 0))
        walk.blasts = [(x, y, size, age + 1) for x, y, size, age in walk.blasts if age + 1 < len(BLAST)]
        walk.figures = [
            f
            for f in walk.figures
            if not (f.kind == "shot" and (f in hits or f.age > 40))
            and not (f.kind == "foe" and not fight and dice.random() < 0.1)
        ]

    def _hunt(self, foe: Figure, walk: Walk, fight: bool) -> None:
        dice = self._dice
        if dice.random() < 0.3:
            way, far = (walk.x - foe.x, walk.y - foe.y), float(np.hypot(walk.x - foe.x, walk.y - foe.y)) + 0.1
            speed = dice.uniform(-0.05, 0.15) * (1 if far > 1 else -1)
            foe.vx, foe.vy = (speed * part / far + dice.gauss(0, 0.06) for part in way)
            if fight and dice.random() < self._fire * 3:
                walk.figures.append(Figure(foe.x, foe.y, 0.35 * way[0] / far, 0.35 * way[1] / far, "shot", 0))

    def _backdrop(self) -> npt.NDArray[np.float64]:
        """Ceiling or sky, and floor."""
        above, below = self._source.integers(0, 200, 3), self._source.integers(0, 160, 3)
        share = np.abs(np.linspace(-1, 1, HEIGHT))[:, None, None] ** self._dice.uniform(0.0, 1.0)
        halves = np.where(np.arange(HEIGHT)[:, None, None] < HEIGHT // 2, above, below)
        return np.asarray(halves * share * np.ones((1, WIDTH, 1)))

    def _draw(self, walk: Walk) -> tuple[npt.NDArray[np.uint8], list[tuple[Figure, float]]]:
        """The picture, and which figures are seen at which distance."""
        depth, wall, across = self._cast(walk)
        size = np.minimum(HEIGHT / np.maximum(depth, 0.05), 4 * HEIGHT)
        rows = (np.arange(HEIGHT)[:, None] - HEIGHT / 2) / size + 0.5
        inside = (rows >= 0) & (rows < 1)
        columns = (across * _TEXTURE).astype(int) % _TEXTURE
        texels = self._textures[wall, np.clip(rows * _TEXTURE, 0, _TEXTURE - 1).astype(int), columns]
        shade = np.exp(-self._dark * depth)[:, None]
        picture = np.where(inside[..., None], texels * shade, self._back).astype(np.uint8)
        seen = self._draw_figures(picture, walk, depth)
        self._draw_hand(picture, walk)
        if walk.hurt and self._reddens:
            share = 0.08 * walk.hurt
            picture = (picture * (1 - share) + share * np.array([220, 0, 0])).astype(np.uint8)
        return picture, seen

    def _cast(
        self, walk: Walk
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Distance along the view, the wall's texture and the place on it, for every column."""
        offset = np.linspace(-_VIEW, _VIEW, WIDTH)
        ahead = np.array([np.cos(walk.angle), np.sin(walk.angle)])
        rays = ahead[:, None] + offset * np.array([[-ahead[1]], [ahead[0]]])
        far = np.arange(0.1, _FARTHEST, 0.06)
        x, y = walk.x + rays[0][:, None] * far, walk.y + rays[1][:, None] * far
        i, j = np.clip(x.astype(int), 0, _CELLS - 1), np.clip(y.astype(int), 0, _CELLS - 1)
        hit = self._walls[i, j] > 0
        first = np.where(hit.any(axis=1), hit.argmax(axis=1), len(far) - 1)
        at = np.arange(WIDTH)
        x, y = x[at, first], y[at, first]
        sideways = np.minimum(x % 1, 1 - x % 1) < np.minimum(y % 1, 1 - y % 1)
        return far[first], self._walls[i[at, first], j[at, first]], np.where(sideways, y % 1, x % 1)

    def _draw_figures(
        self, picture: Pictures, walk: Walk, depth: npt.NDArray[np.float64]
    ) -> list[tuple[Figure, float]]:
        seen = []
        placed = [(*self._place(walk, f.x, f.y), f) for f in walk.figures]
        for far, column, figure in sorted(placed, key=lambda each: -each[0]):
            if far > 0.3 and 0 <= column < WIDTH and far < depth[int(column)]:
                seen.append((figure, far))
                height = min(int(HEIGHT * 0.8 / far), _LARGEST)
                if figure.kind == "shot":
                    disc(picture, column, HEIGHT / 2, max(0.12 * height, 1), self._shot)
                elif height > 2:
                    middle = HEIGHT / 2 + 0.1 * HEIGHT / far + (figure.age % 4 < 2) * (figure.kind == "foe")
                    paste(picture, scaled(self._sprites[figure.look], height), column, middle)
        for x, y, size, age in walk.blasts:
            far, column = self._place(walk, x, y)
            if far > 0.3:
                burst(picture, column, HEIGHT / 2, 2 * size / far, age)
        return seen

    def _place(self, walk: Walk, x: float, y: float) -> tuple[float, float]:
        """Distance along the view and the column."""
        dx, dy = x - walk.x, y - walk.y
        far = dx * np.cos(walk.angle) + dy * np.sin(walk.angle)
        side = -dx * np.sin(walk.angle) + dy * np.cos(walk.angle)
        return float(far), float(WIDTH / 2 * (1 + side / max(far, 0.05) / _VIEW))

    def _draw_hand(self, picture: Pictures, walk: Walk) -> None:
        if not self._armed:
            return
        swing = int(2 * np.sin(8 * (walk.x + walk.y)))
        height, left = 14 + swing, WIDTH // 2 - 5 + 3 * swing
        if walk.flash:
            burst(picture, left + 5, HEIGHT - height - 2, 6, 0)
        picture[HEIGHT - height :, left : left + 10] = self._textures[3, :height, :10]

    def _told(self, walk: Walk, seen: list[tuple[Figure, float]]) -> tuple[float, float, float]:
        """Fighting, danger, pace."""
        foes = [far for figure, far in seen if figure.kind == "foe"]
        shots = [far for figure, far in seen if figure.kind == "shot"]
        near = [0.9 * np.exp(-far / 4) for far in foes] + [0.7 * np.exp(-far / 3) for far in shots]
        engaged = shots or walk.blasts or walk.hurt > 4 or (foes and (min(foes) < _NEAR or walk.flash))
        moving = 0.7 * walk.speed / 0.3 + 0.3 * min(abs(walk.turn) / 0.15, 1)
        return float(bool(engaged)), float(max([*near, 0.9 * (walk.hurt > 4)])), min(moving, 1.0)
