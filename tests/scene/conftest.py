"""Clips made here: textured places, cuts, flashes, pans, black."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from photoplayer.scene import ANALYSIS_RATE_HZ, ANALYSIS_SIZE
from photoplayer.video import Frame

WIDTH, HEIGHT = ANALYSIS_SIZE


@dataclass(frozen=True)
class Stage:
    """Makes pictures of places: a wide wall of coloured blocks that a camera walks along."""

    def wall(self, seed: int, tint: tuple[float, float, float]) -> np.ndarray:
        """``(HEIGHT, 8 * WIDTH, 3)``."""
        source = np.random.default_rng(seed)
        size = (HEIGHT // 10, 8 * WIDTH // 10, 1)
        blocks = source.uniform(60, 200, size) * np.array(tint) + source.uniform(-12, 12, (*size[:2], 3))
        return np.clip(blocks.repeat(10, axis=0).repeat(10, axis=1), 0, 255).astype(np.uint8)

    def walk(
        self, wall: np.ndarray, pictures: int, *, start: int = 0, speed: float = 1.0
    ) -> list[np.ndarray]:
        """A camera that moves along the wall."""
        left = [int(start + speed * k) % (wall.shape[1] - WIDTH) for k in range(pictures)]
        return [wall[:, x : x + WIDTH].copy() for x in left]

    def frames(self, pictures: list[np.ndarray]) -> Iterator[Frame]:
        """As the video room gives them."""
        return (Frame(k / ANALYSIS_RATE_HZ, picture) for k, picture in enumerate(pictures))


@pytest.fixture
def stage() -> Stage:
    """Where clips are made."""
    return Stage()
