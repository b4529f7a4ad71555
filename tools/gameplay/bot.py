"""A bot that travels through a level and fights by habit. Knows no ViZDoom: a view in, an action out."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np

from .habits import Habit
from .navigation import CELL_UNITS, NavGrid

_TICS_PER_S = 35
_LOOK_AHEAD_CELLS = 8
_STUCK_UNITS = 20.0
_STUCK_TICS = 30
_VISIT_UNITS = 192.0
_MAX_SIDE_SPEED = 40.0
_HUNT_SHARE = 0.4
_FIGHT_TICS = 7 * _TICS_PER_S
_GIVE_UP_TICS = 10 * _TICS_PER_S
_AIM_TOLERANCE_DEG = 5.0


@dataclass(frozen=True)
class Enemy:
    """A live monster in view, in map units."""

    id: int
    x: float
    y: float
    half_width: float = 20.0


@dataclass(frozen=True)
class View:
    """What a bot knows at one moment. Angles in degrees, counter-clockwise from east."""

    tic: int
    x: float
    y: float
    angle_deg: float
    enemies: tuple[Enemy, ...]


@dataclass(frozen=True)
class Action:
    """What a bot does until the next view. Positive turn is to the right, positive side too."""

    attack: bool = False
    use: bool = False
    forward: float = 0.0
    side: float = 0.0
    turn_deg_per_tic: float = 0.0


class Bot:
    """Plays one level. ``random_source`` makes it reproducible."""

    def __init__(
        self, habit: Habit, grid: NavGrid, random_source: random.Random, *, prey: np.ndarray | None = None
    ) -> None:
        self._habit, self._grid, self._random = habit, grid, random_source
        self._prey = prey if prey is not None else np.zeros((0, 2))
        self._path: list[int] = []
        self._visited: list[tuple[float, float]] = []
        self._trail: list[tuple[int, float, float]] = []
        self._turn = 0.0
        self._glance = 0.0
        self._pause_until = 0
        self._burst_until = 0
        self._wiggle_until = 0
        self._wiggle_side = 0.0
        self._strafe_until = 0
        self._strafe_sign = 1
        self._target_id: int | None = None
        self._target_since = 0
        self._given_up: dict[int, int] = {}
        self._stuck_count = 0
        self._use_at = 0

    def act(self, view: View, *, tics: int) -> Action:
        """What to do for the next ``tics`` tics."""
        self._remember(view)
        enemy = self._choose_enemy(view)
        if enemy is not None:
            return self._fight(view, enemy, tics)
        return self._travel(view, tics)

    # -- memory ---------------------------------------------------------------------------------------------
    def _remember(self, view: View) -> None:
        if self._trail:
            _, x, y = self._trail[-1]
            if math.hypot(view.x - x, view.y - y) > 300:
                self._path, self._trail = [], []
        self._trail.append((view.tic, view.x, view.y))
        self._trail = [entry for entry in self._trail if entry[0] >= view.tic - _STUCK_TICS]
        if not self._visited or math.hypot(view.x - self._visited[-1][0], view.y - self._visited[-1][1]) > 96:
            self._visited.append((view.x, view.y))
            if len(self._prey):
                far = np.hypot(self._prey[:, 0] - view.x, self._prey[:, 1] - view.y) > _VISIT_UNITS
                self._prey = self._prey[far]

    def _chance(self, per_s: float, tics: int) -> bool:
        return self._random.random() < per_s * tics / _TICS_PER_S

    # -- fighting -------------------------------------------------------------------------------------------
    def _choose_enemy(self, view: View) -> Enemy | None:
        if self._target_id is not None and view.tic - self._target_since > _FIGHT_TICS:
            # Out of reach, behind glass or beyond the aim: leave it alone for a while.
            self._given_up[self._target_id] = view.tic + _GIVE_UP_TICS
        near = [
            (math.hypot(e.x - view.x, e.y - view.y) * (0.6 if e.id == self._target_id else 1.0), e.id, e)
            for e in view.enemies
            if math.hypot(e.x - view.x, e.y - view.y) < self._habit.engage_units
            and self._given_up.get(e.id, 0) <= view.tic
        ]
        if not near:
            self._target_id = None
            return None
        enemy = min(near)[2]
        if enemy.id != self._target_id:
            self._target_since = view.tic
        self._target_id = enemy.id
        return enemy

    def _fight(self, view: View, enemy: Enemy, tics: int) -> Action:
        bearing = math.degrees(math.atan2(enemy.y - view.y, enemy.x - view.x))
        distance = math.hypot(enemy.x - view.x, enemy.y - view.y)
        error = _wrap(bearing - view.angle_deg)
        tolerance = max(_AIM_TOLERANCE_DEG, math.degrees(math.atan2(enemy.half_width, distance)))
        fires = abs(error) < tolerance and self._random.random() < self._habit.fires
        if self._habit.fight_move == "ignore":
            onward = self._travel(view, tics)
            return Action(fires, onward.use, onward.forward, onward.side, onward.turn_deg_per_tic)
        direction, speed = self._fight_direction(view, bearing, distance)
        turn = self._turn_towards(view, bearing, tics)
        forward, side = _split(direction - view.angle_deg, speed)
        return Action(fires, False, forward, side, turn)

    def _fight_direction(self, view: View, bearing: float, distance: float) -> tuple[float, float]:
        habit = self._habit
        if view.tic >= self._strafe_until:
            self._strafe_sign = self._random.choice((-1, 1))
            self._strafe_until = view.tic + self._random.randrange(15, 50)
        sideways = bearing + 90 * self._strafe_sign
        if habit.fight_move == "stand":
            return sideways, 0.0
        if habit.fight_move == "advance" and distance > 90:
            direction = bearing + 25 * self._strafe_sign
        elif habit.fight_move == "retreat":
            direction = bearing + 180 + 40 * self._strafe_sign
        else:
            direction = sideways - (20 * self._strafe_sign if distance > 350 else -10 * self._strafe_sign)
        if not self._is_free(view, direction):
            self._strafe_sign = -self._strafe_sign
            direction = bearing + 90 * self._strafe_sign
        return direction, habit.fight_speed if self._is_free(view, direction) else 0.0

    def _is_free(self, view: View, direction_deg: float, *, units: float = 48.0) -> bool:
        x = view.x + units * math.cos(math.radians(direction_deg))
        y = view.y + units * math.sin(math.radians(direction_deg))
        return bool(self._grid.clearance.flat[self._grid.cell(x, y)] > 0)

    # -- travelling -----------------------------------------------------------------------------------------
    def _travel(self, view: View, tics: int) -> Action:
        habit = self._habit
        if view.tic < self._pause_until:
            return self._look_around(view, tics)
        if self._chance(habit.pause_per_s, tics):
            self._pause_until = view.tic + int(_TICS_PER_S * self._random.uniform(*habit.pause_s))
            self._trail = []
        if self._chance(habit.idle_fire_per_s, tics):
            self._burst_until = view.tic + self._random.randrange(10, 45)
        self._unstick(view)
        x, y = self._next_point(view)
        direction = math.degrees(math.atan2(y - view.y, x - view.x))
        if self._chance(0.4, tics):
            self._glance = self._random.uniform(-habit.glance_deg, habit.glance_deg)
        turn = self._turn_towards(view, direction + self._glance, tics)
        off = abs(_wrap(direction - view.angle_deg))
        speed = habit.travel_speed * (1.0 if off < 60 else 0.35)
        forward, side = _split(direction - view.angle_deg, speed)
        if view.tic < self._wiggle_until:
            side = self._wiggle_side
        return Action(view.tic < self._burst_until, self._wants_use(view), forward, side, turn)

    def _look_around(self, view: View, tics: int) -> Action:
        if self._chance(1.2, tics):
            self._glance = self._random.uniform(-100, 100)
        turn = max(-self._habit.turn_deg_per_tic, min(self._habit.turn_deg_per_tic, self._glance * 0.06))
        self._glance *= 0.9
        self._turn = turn
        return Action(turn_deg_per_tic=turn)

    def _next_point(self, view: View) -> tuple[float, float]:
        here = self._grid.free_cell_near(view.x, view.y)
        self._advance_on_path(view)
        if len(self._path) < 2:
            self._plan(here)
        ahead = self._path[: _LOOK_AHEAD_CELLS + 1]
        for cell in reversed(ahead):
            x, y = self._grid.centre(cell)
            if self._clear_line(view.x, view.y, x, y):
                return x, y
        return self._grid.centre(ahead[min(1, len(ahead) - 1)])

    def _advance_on_path(self, view: View) -> None:
        """Drops the cells already passed; forgets a path that has been left."""
        window = self._path[: 3 * _LOOK_AHEAD_CELLS]
        if not window:
            return
        distances = [math.hypot(view.x - x, view.y - y) for x, y in map(self._grid.centre, window)]
        nearest = int(np.argmin(distances))
        self._path = self._path[nearest:] if distances[nearest] < 6 * CELL_UNITS else []

    def _clear_line(self, x: float, y: float, to_x: float, to_y: float) -> bool:
        """Whether the straight way keeps to walkable cells (height steps are the path's business)."""
        count = max(int(math.hypot(to_x - x, to_y - y) / (CELL_UNITS / 2)), 1)
        return all(
            self._grid.clearance.flat[self._grid.cell(x + (to_x - x) * i / count, y + (to_y - y) * i / count)]
            > 0
            for i in range(1, count + 1)
        )

    def _plan(self, here: int) -> None:
        """A way to somewhere not yet seen (or to where monsters stand), not too near."""
        costs, predecessors = self._grid.routes(here)
        reachable = np.flatnonzero(np.isfinite(costs))
        if len(reachable) < 2:
            self._path = [here]
            return
        goals = self._goals(reachable, costs)
        self._path = self._grid.path(predecessors, goals)

    def _goals(self, reachable: np.ndarray, costs: np.ndarray) -> int:
        candidates = np.array([int(reachable[self._random.randrange(len(reachable))]) for _ in range(60)])
        if self._habit.hunts and len(self._prey) and self._random.random() < _HUNT_SHARE:
            prey = np.array([self._grid.free_cell_near(x, y) for x, y in self._prey[:200]])
            prey = prey[np.isfinite(costs[prey])]
            if len(prey):
                return int(prey[np.argsort(costs[prey])[self._random.randrange(min(4, len(prey)))]])
        points = np.array([self._grid.centre(c) for c in candidates])
        visited = np.array(self._visited)
        apart = np.hypot(points[:, None, 0] - visited[None, :, 0], points[:, None, 1] - visited[None, :, 1])
        newness = np.minimum(apart.min(axis=1), 600)
        score = newness - 0.6 * np.abs(costs[candidates] - 90)
        return int(candidates[int(np.argmax(score))])

    def _wants_use(self, view: View) -> bool:
        if view.tic < self._use_at or self._grid.near_exit(view.x, view.y):
            return False
        self._use_at = view.tic + 18
        return self._slow(view)

    def _slow(self, view: View) -> bool:
        if len(self._trail) < 3:
            return False
        tic, x, y = self._trail[max(len(self._trail) - 4, 0)]
        return math.hypot(view.x - x, view.y - y) < 1.5 * max(view.tic - tic, 1)

    def _unstick(self, view: View) -> None:
        if not self._trail or view.tic - self._trail[0][0] < _STUCK_TICS - 5:
            return
        spread = max(math.hypot(view.x - x, view.y - y) for _, x, y in self._trail)
        if spread > _STUCK_UNITS:
            self._stuck_count = 0
            return
        self._trail = []
        self._stuck_count += 1
        self._wiggle_until = view.tic + self._random.randrange(8, 20)
        self._wiggle_side = self._random.choice((-_MAX_SIDE_SPEED, _MAX_SIDE_SPEED))
        if self._stuck_count >= 2:
            for cell in self._path[1:4]:
                self._grid.discourage(cell)
            self._path = []

    def _turn_towards(self, view: View, bearing_deg: float, tics: int) -> float:
        """Eased turning: a hand on a mouse starts and stops softly. Positive is to the right."""
        error = -_wrap(bearing_deg - view.angle_deg)
        limit = self._habit.turn_deg_per_tic
        wanted = max(-limit, min(limit, error / max(tics, 3)))
        self._turn += (wanted - self._turn) * min(0.25 * tics, 1.0)
        return self._turn


def _wrap(angle_deg: float) -> float:
    return (angle_deg + 180.0) % 360.0 - 180.0


def _split(relative_deg: float, speed: float) -> tuple[float, float]:
    """Forward and rightward speed for a direction relative to the view (counter-clockwise)."""
    radians = math.radians(relative_deg)
    side = -speed * math.sin(radians)
    return speed * math.cos(radians), max(-_MAX_SIDE_SPEED, min(_MAX_SIDE_SPEED, side))
