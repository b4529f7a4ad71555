"""Where a recipe computes, and in how many bits."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Literal

import torch

Choice = Literal["auto", "cpu", "cuda"]


def device_of(choice: Choice) -> torch.device:
    """The graphics card if there is one, unless told otherwise."""
    if choice != "auto":
        return torch.device(choice)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def half(device: torch.device, *, wanted: bool = True) -> AbstractContextManager[None]:
    """Compute in 16 bits where the device has it; a processor that only pretends to is ten times slower."""
    able = device.type != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    context: AbstractContextManager[None] = torch.autocast(
        device.type, torch.bfloat16, enabled=wanted and able
    )
    return context
