"""Roll2Midi's generator -> ``roll2midi.onnx`` (32 bits) and its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.roll2midi import RATE_HZ, WINDOW
from photoplayer.train.nets.roll2midi import Generator
from photoplayer.train.ship import onnx_bytes, write_model


def export(generator: Generator, folder: Path, *, width: float, taught_on: str, history: list[Any]) -> None:
    """Write both; words of an existing card stay."""
    card = {
        "input": {
            "name": "roll",
            "shape": ["windows", 1, KEY_COUNT, WINDOW],
            "unit": f"probability that a key is held, lowest first, {RATE_HZ:g} columns a second",
        },
        "output": {"name": "mended", "shape": ["windows", 1, KEY_COUNT, WINDOW], "unit": "the same, mended"},
        "parameters": sum(p.numel() for p in generator.parameters()),
        "width": width,
        "taught_on": taught_on,
        "figures": {"validation, best epoch": min(history, key=lambda entry: entry["validation_loss"])},
        "history": history,
    }
    write_model(folder, "roll2midi", to_onnx(generator), card)


def to_onnx(generator: Generator) -> bytes:
    """The generator in 32 bits; the number of windows is free."""
    return onnx_bytes(
        generator.float().to(memory_format=torch.contiguous_format),
        (torch.rand(2, 1, KEY_COUNT, WINDOW),),
        inputs=["roll"],
        outputs=["mended"],
        dynamic={"roll": {0: torch.export.Dim("windows", min=1, max=1024)}},
    )
