"""A keyboard's homography, refined until its marks lie where they should (Gauss-Newton, robust)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from photoplayer.piano.find.aspect import USUAL, log_aspect
from photoplayer.piano.find.bars import Grey, Values
from photoplayer.piano.find.marks import KINDS, SIDEWAYS, Ends, Marks, measured
from photoplayer.piano.find.unroll import Unrolled, unrolled
from photoplayer.piano.keyboard import Matrix, apply_homography
from photoplayer.piano.layout import is_black, whites_below
from photoplayer.piano.lens import MOST, bent, pull

COARSE = ((0.5, 0.14), (0.35, 0.14), (0.3, 0.1), (0.25, 0.06), (0.2, 0.05))
FINE = ((0.3, 0.06), (0.25, 0.05), (0.2, 0.04))
"""Each round's: sideways in white-key widths, lengthways in key lengths."""
_RISE, _RISE_SPREAD = 0.0025, 0.004
"""By how much more than the white keys' plane black keys are stretched: they stand half a white-key width
nearer to a camera sixty to a hundred away, so those at the ends seem to lie outwards (eight real cameras:
.0033 to .0061). Shadows and lit tops take from that, so it is little more than a hint (rendered keys under
many lights: -.0025 to .002)."""
_BULGE_SPREAD = 0.01
"""Of lenses, about 0: phones and webcams are mostly within; where hardly a mark tells, none is seen."""
_ASPECT_SPREAD = 0.045
"""Of the logarithm of keys' length by width, from piano to piano."""
_SURE = 0.05
"""White-key widths that a good mark is off: what the spreads are weighed against."""
_LIT_SPREAD = 0.05
"""White-key widths by which black keys at both ends may seem shifted to one side by light on their walls."""
_STRETCH = 6.0
"""White-key widths that share one say."""
_LENGTH_IN_WIDTHS = 6.0
"""A white key's length in its widths, to weigh errors lengthways like those sideways."""
_BEYOND = 5
"""White keys unrolled past the outermost black key, to see whether there are more."""
_AGREES = 0.08
"""White-key widths: a mark further off than a few of these loses its say."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A refined ``homography`` and lens's ``bulge``, the last ``strip`` seen through them with its ``marks``,
    and how far off they still are after the fit (``left_over``, ``(n,)``, white-key widths). ``odd``: how
    unlike a piano's the keys' length by their width is, in standard deviations."""

    homography: Matrix
    bulge: float
    strip: Unrolled
    marks: Marks
    left_over: Values
    odd: float


def refined(
    picture: Grey,
    homography: Matrix,
    lowest: int,
    highest: int,
    *,
    bulge: float = 0.0,
    ends: Ends = (None, None),
    reaches: Sequence[tuple[float, float]] = COARSE,
) -> Fit:
    """Refine on a picture ``(h, w)``; black keys ``lowest``..``highest`` are in it.

    ``ends``: left and right edge of the instrument's keys, where they are in the picture.
    """
    blacks = [pitch for pitch in range(lowest, highest + 1) if is_black(pitch)]
    gaps = list(range(whites_below(lowest) - 1, whites_below(highest) + 2))
    left, right = gaps[0] - _BEYOND, gaps[-1] + _BEYOND
    middle = (gaps[0] + gaps[-1]) / 2
    half = (gaps[-1] - gaps[0]) / 2
    size = picture.shape[1], picture.shape[0]
    for reach, along in reaches:
        strip = unrolled(picture, homography, left, right, bulge=bulge)
        marks = measured(strip, blacks=blacks, gaps=gaps, ends=ends, reach=reach, along=along)
        pulled = _pulled(marks, homography, size, bulge)
        shape = _shape(homography, size, middle)
        step, more, left_over = _solved(marks, middle, half, pulled, bulge, shape)
        homography = homography @ step
        homography = homography / homography[2, 2]
        bulge = float(np.clip(bulge + more, -MOST, MOST))
    short, spread = _shape(homography, size, middle)
    return Fit(homography, bulge, strip, marks, left_over, abs(short) / spread)


def _shape(homography: Matrix, size: tuple[int, int], middle: float) -> tuple[float, float]:
    """By how much (logarithm) keys should be longer for their width, and how far that may be off."""
    told, unsure = log_aspect(homography, size, middle)
    return math.log(USUAL) - told, math.hypot(unsure, _ASPECT_SPREAD)


