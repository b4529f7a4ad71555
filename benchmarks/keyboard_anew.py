"""How well keyboards are found where other cameras film real recordings.

    python benchmarks/keyboard_anew.py MTA --cases 70

Pictures of MTA are laid on the plane of the keys and photographed anew. A clip's keyboard as it is found in
the clip itself is the truth (all 56 were checked by eye). A camera is drawn with its place, lens, resolution
and light: from 28 degrees above the keys to straight from above, turned by up to 25 degrees, upside down in a
quarter of the cases; the whole keyboard, or one or both of its ends cut off; the glow of falling notes in a
quarter. Nothing stands above the plane, so slanted pictures are easier than real ones in that hands and black
keys hide nothing more. Prints one line for each miss, and the counts of benchmarks/keyboard_find.py.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, map_coordinates

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "piano"))

from drawn import worst_error

from photoplayer.piano.find import find_keyboard
from photoplayer.piano.keyboard import Keyboard, Matrix, apply_homography
from photoplayer.piano.layout import WHITE_COUNT

_CLOSE, _NEAR = 0.15, 0.5
_PICTURES = 9
_EVERY = 17
_SIZES = ((640, 360), (1280, 720), (1920, 1080), (720, 1280), (640, 480), (854, 480))
_FRAMINGS = ("whole", "whole", "one end cut", "both ends cut")
_FOCAL, _FOCAL_SPREAD = 1.3, 0.3
Grey = npt.NDArray[np.uint8]
Dice = np.random.Generator


@dataclass(frozen=True, eq=False)
class Filmed:
    """Pictures of a clip, and where its keyboard lies in them."""

    name: str
    pictures: list[Grey]
    keyboard: Keyboard


def filmed(path: Path) -> Filmed:
    """Some of a clip's pictures. Raises ``SystemExit`` where no keyboard is found in them."""
    with av.open(str(path)) as container:
        kept = [
            f.to_ndarray(format="gray") for i, f in enumerate(container.decode(video=0)) if not i % _EVERY
        ]
    chosen = np.linspace(0.1 * len(kept), 0.9 * len(kept), _PICTURES).astype(int)
    pictures = [kept[i] for i in chosen]
    keyboard = find_keyboard(pictures).keyboard
    if keyboard is None:
        sys.exit(f"{path}: no keyboard is found in the clip itself.")
    return Filmed(path.stem, pictures, keyboard)


def camera(size: tuple[int, int], framing: str, dice: Dice) -> Matrix:
    """A pinhole camera's homography from the plane of the keys to pixels."""
    width, height = size
    key_length = dice.uniform(5.9, 6.4)
    focal = np.exp(dice.normal(0, _FOCAL_SPREAD)) * _FOCAL * max(size)
    share, aside = {
        "whole": (dice.uniform(0.7, 0.93), 0.0),
        "one end cut": (dice.uniform(1.05, 1.7), dice.choice([-1, 1])),
        "both ends cut": (dice.uniform(1.2, 2.6), 0.0),
    }[framing]
    middle_x = WHITE_COUNT / 2 * (1 + aside * (1 - 1 / share)) + 1.5 * aside + dice.uniform(-1, 1)
    above, turned, rolled = np.deg2rad([dice.uniform(28, 90), dice.uniform(-25, 25), dice.uniform(-7, 7)])
    # Right-handed: x to the right, y towards the player, z down into the keys.
    to_camera = np.array([np.sin(turned) * np.cos(above), np.cos(turned) * np.cos(above), -np.sin(above)])
    eye = np.array([middle_x, key_length / 2, 0.0]) + to_camera * focal * WHITE_COUNT / (share * width)
    right = np.array([1.0, 0.0, 0.0]) - to_camera * to_camera[0]
    right /= np.linalg.norm(right)
    down = np.cross(-to_camera, right)
    axes = np.stack(
        [
            np.cos(rolled) * right + np.sin(rolled) * down,
            np.cos(rolled) * down - np.sin(rolled) * right,
            -to_camera,
        ]
    )
    lens = np.array(
        [[focal, 0, width * dice.uniform(0.48, 0.52)], [0, focal, height * dice.uniform(0.4, 0.7)]]
    )
    lens = np.vstack([lens, [0.0, 0.0, 1.0]])
    seen = lens @ np.column_stack([axes[:, 0], axes[:, 1] * key_length, -axes @ eye])
    if dice.random() < 0.25:
        seen = np.array([[-1.0, 0.0, width - 1], [0.0, -1.0, height - 1], [0.0, 0.0, 1.0]]) @ seen
    return np.asarray(seen / seen[2, 2])


