"""A network of the piano room and its card, written as a pair."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from photoplayer.files import finished
from photoplayer.train.recipes.traces import without_traces


def write_model(folder: Path, name: str, content: bytes, card: dict[str, Any]) -> None:
    """``NAME.onnx`` and ``NAME.json``; what an existing card says beyond ``card`` (data, licence) stays."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    words = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"name": name}
    with finished(folder / f"{name}.onnx") as unfinished:
        unfinished.write_bytes(without_traces(content))
    with finished(path) as unfinished:
        unfinished.write_text(json.dumps({**words, **card}, indent=2) + "\n", encoding="utf-8")
