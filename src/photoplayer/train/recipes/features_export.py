"""Eye, minds and trees -> ``watch_eye.onnx``, ``watch_mind.onnx``, ``watch_trees.onnx`` with their cards."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

from photoplayer.scene.surroundings import VIEWS
from photoplayer.scene.trees import TREE_HEADS
from photoplayer.scene.watcher import HEADS, LOOKED, PICTURES, READ, SEEN
from photoplayer.train.nets.watcher import Eye
from photoplayer.train.recipes.features_trees import Grown, trees_onnx
from photoplayer.train.ship import onnx_bytes, write_model

_DATA = (
    "Freedoom 0.13 (BSD-3) played by bots in ViZDoom, Procgen (MIT), Crafter (MIT), Powermanga (GPL-3+) and "
    "Alien Blaster (GPL-2+) and some forty games of Python packages and Debian (MIT, Apache-2.0, BSD, GPL, "
    "pictures CC0: docs/features.md) played by habit, OpenArena (GPL-2+) by its bots: "
    "tools/record_gameplay.py; games drawn by chance, train/data/arcade; "
    "no footage of other people's games"
)

_BEFORE = "the same, taught without the clips of validation"


def export_watcher(
    eye_net: Eye, mind_net: nn.Module, trees: Grown, folder: Path, figures: Mapping[str, float], *, seen: str
) -> None:
    """Write all parts. ``figures`` are those of validation; where there are none, those of the card before
    stay, of the same recipe without the clips of validation."""
    validation = {f"validation, {name}": f"{value:.3f}" for name, value in figures.items()}
    common = {"data": _DATA, "taught_on": seen, "licence": "MIT"}
    eye = onnx_bytes(
        eye_net,
        (torch.zeros(4, PICTURES, 60, 80, 3, dtype=torch.uint8),),
        inputs=["pictures"],
        outputs=["seen"],
        dynamic={"pictures": {0: torch.export.Dim("steps", min=1, max=1 << 16)}},
    )
    card = {
        "name": "watch_eye",
        "what": "Watcher's eye: three small pictures of a third of a second -> what is seen",
        "input": {
            "name": "pictures",
            "shape": ["steps", PICTURES, 60, 80, 3],
            "unit": "8-bit RGB, 9 a second",
        },
        "output": {"name": "seen", "shape": ["steps", SEEN], "unit": "learned"},
        "parameters": _count(eye_net),
        **common,
    }
    write_model(folder, "watch_eye", eye, card)
    mind = onnx_bytes(
        mind_net,
        (torch.zeros(1, 200, READ),),
        inputs=["read"],
        outputs=["answers"],
        dynamic={"read": {1: torch.export.Dim("steps", min=16, max=1 << 20)}},
    )
    card = {
        "name": "watch_mind",
        "what": "Watcher's mind: what was seen and the looks over time -> how it feels",
        "input": {"name": "read", "shape": [1, "steps", READ], "unit": "watch_eye's output, gist of looks"},
        "output": {
            "name": "answers",
            "shape": [1, "steps", sum(HEADS.values())],
            "unit": "columns " + ", ".join(f"{name} ({width})" for name, width in HEADS.items())
            + ": log-odds of fight, energy, meter, change; the rest 0..1, valence -1..1",
        },
        "parameters": _count(mind_net),
        **common,
        **({"figures": validation} if figures else {"figures_of": _BEFORE}),
    }  # fmt: skip
    write_model(folder, "watch_mind", mind, card)
    card = {
        "name": "watch_trees",
        "what": "boosted trees: the looks and what is around them in time -> how it feels",
        "input": {"name": "rows", "shape": ["steps", VIEWS * LOOKED], "unit": "scene/surroundings.py"},
        "output": {
            "name": "said",
            "shape": ["steps", sum(TREE_HEADS.values())],
            "unit": "columns " + ", ".join(f"{name} ({width})" for name, width in TREE_HEADS.items())
            + ": log-odds of fight, energy; the rest 0..1, valence -1..1",
        },
        **common,
    }  # fmt: skip
    write_model(folder, "watch_trees", trees_onnx(trees), card)


def export_single(net: nn.Module, folder: Path) -> None:
    """``single.onnx`` with its card, for the benchmark alone: it does not ship."""
    example = torch.zeros(4, 60, 80, 3, dtype=torch.uint8)
    content = onnx_bytes(
        net,
        (example,),
        inputs=["pictures"],
        outputs=["said"],
        dynamic={"pictures": {0: torch.export.Dim("batch", min=1, max=1 << 16)}},
    )
    write_model(
        folder, "single", content, {"what": "the source's network on one frame", "parameters": _count(net)}
    )


def _count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())