def photographed(clip: Filmed, truth: Keyboard, dice: Dice) -> list[Grey]:
    """The clip's pictures as that camera takes them, in another light."""
    width, height = truth.size
    y, x = np.mgrid[:height, :width].astype(np.float64)
    plane = apply_homography(np.linalg.inv(truth.homography), np.stack([x.ravel(), y.ravel()], axis=1))
    source = clip.keyboard.to_picture(plane).T[::-1].reshape(2, height, width)
    gain, curve = dice.choice([1, 1, 0.6, 0.35]), dice.uniform(0.7, 1.5)
    light = gain * (1 - dice.uniform(0, 0.4) * (2 * (x / width - dice.uniform(0.2, 0.8)) ** 2))
    blur = float(dice.choice([0, 0, 0.6, 1.2])) * width / 1280
    glow = _glow(plane.reshape(height, width, 2), dice) if dice.random() < 0.25 else 0.0
    ground, noise = float(dice.uniform(20, 60)), dice.uniform(0, 8)
    taken = []
    for picture in clip.pictures:
        there = map_coordinates(picture.astype(np.float32), source, order=1, cval=ground)
        lit = (gaussian_filter(there, blur) / 255).clip(0, 1) ** curve * light + glow
        taken.append((lit * 255 + dice.normal(0, noise, lit.shape)).clip(0, 255).astype(np.uint8))
    return taken


def _glow(plane: npt.NDArray[np.float64], dice: Dice) -> npt.NDArray[np.float64]:
    """A line of light at the far edge of the keys, and six notes that fall on it."""
    x, y = plane[..., 0], plane[..., 1]
    light = np.exp(-np.abs(y + 0.02) / 0.06) * ((x > 0) & (x < WHITE_COUNT))
    for middle in dice.uniform(0, WHITE_COUNT, 6):
        light = light + 1.2 * np.exp(-(((x - middle) / 0.6) ** 2) - y.clip(0, 9) / 0.25) * (y > -4)
    return np.asarray(0.8 * light)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mta", type=Path)
    parser.add_argument("--cases", type=int, default=70)
    options = parser.parse_args()
    paths = sorted(options.mta.glob("*.wmv"))[::4]  # all pianists and views
    if not paths:
        parser.error(f"{options.mta} holds no .wmv; give the MTA folder.")
    clips: dict[Path, Filmed] = {}
    counts: Counter[str] = Counter()
    for seed in range(options.cases):
        dice = np.random.default_rng(seed)
        path = paths[seed % len(paths)]
        clip = clips.get(path) or clips.setdefault(path, filmed(path))
        framing = str(dice.choice(_FRAMINGS))
        size = _SIZES[int(dice.integers(len(_SIZES)))]
        truth = Keyboard(homography=camera(size, framing, dice), size=size)
        found = find_keyboard(photographed(clip, truth, dice))
        keyboard = found.keyboard
        error = (
            np.inf if keyboard is None else worst_error(keyboard, truth, any_octave=not keyboard.octave_known)
        )
        kind = (
            "none"
            if keyboard is None
            else "found"
            if error < _CLOSE
            else "near"
            if error < _NEAR
            else "wrong"
        )
        counts[kind] += 1
        if kind != "found":
            print(
                f"{seed}, {clip.name}, {framing}: {kind}, {error:.2f} white keys off; {found.said}",
                flush=True,
            )
    print(dict(counts))


if __name__ == "__main__":
    main()
