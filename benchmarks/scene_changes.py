#!/usr/bin/env python3
"""Change points on gameplay: ours beside what is usually done, one-to-one within a tolerance.

    python benchmarks/scene_changes.py --data DATA [--split test]

DATA is a corpus of tools/record_gameplay.py. Baselines: PySceneDetect's content detector written again
(mean change of hue, saturation and value above 27, at most one in 0.6 s, every picture); the median HSV
histogram of 4 s before and after without the status bar, its threshold chosen on *these* clips
(optimistic); as many moments as there are true ones, evenly spread. Single takes have no joins: what is
reported there is false but for deaths and teleports. ``joined_games`` are pieces of games that nothing was
taught on; where a level of one of them ends within a piece, a change may be found or not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from photoplayer import scene, video
from photoplayer.evaluate.changes import Matching, bootstrap_interval, match_changes
from photoplayer.train.data.gameplay import KINDS, Clip, Kind, Split, clips

Moments = tuple[float, ...]
HISTOGRAM_RATE_HZ = 6
HISTOGRAM_THRESHOLDS = np.arange(0.3, 1.6, 0.05)
CONTENT_THRESHOLD = 27.0
JOINED = ("joined", "joined_games")


@dataclass(frozen=True)
class Options:
    """Measure change points on gameplay."""

    data: Path
    """Corpus with bots/, human/, joined/."""
    split: Split = "test"
    tolerance_s: float = 1.0
    kinds: tuple[Kind, ...] = KINDS
    """Only these folders of the corpus."""


def hsv(images: np.ndarray) -> np.ndarray:
    """``(..., 3)`` RGB to hue 0..180, saturation and value 0..255."""
    rgb = images.astype(np.float32)
    high, low = rgb.max(axis=-1), rgb.min(axis=-1)
    spread = np.maximum(high - low, 1e-6)
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    sector = np.where(
        high == red,
        (green - blue) / spread % 6,
        np.where(high == green, (blue - red) / spread + 2, (red - green) / spread + 4),
    )
    saturation = 255 * (high - low) / np.maximum(high, 1)
    return np.stack([np.where(high > low, 30 * sector, 0), saturation, high], axis=-1)


def ours(clip: Clip) -> Moments:
    """What the package says."""
    return scene.watch_file(clip.path).changes_s


def content_cuts(clip: Clip) -> Moments:
    """PySceneDetect's ContentDetector at its defaults."""
    found: list[float] = []
    before = None
    for frame in video.frames(clip.path, size=(160, 120)):
        now = hsv(frame.image)
        rested = not found or frame.time_s - found[-1] >= 0.6
        if rested and before is not None and np.abs(now - before).mean() >= CONTENT_THRESHOLD:
            found.append(frame.time_s)
        before = now
    return tuple(found)


def histogram_scores(clip: Clip) -> tuple[np.ndarray, np.ndarray]:
    """Times, and the distance between the median histograms of 4 s before and after."""
    rows, times = [], []
    for frame in video.frames(clip.path, rate_hz=HISTOGRAM_RATE_HZ, size=(160, 120), fast=True):
        values = hsv(frame.image[:100]).reshape(-1, 3)
        counts = [
            np.histogram(values[:, k], bins, (0, top))[0]
            for k, (bins, top) in enumerate(((16, 180), (8, 256), (8, 256)))
        ]
        rows.append(np.concatenate(counts) / len(values))
        times.append(frame.time_s)
    looks, window = np.array(rows), 4 * HISTOGRAM_RATE_HZ
    scores = np.zeros(len(looks))
    for i in range(HISTOGRAM_RATE_HZ, len(looks) - HISTOGRAM_RATE_HZ):
        before, after = looks[max(i - window, 0) : i], looks[i : i + window]
        scores[i] = np.abs(np.median(before, axis=0) - np.median(after, axis=0)).sum() / 2
    return np.array(times), scores


def peaks(times: np.ndarray, scores: np.ndarray, threshold: float, *, gap_s: float = 4.0) -> Moments:
    """Highest first, none within ``gap_s`` of a higher one."""
    found: list[float] = []
    for i in np.argsort(-scores, kind="stable"):
        if scores[i] < threshold:
            break
        if all(abs(times[i] - other) >= gap_s for other in found):
            found.append(float(times[i]))
    return tuple(sorted(found))


def histogram_moments(corpus: Sequence[Clip], tolerance_s: float) -> Callable[[Clip], Moments]:
    """The histogram baseline with the threshold that does best on the joined clips of this corpus."""
    scored = {clip.path: histogram_scores(clip) for clip in corpus}
    joined = [clip for clip in corpus if clip.kind in JOINED] or list(corpus)

    def f1(threshold: float) -> float:
        found = (matched(peaks(*scored[c.path], threshold), c, tolerance_s) for c in joined)
        return sum(found, Matching()).f1

    best = max(HISTOGRAM_THRESHOLDS, key=f1)
    return lambda clip: peaks(*scored[clip.path], best)


def matched(found: Moments, clip: Clip, tolerance_s: float) -> Matching:
    """Found against true; in games, what is found where a level ends and was not asked for is passed over."""
    if clip.kind == "joined_games":
        found = tuple(
            moment
            for moment in found
            if any(abs(moment - true) <= tolerance_s for true in clip.changes_s)
            or all(abs(moment - soft) > tolerance_s for soft in clip.soft_changes_s)
        )
    return match_changes(found, clip.changes_s, tolerance_s=tolerance_s)


def evenly(clip: Clip) -> Moments:
    """As many moments as there are true ones."""
    count = len(clip.changes_s)
    return tuple(clip.duration_s * (k + 1) / (count + 1) for k in range(count))


def main() -> None:
    """Print the tables."""
    options = tyro.cli(Options, description=__doc__)
    corpus = [c for c in clips(options.data, split=options.split) if c.kind in options.kinds]
    systems: dict[str, Callable[[Clip], Moments]] = {
        "ours": ours,
        "median HSV histogram, 4 s": histogram_moments(corpus, options.tolerance_s),
        "content cut detector": content_cuts,
        "evenly spread": evenly,
    }
    print(f"split {options.split}, ±{options.tolerance_s} s")
    for name, system in systems.items():
        report(name, system, corpus, options.tolerance_s)


def report(name: str, system: Callable[[Clip], Moments], corpus: Sequence[Clip], tolerance_s: float) -> None:
    """One system: F1 with its interval on joined clips, false changes a minute on single takes."""
    results = {
        kind: [(matched(system(c), c, tolerance_s), c.duration_s) for c in corpus if c.kind == kind]
        for kind in (*JOINED, "bots", "human")
    }
    line = f"{name:28s}"
    for kind in JOINED:
        if not results[kind]:
            continue
        matchings = [m for m, _ in results[kind]]
        total = sum(matchings, Matching())
        low, high = bootstrap_interval(matchings, lambda chosen: sum(chosen, Matching()).f1)
        line += f" {kind} ({len(matchings)}) P {total.precision:.3f} R {total.recall:.3f}"
        line += f" F1 {total.f1:.3f} [{low:.3f}, {high:.3f}]"
    for kind in ("bots", "human"):
        if results[kind]:
            minutes = sum(duration for _, duration in results[kind]) / 60
            false = sum(m.found - m.hits for m, _ in results[kind])
            line += f" | {kind} ({len(results[kind])}) false/min {false / minutes:.2f}"
    print(line, flush=True)


if __name__ == "__main__":
    main()
