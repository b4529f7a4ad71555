#!/usr/bin/env python3
"""Where the Watcher looks, how it learned, and drawn games it learned from: the figures of docs/features.md.

    tools/draw_watching.py DATA --out docs

DATA is a corpus of record_gameplay.py with the log of `photoplayer train features` in DATA/features.
``features_maps.png``: in the fight of one clip a game, a grey patch is laid over one place after another, for
the second around a moment; red is where the chance of a fight falls by it, blue where it rises.
``features_curves.png``: losses by head, and the figures of validation.
``features_drawn.png``: six moments each of games drawn by chance, whether there is a fight above.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from photoplayer import models
from photoplayer.scene.features import gather, gist
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, look, look_at
from photoplayer.scene.trees import trees
from photoplayer.scene.watcher import EYE, MIND, PICTURES, READ, SEEN, Watched, looked, with_trees
from photoplayer.train.data.arcade import Board, Corridor, Flat, Road
from photoplayer.train.data.gameplay import clips
from photoplayer.train.data.pictures import EVERY
from photoplayer.train.data.watching import Recording, read_recording
from photoplayer.train.loop import read_log
from photoplayer.video import Frame

PATCH, STRIDE = 14, 5
"""Side of what is covered, and how far apart, pixels."""

COVERED, GREY = 2, 110
"""Steps before and after the moment that are covered, and with what."""

GAMES = ("freedoom", "starpilot", "dodgeball", "chaser", "bossfight", "crafter")


def main() -> int:
    """Draw all figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    logs = {name: arguments.data / "features" / f"{name}.jsonl" for name in ("watcher", "mind0")}
    if missing := [str(path) for path in logs.values() if not path.is_file()]:
        print(f"{missing[0]} is missing; run photoplayer train features first.", file=sys.stderr)
        return 1
    draw_drawn(arguments.out / "features_drawn.png")
    draw_curves({name: read_log(path) for name, path in logs.items()}, arguments.out / "features_curves.png")
    found = [clip for clip in clips(arguments.data, split="test") if clip.kind in ("bots", "games", "human")]
    chosen = [next((clip for clip in found if clip.game == game), None) for game in GAMES]
    recordings = [read_recording(clip, arguments.data / "pictures") for clip in chosen if clip is not None]
    draw_maps(recordings, arguments.out / "features_maps.png")
    return 0


DRAWN = (*[Flat] * 6, *[Corridor] * 4, Road, Board)
MOMENTS = (10, 12, 40, 60, 80, 98)
"""Steps shown of each drawn game."""


def draw_drawn(path: Path) -> None:
    """Games drawn by chance, two columns of rows."""
    rows = []
    for number, kind in enumerate(DRAWN):
        pictures, states = kind(random.Random(number)).play(100)
        shown = np.stack([pictures[step * EVERY] for step in MOMENTS])
        fights = states.combat[list(MOMENTS)] > 0
        shown[:, :3] = np.where(fights[:, None, None, None], (220, 0, 0), (0, 160, 0))
        rows.append(np.concatenate(shown, axis=1))
    half = len(rows) // 2
    sheet = np.concatenate([np.concatenate(part, axis=0) for part in (rows[:half], rows[half:])], axis=1)
    Image.fromarray(sheet).save(path)


