"""Everything that decides how a rendered clip looks, as plain values: what a seed draws and a JSON keeps.

Lengths are millimetres in the world of :mod:`keys` (x right from A0's left edge, y from the fallboard towards
the player, z up from the tops of the unpressed white keys). Colours are linear light, red, green, blue, 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH, WHITE_COUNT

Rgb = tuple[float, float, float]
Style = Literal["upright", "grand", "digital"]
Ground = Literal["plain", "wood", "carpet"]


@dataclass(frozen=True, kw_only=True)
class PianoLook:
    """One instrument: its keys and what is around them."""

    first_pitch: int = LOWEST_PITCH
    last_pitch: int = HIGHEST_PITCH
    style: Style = "upright"
    length_mm: float = 150.0
    gap_mm: float = 1.0
    travel_mm: float = 10.0
    pivot_mm: float = 70.0
    """How far behind the fallboard the keys turn."""
    black_width: float = 0.58
    """Of a black key's foot, in white-key widths; its length is a share of a white key's."""
    black_length: float = 0.63
    black_height_mm: float = 12.0
    black_crown: float = 0.72
    """Width of a black key's top as a share of its foot's."""
    black_nudges: tuple[float, float, float, float, float] = (0.0,) * 5
    """White-key widths by which C#, D#, F#, G#, A# lie beside the layout's places."""
    white_rgb: Rgb = (0.80, 0.79, 0.76)
    wall_rgb: Rgb = (0.70, 0.68, 0.62)
    """The sides of white keys: plastic as the top, or wood."""
    black_rgb: Rgb = (0.012, 0.012, 0.013)
    white_gloss: float = 0.35
    black_gloss: float = 0.5
    ageing: float = 0.02
    """How much keys differ in brightness and yellowness."""
    dust: float = 0.0
    body_rgb: Rgb = (0.010, 0.010, 0.011)
    body_gloss: float = 0.8
    body_wood: bool = False
    felt_rgb: Rgb | None = (0.20, 0.01, 0.02)
    board_mm: float = 90.0
    """Height of the fallboard (upright, grand) or depth of the panel (digital)."""
    cheek_mm: float = 45.0
    slip_mm: float = 25.0
    """Depth of the rail before the keys."""
    slip_top_mm: float = -6.0
    buttons: int = 0
    button_seed: int = 0


@dataclass(frozen=True, kw_only=True)
class RoomLook:
    """What is seen around and below the instrument."""

    ground: Ground = "plain"
    ground_rgb: Rgb = (0.10, 0.08, 0.06)
    ground_mm: float = -650.0
    table_rgb: Rgb | None = None
    """A table under the instrument."""
    clutter: int = 0
    clutter_seed: int = 0
    legs_rgb: Rgb | None = (0.02, 0.03, 0.06)
    lap_mm: float = 611.0
    """Where the player sits."""


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """A far light. ``turn_deg`` runs from the treble side (0) over the player (90) to the bass side (180)."""

    height_deg: float = 60.0
    turn_deg: float = 120.0
    rgb: Rgb = (1.0, 0.98, 0.94)
    strength: float = 1.0
    softness_mm: float = 4.0


@dataclass(frozen=True, kw_only=True)
class LightLook:
    """One or two lamps, the light from everywhere, and their unrest."""

    lamps: tuple[Lamp, ...] = (Lamp(),)
    sky_rgb: Rgb = (0.42, 0.44, 0.48)
    bounce_rgb: Rgb = (0.10, 0.09, 0.08)
    drift: float = 0.0
    flicker: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PlayerLook:
    """Hands and arms, and the player's habits."""

    skin_rgb: Rgb = (0.50, 0.27, 0.19)
    nail_rgb: Rgb | None = None
    sleeve_rgb: Rgb | None = (0.03, 0.03, 0.05)
    sleeve_mm: float = 60.0
    """From the wrist up the arm to the sleeve's end."""
    ring: tuple[int, int] | None = None
    """Hand (0 left, 1 right) and finger (0 thumb .. 4 little)."""
    watch: int | None = None
    metal_rgb: Rgb = (0.6, 0.5, 0.2)
    size: float = 1.0
    plump: float = 1.0
    arch_mm: float = 46.0
    """Height of the knuckles above the keys."""
    rest_mm: float = 4.0
    """Height of idle fingers above the keys; 0 rests on them."""
    lift_mm: float = 14.0
    wrist_mm: float = 4.0
    """Wrist above (or below) the knuckles."""
    elbow_mm: float = 190.0
    """Elbow's sideways distance from the player's middle."""
    seat: float = WHITE_COUNT / 2
    """The player's middle, in white-key widths."""
    unrest_mm: float = 1.5


@dataclass(frozen=True, kw_only=True)
class CameraLook:
    """A camera and how the keyboard lies in its picture.

    ``turn_deg`` is 0 at the player's side, 180 at the piano's. Keys from ``span[0]`` to ``span[1]``
    (white-key widths) fill the picture's width; ``middle`` is where their centre lies, as a share of width
    and height.
    """

    size: tuple[int, int] = (640, 360)
    height_deg: float = 88.0
    turn_deg: float = 0.0
    roll_deg: float = 0.0
    field_deg: float = 40.0
    span: tuple[float, float] = (-1.0, WHITE_COUNT + 1.0)
    middle: tuple[float, float] = (0.5, 0.5)
    mirrored: bool = False
    bulge: float = 0.0
    """Radial lens distortion; positive is a barrel."""


@dataclass(frozen=True, kw_only=True)
class SensorLook:
    """From light to a compressed file."""

    fps: int = 30
    exposure: float = 1.0
    gamma: float = 2.2
    contrast: float = 1.0
    black: float = 0.0
    balance: Rgb = (1.0, 1.0, 1.0)
    saturation: float = 1.0
    blur_px: float = 0.4
    sharpen: float = 0.0
    noise: float = 0.01
    vignette: float = 0.1
    shutter: float = 0.5
    steps: int = 1
    """Pictures averaged over the time the shutter is open."""
    crf: int = 23
    preset: str = "veryfast"


@dataclass(frozen=True, kw_only=True)
class OverlayLook:
    """What editors add: falling bars, a glowing line, sparks, marks, a strip of score, black bands."""

    bars: bool = False
    bars_true: bool = True
    bar_rgb: Rgb = (0.1, 0.4, 1.0)
    bar_rgb_left: Rgb = (0.1, 0.4, 1.0)
    bar_speed: float = 0.35
    """Picture heights per second."""
    line: float = 0.0
    """Strength of the glowing line at the fallboard; its reach in key lengths follows."""
    line_reach: float = 0.05
    glow: float = 0.0
    """Light on pressed keys."""
    sparks: int = 0
    dark_above: bool = False
    score_share: float = 0.0
    """Share of the picture's height that a strip of score takes at the top."""
    watermark: bool = False
    letterbox: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Look:
    """A whole clip's look."""

    piano: PianoLook = field(default_factory=PianoLook)
    room: RoomLook = field(default_factory=RoomLook)
    light: LightLook = field(default_factory=LightLook)
    player: PlayerLook = field(default_factory=PlayerLook)
    sensor: SensorLook = field(default_factory=SensorLook)
    overlay: OverlayLook = field(default_factory=OverlayLook)
