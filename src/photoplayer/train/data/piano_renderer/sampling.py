"""A whole clip from a seed: instrument, room, light, player, camera, sensor, overlay, music.

Splits differ in what they draw from, so that a test clip shows an unseen piano before an unseen camera:
every split has its own palette of pianos (:mod:`palette`) and cameras, and its own composers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from photoplayer.piano.layout import whites_below
from photoplayer.train.data.piano_renderer.gestures import Excursion
from photoplayer.train.data.piano_renderer.keys import WHITE_MM
from photoplayer.train.data.piano_renderer.look import CameraLook, Look, PianoLook
from photoplayer.train.data.piano_renderer.music import EXERCISES, SPLITS, Split, excerpt, pieces
from photoplayer.train.data.piano_renderer.notes import KeyPress
from photoplayer.train.data.piano_renderer.palette import PALETTE, draw_camera, draw_piano
from photoplayer.train.data.piano_renderer.player import Presence
from photoplayer.train.data.piano_renderer.setting import (
    draw_light,
    draw_overlay,
    draw_player,
    draw_room,
    draw_sensor,
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """All that one clip needs."""

    look: Look
    camera: CameraLook
    presses: tuple[KeyPress, ...]
    presence: Presence
    duration_s: float
    seed: int
    source: str


def draw_scene(seed: int, split: Split, *, duration_s: float, midi: Path | None = None) -> Scene:
    """The clip of a seed. Without ``midi``, a folder of solo piano files, only exercises are played."""
    dice = np.random.default_rng([SPLITS.index(split), seed])
    piano_number = int(dice.choice(np.arange(PALETTE[split].start, PALETTE[split].stop)))
    camera_number = int(dice.choice(np.arange(PALETTE[split].start, PALETTE[split].stop)))
    piano = draw_piano(piano_number)
    camera = draw_camera(camera_number, piano)
    if abs(camera.turn_deg) > 90:  # from the piano's side a tall fallboard would hide the keys
        piano = replace(piano, style="digital", board_mm=float(dice.uniform(60, 200)), felt_rgb=None)
    overlay = draw_overlay(dice, camera)
    dark = overlay.dark_above and dice.random() < 0.8
    light = draw_light(dice)
    player = draw_player(dice, piano)
    room = draw_room(dice, dark=dark, lap_mm=player.seat * WHITE_MM)
    sensor = draw_sensor(dice)
    if dark:
        piano = replace(piano, body_rgb=(0.004, 0.004, 0.004), body_wood=False, felt_rgb=None)
    look = Look(piano=piano, room=room, light=light, player=player, sensor=sensor, overlay=overlay)
    low, high = _shown_pitches(piano, camera)
    presses, source = _draw_music(dice, split, duration_s, (low, high), midi)
    presence = draw_presence(
        dice, duration_s, plays=bool(presses), middle=(whites_below(low) + whites_below(high)) / 2
    )
    return Scene(
        look=look,
        camera=camera,
        presses=tuple(presses),
        presence=presence,
        duration_s=duration_s,
        seed=seed,
        source=source,
    )


def _draw_music(
    dice: np.random.Generator, split: Split, duration_s: float, span: tuple[int, int], midi: Path | None
) -> tuple[list[KeyPress], str]:
    kind = dice.random()
    if kind < 0.09:
        return [], "rest"
    if kind < 0.38 or midi is None:
        exercise = EXERCISES[int(dice.integers(len(EXERCISES)))]
        return exercise(dice, duration_s, span), exercise.__name__
    found = pieces(midi, split)
    path = found[int(dice.integers(len(found)))]
    return excerpt(path, duration_s=duration_s, dice=dice), path.stem


def _shown_pitches(piano: PianoLook, camera: CameraLook) -> tuple[int, int]:
    """The keys of the instrument that the picture's width shows, two octaves at least."""
    left, right = camera.span
    inside = [
        p for p in range(piano.first_pitch, piano.last_pitch + 1) if left <= whites_below(p) <= right - 1
    ]
    if len(inside) < 20:
        return piano.first_pitch, piano.last_pitch
    return inside[0], inside[-1]


def draw_presence(dice: np.random.Generator, duration_s: float, *, plays: bool, middle: float) -> Presence:
    """Hands there or not, idle homes, and in clips without music what hands do instead."""
    kind = dice.random()
    hands: tuple[int, ...] = (0, 1)
    if kind < 0.12:
        hands = (int(dice.integers(2)),)
    elif kind < 0.30 and not plays:
        hands = ()
    homes = {0: middle - float(dice.uniform(3, 10)), 1: middle + float(dice.uniform(3, 10))}
    excursions: dict[int, Excursion] = {}
    for hand in hands:
        if plays and dice.random() < 0.12:
            excursions[hand] = _arrives(dice)
        elif not plays and dice.random() < 0.85:
            excursions[hand] = _wanders(dice, duration_s)
    return Presence(hands=hands, homes=homes, excursions=excursions)


def _arrives(dice: np.random.Generator) -> Excursion:
    """From the lap onto the keys just after the start."""
    end = float(dice.uniform(0.05, 0.3))
    away = np.array([dice.uniform(-40, 40), dice.uniform(120, 260), dice.uniform(10, 60)])
    return Excursion(np.array([-0.6, -0.2, end]), np.stack([away, away, np.zeros(3)]))


def _wanders(dice: np.random.Generator, duration_s: float) -> Excursion:
    """Over the keys, off the keys, to the music stand; sometimes nothing for a while."""
    times, shifts = [0.0], [np.zeros(3)]
    while times[-1] < duration_s:
        times.append(times[-1] + float(dice.uniform(0.4, 1.6)))
        kind = dice.random()
        if kind < 0.25:
            step = shifts[-1]
        elif kind < 0.55:  # over the keys, just above them or resting again
            step = np.array(
                [dice.normal(0, 110), dice.uniform(-25, 20), dice.choice([0.0, dice.uniform(5, 40)])]
            )
        elif kind < 0.75:
            step = np.array([dice.normal(0, 80), dice.uniform(0, 60), dice.uniform(20, 110)])
        elif kind < 0.9:
            step = np.array([dice.normal(0, 60), dice.uniform(120, 300), dice.uniform(0, 80)])
        else:  # to the music on the stand
            step = np.array([dice.normal(0, 100), dice.uniform(-260, -120), dice.uniform(110, 190)])
        shifts.append(step)
    return Excursion(np.array(times), np.stack(shifts))
