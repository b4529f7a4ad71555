"""Training samples for SceneNet: takes of gameplay changed in look, cut to pieces and joined.

Every cut in a sample is planted by us, so its time is known to the picture. Colours, framing, status bar and
speed are varied, so that neither a game's palette nor a bot's way of turning gives the answer away.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer import video
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE, LOOK_VALUES, look_at
from photoplayer.scene.timeline import RATE_HZ
from photoplayer.train.data.gameplay import Clip

UNSURE = -1
"""Cut label of pictures near a change on foot: neither taught as a change nor as none."""

PIECE_S = (4.5, 20.0)
Pictures = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Take:
    """A recording at analysis rate: pictures ``(n, 60, 80, 3)``, looks ``(n, 458)``, labels ``(n,)``.

    ``fight`` is bool; ``cut`` is 1 at the first picture of another place, ``UNSURE`` or 0.
    """

    level: str
    pictures: Pictures
    looks: Floats
    fight: npt.NDArray[np.bool_]
    cut: npt.NDArray[np.int8]


def read_take(clip: Clip, dice: random.Random, *, plain: bool) -> Take:
    """Decode a clip; unless ``plain``, change its look and, now and then, play it faster."""
    stream = video.frames(clip.path, rate_hz=ANALYSIS_RATE_HZ, size=ANALYSIS_SIZE, fast=True)
    pictures = np.stack([frame.image for frame in stream])
    count = len(pictures)
    steps = np.minimum(np.arange(count) * RATE_HZ // ANALYSIS_RATE_HZ, len(clip.combat) - 1)
    cut = np.zeros(count, np.int8)
    for moment in clip.soft_changes_s:
        at = round(moment * ANALYSIS_RATE_HZ)
        cut[max(at - ANALYSIS_RATE_HZ, 0) : at + ANALYSIS_RATE_HZ + 1] = UNSURE
    for moment in clip.changes_s:
        cut[min(math.ceil(moment * ANALYSIS_RATE_HZ), count - 1)] = 1
    fight = clip.combat[steps]
    if not plain:
        if dice.random() < 0.4:
            pictures, fight, cut = _faster(pictures, fight, cut, dice.choice((1.6, 2.0, 2.5)))
        pictures = _changed_look(pictures, dice)
    return Take(str(clip.source.get("level", clip.path)), pictures, _looks(pictures), fight, cut)


def sample(takes: Sequence[Take], dice: random.Random, *, length: int) -> Take:
    """``length`` pictures: one take as it is, or pieces of takes from different levels joined by cuts."""
    single = dice.random() < 0.35
    parts: list[Take] = []
    while sum(len(part.fight) for part in parts) < length:
        take = dice.choice(takes)
        if parts and take.level == parts[-1].level and len({t.level for t in takes}) > 1:
            continue
        wanted = length if single else round(dice.uniform(*PIECE_S) * ANALYSIS_RATE_HZ)
        parts.append(_piece(take, dice, wanted, parts[-1] if parts else None))
    return Take(
        "joined",
        np.concatenate([part.pictures for part in parts])[:length],
        np.concatenate([part.looks for part in parts])[:length],
        np.concatenate([part.fight for part in parts])[:length],
        np.concatenate([part.cut for part in parts])[:length],
    )


def _piece(take: Take, dice: random.Random, wanted: int, before: Take | None) -> Take:
    size = min(len(take.fight), wanted)
    start = dice.randrange(len(take.fight) - size + 1)
    inside = np.s_[start : start + size]
    looks, cut = take.looks[inside].copy(), take.cut[inside].copy()
    cut[0] = before is not None
    if before is not None:
        looks[0] = _looks(np.stack([before.pictures[-1], take.pictures[start]]))[1]
    return Take(take.level, take.pictures[inside], looks, take.fight[inside], cut)


def _looks(pictures: Pictures) -> Floats:
    rows = [
        look_at(
            np.concatenate([pictures[max(start - 1, 0) : max(start, 1)], pictures[start : start + 36]]),
            np.zeros(len(pictures[start : start + 36])),
        ).flat()
        for start in range(0, len(pictures), 36)
    ]
    return np.concatenate(rows).reshape(-1, LOOK_VALUES)


def _faster(
    pictures: Pictures, fight: npt.NDArray[np.bool_], cut: npt.NDArray[np.int8], speed: float
) -> tuple[Pictures, npt.NDArray[np.bool_], npt.NDArray[np.int8]]:
    """Leave pictures out: turns and walks as quick as a person's mouse makes them."""
    kept = (np.arange(int(len(pictures) / speed)) * speed).astype(int)
    labels = np.zeros(len(kept), np.int8)
    for value in (UNSURE, 1):
        at = np.ceil(np.flatnonzero(cut == value) / speed).astype(int)
        labels[np.minimum(at, len(kept) - 1)] = value
    return pictures[kept], fight[kept], labels


def _changed_look(pictures: Pictures, dice: random.Random) -> Pictures:
    """Another crop, gamma, gain, saturation, tint, status bar or border; mirrored half of the time."""
    height, width = pictures.shape[1:3]
    margin = dice.choice((0.0, 0.0, 0.05, 0.1, 0.15))
    rows, columns = (round(size * (1 - margin)) for size in (height, width))
    top, left = dice.randint(0, height - rows), dice.randint(0, width - columns)
    pictures = pictures[:, top + np.arange(height) * rows // height][
        :, :, left + np.arange(width) * columns // width
    ]
    curve = 255 * np.clip((np.arange(256) / 255) ** math.exp(dice.gauss(0, 0.3)), 0, 1)
    bright = (curve * math.exp(dice.gauss(0, 0.15))).astype(np.float32)[pictures]
    grey = bright.mean(axis=3, keepdims=True)
    tint = np.array([math.exp(dice.gauss(0, 0.1)) for _ in range(3)], np.float32)
    changed = np.clip((grey + (bright - grey) * dice.uniform(0.5, 1.5)) * tint, 0, 255)
    _cover(changed, dice)
    if dice.random() < 0.5:
        changed = changed[:, :, ::-1]
    return np.asarray(changed, np.uint8)


def _cover(pictures: Floats, dice: random.Random) -> None:
    """Half of the time, a status bar of another colour, a letterbox or pillars."""
    size = dice.randint(2, 11)
    kind = dice.choice(("none", "none", "none", "bar", "letterbox", "pillars"))
    if kind == "bar":
        pictures[:, -size:] = [dice.randrange(256) for _ in range(3)]
    elif kind == "letterbox":
        pictures[:, : size // 2 + 1] = pictures[:, -(size // 2 + 1) :] = 0
    elif kind == "pillars":
        pictures[:, :, : size // 2 + 1] = pictures[:, :, -(size // 2 + 1) :] = 0
