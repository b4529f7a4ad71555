"""Looks -> what the curves and the changes are made of: a few numbers a picture.

The looks of a picture (458 numbers) are read by the network block by block and let go, so that two hours
of video leave no more than a few megabytes behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer import models
from photoplayer.scene.looks import (
    CELL_CHANNELS,
    CELLS,
    GREY_BINS,
    HISTOGRAMS,
    HUE_BINS,
    LOOK_VALUES,
    Looks,
)

MODEL = "scene"
BLOCK, CONTEXT = 540, 96
"""Pictures the network answers for at a time, and those it sees before and after them."""

LOGIT_GRID = 32
"""Answers of the network are rounded to 1/32: floating point differs between machines by a millionth."""

GIST_VALUES = 2 * len(CELL_CHANNELS) + GREY_BINS + HUE_BINS + 2

SCALARS = (
    "brightness", "contrast", "colourful", "warm", "red", "texture", "change", "bright", "flash", "uneven"
)  # fmt: skip
"""Per picture, 0..1: means over the picture, except ``contrast`` and ``uneven``, the deviations of
brightness and of change between its cells."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Features:
    """Per analysed picture: ``times_s (n,)``, ``scalars (n, 10)`` and the network's logits ``(n,)``.

    ``fight``: is this a fight. ``cut``: does another place begin between the picture before and this one.
    ``gists (n, 48)`` are kept for the Watcher.
    """

    times_s: Array
    scalars: Array
    fight: Array
    cut: Array
    gists: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.times_s)

    def scalar(self, name: str) -> Array:
        """One column of ``scalars``."""
        column: Array = self.scalars[:, SCALARS.index(name)]
        return column


def gather(looks: Iterable[Looks]) -> Features:
    """Read all looks once, in order."""
    times: list[npt.NDArray[np.float64]] = []
    scalars: list[Array] = []
    gists: list[npt.NDArray[np.float32]] = []
    answers: list[Array] = []
    waiting = np.zeros((0, LOOK_VALUES), np.float32)
    answered = 0  # of the pictures in ``waiting``, those that are only there as context
    for batch in looks:
        times.append(batch.times_s)
        scalars.append(summarise(batch))
        gists.append(gist(batch.flat()))
        waiting = np.concatenate([waiting, batch.flat()])
        while len(waiting) >= answered + BLOCK + CONTEXT:
            answers.append(_answers(waiting[: answered + BLOCK + CONTEXT], answered, BLOCK))
            keep_from = answered + BLOCK - CONTEXT
            waiting, answered = waiting[keep_from:], CONTEXT
    while len(waiting) > answered:
        count = min(len(waiting) - answered, BLOCK)
        answers.append(_answers(waiting[: answered + count + CONTEXT], answered, count))
        waiting, answered = waiting[max(answered + count - CONTEXT, 0) :], min(answered + count, CONTEXT)
    logits = np.concatenate(answers) if answers else np.zeros((0, 2))
    return Features(
        np.concatenate(times) if times else np.zeros(0),
        np.concatenate(scalars) if scalars else np.zeros((0, len(SCALARS))),
        fight=logits[:, 0],
        cut=logits[:, 1],
        gists=np.concatenate(gists) if gists else np.zeros((0, GIST_VALUES), np.float32),
    )


def gist(looks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Looks ``(n, 458)`` -> what is left of them without places, ``(n, 48)``, as signed roots.

    Mean and spread of the cell channels over the picture, histograms of grey and hue, and the likeness with
    the picture before: no cell of its own, so that a game's screen cannot be learned by heart.
    """
    channels = len(CELL_CHANNELS)
    cells = looks[:, : CELLS[0] * CELLS[1] * channels].reshape(len(looks), -1, channels)
    first = cells.shape[1] * channels + HISTOGRAMS["palette"]
    histograms = looks[:, first : first + HISTOGRAMS["grey"] + HISTOGRAMS["hue"]]
    rows = np.concatenate([cells.mean(axis=1), cells.std(axis=1), histograms, looks[:, -2:]], axis=1)
    return np.asarray(np.sign(rows) * np.sqrt(np.abs(rows)), np.float32)


def summarise(looks: Looks) -> Array:
    """The ``SCALARS`` of a run of pictures, ``(n, 10)``."""
    cells = looks.cells.astype(np.float64).reshape(len(looks), -1, len(CELL_CHANNELS))
    channel = {name: cells[..., index] for index, name in enumerate(CELL_CHANNELS)}
    hues = looks.histograms["hue"].astype(np.float64)
    sector = HUE_BINS // 16
    red = hues[:, :sector].sum(axis=1) + hues[:, -sector:].sum(axis=1)
    columns = [
        channel["grey"].mean(axis=1),
        channel["grey"].std(axis=1),
        hues.sum(axis=1),
        hues[:, : 3 * sector].sum(axis=1) + hues[:, -sector:].sum(axis=1),
        red,
        *(channel[name].mean(axis=1) for name in ("texture", "change", "bright", "flash")),
        channel["change"].std(axis=1),
    ]
    return np.stack(columns, axis=1)


def _answers(seen: npt.NDArray[np.float32], first: int, count: int) -> Array:
    """Logits of pictures ``first`` to ``first + count`` of ``seen``.

    The network takes ``BLOCK + 2 * CONTEXT`` pictures; before the start and after the end stand copies.
    """
    before = CONTEXT - first
    after = BLOCK + 2 * CONTEXT - before - len(seen)
    padded = np.concatenate([np.repeat(seen[:1], before, axis=0), seen, np.repeat(seen[-1:], after, axis=0)])
    (logits,) = models.load(MODEL).session.run(None, {"looks": padded[None]})
    inside = np.asarray(logits, np.float64)[0, CONTEXT : CONTEXT + count]
    return np.asarray(np.round(inside * LOGIT_GRID) / LOGIT_GRID)
