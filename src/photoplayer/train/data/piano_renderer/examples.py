"""The two small clips the product ships, in a plain look: a phrase that is played, and hands that rest."""

from __future__ import annotations

from pathlib import Path

from photoplayer.piano.layout import WHITE_COUNT
from photoplayer.train.data.piano_renderer.clip import render_clip
from photoplayer.train.data.piano_renderer.look import (
    CameraLook,
    Lamp,
    LightLook,
    Look,
    PianoLook,
    SensorLook,
)
from photoplayer.train.data.piano_renderer.notes import KeyPress
from photoplayer.train.data.piano_renderer.player import Presence

PLAIN = Look(
    piano=PianoLook(body_gloss=0.5, ageing=0.008, black_gloss=0.3, white_gloss=0.25),
    light=LightLook(lamps=(Lamp(height_deg=58, turn_deg=140, strength=0.75, softness_mm=5.0),)),
    sensor=SensorLook(fps=25, exposure=1.15, noise=0.003, blur_px=0.4, crf=18, preset="medium"),
)
"""An easy look: a clean light, little noise, no overlay."""

PLAIN_CAMERA = CameraLook(height_deg=86, field_deg=38, span=(-0.8, WHITE_COUNT + 0.8), middle=(0.5, 0.42))

_BEAT_S = 0.52
_MINUET: tuple[tuple[float, float, int, int], ...] = (
    # Petzold, Minuet in G (BWV Anh. 114), bars 1 to 7: beat, beats held, pitch, velocity
    (0, 1, 74, 76), (1, 0.5, 67, 58), (1.5, 0.5, 69, 60), (2, 0.5, 71, 64), (2.5, 0.5, 72, 66),
    (3, 1, 74, 74), (4, 1, 67, 58), (5, 1, 67, 55),
    (6, 1, 76, 80), (7, 0.5, 72, 62), (7.5, 0.5, 74, 66), (8, 0.5, 76, 70), (8.5, 0.5, 78, 74),
    (9, 1, 79, 86), (10, 1, 67, 56), (11, 1, 67, 54),
    (12, 1, 72, 72), (13, 0.5, 74, 66), (13.5, 0.5, 72, 60), (14, 0.5, 71, 58), (14.5, 0.5, 69, 55),
    (15, 1, 71, 66), (16, 0.5, 72, 60), (16.5, 0.5, 71, 56), (17, 0.5, 69, 54), (17.5, 0.5, 67, 50),
    (18, 1, 66, 58), (19, 0.5, 67, 56), (19.5, 0.5, 69, 58), (20, 0.5, 71, 60), (20.5, 0.5, 67, 52),
    (21, 1, 69, 46),
    (0, 2, 55, 52), (2, 1, 57, 50), (3, 3, 59, 54), (6, 3, 60, 56), (9, 3, 59, 54), (12, 3, 57, 52),
    (15, 3, 55, 52), (18, 1, 62, 54), (19, 1, 59, 50), (20, 1, 55, 50), (21, 1, 62, 46),
)  # fmt: skip


def minuet() -> list[KeyPress]:
    """The phrase, its first key half down after 0.4 s."""
    return [
        KeyPress(0.4 + at * _BEAT_S, 0.4 + (at + 0.86 * held) * _BEAT_S, pitch, velocity)
        for at, held, pitch, velocity in _MINUET
    ]


def write(folder: Path) -> list[Path]:
    """``piano.mp4`` (12.4 s) and ``piano_rest.mp4`` (6 s) with their MIDI and JSON."""
    made = [folder / "piano.mp4", folder / "piano_rest.mp4"]
    render_clip(minuet(), PLAIN, PLAIN_CAMERA, out=made[0], duration_s=12.4, seed=3)
    resting = Presence(homes={0: 18.0, 1: 31.0})
    render_clip([], PLAIN, PLAIN_CAMERA, out=made[1], duration_s=6.0, presence=resting, seed=4)
    return made
