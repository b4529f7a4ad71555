#!/usr/bin/env python3
"""Renders piano videos with exact labels: NAME.mp4, NAME.mid and NAME.json (written last) for each clip.

Examples:
  python tools/render_piano.py clips --out renders --midi giantmidi --train 130 --validation 15 --test 15
  python tools/render_piano.py clips --out renders --train 20 --seed 1000 --duration-s 12
  python tools/render_piano.py examples --out examples
  python tools/render_piano.py sheet --out sheet.jpg --midi giantmidi --split test --seeds 4 8 15

Clips that are there already are kept, so that a stopped run can go on. The same seed gives the same clip on
the same machine. Needs: pip install 'photoplayer[render]' and Mesa's EGL or a GPU
(apt install libegl1 libgl1-mesa-dri). With Mesa, LP_NUM_THREADS=1 and one process per core is fastest.
"""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import tyro
from matplotlib.image import imsave

from photoplayer.errors import PhotoplayerError
from photoplayer.train.data.piano_renderer import examples as example_clips
from photoplayer.train.data.piano_renderer.clip import render_scene, still_of
from photoplayer.train.data.piano_renderer.music import SPLITS, Split
from photoplayer.train.data.piano_renderer.sampling import draw_scene
from photoplayer.train.data.piano_renderer.sheet import sheet

log = logging.getLogger("render_piano")


@dataclass(frozen=True)
class Clips:
    """Draw clips by seed: every look, camera and performance another."""

    out: Path
    """Folder for the clips."""
    midi: Path | None = None
    """Folder of solo piano MIDI whose file names begin with the composer; without it, exercises only."""
    train: int = 0
    validation: int = 0
    test: int = 0
    seed: int = 0
    """First seed of every split."""
    duration_s: float = 8.0

    def run(self) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        for split, seed in _interleaved(
            {"train": self.train, "validation": self.validation, "test": self.test}, self.seed
        ):
            path = self.out / f"{split}_{seed:05d}.mp4"
            if path.with_suffix(".json").exists():
                continue
            begin = time.monotonic()
            scene = draw_scene(seed, split, duration_s=self.duration_s, midi=self.midi)
            done = render_scene(scene, out=path, split=split)
            took, frames = time.monotonic() - begin, round(self.duration_s * scene.look.sensor.fps)
            log.info(
                "%s %dx%d %s: %d notes, %.1f frames/s",
                path.name,
                *scene.camera.size,
                scene.source,
                len(done.played),
                frames / took,
            )


@dataclass(frozen=True)
class Examples:
    """Make the two small clips that the product ships: a phrase of Bach, and hands that rest."""

    out: Path

    def run(self) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        for path in example_clips.write(self.out):
            log.info("%s, %.0f KB", path, path.stat().st_size / 1000)


@dataclass(frozen=True)
class Sheet:
    """Draw one still of each of several seeds onto one picture."""

    out: Path
    """A .jpg or .png file."""
    midi: Path | None = None
    split: Split = "train"
    seeds: tuple[int, ...] = tuple(range(20))
    columns: int = 5
    cell: tuple[int, int] = (320, 180)

    def run(self) -> None:
        scenes = (draw_scene(seed, self.split, duration_s=6.0, midi=self.midi) for seed in self.seeds)
        picture = sheet((still_of(scene) for scene in scenes), columns=self.columns, cell=self.cell)
        imsave(self.out, picture, pil_kwargs={"quality": 82, "optimize": True})
        log.info("%s, %.0f KB", self.out, self.out.stat().st_size / 1000)


def _interleaved(counts: dict[Split, int], first: int) -> list[tuple[Split, int]]:
    """All clips to make, the splits evenly mixed, so that a part of a run is a corpus too."""
    placed = [
        ((i + 0.5) / counts[split], SPLITS.index(split), split, first + i)
        for split in SPLITS
        for i in range(counts[split])
    ]
    return [(split, seed) for *_, split, seed in sorted(placed)]


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    command = tyro.cli(Clips | Examples | Sheet, description=__doc__)  # type: ignore[arg-type]
    try:
        command.run()
    except PhotoplayerError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
