"""A checkpoint of the ``keys`` network at work on cached clips: exported, and its rolls written down.

    photoplayer train keys-check -- --checkpoint RUN/checkpoint.pt --data CACHE/mta --out ROLLS

Writes ``OUT/SPLIT/CLIP.npz`` with the fields of a Roll (stretches put together) and the true notes, which is
what the decoder is tuned on, and ``OUT/keys_look.onnx``, ``OUT/keys_hear.onnx`` with their cards.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from photoplayer.models import open_model
from photoplayer.piano.keys import KeysNet
from photoplayer.piano.roll import Roll
from photoplayer.train.data.strip_cache import caches
from photoplayer.train.nets.keys import SHIFT_S, Size
from photoplayer.train.recipes.keys import Net, weights_of
from photoplayer.train.recipes.keys_export import export_hear, export_look

log = logging.getLogger(__name__)

PARTS = ("keys_look", "keys_hear")


@dataclass(frozen=True)
class Config:
    """What to run on what."""

    data: tuple[Path, ...]
    """Folders of cached strips."""
    out: Path
    checkpoint: tuple[Path, ...] = ()
    """Exported first; of several the weights are averaged. Without one, the models in ``out`` are taken."""
    splits: tuple[str, ...] = ("validation", "test")
    clips: str = ""
    """Only clips whose name holds this."""


def train(config: Config) -> None:
    """Export, run, write."""
    config.out.mkdir(parents=True, exist_ok=True)
    if config.checkpoint:
        export(config.checkpoint, config.out)
    net = read_net(config.out)
    chosen = [
        clip
        for folder in config.data
        for clip in caches(folder)
        if clip.split in config.splits and config.clips in clip.name
    ]
    for clip in tqdm(chosen, unit="clip", disable=None):
        folder = config.out / clip.split
        folder.mkdir(exist_ok=True)
        arrays: dict[str, Any] = {**joined(list(net.read(clip.as_strips())))}
        facts = {"covered_s": clip.covered_s, "source": clip.source, "view": clip.view}
        arrays |= {"notes": clip.notes, **{name: np.array(fact) for name, fact in facts.items()}}
        np.savez_compressed(folder / f"{clip.name}.npz", **arrays)


def export(checkpoints: Sequence[Path], folder: Path) -> None:
    """Both halves as ONNX with the least of a card that they need to run."""
    size = Size()
    net = Net(size)
    weights = [weights_of(checkpoint) for checkpoint in checkpoints]
    net.load_state_dict({name: sum(w[name] for w in weights) / len(weights) for name in weights[0]})
    net.eval()
    export_look(net.look, folder / "keys_look.onnx")
    export_hear(net.hear, size.key, folder / "keys_hear.onnx")
    hear = {"context_frames": sum(size.dilations), "shift_s": SHIFT_S}
    for name, card in (("keys_look", {}), ("keys_hear", hear)):
        (folder / f"{name}.json").write_text(json.dumps(card), encoding="utf-8")


def read_net(folder: Path) -> KeysNet:
    """The network from a folder of exported models."""
    look, hear = (open_model(folder / f"{name}.onnx") for name in PARTS)
    return KeysNet(look=look, hear=hear)


def joined(rolls: Sequence[Roll]) -> dict[str, np.ndarray]:
    """All stretches as one: the fields of a Roll by name, float16 where that is fine enough."""
    arrays: dict[str, np.ndarray] = {}
    for field in fields(Roll):
        values = [getattr(roll, field.name) for roll in rolls]
        if field.name in ("seen", "continues"):
            arrays[field.name] = np.asarray(values[0])
        elif values[0] is not None:
            together = np.concatenate(values)
            arrays[field.name] = together if field.name == "times_s" else together.astype(np.float16)
    return arrays
