"""A clip -> its Timeline: frames -> features -> curves and changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from photoplayer.scene.changes import changes
from photoplayer.scene.curves import curves
from photoplayer.scene.features import ANALYSIS_RATE_HZ, ANALYSIS_SIZE, gather
from photoplayer.scene.timeline import Timeline

if TYPE_CHECKING:
    from photoplayer.video import Frame


def watch(
    frames: Iterator[Frame], *, duration_s: float, progress: Callable[[float], None] | None = None
) -> Timeline:
    """What the frames (about ``ANALYSIS_RATE_HZ`` a second) feel like over ``duration_s`` seconds.

    Streamed: a frame is let go as soon as it has been looked at. ``progress`` is called with the
    seconds watched so far.
    """
    features = gather(frames, duration_s=duration_s, progress=progress)
    intensity, tension, valence = curves(features, duration_s=duration_s)
    return Timeline(duration_s, intensity, tension, valence, changes(features))


def watch_file(path: Path, *, progress: Callable[[float], None] | None = None) -> Timeline:
    """The Timeline of a video file. Raises ``InputError`` where it cannot be read."""
    from photoplayer import video

    info = video.probe(path)
    pictures = video.frames(path, rate_hz=ANALYSIS_RATE_HZ, size=ANALYSIS_SIZE, fast=True)
    return watch(pictures, duration_s=info.duration_s, progress=progress)
