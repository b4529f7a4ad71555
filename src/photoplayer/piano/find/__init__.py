"""Finding the keyboard in a video: in a few pictures, by hand, and shot by shot."""

from photoplayer.piano.find.annotate import annotated
from photoplayer.piano.find.by_hand import keyboard_from_corners
from photoplayer.piano.find.finder import find_keyboard
from photoplayer.piano.find.found import CONFIDENT, Found
from photoplayer.piano.find.shots import find_shots

__all__ = ["CONFIDENT", "Found", "annotated", "find_keyboard", "find_shots", "keyboard_from_corners"]
