"""Clips as small pictures on disk: decoded once, then mapped into memory.

80 x 60 RGB, 9 a second as ``scene`` watches, or every third of them: 3 a second, as the learned encoders of
the engines see a clip (the frame rate of the source project).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer import video
from photoplayer.errors import InputError
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE
from photoplayer.scene.timeline import RATE_HZ
from photoplayer.train.data.scene_takes import save_array

Pictures = npt.NDArray[np.uint8]

EVERY = ANALYSIS_RATE_HZ // RATE_HZ
"""Pictures a step of the Timeline."""


def watched(clip: Path, kept: Path) -> Pictures:
    """Pictures ``(n, 60, 80, 3)`` of a clip at 9 Hz, from ``kept`` (.npy), written there if it is missing.

    Raises :class:`InputError` where the clip cannot be read or holds no picture.
    """
    if not kept.is_file():
        stream = video.frames(clip, rate_hz=ANALYSIS_RATE_HZ, size=ANALYSIS_SIZE, fast=True)
        images = [frame.image for frame in stream]
        if not images:
            raise InputError(f"{clip} holds no picture; give a video.")
        save_array(kept, np.stack(images))
    return mapped(kept)


def glanced(clip: Path, kept: Path, *, watched_at: Path | None = None) -> Pictures:
    """Pictures at 3 Hz, as :func:`watched`; taken from those at 9 Hz where ``watched_at`` holds them."""
    if not kept.is_file():
        if watched_at is not None:
            images = watched(clip, watched_at)[::EVERY]
        else:
            stream = video.frames(clip, rate_hz=RATE_HZ, size=ANALYSIS_SIZE, fast=True)
            images = np.stack([frame.image for frame in stream])
        save_array(kept, images)
    return mapped(kept)


def mapped(path: Path) -> Pictures:
    """Pictures on disk. Raises :class:`InputError` where the file is no such array."""
    try:
        pictures = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as problem:
        raise InputError(f"{path} holds no pictures ({problem}); delete it and run again.") from problem
    width, height = ANALYSIS_SIZE
    if not isinstance(pictures, np.ndarray) or pictures.dtype != np.uint8 or pictures.ndim != 4:
        raise InputError(f"{path} holds no pictures; delete it and run again.")
    if pictures.shape[1:] != (height, width, 3):
        raise InputError(f"{path} holds pictures of {pictures.shape[1:]}, {(height, width, 3)} is wanted.")
    return pictures
