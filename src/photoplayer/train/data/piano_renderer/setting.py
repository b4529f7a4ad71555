"""What a clip's own seed draws around the instrument: room, light, player, sensor, overlay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from photoplayer.piano.layout import whites_below
from photoplayer.train.data.piano_renderer.look import (
    CameraLook,
    Lamp,
    LightLook,
    OverlayLook,
    PianoLook,
    PlayerLook,
    Rgb,
    RoomLook,
    SensorLook,
)
from photoplayer.train.data.piano_renderer.palette import WOODS, mix

_RATES = (15,) * 3 + (20,) * 7 + (24,) * 3 + (25,) * 6 + (30,) * 9 + (50, 60)
_SKINS: tuple[Rgb, ...] = (
    (0.62, 0.38, 0.28),
    (0.50, 0.27, 0.19),
    (0.40, 0.20, 0.12),
    (0.25, 0.11, 0.06),
    (0.12, 0.05, 0.03),
    (0.68, 0.46, 0.37),
)


def draw_room(dice: np.random.Generator, *, dark: bool, lap_mm: float) -> RoomLook:
    """Floor, table, what lies about, legs."""
    if dark:
        return RoomLook(ground_rgb=(0.002,) * 3, legs_rgb=None)
    ground = ("plain", "wood", "carpet")[int(dice.integers(3))]
    table = (
        mix(dice, ((0.45, 0.40, 0.30), (0.20, 0.11, 0.05), (0.5, 0.5, 0.5))) if dice.random() < 0.25 else None
    )
    return RoomLook(
        ground=ground,  # type: ignore[arg-type]
        ground_rgb=mix(dice, (*WOODS, (0.10, 0.09, 0.08), (0.3, 0.3, 0.3), (0.02, 0.02, 0.03)), 0.3),
        ground_mm=float(dice.uniform(-720, -560)),
        table_rgb=table,
        clutter=int(dice.integers(0, 7)),
        clutter_seed=int(dice.integers(2**31)),
        lap_mm=lap_mm,
        legs_rgb=mix(dice, ((0.02, 0.03, 0.06), (0.01, 0.01, 0.01), (0.25, 0.2, 0.14), (0.2, 0.2, 0.22)))
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
        skin_rgb=mix(dice, _SKINS, 0.1),
        nail_rgb=mix(dice, ((0.45, 0.02, 0.04), (0.02, 0.02, 0.05), (0.6, 0.35, 0.32), (0.7, 0.66, 0.6)))
        if dice.random() < 0.3
        else None,
        sleeve_rgb=mix(dice, cloth) if dice.random() < 0.75 else None,
        sleeve_mm=float(dice.uniform(-5, 160)),
        ring=ring,
        watch=int(dice.integers(2)) if dice.random() < 0.2 else None,
        metal_rgb=mix(dice, ((0.6, 0.5, 0.2), (0.5, 0.5, 0.52), (0.02, 0.02, 0.02))),
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


def draw_sensor(dice: np.random.Generator) -> SensorLook:
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
