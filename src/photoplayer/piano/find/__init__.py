"""Finding the keyboard in a video: in a few pictures, by hand, and shot by shot."""

from photoplayer.piano.find.by_hand import keyboard_from_corners
from photoplayer.piano.find.finder import find_keyboard
from photoplayer.piano.find.found import CONFIDENT, Found

__all__ = ["CONFIDENT", "Found", "find_keyboard", "keyboard_from_corners"]
