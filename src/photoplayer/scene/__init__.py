"""A clip -> Timeline: how intense, tense and bright the scene feels, and where it changes."""

from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE
from photoplayer.scene.timeline import Event, Timeline
from photoplayer.scene.watch import watch, watch_file

__all__ = ["ANALYSIS_RATE_HZ", "ANALYSIS_SIZE", "Event", "Timeline", "watch", "watch_file"]
