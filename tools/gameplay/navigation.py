"""Finds ways through a level: a grid of 16-unit cells over its geometry, shortest paths by Dijkstra.

Moving from one cell to the next is possible when no line between them stops a player: 16 units of clearance
on either side, steps up to 24 units, 56 units of headroom. Closed doors and lifts are possible but dear,
because they need the use button and patience; exits are walls, so that a recording stays in its level.
Figures: Doom's source, p_map.c and p_local.h.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage, sparse
from scipy.sparse import csgraph

from .level import Level

CELL_UNITS = 16.0
_PLAYER_RADIUS = 16.0
_MAX_STEP = 24
_PLAYER_HEIGHT = 56
_IMPASSABLE_FLAG = 1
_WALK_EXITS = (52, 124)
_SWITCH_EXITS = (11, 51, 197, 198)
_DAMAGE_SPECIALS = (4, 5, 7, 16)
_DOOR_COST = 25.0
_LIFT_COST = 60.0
_DAMAGE_COST = 6.0
_NEAR_WALL_COST = 3.0


@dataclass
class NavGrid:
    """Walkable cells of a level. ``blocked`` may grow while a bot learns where it cannot pass."""

    level: Level
    origin: tuple[float, float]
    shape: tuple[int, int]
    clearance: np.ndarray
    graph: sparse.csr_matrix
    exits: np.ndarray
    _order: np.ndarray = field(repr=False)

    @classmethod
    def build(cls, level: Level) -> NavGrid:
        """Builds the grid of a level; 0.1-1 s."""
        low = level.vertices.min(axis=0) - 2 * CELL_UNITS
        high = level.vertices.max(axis=0) + 2 * CELL_UNITS
        columns, rows = np.ceil((high - low) / CELL_UNITS).astype(int)
        builder = _Builder(level, low, (int(rows), int(columns)))
        builder.add_lines()
        clearance = ndimage.distance_transform_edt(~builder.solid) * CELL_UNITS
        graph = builder.graph(clearance)
        specials = level.lines["special"]
        exits = np.isin(specials, _WALK_EXITS + _SWITCH_EXITS)
        starts = level.vertices[level.lines["start"][exits]]
        ends = level.vertices[level.lines["end"][exits]]
        return cls(
            level=level,
            origin=(float(low[0]), float(low[1])),
            shape=(int(rows), int(columns)),
            clearance=clearance,
            graph=graph,
            exits=(starts + ends) / 2,
            _order=np.arange(int(rows) * int(columns)),
        )

    def cell(self, x: float, y: float) -> int:
        """Index of the cell that holds a point, clipped to the grid."""
        column = int(np.clip((x - self.origin[0]) // CELL_UNITS, 0, self.shape[1] - 1))
        row = int(np.clip((y - self.origin[1]) // CELL_UNITS, 0, self.shape[0] - 1))
        return row * self.shape[1] + column

    def centre(self, cell: int) -> tuple[float, float]:
        """Map coordinates of a cell's centre."""
        row, column = divmod(cell, self.shape[1])
        return (
            self.origin[0] + (column + 0.5) * CELL_UNITS,
            self.origin[1] + (row + 0.5) * CELL_UNITS,
        )

    def free_cell_near(self, x: float, y: float) -> int:
        """The walkable cell nearest to a point, within 64 units; the point's own cell if there is none."""
        own = self.cell(x, y)
        row, column = divmod(own, self.shape[1])
        reach = 4
        top, left = max(row - reach, 0), max(column - reach, 0)
        window = self.clearance[top : row + reach + 1, left : column + reach + 1] > 0
        if not window.any():
            return own
        rows, columns = np.nonzero(window)
        nearest = np.argmin((rows + top - row) ** 2 + (columns + left - column) ** 2)
        return int((rows[nearest] + top) * self.shape[1] + columns[nearest] + left)

    def routes(self, start: int) -> tuple[np.ndarray, np.ndarray]:
        """Cost from a cell to every cell (inf: unreachable) and the predecessor of each on the best way."""
        costs, predecessors = csgraph.dijkstra(self.graph, indices=start, return_predecessors=True)
        return costs, predecessors

    def path(self, predecessors: np.ndarray, goal: int) -> list[int]:
        """Cells from the start of ``routes`` to a goal, both included."""
        cells = [goal]
        while predecessors[cells[-1]] >= 0:
            cells.append(int(predecessors[cells[-1]]))
        return cells[::-1]

    def discourage(self, cell: int, *, radius_cells: int = 1, factor: float = 20.0) -> None:
        """Makes a spot dear where a bot got stuck, so that the next way avoids it."""
        row, column = divmod(cell, self.shape[1])
        for r in range(max(row - radius_cells, 0), min(row + radius_cells + 1, self.shape[0])):
            for c in range(max(column - radius_cells, 0), min(column + radius_cells + 1, self.shape[1])):
                index = r * self.shape[1] + c
                self.graph.data[self.graph.indptr[index] : self.graph.indptr[index + 1]] *= factor

    def near_exit(self, x: float, y: float, *, within_units: float = 128.0) -> bool:
        """Whether pressing use here might end the level."""
        if not len(self.exits):
            return False
        return bool(np.min(np.hypot(self.exits[:, 0] - x, self.exits[:, 1] - y)) < within_units)


