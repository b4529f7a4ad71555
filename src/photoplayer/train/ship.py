"""From a taught network to what ships: an ONNX file and its card, written as a pair."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from photoplayer.files import finished
from photoplayer.train.traces import without_traces

Axes = Mapping[int, Any]
"""Axes of an input whose length is free: number → ``torch.export.Dim``."""


def onnx_bytes(
    module: nn.Module,
    example: tuple[Tensor, ...],
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    dynamic: Mapping[str, Axes] | None = None,
) -> bytes:
    """``module``, in evaluation, as ONNX; ``dynamic`` names free axes by the parameters of ``forward``."""
    for noisy in ("onnx_ir", "onnxscript"):  # every step of the export otherwise
        logging.getLogger(noisy).setLevel(logging.WARNING)
    content = io.BytesIO()
    program = torch.onnx.export(
        module.eval(),
        example,
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_shapes=dynamic,
        dynamo=True,
        verbose=False,
    )
    program.save(content)
    return without_traces(content.getvalue())


def write_model(folder: Path, name: str, content: bytes, card: dict[str, Any]) -> None:
    """``NAME.onnx`` and ``NAME.json``; what an existing card says beyond ``card`` (data, licence) stays."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    words = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"name": name}
    with finished(folder / f"{name}.onnx") as unfinished:
        unfinished.write_bytes(without_traces(content))
    with finished(path) as unfinished:
        unfinished.write_text(json.dumps({**words, **card}, indent=2) + "\n", encoding="utf-8")


def write_tables(folder: Path, name: str, tables: Mapping[str, Any], card: dict[str, Any]) -> None:
    """``NAME.npz``, an array for each of ``tables``, and ``NAME.json``."""
    with finished(folder / f"{name}.npz") as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(file, **tables)
    with finished(folder / f"{name}.json") as unfinished:
        unfinished.write_text(json.dumps({"name": name, **card}, indent=2) + "\n", encoding="utf-8")
