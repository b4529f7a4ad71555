"""How well keyboards are found: drawn ones with random cameras, and clips with known corners.

    python benchmarks/keyboard_find.py --drawn 60
    python benchmarks/keyboard_find.py --renders FOLDER     # NAME.mp4 beside NAME.json with its homography

Prints one line for each miss, and at the end how many were found within 0.15 white-key widths (at the worst
corner of any visible key), nearly (0.5), wrongly, or not at all. Octaves count only where said to be known.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "piano"))

from drawn import Camera, Look, Piano, draw, worst_error

from photoplayer.piano.find import find_keyboard, find_shots
from photoplayer.piano.find.pattern import MIDDLE_D
from photoplayer.piano.keyboard import Keyboard
from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH, key_edges, key_middle
from photoplayer.train.data.piano_renderer.camera import place_camera
from photoplayer.train.data.piano_renderer.look import CameraLook

_CLOSE, _NEAR = 0.15, 0.5
_PIANOS = ((LOWEST_PITCH, HIGHEST_PITCH),) * 3 + ((28, 103), (36, 96), (36, 84))
_SIZES = ((640, 360), (1280, 720), (1920, 1080), (720, 1280))
_MIRROR = np.array([[-1.0, 0.0, 2 * key_middle(MIDDLE_D)], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
Case = tuple[str, Keyboard, Keyboard | None, str, float]


def drawn(count: int) -> Iterator[Case]:
    """Random cameras, instruments, lights, hands and glow."""
    for seed in range(count):
        dice = np.random.default_rng(1000 + seed)
        first, last = _PIANOS[seed % len(_PIANOS)]
        left, right = key_edges(first)[0], key_edges(last)[1]
        size = _SIZES[int(dice.integers(len(_SIZES)))]
        cut = dice.random() < 0.3
        span = (0.3, 0.7, 0.3, 0.8) if cut else (0.45, 0.55, 1.06, 1.8)
        camera = Camera(
            at_x=float(dice.uniform(left + span[0] * (right - left), left + span[1] * (right - left))),
            distance=float(dice.uniform(35, 120)),
            tilt_deg=float(dice.uniform(-35, 45)),
            turn_deg=float(dice.uniform(-12, 12)),
            roll_deg=float(dice.choice([0, 0, 180]) + dice.uniform(-6, 6)),
            width_whites=float((right - left) * dice.uniform(span[2], span[3])),
        )
        gain = float(dice.choice([1, 0.6, 0.3, 0.15]))
        look = Look(
            white=0.9 * gain,
            black=0.1 * gain,
            body=gain * float(dice.uniform(0.03, 0.6)),
            around=gain * float(dice.uniform(0.05, 0.9)),
            gap=float(dice.uniform(0.1, 0.7)),
            hands=int(dice.integers(0, 3)),
            glow=bool(dice.random() < 0.25),
            seed=seed,
        )
        scene = draw(camera, size, Piano(first, last), look)
        begun_s = time.process_time()
        found = find_keyboard([scene.picture])
        yield f"{seed}", scene.truth, found.keyboard, found.said, time.process_time() - begun_s


def rendered(folder: Path) -> Iterator[Case]:
    """Clips with their cameras beside them; the longest shot counts. Which way round a mirrored picture is
    that shows neither end nobody can tell: there either counts."""
    for card in sorted(folder.glob("*.json")):
        told = json.loads(card.read_text())
        look = CameraLook(**{k: tuple(v) if isinstance(v, list) else v for k, v in told["camera"].items()})
        length_mm = told["piano"]["length_mm"]
        truth = Keyboard(
            homography=place_camera(look, length_mm=length_mm).straight(length_mm),
            size=look.size,
            first_pitch=told["first_pitch"],
            last_pitch=told["last_pitch"],
            bulge=look.bulge,
        )
        begun_s = time.process_time()
        shots = find_shots(card.with_suffix(".mp4"))
        longest = max(shots, key=lambda shot: shot.end_s - shot.start_s)
        found = longest.keyboard
        if found is not None and not found.octave_known and found.mirrored != truth.mirrored:
            truth = replace(truth, homography=truth.homography @ _MIRROR)
        yield card.stem, truth, found, f"{len(shots)} shots", time.process_time() - begun_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drawn", type=int, default=0)
    parser.add_argument("--renders", type=Path)
    options = parser.parse_args()
    cases = rendered(options.renders) if options.renders else drawn(options.drawn or 60)
    counts: Counter[str] = Counter()
    errors, seconds = [], []
    for name, truth, found, said, took_s in cases:
        seconds.append(took_s)
        error = np.inf if found is None else worst_error(found, truth, any_octave=not found.octave_known)
        kind = (
            "none" if found is None else "found" if error < _CLOSE else "near" if error < _NEAR else "wrong"
        )
        counts[kind] += 1
        if found is not None and error < _NEAR:
            errors.append(error)
        if kind != "found":
            print(f"{name}: {kind}, {error:.2f} white keys off; {said}")
    print(
        dict(counts),
        f"median error {np.median(errors):.3f}, median processor time {np.median(seconds):.2f} s",
    )


if __name__ == "__main__":
    main()
