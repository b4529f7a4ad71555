"""The models that ship with the package: ONNX files, each with a card (``NAME.json``) beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photoplayer.errors import SetupError

if TYPE_CHECKING:
    import onnxruntime

__all__ = ["Model", "load", "open_model"]


@dataclass(frozen=True, eq=False)
class Model:
    """A network ready to run and its card: what it is, shapes and units, data, licence, figures."""

    session: onnxruntime.InferenceSession
    card: dict[str, Any]


@lru_cache(maxsize=8)
def load(name: str) -> Model:
    """The shipped model ``name``, on one CPU thread: two can lose to one on a busy machine.

    Raises :class:`SetupError` where its files are missing or damaged.
    """
    folder = resources.files(__name__)
    try:
        card = json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
        content = folder.joinpath(f"{name}.onnx").read_bytes()
        return Model(_session(content), card)
    except (OSError, ValueError, RuntimeError) as problem:
        raise SetupError(
            f"The model {name} is missing or damaged ({problem}); install photoplayer again."
        ) from problem


def open_model(path: Path) -> Model:
    """A model of one's own: an ONNX file with its card (the same name, ``.json``) beside it.

    Raises :class:`SetupError` where either is missing or damaged.
    """
    try:
        card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        return Model(_session(path.read_bytes()), card)
    except (OSError, ValueError, RuntimeError) as problem:
        raise SetupError(f"{path} is no model with its card ({problem}); export it again.") from problem


def _session(content: bytes) -> onnxruntime.InferenceSession:
    import onnxruntime  # takes 0.3 s: whoever reads the other files of this room does without

    onnxruntime.disable_telemetry_events()  # nothing about a person's clips leaves their machine
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
