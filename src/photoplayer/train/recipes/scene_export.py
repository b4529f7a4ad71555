"""SceneNet -> ``scene.onnx`` and its card."""

from __future__ import annotations

import io
import json
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from photoplayer.files import finished
from photoplayer.scene.changes import THRESHOLD
from photoplayer.scene.features import BLOCK, CONTEXT
from photoplayer.scene.looks import LOOK_VALUES
from photoplayer.train.nets.scene import Committee, SceneNet
from photoplayer.train.recipes.traces import without_traces


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
    content = io.BytesIO()
    program = torch.onnx.export(
        net.eval(), (torch.rand(shape),), input_names=["looks"], output_names=["logits"], dynamo=True
    )
    program.save(content)
    card_path = folder / "scene.json"
    card = json.loads(card_path.read_text(encoding="utf-8")) if card_path.is_file() else {"name": "scene"}
    card["input"] = {
        "name": "looks",
        "shape": list(shape),
        "unit": "photoplayer.scene.looks.Looks.flat, 9 pictures a second; "
        f"{BLOCK} answered, {CONTEXT} of context on either side",
    }
    card["parameters"] = sum(p.numel() for p in net.parameters())
    card["taught_on"] = seen
    card["figures"] = figures
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "scene.onnx", without_traces(content.getvalue()))
    _write(card_path, (json.dumps(card, indent=2) + "\n").encode())


def _write(path: Path, content: bytes) -> None:
    with finished(path) as unfinished:
        unfinished.write_bytes(content)
