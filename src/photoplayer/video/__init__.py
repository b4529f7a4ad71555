"""Moving pictures in and out: look into a video, take its timed frames and sound, give it a new sound."""

from photoplayer.video.containers import container_for
from photoplayer.video.frames import Frame, Image, frames
from photoplayer.video.luma import Luma, luma
from photoplayer.video.mux import mux
from photoplayer.video.probe import VideoInfo, probe
from photoplayer.video.sound import read_sound
from photoplayer.video.stills import still

__all__ = [
    "Frame",
    "Image",
    "Luma",
    "VideoInfo",
    "container_for",
    "frames",
    "luma",
    "mux",
    "probe",
    "read_sound",
    "still",
]