class _Builder:
    """Collects what every line of the level does to the moves between neighbouring cells."""

    def __init__(self, level: Level, low: np.ndarray, shape: tuple[int, int]) -> None:
        self.level, self.low, self.shape = level, low, shape
        self.solid = np.zeros(shape, bool)
        # Extra cost of leaving a cell to the east, west, north, south.
        self.east, self.west, self.north, self.south = (np.zeros(shape) for _ in range(4))
        rows, columns = shape
        self.centre_x = low[0] + (np.arange(columns) + 0.5) * CELL_UNITS
        self.centre_y = low[1] + (np.arange(rows) + 0.5) * CELL_UNITS
        self._can_open = self._sectors_that_move()

    def _sectors_that_move(self) -> np.ndarray:
        level = self.level
        moves = np.asarray(level.sectors["tag"] != 0)
        with_special = (level.lines["special"] != 0) & (level.back_sector >= 0)
        moves[level.back_sector[with_special]] = True
        return moves

    def add_lines(self) -> None:
        level = self.level
        starts = level.vertices[level.lines["start"]]
        ends = level.vertices[level.lines["end"]]
        for index in range(len(level.lines)):
            into_back, into_front = self._crossing_costs(index)
            if np.isinf(into_back) and np.isinf(into_front):
                self._mark_solid(starts[index], ends[index])
            if into_back or into_front:
                self._mark_crossing(starts[index], ends[index], into_back, into_front)

    def _crossing_costs(self, index: int) -> tuple[float, float]:
        """Cost of crossing a line from its front to its back, and from back to front."""
        level = self.level
        line = level.lines[index]
        front, back = int(level.front_sector[index]), int(level.back_sector[index])
        if back < 0 or line["flags"] & _IMPASSABLE_FLAG or line["special"] in _WALK_EXITS:
            return np.inf, np.inf
        return self._entering_cost(front, back), self._entering_cost(back, front)

    def _entering_cost(self, source: int, target: int) -> float:
        sectors = self.level.sectors
        a, b = sectors[source], sectors[target]
        moves = bool(self._can_open[source] or self._can_open[target])
        cost = 0.0
        opening = min(int(a["ceiling"]), int(b["ceiling"])) - max(int(a["floor"]), int(b["floor"]))
        if opening < _PLAYER_HEIGHT:
            cost += _DOOR_COST if moves else np.inf
        if int(b["floor"]) - int(a["floor"]) > _MAX_STEP:
            cost += _LIFT_COST if moves else np.inf
        if int(b["special"]) in _DAMAGE_SPECIALS:
            cost += _DAMAGE_COST
        return cost

    def _mark_solid(self, start: np.ndarray, end: np.ndarray) -> None:
        """Cells where a player's box would touch the line (axis-aligned box against a segment)."""
        margin = _PLAYER_RADIUS - 0.5
        low, high = np.minimum(start, end) - margin, np.maximum(start, end) + margin
        columns = slice(*np.searchsorted(self.centre_x, [low[0], high[0]]))
        rows = slice(*np.searchsorted(self.centre_y, [low[1], high[1]]))
        dx, dy = end - start
        cross = dx * (self.centre_y[rows, None] - start[1]) - dy * (self.centre_x[None, columns] - start[0])
        self.solid[rows, columns] |= np.abs(cross) <= margin * (abs(dx) + abs(dy))

    def _mark_crossing(self, start: np.ndarray, end: np.ndarray, into_back: float, into_front: float) -> None:
        """Rows and columns of centres that the line cuts; the front is to the right of start -> end."""
        (x1, y1), (x2, y2) = start, end
        if y1 != y2:
            rows = np.arange(*np.searchsorted(self.centre_y, sorted((y1, y2))))
            crossing_x = x1 + (self.centre_y[rows] - y1) * (x2 - x1) / (y2 - y1)
            columns = np.searchsorted(self.centre_x, crossing_x) - 1
            eastward, westward = (into_front, into_back) if y2 > y1 else (into_back, into_front)
            np.maximum.at(self.east, (rows, columns), eastward)
            np.maximum.at(self.west, (rows, columns + 1), westward)
        if x1 != x2:
            columns = np.arange(*np.searchsorted(self.centre_x, sorted((x1, x2))))
            crossing_y = y1 + (self.centre_x[columns] - x1) * (y2 - y1) / (x2 - x1)
            rows = np.searchsorted(self.centre_y, crossing_y) - 1
            northward, southward = (into_back, into_front) if x2 > x1 else (into_front, into_back)
            np.maximum.at(self.north, (rows, columns), northward)
            np.maximum.at(self.south, (rows + 1, columns), southward)

    def graph(self, clearance: np.ndarray) -> sparse.csr_matrix:
        rows, columns = self.shape
        index = np.arange(rows * columns).reshape(self.shape)
        free = clearance > 0
        base = 1.0 + _NEAR_WALL_COST * np.exp(-np.maximum(clearance - CELL_UNITS, 0) / 24.0)
        moves = [
            (self.east[:, :-1], np.s_[:, :-1], np.s_[:, 1:]),
            (self.west[:, 1:], np.s_[:, 1:], np.s_[:, :-1]),
            (self.north[:-1], np.s_[:-1, :], np.s_[1:, :]),
            (self.south[1:], np.s_[1:, :], np.s_[:-1, :]),
        ]
        sources, targets, weights = [], [], []
        for extra, source, target in moves:
            usable = free[source] & free[target] & np.isfinite(extra)
            sources.append(index[source][usable])
            targets.append(index[target][usable])
            weights.append((extra + base[target])[usable])
        matrix = sparse.coo_matrix(
            (np.concatenate(weights), (np.concatenate(sources), np.concatenate(targets))),
            shape=(rows * columns, rows * columns),
        )
        return matrix.tocsr()
