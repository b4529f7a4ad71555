"""A clip -> its Timeline: frames -> looks and Watcher -> curves, changes and events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from photoplayer import video
from photoplayer.scene.changes import changes
from photoplayer.scene.curves import WATCHER_SHARE, curves
from photoplayer.scene.events import impacts
from photoplayer.scene.features import Features, gather
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE, look
from photoplayer.scene.timeline import Timeline
from photoplayer.scene.watcher import Watched, Watcher
from photoplayer.video import Frame


@dataclass(frozen=True, eq=False)
class Sight:
    """All that was seen of a clip: looks read by SceneNet, and what the Watcher says."""

    features: Features
    watched: Watched


def watch(
    frames: Iterator[Frame], *, duration_s: float, progress: Callable[[float], None] | None = None
) -> Timeline:
    """What a clip of ``duration_s`` seconds feels like.

    ``frames`` come ``ANALYSIS_RATE_HZ`` a second and ``ANALYSIS_SIZE`` large; they are streamed, a frame is
    let go as soon as it has been looked at. ``progress`` is called with the seconds watched so far.
    """
    return timeline_of(see(_told(frames, progress)), duration_s=duration_s)


def see(frames: Iterator[Frame]) -> Sight:
    """Look at all frames once, in order."""
    watcher = Watcher()
    features = gather(look(watcher.tap(frames)))
    return Sight(features, watcher.answers(features))


def timeline_of(sight: Sight, *, duration_s: float, watcher_share: float = WATCHER_SHARE) -> Timeline:
    """The Timeline of what was seen; ``watcher_share`` 0 is by the looks alone, 1 by the Watcher alone."""
    seen = curves(sight.features, sight.watched, duration_s=duration_s, watcher_share=watcher_share)
    moments = changes(sight.features, duration_s=duration_s)
    events = impacts(sight.features, moments)
    seen_by = {0.0: "looks", 1.0: "watcher"}.get(watcher_share, "looks and watcher")
    return Timeline(duration_s, **seen._asdict(), changes_s=moments, events=events, seen_by=seen_by)


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
