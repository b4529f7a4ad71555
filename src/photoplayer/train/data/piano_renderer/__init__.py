"""Synthetic piano videos with exact labels: real performances on drawn keys, by drawn hands.

``render_clip(presses, look, camera, out=..., duration_s=...)`` makes one clip; ``draw_scene`` draws all
that a seed decides. Rasterised with OpenGL: moderngl through EGL, for which Mesa's software renderer will do.
"""

from __future__ import annotations

from photoplayer.train.data.piano_renderer.clip import Rendered, frames_of, render_clip
from photoplayer.train.data.piano_renderer.look import CameraLook, Look
from photoplayer.train.data.piano_renderer.notes import Fingered, KeyPress
from photoplayer.train.data.piano_renderer.player import Performance, Presence, perform
from photoplayer.train.data.piano_renderer.sampling import Scene, draw_scene

__all__ = [
    "CameraLook",
    "Fingered",
    "KeyPress",
    "Look",
    "Performance",
    "Presence",
    "Rendered",
    "Scene",
    "draw_scene",
    "frames_of",
    "perform",
    "render_clip",
]
