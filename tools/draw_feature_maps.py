#!/usr/bin/env python3
"""Feature maps of Video2Roll Net beside those of plain ResNet-18, as in the source's ablation.

    tools/draw_feature_maps.py CACHE/renders/CLIP --full RUN/video2roll_full.pt \\
        --resnet18 RUN/video2roll_resnet18.pt --out docs/video2roll_maps.png

Drawn on rendered clips alone: other pictures show people. Each map is the mean over channels of how far a
value stands from its channel's mean over the picture, in that channel's standard deviations; bright is where
the network finds something that is not everywhere.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor

from photoplayer.piano.layout import LOWEST_PITCH, WHITE_COUNT, key_middle
from photoplayer.train.data.audeo_frames import Frames, held
from photoplayer.train.data.strip_cache import caches
from photoplayer.train.nets.video2roll import Variant, Video2Roll
from photoplayer.train.recipes.video2roll import prepared

SOURCE = "renders"


def main() -> int:
    arguments = _arguments()
    clips = [c for c in caches(arguments.clip.parent) if c.name == arguments.clip.name and c.source == SOURCE]
    if not clips:
        print(f"{arguments.clip} is no cached clip of the renderer; name one.", file=sys.stderr)
        return 1
    frames = Frames(clips)
    place = frames.places[_busiest(frames) if arguments.frame is None else arguments.frame]
    batch = frames.batch(place[None])
    picture = prepared(batch.pictures, torch.device("cpu"))
    figure, axes = plt.subplots(5, 1, figsize=(11, 6.5), constrained_layout=True)
    axes[0].imshow(picture[0, 2], cmap="gray", aspect="auto", extent=(0, WHITE_COUNT, 0, 1))
    keys = np.flatnonzero(batch.held[0])
    axes[0].set_title("the picture; ▲: keys held", fontsize=9)
    for row, (title, values) in enumerate(_maps(picture, arguments.full, arguments.resnet18), start=1):
        axes[row].imshow(values, cmap="magma", aspect="auto", extent=(0, WHITE_COUNT, 0, 1))
        axes[row].set_title(title, fontsize=9)
    for ax in axes:
        ax.plot([key_middle(LOWEST_PITCH + key) for key in keys], [0.04] * len(keys), "c^", markersize=6)
        ax.set(xticks=[], yticks=[], xlim=(0, WHITE_COUNT), ylim=(0, 1))
    figure.savefig(arguments.out, dpi=90)
    return 0


def _maps(picture: Tensor, full: Path, resnet18: Path) -> list[tuple[str, np.ndarray]]:
    with torch.inference_mode():
        plain, refined = _net("resnet18", resnet18), _net("full", full)
        return [
            ("ResNet-18, second stage", _strange(plain.trunk(picture)[0])),
            ("ResNet-18, last map", _strange(plain.features(picture))),
            ("Video2Roll Net, second stage", _strange(refined.trunk(picture)[0])),
            ("Video2Roll Net, last map (after the three modules)", _strange(refined.features(picture))),
        ]


def _net(variant: Variant, checkpoint: Path) -> Video2Roll:
    net = Video2Roll(variant=variant)
    net.load_state_dict(torch.load(checkpoint, weights_only=True, map_location="cpu")["best"])
    return net.eval()


def _strange(maps: Tensor) -> np.ndarray:
    means, spreads = maps.mean(dim=(2, 3), keepdim=True), maps.std(dim=(2, 3), keepdim=True)
    return ((maps - means).abs() / (spreads + 1e-6))[0].mean(dim=0).numpy()


def _busiest(frames: Frames) -> int:
    (clip,) = frames.clips
    return int(held(clip.notes, clip.times_s)[frames.places[:, 1]].sum(axis=1).argmax())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clip", type=Path, help="folder of a cached clip of the renderer")
    parser.add_argument("--full", type=Path, required=True, help="checkpoint of Video2Roll Net")
    parser.add_argument("--resnet18", type=Path, required=True, help="checkpoint of the ablation")
    parser.add_argument("--frame", type=int, help="which frame; by default the one with most keys held")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
