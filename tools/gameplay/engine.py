"""ViZDoom itself: finding it, its archives, and the small things it does not do."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .errors import RecordError


def bundled_wads() -> dict[str, Path]:
    """The Freedoom archives that come with ViZDoom. Raises RecordError when it is not installed."""
    folder = Path(load_vizdoom().__file__).parent
    return {name: folder / f"{name}.wad" for name in ("freedoom1", "freedoom2")}


def load_vizdoom() -> Any:
    """The module. Raises RecordError when it is not installed."""
    try:
        import vizdoom
    except ImportError as error:
        raise RecordError(
            "Bots need ViZDoom: pip install 'photoplayer[record]' (or pip install vizdoom)."
        ) from error
    return vizdoom


@contextlib.contextmanager
def inside(folder: str) -> Iterator[None]:
    """Works in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def gamma_table(gamma: float) -> np.ndarray:
    """Brightens (above 1) or darkens the picture as a monitor's setting would."""
    return np.round(255 * (np.arange(256) / 255) ** (1 / gamma)).astype(np.uint8)
