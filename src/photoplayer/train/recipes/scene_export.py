"""SceneNet -> ``scene.onnx`` and its card."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from photoplayer.scene.changes import THRESHOLD
from photoplayer.scene.features import BLOCK, CONTEXT
from photoplayer.scene.looks import LOOK_VALUES
from photoplayer.train.nets.scene import Committee, SceneNet
from photoplayer.train.ship import onnx_bytes, write_model


def calibrate(net: Committee, threshold: float) -> None:
    """Move the cut logit so that its best threshold is the one ``scene.changes`` decides by."""
    with torch.no_grad():
        for member in net.members:
            member.cut.leave.bias += THRESHOLD - threshold


def shipped_fight(path: Path) -> dict[str, Tensor]:
    """The fight half of an exported network, by the names it has in :class:`SceneNet`."""
    stored = {item.name.removeprefix("members.0."): item for item in onnx.load(path).graph.initializer}
    names = [name for name in SceneNet().state_dict() if name.startswith(("fight", "gist"))]
    return {name: torch.from_numpy(numpy_helper.to_array(stored[name]).copy()) for name in names}


def export(net: Committee, folder: Path, figures: dict[str, str], *, seen: str) -> None:
    """Write ``scene.onnx``; an existing card keeps its words and gets new shapes and validation figures.

    Figures of the test levels are those of other weights from now on and are taken out.
    """
    shape = (1, BLOCK + 2 * CONTEXT, LOOK_VALUES)
    content = onnx_bytes(net, (torch.rand(shape),), inputs=["looks"], outputs=["logits"])
    card = {
        "input": {
            "name": "looks",
            "shape": list(shape),
            "unit": "photoplayer.scene.looks.Looks.flat, 9 pictures a second; "
            f"{BLOCK} answered, {CONTEXT} of context on either side",
        },
        "parameters": sum(p.numel() for p in net.parameters()),
        "taught_on": seen,
        "figures": figures,
    }
    write_model(folder, "scene", content, card)
