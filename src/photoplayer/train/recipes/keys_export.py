"""The ``keys`` network as two ONNX files: what looks at pictures, and what hears over time."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.strip import STRIP_HEIGHT, STRIP_WIDTH, WHITE_WIDTH_PX
from photoplayer.train.nets.keys import FULL, Hear, Look, key_columns, stacked

LOOK_INPUTS = ("pictures", "plate", "levels", "columns", "classes")


class StripLook(nn.Module):
    """``Look`` on stretches of strip as they come: grey pictures, their plate and its levels."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look

    def forward(
        self, pictures: Tensor, plate: Tensor, levels: Tensor, columns: Tensor, classes: Tensor
    ) -> Tensor:
        """``pictures (n + 2, 64, w)`` and ``plate (64, w)`` uint8, ``levels (2, w)``; of the keys in
        question the ``columns (keys, 5)`` and pitch ``classes (keys,)`` → ``(n, keys, width)``."""
        scale = 1 / (levels[1] - levels[0])
        scaled = (pictures.float() - levels[0]) * scale
        clean = ((plate.float() - levels[0]) * scale).unsqueeze(0)
        stack = stacked(scaled, clean.expand(scaled.shape[0] - 2, -1, -1))
        return self.look(stack, columns, classes)


Half = TypeVar("Half", bound=nn.Module)


def plain(half: Half) -> Half:
    """A copy to be run alone: each normalisation is taken into the convolution before it."""
    copy: Half = deepcopy(half).eval()
    norms = {name: module for name, module in copy.named_modules() if isinstance(module, nn.BatchNorm2d)}
    for name, norm in norms.items():
        before = convolution_before(name)
        copy.set_submodule(before, fuse_conv_bn_eval(copy.get_submodule(before), norm))
        copy.set_submodule(name, nn.Identity())
    return copy


def convolution_before(norm: str) -> str:
    """The name of the convolution that a normalisation follows."""
    parent, _, last = norm.rpartition(".")
    return f"{parent}.{int(last) - 1 if last.isdecimal() else 'spread'}"


def export_look(look: Look, path: Path) -> None:
    """Write ``keys_look.onnx``."""
    _, columns, classes = key_columns(*FULL)
    example = (
        torch.zeros(6, STRIP_HEIGHT, STRIP_WIDTH, dtype=torch.uint8),
        torch.zeros(STRIP_HEIGHT, STRIP_WIDTH, dtype=torch.uint8),
        torch.ones(2, STRIP_WIDTH),
        columns,
        classes,
    )
    frames = torch.export.Dim("frames", min=3, max=4096)
    width = WHITE_WIDTH_PX * torch.export.Dim("whites", min=2, max=STRIP_WIDTH // WHITE_WIDTH_PX)
    keys = torch.export.Dim("keys", min=2, max=KEY_COUNT)
    torch.onnx.export(
        StripLook(plain(look)),
        example,
        path,
        dynamo=True,
        external_data=False,
        input_names=list(LOOK_INPUTS),
        output_names=["keys"],
        dynamic_shapes={
            "pictures": {0: frames, 2: width},
            "plate": {1: width},
            "levels": {1: width},
            "columns": {0: keys},
            "classes": {0: keys},
        },
        verbose=False,
    )


def export_hear(hear: Hear, width: int, path: Path) -> None:
    """Write ``keys_hear.onnx``."""
    frames = torch.export.Dim("frames", min=2, max=65536)
    torch.onnx.export(
        plain(hear),
        (torch.zeros(1, 24, 88, width), torch.full((1, 24, 2), 0.04)),
        path,
        dynamo=True,
        external_data=False,
        input_names=["keys", "gaps_s"],
        output_names=["heads"],
        dynamic_shapes={"keys": {1: frames}, "gaps_s": {1: frames}},
        verbose=False,
    )
