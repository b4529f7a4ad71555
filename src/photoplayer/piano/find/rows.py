"""Rows of bars: those of like length whose middles lie on one straight line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from photoplayer.piano.find.bars import Bars, Values

FEWEST = 5
"""Black keys it takes: one octave's."""

_ANGLES = np.deg2rad(np.arange(-44.0, 45.0, 2.0))
_SEEDS = 48
_LIKE = 1.7
_OFF_LINE = 0.3
"""How far off the row's line a middle may lie, in bar lengths."""


@dataclass(frozen=True, eq=False)
class Row:
    """Bars in order along a line from ``origin`` in unit ``direction`` (rightwards), at ``along``."""

    bars: Bars
    origin: Values
    direction: Values
    along: Values


def rows_of_bars(bars: Bars, *, most: int = 2) -> list[Row]:
    """The fullest rows, each without the bars of those before it."""
    rows: list[Row] = []
    left = bars
    while len(rows) < most and len(left) >= FEWEST:
        members = _fullest(left)
        if members.sum() < FEWEST:
            break
        rows.append(_row(left.take(members)))
        left = left.take(~members)
    return rows


def _fullest(bars: Bars) -> np.ndarray:
    seeds = np.unique(np.linspace(0, len(bars) - 1, _SEEDS).round().astype(int))
    normals = np.stack([-np.sin(_ANGLES), np.cos(_ANGLES)])  # (2, angles)
    depth = bars.middle @ normals  # (n, angles)
    like = np.maximum(bars.length[seeds, None] / bars.length, bars.length / bars.length[seeds, None]) < _LIKE
    near = np.abs(depth[seeds, None, :] - depth[None]) < _OFF_LINE * bars.length[seeds, None, None]
    upright = np.abs(bars.axis @ normals) > 0.6  # (n, angles)
    counts = (near & like[:, :, None] & upright[None]).sum(axis=1)
    seed, angle = np.unravel_index(int(np.argmax(counts)), counts.shape)
    members = near[seed, :, angle] & like[seed] & upright[:, angle]
    return _settled(bars, members)


def _settled(bars: Bars, members: np.ndarray) -> np.ndarray:
    """Members of the line that the first members themselves draw, sizes changing evenly along it."""
    for _ in range(3):
        if members.sum() < FEWEST:
            break
        origin, direction = _line(bars.middle[members])
        offset = bars.middle - origin
        along = offset @ direction
        off = np.abs(offset @ np.array([-direction[1], direction[0]]))
        length = even(along[members], bars.length[members], along)
        length = np.maximum(length, 0.2 * np.median(bars.length[members]))
        members = (off < _OFF_LINE * length) & (np.abs(np.log(bars.length / length)) < np.log(_LIKE))
    return members


def even(at: Values, values: Values, everywhere: Values) -> Values:
    """A robust straight line through values, taken everywhere."""
    span = max(float(np.ptp(at)), 1e-6)
    keep = np.ones(len(at), dtype=bool)
    middle = float(np.median(values))
    slope = 0.0
    for _ in range(3):
        if keep.sum() < FEWEST:
            break
        slope, middle = np.polyfit(at[keep] / span, values[keep], 1)
        off = np.abs(values - (slope * at / span + middle))
        keep = off <= 1.5 * np.median(off) + 1e-9
    return np.asarray(slope * everywhere / span + middle, dtype=np.float64)


def _line(points: Values) -> tuple[Values, Values]:
    keep = np.ones(len(points), dtype=bool)
    for _ in range(3):
        origin = points[keep].mean(axis=0)
        _, _, axes = np.linalg.svd(points[keep] - origin)
        direction = axes[0] * (1.0 if axes[0][0] >= 0 else -1.0)
        off = np.abs((points - origin) @ np.array([-direction[1], direction[0]]))
        keep = off <= 2.0 * np.median(off) + 1e-9
    return origin, direction


def _row(bars: Bars) -> Row:
    origin, direction = _line(bars.middle)
    along = (bars.middle - origin) @ direction
    order = np.argsort(along, kind="stable")
    return Row(bars.take(order), origin, direction, along[order])
