"""Video2Roll Net -> ONNX and its card; in 8 bits if that costs less than half a point of frame F1."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from photoplayer.piano.audeo import PICTURE_HEIGHT, PICTURE_WIDTH, STACK, THRESHOLD, resized
from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.strip import Pictures
from photoplayer.train.data.audeo_frames import Frames
from photoplayer.train.nets.video2roll import Video2Roll
from photoplayer.train.recipes.video2roll_check import Answer, measure
from photoplayer.train.ship import onnx_bytes, write_model

log = logging.getLogger(__name__)

MOST_LOST_F1 = 0.005
CALIBRATION_FRAMES = 96
CHECKED_FRAMES = 600


def export(
    net: Video2Roll,
    folder: Path,
    *,
    name: str,
    checked: Frames,
    taught_on: str,
    history: list[dict[str, float]],
) -> None:
    """Write ``NAME.onnx`` in 8 bits (else 32) and ``NAME.json``; words of an existing card stay."""
    full = to_onnx(net)
    places = checked.spread(CHECKED_FRAMES)
    calibration = stacks_of(checked.batch(checked.spread(CALIBRATION_FRAMES)).pictures)
    small = to_int8(full, calibration)
    as_32, as_8 = (measure(answer_of(content), checked, places) for content in (full, small))
    log.info("frame F1 %.4f in 32 bits, %.4f in 8", as_32.f1, as_8.f1)
    use_small = as_8.f1 >= as_32.f1 - MOST_LOST_F1
    card: dict[str, Any] = {
        "input": {
            "name": "frames",
            "shape": ["frames", STACK, PICTURE_HEIGHT, PICTURE_WIDTH],
            "unit": "grey 0..1: the picture, two before and two after; strip without its side margins",
        },
        "output": {
            "name": "logits",
            "shape": ["frames", KEY_COUNT],
            "unit": "natural log-odds that a key is held, lowest first",
        },
        "parameters": sum(p.numel() for p in net.parameters()),
        "threshold": THRESHOLD,
        "bits": 8 if use_small else 32,
        "taught_on": taught_on,
        "figures": {
            "validation, evenly spread frames, 32 bits": as_32.rounded(),
            "validation, evenly spread frames, 8 bits": as_8.rounded(),
        },
        "history": history,
    }
    write_model(folder, name, small if use_small else full, card)


def to_onnx(net: Video2Roll) -> bytes:
    """The network in 32 bits; the number of frames is free."""
    return onnx_bytes(
        net.float().to(memory_format=torch.contiguous_format),
        (torch.rand(2, STACK, PICTURE_HEIGHT, PICTURE_WIDTH),),
        inputs=["frames"],
        outputs=["logits"],
        dynamic={"frames": {0: torch.export.Dim("frames", min=1, max=1024)}},
    )


def to_int8(content: bytes, calibration: np.ndarray[Any, np.dtype[np.float32]]) -> bytes:
    """Convolutions and layers in 8 bits, ranges taken from ``calibration`` ``(frames, 5, 100, 900)``."""
    with tempfile.TemporaryDirectory() as folder:
        plain, shaped, small = (Path(folder) / f"{name}.onnx" for name in ("plain", "shaped", "small"))
        plain.write_bytes(content)
        quant_pre_process(plain, shaped, skip_symbolic_shape=True)
        quantize_static(
            shaped,
            small,
            _Reader(calibration),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["Conv", "Add", "MaxPool", "AveragePool"],
            calibrate_method=CalibrationMethod.MinMax,
        )
        return small.read_bytes()


def answer_of(content: bytes) -> Answer:
    """An exported network as a function of pictures, for measuring."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])

    def answer(pictures: Pictures) -> Any:
        (logits,) = session.run(None, {"frames": stacks_of(pictures)})
        return logits

    return answer


def stacks_of(pictures: Pictures) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Pictures ``(frames, 5, 64, 864)`` as the network takes them."""
    return resized(pictures.reshape(-1, *pictures.shape[2:])).reshape(
        len(pictures), STACK, PICTURE_HEIGHT, PICTURE_WIDTH
    )


class _Reader(CalibrationDataReader):
    def __init__(self, stacks: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        self._stacks: Iterator[Any] = iter(stacks)

    def get_next(self) -> dict[str, Any] | None:
        stack = next(self._stacks, None)
        return None if stack is None else {"frames": stack[None]}
