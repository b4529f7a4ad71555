"""Ways through a level drawn by hand: two rooms, a step, a ledge, an exit; and bots that walk them."""

from __future__ import annotations

import math
import random
import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from wads import wad_bytes

from gameplay.bot import Bot, Enemy, View
from gameplay.habits import HABITS
from gameplay.level import Level
from gameplay.navigation import NavGrid
from gameplay.wad import Wad

WALL = 0xFFFF
LOW, HIGH = 0, 1


def two_rooms(tmp_path: Path, *, step: int, special: int = 0) -> Level:
    """Room 0..256 (floor 0) and room 256..512 (floor ``step``), joined by an opening at y 96..160."""
    corners = [(0, 0), (256, 0), (512, 0), (512, 256), (256, 256), (0, 256), (256, 96), (256, 160)]
    # (start, end, front sector, back sector); the front is to the right of start -> end.
    lines = [
        (1, 0, LOW, None),
        (0, 5, LOW, None),
        (5, 4, LOW, None),
        (2, 1, HIGH, None),
        (3, 2, HIGH, None),
        (4, 3, HIGH, None),
        (6, 1, LOW, None),
        (4, 7, LOW, None),
        (7, 6, LOW, HIGH),
    ]
    sides, records = b"", b""
    for start, end, front, back in lines:
        first = len(sides) // 30
        sides += struct.pack("<hh24sH", 0, 0, b"", front)
        second = WALL
        if back is not None:
            second = first + 1
            sides += struct.pack("<hh24sH", 0, 0, b"", back)
        records += struct.pack("<7H", start, end, 0, special if back is not None else 0, 0, first, second)
    sectors = b"".join(
        struct.pack("<hh8s8shHH", floor, 128, b"FLAT", b"F_SKY1" if floor else b"FLAT", 160, 0, 0)
        for floor in (0, step)
    )
    vertices = b"".join(struct.pack("<hh", *corner) for corner in corners)
    segs = struct.pack("<HHhHHh", 1, 0, 0, 0, 0, 0) + struct.pack("<HHhHHh", 2, 1, 0, 3, 0, 0)
    subsectors = struct.pack("<HHHH", 1, 0, 1, 1)
    # The partition runs north along x = 256: its right side (first child) is the eastern room.
    node = struct.pack("<4h8h2H", 256, 0, 0, 256, *([0] * 8), 0x8001, 0x8000)
    path = tmp_path / "level.wad"
    names = ("THINGS", "LINEDEFS", "SIDEDEFS", "VERTEXES", "SEGS", "SSECTORS", "NODES", "SECTORS")
    data = (b"", records, sides, vertices, segs, subsectors, node, sectors)
    path.write_bytes(wad_bytes([("MAP01", b""), *zip(names, data, strict=True)]))
    return Level.read(Wad.read(path), "MAP01")


def cost(grid: NavGrid, start: tuple[float, float], goal: tuple[float, float]) -> float:
    costs, _ = grid.routes(grid.free_cell_near(*start))
    return float(costs[grid.free_cell_near(*goal)])


def test_sector_under_a_point(tmp_path: Path) -> None:
    level = two_rooms(tmp_path, step=16)
    assert [level.sector_at(x, 100) for x in (10, 250, 260, 500)] == [LOW, LOW, HIGH, HIGH]
    assert level.is_outdoors(HIGH) and not level.is_outdoors(LOW)


def test_a_low_step_is_walked_both_ways(tmp_path: Path) -> None:
    grid = NavGrid.build(two_rooms(tmp_path, step=24))
    assert math.isfinite(cost(grid, (64, 64), (448, 64)))
    assert math.isfinite(cost(grid, (448, 64), (64, 64)))


def test_a_ledge_is_only_jumped_down(tmp_path: Path) -> None:
    grid = NavGrid.build(two_rooms(tmp_path, step=64))
    assert math.isinf(cost(grid, (64, 64), (448, 64)))
    assert math.isfinite(cost(grid, (448, 64), (64, 64)))


def test_the_exit_is_a_wall(tmp_path: Path) -> None:
    grid = NavGrid.build(two_rooms(tmp_path, step=0, special=52))
    assert math.isinf(cost(grid, (64, 64), (448, 64)))
    assert grid.near_exit(256, 128) and not grid.near_exit(20, 20)


def test_paths_keep_a_players_width_from_walls(tmp_path: Path) -> None:
    grid = NavGrid.build(two_rooms(tmp_path, step=0))
    _, predecessors = grid.routes(grid.free_cell_near(64, 32))
    path = [grid.centre(cell) for cell in grid.path(predecessors, grid.free_cell_near(448, 224))]
    for x, y in path:
        assert 15 < x < 497 and 15 < y < 241
        if 241 < x < 271:
            assert 111 <= y <= 145


def drive(bot: Bot, *, tics: int, enemies: tuple[Enemy, ...] = ()) -> tuple[list[tuple[float, float]], int]:
    """Moves a point as the bot asks, without walls (its ways know them); counts shots."""
    x, y, angle, shots, way = 64.0, 64.0, 90.0, 0, []
    for tic in range(0, tics, 3):
        action = bot.act(View(tic, x, y, angle, enemies), tics=3)
        angle -= 3 * action.turn_deg_per_tic
        forward, right = math.radians(angle), math.radians(angle - 90)
        speed = 3 * 16 / 50
        x += speed * (action.forward * math.cos(forward) + action.side * math.cos(right))
        y += speed * (action.forward * math.sin(forward) + action.side * math.sin(right))
        x, y = float(np.clip(x, 17, 495)), float(np.clip(y, 17, 239))
        shots += action.attack
        way.append((x, y))
    return way, shots


@pytest.mark.parametrize("name", sorted(HABITS))
def test_bots_travel_in_peace(tmp_path: Path, name: str) -> None:
    grid = NavGrid.build(two_rooms(tmp_path, step=0))
    way, shots = drive(Bot(HABITS[name], grid, random.Random(3)), tics=35 * 30)
    assert {(int(x // 128), int(y // 128)) for x, y in way} >= {(0, 0), (3, 0)} or max(
        x for x, _ in way
    ) > 300
    if not HABITS[name].idle_fire_per_s:
        assert shots == 0


def test_habits_fight_differently(tmp_path: Path) -> None:
    enemy = (Enemy(1, 200.0, 64.0),)
    ends = {}
    for name in ("strafer", "cautious", "stander", "rusher"):
        grid = NavGrid.build(two_rooms(tmp_path, step=0))
        way, shots = drive(Bot(HABITS[name], grid, random.Random(3)), tics=70, enemies=enemy)
        assert shots > 0, name
        travelled = sum(math.dist(a, b) for a, b in pairwise(way))
        ends[name] = (travelled, math.dist(way[-1], (200, 64)))
    assert ends["stander"][0] < 1
    assert ends["strafer"][0] > 100
    assert ends["rusher"][1] < 136 < ends["cautious"][1]


def test_the_same_seed_plays_the_same(tmp_path: Path) -> None:
    ways = []
    for _ in range(2):
        grid = NavGrid.build(two_rooms(tmp_path, step=0))
        ways.append(drive(Bot(HABITS["strafer"], grid, random.Random("x")), tics=350)[0])
    assert ways[0] == ways[1]
