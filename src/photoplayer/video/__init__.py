"""Moving pictures in and out: look into a video, take its timed frames and sound, give it a new sound."""

from photoplayer.video.frames import Frame, frames
from photoplayer.video.probe import VideoInfo, probe

__all__ = ["Frame", "VideoInfo", "frames", "probe"]
