"""A clip -> its Timeline: frames -> looks -> features -> curves, changes and events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from photoplayer import video
from photoplayer.scene.changes import changes
from photoplayer.scene.curves import curves
from photoplayer.scene.events import impacts
from photoplayer.scene.features import gather
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE, look
from photoplayer.scene.timeline import Timeline
from photoplayer.video import Frame


def watch(
    frames: Iterator[Frame], *, duration_s: float, progress: Callable[[float], None] | None = None
) -> Timeline:
    """What a clip of ``duration_s`` seconds feels like.

    ``frames`` come ``ANALYSIS_RATE_HZ`` a second and ``ANALYSIS_SIZE`` large; they are streamed, a frame is
    let go as soon as it has been looked at. ``progress`` is called with the seconds watched so far.
    """
    features = gather(look(_told(frames, progress)))
    intensity, tension, valence = curves(features, duration_s=duration_s)
    moments = changes(features, duration_s=duration_s)
    return Timeline(duration_s, intensity, tension, valence, moments, impacts(features, moments))


def watch_file(path: Path, *, progress: Callable[[float], None] | None = None) -> Timeline:
    """The Timeline of a video file. Raises ``InputError`` where it cannot be read."""
    info = video.probe(path)
    frames = video.frames(path, rate_hz=ANALYSIS_RATE_HZ, size=ANALYSIS_SIZE, fast=True)
    return watch(frames, duration_s=info.duration_s, progress=progress)


def _told(frames: Iterator[Frame], progress: Callable[[float], None] | None) -> Iterator[Frame]:
    for frame in frames:
        yield frame
        if progress is not None:
            progress(frame.time_s)
