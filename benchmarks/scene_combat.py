#!/usr/bin/env python3
"""Combat against exploring told from the intensity curve: AUC per 1/3 s step, beside simple curves.

    python benchmarks/scene_combat.py --data DATA [--split test]

Pooled over the steps of all clips, and the mean of the clips that hold both; 95 % intervals over clips. Menus
and death are left out. Baselines: the mean change between pictures, brightness and darkness, smoothed alike.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from photoplayer import scene
from photoplayer.evaluate.changes import auc, bootstrap_interval
from photoplayer.scene.curves import per_step, smooth
from photoplayer.scene.features import SCALARS, summarise
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE, look
from photoplayer.train.data.gameplay import Clip, Split, clips
from photoplayer.video import frames

Scored = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Options:
    """Measure how well intensity tells combat."""

    data: Path
    """Corpus with bots/ and human/."""
    split: Split = "test"


def curves_of(clip: Clip) -> dict[str, np.ndarray]:
    """Every system's curve, one value per step of the truth."""
    steps = len(clip.combat)
    timeline = scene.watch_file(clip.path)
    looks = list(look(frames(clip.path, rate_hz=ANALYSIS_RATE_HZ, size=ANALYSIS_SIZE, fast=True)))
    times = np.concatenate([batch.times_s for batch in looks])
    rows = per_step(times, np.concatenate([summarise(batch) for batch in looks]), steps=steps)
    change, bright = (smooth(rows[:, SCALARS.index(name)], 0.7) for name in ("change", "brightness"))
    intensity = np.resize(timeline.intensity, steps)
    return {"ours": intensity, "picture change": change, "brightness": bright, "darkness": -bright}


def pooled(items: Sequence[Scored]) -> float:
    """AUC over all steps of all clips."""
    return auc(np.concatenate([s for s, _ in items]), np.concatenate([t for _, t in items]))


def main() -> None:
    """Print the tables."""
    options = tyro.cli(Options, description=__doc__)
    for kind in ("bots", "human"):
        corpus = clips(options.data, kind=kind, split=options.split)
        start_s = time.perf_counter()
        results = [(clip, curves_of(clip)) for clip in corpus]
        media_s = sum(clip.duration_s for clip in corpus)
        print(f"{kind}, split {options.split}: {len(corpus)} clips, {media_s / 60:.1f} min")
        for name in results[0][1] if results else ():
            items = [(curves[name][clip.watchable], clip.combat[clip.watchable]) for clip, curves in results]
            within = [value for item in items if not np.isnan(value := auc(*item))]
            low, high = bootstrap_interval(items, pooled, rounds=300)
            interval = f"[{low:.3f}, {high:.3f}]"
            print(f"  {name:16s} AUC {pooled(items):.3f} {interval}  within clips {np.mean(within):.3f}")
        if results:
            level = [(c["ours"][~clip.combat], c["ours"][clip.combat]) for clip, c in results]
            calm, fight = (np.concatenate([pair[side] for pair in level]) for side in (0, 1))
            print(
                f"  intensity: exploring median {np.median(calm):.2f}, combat median {np.median(fight):.2f};"
                f" {media_s / (time.perf_counter() - start_s):.0f}x real time with the baselines"
            )


if __name__ == "__main__":
    main()
