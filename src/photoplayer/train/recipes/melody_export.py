"""C and the writers of our melody GAN → ONNX with their cards."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from photoplayer.train.nets.melody import ASKED, BARS, LOOKBACK_BARS, WANTED, Writer
from photoplayer.train.nets.melody_clip import HEIGHT, PICTURES, WIDTH, Committee
from photoplayer.train.ship import onnx_bytes, write_model

_LICENCE = "MIT (the weights; see data)"
GAMES = (
    "Freedoom's music, old and new (BSD-3, Freedoom contributors), Tanner Helland's (CC BY 4.0) and "
    "EasyRPG's (Juan Manuel Nigretti, CC BY 4.0)"
)
SONGS = "sung lines of OpenScore Lieder (CC0)"
_SEEN = "Recorded play of Freedoom (BSD-3), Procgen and Crafter (MIT), with the games' own state."


def export_eyes(folder: Path, encoder: Committee, *, figures: Mapping[str, Any]) -> None:
    """Write C."""
    clips = {"pictures": {0: torch.export.Dim("clips", min=1, max=4096)}}
    shown = torch.zeros((2, PICTURES, HEIGHT, WIDTH, 3), dtype=torch.uint8)
    content = onnx_bytes(encoder, (shown,), inputs=["pictures"], outputs=["asked"], dynamic=clips)
    card: dict[str, Any] = {
        "what": "What a clip asks of a melody: density, register, mode (compose/tune/asked.py)",
        "inputs": {
            "pictures": f"(n, {PICTURES}, {HEIGHT}, {WIDTH}, 3) uint8 RGB, two each of 8 moments of 16 s"
        },
        "outputs": {"asked": f"(n, {ASKED}) float32, about -1..1"},
        "parameters": _parameters(encoder),
        "made_by": "photoplayer train melody_gan",
        "licence": _LICENCE,
        "data": _SEEN,
        "figures": dict(figures),
    }
    write_model(folder, "melody_see", content, card)


def export_writer(
    folder: Path,
    name: str,
    writer: Writer,
    *,
    what: str,
    data: str,
    temperature: float,
    figures: Mapping[str, Any],
) -> None:
    """Write a writer as model ``name``; ``what`` and ``data`` go into its card."""
    streams = writer.shape.streams
    tokens, hidden = sum(streams), writer.shape.hidden
    example = (
        torch.zeros(2, 2 + len(LOOKBACK_BARS), tokens),
        torch.zeros(2, 16 + BARS),
        torch.zeros(2, WANTED),
        torch.zeros(2, hidden),
    )
    names = ("past", "place", "asked", "state")
    free = torch.export.Dim("pieces", min=1, max=4096)
    content = onnx_bytes(
        writer,
        example,
        inputs=names,
        outputs=("logits", "next_state"),
        dynamic={each: {0: free} for each in names},
    )
    card = {
        "what": what,
        "inputs": {
            "past": f"(n, {2 + len(LOOKBACK_BARS)}, {tokens}) one-hot, by streams: the token before, what "
            f"sounds, what stood {', '.join(map(str, LOOKBACK_BARS))} bars ago (music/melody_code.py)",
            "place": f"(n, {16 + BARS}) one-hot: sixteenth of the bar, and bar of {BARS}",
            "asked": f"(n, {WANTED}): as melody_see answers; then the manner, numbers of mean 0, deviation 1",
            "state": f"(n, {hidden}), zeros at the beginning",
        },
        "outputs": {"logits": f"(n, {tokens})", "next_state": f"(n, {hidden})"},
        "streams": list(streams),
        "hidden": hidden,
        "temperature": temperature,
        "parameters": _parameters(writer),
        "made_by": "photoplayer train melody_gan",
        "licence": _LICENCE,
        "data": data,
        "figures": dict(figures),
    }
    write_model(folder, name, content, card)


def _parameters(net: torch.nn.Module) -> int:
    return sum(p.numel() for p in net.parameters())
