"""The ``keys`` network as two ONNX files: what looks at pictures, and what hears over time."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from photoplayer.piano.strip import STRIP_HEIGHT, STRIP_WIDTH
from photoplayer.train.nets.keys import FULL, Hear, Look, key_columns, stacked


class FullStrip(nn.Module):
    """``Look`` on whole strips as they come: grey pictures, their plate and its levels."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        _, columns, classes = key_columns(*FULL)
        self.look = look
        self.register_buffer("columns", columns)
        self.register_buffer("classes", classes)

    def forward(self, pictures: Tensor, plate: Tensor, levels: Tensor) -> Tensor:
        """``pictures (n + 2, 64, 864)`` and ``plate (64, 864)`` uint8, ``levels (2, 864)`` →
        ``(n, 88, width)``."""
        scale = 1 / (levels[1] - levels[0])
        scaled = (pictures.float() - levels[0]) * scale
        clean = ((plate.float() - levels[0]) * scale).unsqueeze(0)
        stack = stacked(scaled, clean.expand(scaled.shape[0] - 2, -1, -1))
        return self.look(stack, self.columns, self.classes)


def export_look(look: Look, path: Path) -> None:
    """Write ``keys_look.onnx``."""
    example = (
        torch.zeros(6, STRIP_HEIGHT, STRIP_WIDTH, dtype=torch.uint8),
        torch.zeros(STRIP_HEIGHT, STRIP_WIDTH, dtype=torch.uint8),
        torch.ones(2, STRIP_WIDTH),
    )
    frames = torch.export.Dim("frames", min=3, max=4096)
    torch.onnx.export(
        FullStrip(look).eval(),
        example,
        path,
        dynamo=True,
        external_data=False,
        input_names=["pictures", "plate", "levels"],
        output_names=["keys"],
        dynamic_shapes={"pictures": {0: frames}, "plate": {}, "levels": {}},
        verbose=False,
    )


def export_hear(hear: Hear, width: int, path: Path) -> None:
    """Write ``keys_hear.onnx``."""
    frames = torch.export.Dim("frames", min=2, max=65536)
    torch.onnx.export(
        hear.eval(),
        (torch.zeros(1, 24, 88, width), torch.full((1, 24, 2), 0.04)),
        path,
        dynamo=True,
        external_data=False,
        input_names=["keys", "gaps_s"],
        output_names=["heads"],
        dynamic_shapes={"keys": {1: frames}, "gaps_s": {1: frames}},
        verbose=False,
    )
