"""What a stretch of pictures asks of a trio: attributes, and the code its music may have.

``trio-see`` is an earlier eye of the Watcher (:mod:`photoplayer.scene.watcher`), taught on ten games and on
games drawn by chance; it sees three pictures of a moment, and what moves between them. ``trio-frame`` was
taught to read what it saw of sixteen moments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photoplayer.models import load
from photoplayer.music.trio_attributes import ATTRIBUTES
from photoplayer.scene.glances import Glances
from photoplayer.scene.timeline import RATE_HZ

MOMENTS, PICTURES = 16, 3
"""Moments of a stretch that are looked at, and pictures of each, a third of a second apart."""

SHORTEST_S = 16.0
"""The network was taught on 16 s; a shorter section is looked at with what is around it."""

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Seen:
    """``attributes (n, attributes)`` in standard deviations and ``codes (n, 512)``, one row a stretch."""

    attributes: Array
    codes: Array


def look(glances: Glances, stretches: list[tuple[float, float]]) -> Seen:
    """What the networks make of stretches ``(start_s, end_s)``."""
    seen = np.concatenate([see(_moments(glances, *_widened(*stretch))[None]) for stretch in stretches])
    return asked(seen)


def see(pictures: NDArray[np.uint8]) -> Array:
    """``(n, moments, 3, 60, 80, 3)`` pictures as what the eye says of every moment, ``(n, moments, 64)``."""
    flat = np.ascontiguousarray(pictures.reshape(-1, *pictures.shape[2:]))
    (found,) = load("trio-see").session.run(None, {"pictures": flat})
    return np.asarray(found, np.float32).reshape(*pictures.shape[:2], -1)


def asked(seen: Array) -> Seen:
    """What is asked for where the eye saw ``(n, moments, 64)``."""
    found = load("trio-frame").session.run(["attributes", "code"], {"seen": seen})
    attributes, codes = (np.asarray(each, np.float32) for each in found)
    assert attributes.shape[1] == len(ATTRIBUTES)
    return Seen(attributes, codes)


def _moments(glances: Glances, start_s: float, end_s: float) -> NDArray[np.uint8]:
    """``(moments, 3, 60, 80, 3)``: the pictures around the middle of each part of a stretch."""
    middles = start_s + (np.arange(MOMENTS) + 0.5) * (end_s - start_s) / MOMENTS
    half = PICTURES / RATE_HZ / 2
    return np.stack([glances.between(middle - half, middle + half, PICTURES) for middle in middles])


def _widened(start_s: float, end_s: float) -> tuple[float, float]:
    more_s = max(SHORTEST_S - (end_s - start_s), 0.0) / 2
    return start_s - more_s, end_s + more_s