def rows_of(pictures: np.ndarray, before: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """What minds and trees read of pictures ``(steps, 3, 60, 80, 3)`` that follow the picture ``before``.

    ``sure (steps,)`` is what SceneNet says of a fight: whatever is covered, that stays.
    """
    (seen,) = models.load(EYE).session.run(None, {"pictures": pictures})
    flat = pictures.reshape(-1, *pictures.shape[2:])
    looks = look_at(np.concatenate([before[None], flat]), np.zeros(len(flat)))
    gists = gist(looks.flat()).reshape(len(seen), PICTURES, -1).mean(axis=1)
    return np.concatenate([seen, gists, sure[:, None]], axis=1).astype(np.float32)


def surety(recording: Recording) -> np.ndarray:
    """How sure SceneNet is of a fight at every step."""
    frames = (Frame(i / ANALYSIS_RATE_HZ, np.array(picture)) for i, picture in enumerate(recording.pictures))
    return looked(gather(look(frames)), steps=len(recording))[:, -1]


def fight(rows: np.ndarray) -> np.ndarray:
    """Log-odds of a fight at every step."""
    (said,) = models.load(MIND).session.run(None, {"read": rows[None, :, :READ]})
    return Watched(with_trees(said[0].astype(np.float64), trees(rows[:, SEEN:])))["fight"]


def occlusion(recording: Recording) -> tuple[np.ndarray, np.ndarray]:
    """A picture of the surest fight, and how far covering each place lowers its log-odds ``(60, 80)``."""
    pictures = recording.pictures.reshape(-1, PICTURES, 60, 80, 3)
    scene = surety(recording)
    rows = rows_of(pictures, pictures[0, 0], scene)
    sure = fight(rows) + 100 * (recording.column("fight") > 0)
    moment = COVERED + 1 + int(sure[COVERED + 1 : -COVERED - 1].argmax())
    inside = np.s_[moment - COVERED : moment + COVERED + 1]
    before = fight(rows)[moment]
    total, count = np.zeros((60, 80)), np.zeros((60, 80))
    for top in range(-PATCH // 2, 60 - PATCH // 2, STRIDE):
        for left in range(-PATCH // 2, 80 - PATCH // 2, STRIDE):
            place = np.s_[max(top, 0) : top + PATCH, max(left, 0) : left + PATCH]
            covered, changed = pictures[inside].copy(), rows.copy()
            covered[:, :, place[0], place[1]] = GREY
            last = pictures[moment - COVERED - 1, -1].copy()
            last[place] = GREY
            changed[inside] = rows_of(covered, last, scene[inside])
            total[place] += before - fight(changed)[moment]
            count[place] += 1
    return pictures[moment, 1], total / np.maximum(count, 1)


def draw_maps(recordings: list[Recording], path: Path) -> None:
    """Pictures above, maps below."""
    figure = Figure(figsize=(2.1 * len(recordings), 3.6), dpi=100)
    FigureCanvasAgg(figure)
    for column, recording in enumerate(recordings):
        picture, drop = occlusion(recording)
        strongest = max(float(np.abs(drop).max()), 1e-6)
        above, below = (
            figure.add_subplot(2, len(recordings), row * len(recordings) + column + 1) for row in (0, 1)
        )
        above.imshow(picture)
        above.set_title(recording.game, fontsize=9)
        below.imshow(picture.mean(axis=2), cmap="gray", alpha=0.5)
        below.imshow(drop, cmap="RdBu_r", vmin=-strongest, vmax=strongest, alpha=0.6)
        below.set_title(f"at most {drop.max():+.1f}", fontsize=8)
        for axis in (above, below):
            axis.set_axis_off()
    figure.tight_layout()
    figure.savefig(path)


def draw_curves(logs: dict[str, list[dict[str, float]]], path: Path) -> None:
    """Losses by head on the left, validation on the right; the eye above, the first of the minds below."""
    figure = Figure(figsize=(11, 7.5), dpi=80)
    FigureCanvasAgg(figure)
    for (part, rows), (losses, figures) in zip(logs.items(), figure.subplots(2, 2), strict=True):
        for name in rows[0]:
            values = [(row["step"], row[name]) for row in rows if name in row]
            if name not in ("step", "s", "mean") and ":" not in name:
                losses.plot(*zip(*values, strict=True), label=name)
        checked = [row for row in rows if "mean" in row]
        for name in checked[0] if checked else ():
            if ":" in name and "bpm" not in name:
                steps = [row["step"] for row in checked]
                figures.plot(steps, [row[name] for row in checked], label=name)
        losses.set(ylabel=f"{part}: loss", yscale="log")
        figures.set(ylabel="validation: AUC, correlation, accuracy", ylim=(0, 1))
        for axis in (losses, figures):
            axis.set_xlabel("step")
            axis.legend(fontsize=7, frameon=False)
    figure.tight_layout()
    figure.savefig(path)


if __name__ == "__main__":
    sys.exit(main())