def _pulled(marks: Marks, homography: Matrix, size: tuple[int, int], bulge: float) -> Values:
    """How far a bulge of 1 would move each mark in the plane, along the direction it is measured in."""
    step = 1e-3
    at, aside, along = (
        apply_homography(homography, np.stack([marks.x + dx, marks.y + dy], axis=1))
        for dx, dy in ((0.0, 0.0), (step, 0.0), (0.0, step))
    )
    found = bent(at[:, 0], at[:, 1], size, bulge)
    pixels = np.stack(pull(*found, size), axis=1)
    grid = np.stack([aside - at, along - at], axis=2) / step
    plane = np.linalg.solve(grid, pixels[:, :, None])[:, :, 0]
    return np.where(marks.of(*SIDEWAYS), plane[:, 0], plane[:, 1])


def _solved(
    marks: Marks, middle: float, half: float, pulled: Values, bulge: float, shape: tuple[float, float]
) -> tuple[Matrix, float, Values]:
    """The homography of the plane that takes ideal places to measured ones, the bulge to be added, and what
    they leave. ``shape``: by how much (logarithm) keys should be longer, and its spread."""
    u, y = (marks.x - middle) / half, marks.y - 0.5
    zero, one = np.zeros_like(u), np.ones_like(u)
    sideways = marks.of(*SIDEWAYS)
    black, tip = marks.of("black"), marks.of("tip")
    # Unknowns: x += a0 + a1 u + a2 y - half u (p u + q y);  y += b0 + b1 u + b2 y - y (p u + q y);
    # and two that belong to the piano, not the camera: black keys stand above the plane, so a slanting
    # camera sees them aside (s0 + s1 u + s2 u², the last as light shows one of their walls more than the
    # other), and their tips short or long (t). Last the lens's bulge.
    columns_x = np.stack(
        [
            one,
            u,
            y,
            zero,
            zero,
            zero,
            -half * u * u,
            -half * u * y,
            black,
            black * u,
            black * u * u,
            zero,
            -pulled,
        ]
    )
    columns_y = np.stack([zero, zero, zero, one, u, y, -y * u, -y * y, zero, zero, zero, tip, -pulled])
    scale = np.where(sideways, 1.0, _LENGTH_IN_WIDTHS)
    system = np.where(sideways, columns_x, columns_y).T * scale[:, None]
    target = marks.off * scale
    likely = np.zeros(13)
    likely[9] = _RISE * half
    likely[12] = -bulge
    aside = [0.3, _RISE_SPREAD * half, _LIT_SPREAD]
    spread = np.array([30, 30, 3, 3, 3, 3, 0.3, 0.3, *aside, 0.04, _BULGE_SPREAD])
    proportion = np.zeros(13)
    proportion[[1, 5]] = -1 / half, 1
    ridge = _SURE * np.vstack([np.diag(1 / spread), proportion / shape[1]])
    expected = _SURE * np.append(likely / spread, shape[0] / shape[1])
    say = _evened(marks)
    weight = say.copy()
    solution = np.zeros(system.shape[1])
    scatter = 0.3
    for _ in range(8):
        root = np.sqrt(weight)[:, None]
        solution = np.linalg.lstsq(
            np.vstack([system * root, ridge]), np.append(target * root[:, 0], expected), rcond=None
        )[0]
        off = np.abs(target - system @ solution)
        scatter = max(_AGREES, min(scatter, 1.5 * _weighted_median(off, say)))
        weight = say / (1 + (off / scatter) ** 2) ** 2
    a0, a1, a2, b0, b1, b2, p, q = solution[:8]
    to_unit = np.array([[1 / half, 0, -middle / half], [0, 1, -0.5], [0, 0, 1]])
    step = np.array([[1 + a1 / half, a2 / half, a0 / half], [b1, 1 + b2, b0], [p, q, 1]])
    return np.linalg.inv(to_unit) @ step @ to_unit, float(solution[12]), target - system @ solution


def _evened(marks: Marks) -> Values:
    """Weights that give every stretch of the keyboard a like say: a lens bends the row a little, and marks
    crowded where the light is good should not pull one end straight at the cost of the other."""
    stretch = np.floor(marks.x / _STRETCH).astype(np.intp)
    stretch -= stretch.min()
    weight = marks.weight.copy()
    for kind in range(len(KINDS)):
        these = marks.kind == kind
        total = np.bincount(stretch[these], weights=marks.weight[these], minlength=stretch.max() + 1)
        if KINDS[kind] != "end":  # two edges that settle the corners, and nothing beyond them does
            weight[these] /= np.sqrt(np.maximum(total[stretch[these]], 0.1))
    return weight


def _weighted_median(values: Values, weight: Values) -> float:
    order = np.argsort(values)
    total = np.cumsum(weight[order])
    if total[-1] <= 0:
        return 1.0
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
