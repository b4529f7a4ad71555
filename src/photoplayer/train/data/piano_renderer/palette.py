"""The pianos and cameras there are: each a number, the same wherever it is drawn."""

from __future__ import annotations

import numpy as np

from photoplayer.piano.layout import HIGHEST_PITCH, KEY_COUNT, LOWEST_PITCH, whites_below
from photoplayer.train.data.piano_renderer.look import CameraLook, PianoLook, Rgb
from photoplayer.train.data.piano_renderer.music import Split

PALETTE: dict[Split, range] = {
    "train": range(0, 4000),
    "validation": range(4000, 4400),
    "test": range(5000, 5400),
}
"""Numbers of the pianos (and of the cameras) that each split may show."""

_COMPASS = ((LOWEST_PITCH, HIGHEST_PITCH),) * 7 + ((28, 103), (36, 96), (36, 84), (41, 100))
_SIZES = (
    ((640, 360),) * 24
    + ((480, 270),) * 10
    + ((854, 480), (854, 480), (640, 480), (640, 480), (360, 640), (360, 640), (1280, 720))
)

WOODS: tuple[Rgb, ...] = (
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


def mix(dice: np.random.Generator, colours: tuple[Rgb, ...], spread: float = 0.25) -> Rgb:
    """One of the colours, changed at random."""
    base = np.array(colours[int(dice.integers(len(colours)))])
    red, green, blue = np.clip(
        base * np.exp(dice.normal(0, spread, 3) * 0.5 + dice.normal(0, spread)), 0.002, 0.95
    )
    return float(red), float(green), float(blue)


def draw_piano(number: int) -> PianoLook:
    """The piano of a number: the same wherever it is drawn."""
    dice = np.random.default_rng([101, number])
    first, last = _COMPASS[int(dice.integers(len(_COMPASS)))]
    style = (
        ("upright", "grand", "digital")[int(dice.integers(3))] if last - first + 1 == KEY_COUNT else "digital"
    )
    wood = style != "digital" and dice.random() < 0.45
    matt = dice.random() < 0.35
    old = dice.random() < 0.2
    top = mix(dice, _TOPS, 0.06)
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
        wall_rgb=mix(dice, ((0.45, 0.30, 0.16), (0.55, 0.42, 0.28)), 0.1) if dice.random() < 0.4 else top,
        black_rgb=mix(dice, ((0.010,) * 3, (0.022, 0.021, 0.02), (0.03, 0.018, 0.012)), 0.15),
        white_gloss=float(dice.uniform(0.0, 0.25) if matt else dice.uniform(0.25, 0.65)),
        black_gloss=float(dice.uniform(0.05, 0.3) if matt else dice.uniform(0.3, 0.8)),
        ageing=float(dice.uniform(0.03, 0.09) if old else dice.uniform(0.0, 0.02)),
        dust=float(dice.uniform(0, 0.15)) if dice.random() < 0.2 else 0.0,
        body_rgb=mix(dice, WOODS) if wood else mix(dice, _BODIES, 0.15),
        body_gloss=float(dice.uniform(0.1, 0.5) if wood or matt else dice.uniform(0.4, 0.95)),
        body_wood=bool(wood),
        felt_rgb=mix(dice, ((0.20, 0.01, 0.02), (0.02, 0.06, 0.02), (0.01, 0.01, 0.01)))
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
        bulge=float(np.clip(dice.normal(0, 0.010), -0.015, 0.015)) if dice.random() < 0.5 else 0.0,
    )
