"""Frames -> numbers: what small pictures show, and how each differs from the one before.

Everything is counted in whole numbers on the 8-bit pictures first, so that the sums are the same on
every machine; only then is it divided. Pictures are looked at in batches: NumPy's cost per call is
otherwise as large as the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from photoplayer.video import Frame

ANALYSIS_RATE_HZ = 9
"""Pictures per second that are looked at: three a step of the Timeline."""

ANALYSIS_SIZE = (80, 60)
"""Width and height of the analysed picture, pixels."""

CELLS = (6, 8)
"""Rows and columns of the grid that says where something happens; a cell is 10 x 10 pixels."""

CELL_PIXELS = 100
CELL_CHANNELS = ("grey", "blue", "red", "texture", "change", "bright", "flash")
"""What is measured in every cell; ``blue`` and ``red`` are differences from grey."""

PALETTE_BINS, GREY_BINS, HUE_BINS, EDGE_BINS = 64, 16, 16, 24
HISTOGRAMS = {"palette": PALETTE_BINS, "grey": GREY_BINS, "hue": HUE_BINS, "edges": EDGE_BINS}
"""Histograms of the whole picture without the strip where games keep their status bar."""

BELOW_STATUS_BAR = 50
"""Rows counted in the histograms: the lowest sixth is left out."""

SHIFT_REACH = 24
"""Largest sideways turn between two pictures that is looked for, pixels."""

LOOK_VALUES = CELLS[0] * CELLS[1] * len(CELL_CHANNELS) + sum(HISTOGRAMS.values()) + 2
"""Numbers kept of one picture: 458."""

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Looks:
    """A run of analysed pictures.

    ``times_s (n,)``; ``cells (n, 6, 8, 7)`` in 0..1 (blue and red -1..1), channels as ``CELL_CHANNELS``;
    ``histograms`` by name ``(n, bins)``, each row a share of the pixels; ``likeness (n, 2)``: correlation
    with the picture before, unmoved and at the best sideways shift, -1..1.
    """

    times_s: npt.NDArray[np.float64]
    cells: Floats
    histograms: dict[str, Floats]
    likeness: Floats

    def __len__(self) -> int:
        return len(self.times_s)

    def flat(self) -> Floats:
        """``(n, LOOK_VALUES)``: cells, then histograms, then likeness, as the network reads them."""
        return np.concatenate(
            [self.cells.reshape(len(self), -1), *self.histograms.values(), self.likeness], axis=1
        )


def look(frames: Iterable[Frame], *, batch: int = 36) -> Iterator[Looks]:
    """Looks at all frames in order, ``batch`` at a time.

    Raises ``ValueError`` where a frame is not ``ANALYSIS_SIZE`` large.
    """
    stream = iter(frames)
    before: npt.NDArray[np.uint8] | None = None
    while chunk := list(islice(stream, batch)):
        pictures = np.stack([frame.image for frame in chunk])
        if pictures.shape[1:] != (ANALYSIS_SIZE[1], ANALYSIS_SIZE[0], 3):
            raise ValueError(f"frames are {pictures.shape[1:]}, analysis wants {ANALYSIS_SIZE} RGB pictures")
        context = pictures[:1] if before is None else before
        looks = look_at(np.concatenate([context, pictures]), np.array([frame.time_s for frame in chunk]))
        before = pictures[-1:]
        yield looks


def look_at(pictures: npt.NDArray[np.uint8], times_s: npt.NDArray[np.float64]) -> Looks:
    """``pictures (1 + n, 60, 80, 3)``: the first is only there to be compared with."""
    red, green, blue = (pictures[..., channel].astype(np.int32) for channel in range(3))
    grey = (77 * red + 150 * green + 29 * blue) >> 8
    cells, edges = _cells(grey, blue - grey, red - grey)
    now = np.s_[1:, :BELOW_STATUS_BAR]
    histograms = _histograms(grey[now], (blue - grey)[now], (red - grey)[now])
    histograms["hue"] = _hues(red[now], green[now], blue[now])
    histograms["edges"] = edges
    return Looks(times_s, cells, histograms, _likeness(grey))


def _cells(grey: Ints, blue: Ints, red: Ints) -> tuple[Floats, Floats]:
    across = grey[1:, 1:-1, 2:] - grey[1:, 1:-1, :-2]
    down = grey[1:, 2:, 1:-1] - grey[1:, :-2, 1:-1]
    steep = np.abs(across) + np.abs(down)
    difference = grey[1:] - grey[:-1]
    now = grey[1:]
    sums = np.stack(
        [
            _per_cell(now),
            _per_cell(blue[1:]),
            _per_cell(red[1:]),
            _per_cell(np.pad(np.minimum(steep, 255), ((0, 0), (1, 1), (1, 1)))),
            _per_cell(np.abs(difference)),
            _per_cell((now > 200) * 255),
            _per_cell((difference > 60) * 255),
        ],
        axis=-1,
    )
    return (sums / np.float32(255 * CELL_PIXELS)).astype(np.float32), _edges(across, down, steep)


def _per_cell(values: Ints) -> Ints:
    count, rows, columns = values.shape[0], *CELLS
    summed: Ints = values.reshape(count, rows, 10, columns, 10).sum(axis=(2, 4), dtype=np.int32)
    return summed


def _edges(across: Ints, down: Ints, steep: Ints) -> Floats:
    """Flat, upright, level and slanted edges by steepness: how the surfaces are drawn."""
    upright, level = np.abs(across) > 2 * np.abs(down), np.abs(down) > 2 * np.abs(across)
    direction = np.where(upright, 0, np.where(level, 1, 2))
    strength = np.minimum(steep >> 4, 7)
    rows = np.s_[:, : BELOW_STATUS_BAR - 1]
    return _shares(direction[rows] * 8 + strength[rows], EDGE_BINS)


def _histograms(grey: Ints, blue: Ints, red: Ints) -> dict[str, Floats]:
    tint = np.clip(blue // 16 + 2, 0, 3) * 4 + np.clip(red // 16 + 2, 0, 3)
    return {
        "palette": _shares((grey >> 6) * 16 + tint, PALETTE_BINS),
        "grey": _shares(grey >> 4, GREY_BINS),
    }


def _hues(red: Ints, green: Ints, blue: Ints) -> Floats:
    """Hue of pixels that have one, as a share of all pixels."""
    high = np.maximum(np.maximum(red, green), blue)
    spread = high - np.minimum(np.minimum(red, green), blue)
    safe = np.maximum(spread, 1)
    sixth = np.where(
        high == red,
        (green - blue) * 256 // safe,
        np.where(high == green, 512 + (blue - red) * 256 // safe, 1024 + (red - green) * 256 // safe),
    )
    hue = (sixth % 1536) * HUE_BINS // 1536
    vivid = (spread * 6 > high) & (high > 20)
    return _shares(np.where(vivid, hue, HUE_BINS), HUE_BINS + 1)[:, :HUE_BINS]


def _shares(labels: Ints, bins: int) -> Floats:
    count = len(labels)
    flat = labels.reshape(count, -1)
    offset = np.arange(count, dtype=np.int32)[:, None] * bins
    counted = np.bincount((flat + offset).ravel(), minlength=count * bins).reshape(count, bins)
    return (counted / np.float32(flat.shape[1])).astype(np.float32)


def _likeness(grey: Ints) -> Floats:
    """Correlation of each picture with the one before, unmoved and turned sideways as fits best.

    Half-size pictures; sums are whole numbers, so the correlation is exact up to its last division.
    """
    small = grey[:, 4:BELOW_STATUS_BAR:2, ::2].astype(np.int64)
    before, now = small[:-1], small[1:]
    width = small.shape[2]
    scores = []
    for shift in range(-SHIFT_REACH // 2, SHIFT_REACH // 2 + 1):
        a = before[:, :, max(shift, 0) : width + min(shift, 0)]
        b = now[:, :, max(-shift, 0) : width + min(-shift, 0)]
        scores.append(_correlation(a, b))
    table = np.stack(scores)
    return np.stack([table[SHIFT_REACH // 2], table.max(axis=0)], axis=1).astype(np.float32)


def _correlation(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    axes, count = (1, 2), a.shape[1] * a.shape[2]
    sum_a, sum_b = a.sum(axis=axes), b.sum(axis=axes)
    cross = count * (a * b).sum(axis=axes) - sum_a * sum_b
    own_a = count * (a * a).sum(axis=axes) - sum_a**2
    own_b = count * (b * b).sum(axis=axes) - sum_b**2
    noise = 4 * count * count  # two pictures of one flat colour are alike: a variance of 4 grey levels
    return np.asarray((cross + noise) / np.sqrt((own_a + noise).astype(float) * (own_b + noise)))
