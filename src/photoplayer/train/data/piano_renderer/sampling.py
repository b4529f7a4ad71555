"""A whole clip from a seed: instrument, room, light, player, camera, sensor, overlay, music.

Splits differ in what they draw from, so that a test clip shows an unseen piano before an unseen camera:
every split has its own palette of pianos (:func:`draw_piano` numbers) and cameras, and its own composers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from photoplayer.piano.layout import whites_below
from photoplayer.train.data.piano_renderer.gestures import Excursion
from photoplayer.train.data.piano_renderer.keys import WHITE_MM
from photoplayer.train.data.piano_renderer.look import (
    CameraLook,
    Lamp,
    LightLook,
    Look,
    OverlayLook,
    PianoLook,
    PlayerLook,
    Rgb,
    RoomLook,
    SensorLook,
)
from photoplayer.train.data.piano_renderer.music import EXERCISES, SPLITS, Split, excerpt, pieces
from photoplayer.train.data.piano_renderer.notes import KeyPress
from photoplayer.train.data.piano_renderer.player import Presence

PALETTE = {"train": range(0, 4000), "validation": range(4000, 4400), "test": range(5000, 5400)}
"""Numbers of the pianos (and of the cameras) that each split may show."""

_COMPASS = ((21, 108),) * 7 + ((28, 103), (36, 96), (36, 84), (41, 100))
_SIZES = (
    ((640, 360),) * 24
    + ((480, 270),) * 10
    + ((854, 480), (854, 480), (640, 480), (640, 480), (360, 640), (360, 640), (1280, 720))
)
_RATES = (15,) * 3 + (20,) * 7 + (24,) * 3 + (25,) * 6 + (30,) * 9 + (50, 60)


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
    sensor = draw_sensor(dice, light)
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


def _mix(dice: np.random.Generator, colours: tuple[Rgb, ...], spread: float = 0.25) -> Rgb:
    base = np.array(colours[int(dice.integers(len(colours)))])
    red, green, blue = np.clip(
        base * np.exp(dice.normal(0, spread, 3) * 0.5 + dice.normal(0, spread)), 0.002, 0.95
    )
    return float(red), float(green), float(blue)


_WOODS: tuple[Rgb, ...] = (
    (0.10, 0.035, 0.015),
    (0.22, 0.10, 0.045),
    (0.05, 0.018, 0.010),
    (0.40, 0.24, 0.12),
)
_BODIES: tuple[Rgb, ...] = (
    (0.010, 0.010, 0.011),
    (0.006,) * 3,
    (0.025, 0.025, 0.028),
    (0.6, 0.6, 0.58),
    (0.12, 0.012, 0.012),
)
_TOPS: tuple[Rgb, ...] = ((0.80, 0.79, 0.76), (0.84, 0.84, 0.84), (0.76, 0.72, 0.62), (0.72, 0.64, 0.47))
_SKINS: tuple[Rgb, ...] = (
    (0.62, 0.38, 0.28),
    (0.50, 0.27, 0.19),
    (0.40, 0.20, 0.12),
    (0.25, 0.11, 0.06),
    (0.12, 0.05, 0.03),
    (0.68, 0.46, 0.37),
)


def draw_piano(number: int) -> PianoLook:
    """The piano of a number: the same wherever it is drawn."""
    dice = np.random.default_rng([101, number])
    first, last = _COMPASS[int(dice.integers(len(_COMPASS)))]
    style = ("upright", "grand", "digital")[int(dice.integers(3))] if last - first == 87 else "digital"
    wood = style != "digital" and dice.random() < 0.45
    matt = dice.random() < 0.35
    old = dice.random() < 0.2
    top = _mix(dice, _TOPS, 0.06)
    return PianoLook(
        first_pitch=first,
        last_pitch=last,
        style=style,  # type: ignore[arg-type]
        length_mm=float(dice.uniform(136, 152)),
        gap_mm=float(dice.uniform(0.7, 1.6)),
        travel_mm=float(dice.uniform(9, 11)),
        pivot_mm=float(dice.uniform(10, 60) if style == "digital" else dice.uniform(60, 110)),
        black_width=float(dice.uniform(0.52, 0.60)),
        black_length=float(dice.uniform(0.61, 0.66)),
        black_height_mm=float(dice.uniform(10.5, 13)),
        black_crown=float(dice.uniform(0.66, 0.82)),
        black_nudges=tuple(float(v) for v in dice.normal(0, 0.012, 5)),  # type: ignore[arg-type]
        white_rgb=top,
        wall_rgb=_mix(dice, ((0.45, 0.30, 0.16), (0.55, 0.42, 0.28)), 0.1) if dice.random() < 0.4 else top,
        black_rgb=_mix(dice, ((0.010,) * 3, (0.022, 0.021, 0.02), (0.03, 0.018, 0.012)), 0.15),
        white_gloss=float(dice.uniform(0.0, 0.25) if matt else dice.uniform(0.25, 0.65)),
        black_gloss=float(dice.uniform(0.05, 0.3) if matt else dice.uniform(0.3, 0.8)),
        ageing=float(dice.uniform(0.03, 0.09) if old else dice.uniform(0.0, 0.02)),
        dust=float(dice.uniform(0, 0.15)) if dice.random() < 0.2 else 0.0,
        body_rgb=_mix(dice, _WOODS) if wood else _mix(dice, _BODIES, 0.15),
        body_gloss=float(dice.uniform(0.1, 0.5) if wood or matt else dice.uniform(0.4, 0.95)),
        body_wood=bool(wood),
        felt_rgb=_mix(dice, ((0.20, 0.01, 0.02), (0.02, 0.06, 0.02), (0.01, 0.01, 0.01)))
        if dice.random() < 0.7
        else None,
        board_mm=float(dice.uniform(60, 220) if style == "digital" else dice.uniform(50, 130)),
        cheek_mm=float(dice.uniform(8, 60)),
        slip_mm=float(dice.uniform(6, 40)),
        slip_top_mm=float(dice.uniform(-14, -2)),
        buttons=int(dice.integers(0, 30)) if style == "digital" and dice.random() < 0.8 else 0,
        button_seed=number,
    )


def draw_camera(number: int, piano: PianoLook) -> CameraLook:
    """The camera of a number before a piano."""
    dice = np.random.default_rng([202, number])
    size = _SIZES[int(dice.integers(len(_SIZES)))]
    kind = dice.random()
    if kind < 0.50:  # above, the player below
        height, turn, roll = dice.uniform(76, 90), dice.normal(0, 1), dice.normal(0, 0.9)
    elif kind < 0.66:  # tilted
        height, turn, roll = dice.uniform(42, 76), dice.normal(0, 4), dice.normal(0, 1.5)
    elif kind < 0.90:  # from the piano's side
        height, turn, roll = dice.uniform(60, 88), 180 + dice.normal(0, 7), dice.normal(0, 2)
    else:  # from a corner
        height, turn, roll = (
            dice.uniform(45, 75),
            dice.choice([-1, 1]) * dice.uniform(12, 42),
            dice.normal(0, 2),
        )
    first, last = whites_below(piano.first_pitch), whites_below(piano.last_pitch) + 1
    whole = last - first
    upright = size[0] < size[1]
    zoom = dice.random()
    if zoom < (0.1 if upright else 0.55):
        margin = float(dice.uniform(0.0, 0.12)) * whole
        span = (first - margin, last + margin)
    elif zoom < 0.9:
        wide = float(dice.uniform(0.45, 0.98) if not upright else dice.uniform(0.25, 0.6)) * whole
        left = float(dice.uniform(first - 0.5, last - wide + 0.5))
        span = (left, left + wide)
    else:
        wide = float(dice.uniform(11, 22))
        left = float(dice.uniform(first, last - wide))
        span = (left, left + wide)
    near = size[0] / (span[1] - span[0])  # pixels a white key
    tall = near * 6.3 / size[1]  # the keys' share of the picture's height
    room = float(np.clip(0.5 - tall / 2, 0.02, 0.3))
    return CameraLook(
        size=size,
        height_deg=float(height),
        turn_deg=float(turn),
        roll_deg=float(roll),
        field_deg=float(dice.uniform(24, 62)),
        span=span,
        middle=(
            float(0.5 + dice.normal(0, 0.01)),
            float(np.clip(0.5 + dice.uniform(-room, room), 0.15, 0.85)),
        ),
        mirrored=bool(dice.random() < 0.07),
        bulge=float(dice.normal(0, 0.025)) if dice.random() < 0.5 else 0.0,
    )


def draw_room(dice: np.random.Generator, *, dark: bool, lap_mm: float) -> RoomLook:
    """Floor, table, what lies about, legs."""
    if dark:
        return RoomLook(ground_rgb=(0.002,) * 3, legs_rgb=None)
    ground = ("plain", "wood", "carpet")[int(dice.integers(3))]
    table = (
        _mix(dice, ((0.45, 0.40, 0.30), (0.20, 0.11, 0.05), (0.5, 0.5, 0.5)))
        if dice.random() < 0.25
        else None
    )
    return RoomLook(
        ground=ground,  # type: ignore[arg-type]
        ground_rgb=_mix(dice, (*_WOODS, (0.10, 0.09, 0.08), (0.3, 0.3, 0.3), (0.02, 0.02, 0.03)), 0.3),
        ground_mm=float(dice.uniform(-720, -560)),
        table_rgb=table,
        clutter=int(dice.integers(0, 7)),
        clutter_seed=int(dice.integers(2**31)),
        lap_mm=lap_mm,
        legs_rgb=_mix(dice, ((0.02, 0.03, 0.06), (0.01, 0.01, 0.01), (0.25, 0.2, 0.14), (0.2, 0.2, 0.22)))
        if dice.random() < 0.8
        else None,
    )


def draw_light(dice: np.random.Generator) -> LightLook:
    """Lamps, warm to cold, from all sides; their ratio to the light from everywhere."""

    def lamp(strength: float) -> Lamp:
        warm = float(dice.normal(0, 0.13))
        return Lamp(
            height_deg=float(dice.uniform(28, 82)),
            turn_deg=float(dice.uniform(0, 360)),
            rgb=(float(np.exp(warm)), 1.0, float(np.exp(-warm))),
            strength=strength,
            softness_mm=float(np.exp(dice.uniform(np.log(1.0), np.log(14.0)))),
        )

    share = float(dice.uniform(0.15, 0.75))
    two = dice.random() < 0.4
    main = float(dice.uniform(0.5, 0.8)) if two else 1.0
    lamps = (lamp((1 - share) * 1.5 * main),) + ((lamp((1 - share) * 1.5 * (1 - main)),) if two else ())
    cold = float(dice.normal(0, 0.08))
    sky = (share * float(np.exp(-cold)), share, share * float(np.exp(cold)))
    return LightLook(
        lamps=lamps,
        sky_rgb=sky,
        bounce_rgb=tuple(0.25 * c for c in sky),  # type: ignore[arg-type]
        drift=float(dice.uniform(0.02, 0.12)) if dice.random() < 0.25 else 0.0,
        flicker=float(dice.uniform(0.005, 0.03)) if dice.random() < 0.15 else 0.0,
    )


def draw_player(dice: np.random.Generator, piano: PianoLook) -> PlayerLook:
    """Skin, clothes, size of the hands, habits."""
    ring = (int(dice.integers(2)), int(dice.integers(1, 5))) if dice.random() < 0.25 else None
    cloth: tuple[Rgb, ...] = (
        (0.01,) * 3,
        (0.03, 0.04, 0.08),
        (0.5, 0.5, 0.5),
        (0.2, 0.03, 0.03),
        (0.1, 0.2, 0.35),
        (0.1, 0.12, 0.1),
    )
    middle = (whites_below(piano.first_pitch) + whites_below(piano.last_pitch)) / 2
    return PlayerLook(
        skin_rgb=_mix(dice, _SKINS, 0.1),
        nail_rgb=_mix(dice, ((0.45, 0.02, 0.04), (0.02, 0.02, 0.05), (0.6, 0.35, 0.32), (0.7, 0.66, 0.6)))
        if dice.random() < 0.3
        else None,
        sleeve_rgb=_mix(dice, cloth) if dice.random() < 0.75 else None,
        sleeve_mm=float(dice.uniform(-5, 160)),
        ring=ring,
        watch=int(dice.integers(2)) if dice.random() < 0.2 else None,
        metal_rgb=_mix(dice, ((0.6, 0.5, 0.2), (0.5, 0.5, 0.52), (0.02, 0.02, 0.02))),
        size=float(dice.uniform(0.86, 1.12)),
        plump=float(dice.uniform(0.88, 1.18)),
        arch_mm=float(dice.uniform(36, 56)),
        rest_mm=float(dice.choice([0.0, 0.5, dice.uniform(1, 6), dice.uniform(4, 16)])),
        lift_mm=float(dice.uniform(5, 24)),
        wrist_mm=float(dice.uniform(-14, 18)),
        elbow_mm=float(dice.uniform(130, 270)),
        seat=float(middle + dice.normal(0, 1.5)),
        unrest_mm=float(dice.uniform(0.5, 3)),
    )


def draw_sensor(dice: np.random.Generator, light: LightLook) -> SensorLook:
    """Exposure (some burnt out, some dark), colours, sharpness, noise, rate, compression."""
    exposure = float(
        dice.choice(
            [dice.uniform(0.85, 1.3), dice.uniform(1.3, 2.0), dice.uniform(0.3, 0.8)], p=[0.6, 0.25, 0.15]
        )
    )
    warm, green = float(dice.normal(0, 0.06)), float(dice.normal(0, 0.02))
    noisy = dice.random() < 0.3
    several = dice.random() < 0.1
    return SensorLook(
        fps=int(_RATES[int(dice.integers(len(_RATES)))]),
        exposure=exposure,
        gamma=float(dice.uniform(1.8, 2.6)),
        contrast=float(dice.uniform(0.85, 1.25)),
        black=float(dice.normal(0, 0.02)),
        balance=(float(np.exp(warm)), float(np.exp(green)), float(np.exp(-warm))),
        saturation=float(dice.choice([dice.uniform(0.7, 1.3), 0.0], p=[0.95, 0.05])),
        blur_px=float(
            dice.choice([0.5, dice.uniform(0.4, 1.0), dice.uniform(1.0, 2.2)], p=[0.5, 0.35, 0.15])
        ),
        sharpen=float(dice.uniform(0.3, 1.2)) if dice.random() < 0.25 else 0.0,
        noise=float(dice.uniform(0.015, 0.05) if noisy else dice.uniform(0.0, 0.012)),
        vignette=float(dice.uniform(0, 0.35)),
        shutter=float(dice.uniform(0.3, 1.0)),
        steps=int(dice.integers(2, 4)) if several else 1,
        crf=int(dice.choice([18, 21, 23, 26, 29, 32, 35])),
        preset=str(dice.choice(["ultrafast", "superfast", "veryfast"])),
    )


def draw_overlay(dice: np.random.Generator, camera: CameraLook) -> OverlayLook:
    """Nothing mostly; falling bars only where the camera looks down from the player's side."""
    seen_from_above = camera.height_deg > 74 and abs(camera.turn_deg) < 25
    kind = dice.random()
    marks = bool(dice.random() < 0.12)
    band = float(dice.uniform(0.04, 0.12)) if dice.random() < 0.06 else 0.0
    plain = OverlayLook(watermark=marks, letterbox=band)
    if not seen_from_above or kind > 0.42:
        return plain
    if kind > 0.36:
        share = camera.middle[1] - 3.3 * camera.size[0] / (camera.span[1] - camera.span[0]) / camera.size[1]
        return replace(plain, score_share=float(np.clip(share - 0.02, 0, 0.6)))
    hue = dice.uniform(0, 1)
    red, green, blue = (float(0.5 + 0.5 * np.cos(2 * np.pi * (hue + i / 3))) for i in range(3))
    other = (green, blue, red) if dice.random() < 0.4 else (red, green, blue)
    return replace(
        plain,
        bars=bool(dice.random() < 0.85),
        bars_true=bool(dice.random() < 0.85),
        bar_rgb=(red, green, blue),
        bar_rgb_left=other,
        bar_speed=float(dice.uniform(0.2, 0.7)),
        line=float(dice.uniform(0.4, 1.0)) if dice.random() < 0.75 else 0.0,
        line_reach=float(np.exp(dice.uniform(np.log(0.03), np.log(0.3)))),
        glow=float(dice.uniform(0.2, 0.9)) if dice.random() < 0.6 else 0.0,
        sparks=int(dice.integers(4, 24)) if dice.random() < 0.5 else 0,
        dark_above=bool(dice.random() < 0.85),
    )


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
            excursions[hand] = _arrives(dice, duration_s)
        elif not plays and dice.random() < 0.85:
            excursions[hand] = _wanders(dice, duration_s)
    return Presence(hands=hands, homes=homes, excursions=excursions)


def _arrives(dice: np.random.Generator, duration_s: float) -> Excursion:
    """From the lap onto the keys just after the start."""
    del duration_s
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
