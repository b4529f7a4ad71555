"""Roll2Midi's generator -> ``roll2midi.onnx`` (32 bits) and its card."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import torch

from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.roll2midi import RATE_HZ, WINDOW
from photoplayer.train.nets.roll2midi import Generator
from photoplayer.train.recipes.piano_card import write_model


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
    content = io.BytesIO()
    program = torch.onnx.export(
        generator.eval().float().to(memory_format=torch.contiguous_format),
        (torch.rand(2, 1, KEY_COUNT, WINDOW),),
        input_names=["roll"],
        output_names=["mended"],
        dynamic_shapes={"roll": {0: torch.export.Dim("windows", min=1, max=1024)}},
        dynamo=True,
    )
    program.save(content)
    return content.getvalue()
