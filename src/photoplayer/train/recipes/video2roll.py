"""Teach Video2Roll Net which keys are held, and write ``video2roll.onnx`` with its card: Audeo's first stage.

    photoplayer train video2roll -- --data CACHE/mta CACHE/renders                      (as published)
    photoplayer train video2roll -- --data CACHE/mta --variant resnet18 --minutes 30    (its ablation)

At the default settings everything is as in the source (Su, Liu and Shlizerman, NeurIPS 2020): loss, class
balance, optimiser, batch, epochs, the rate's plateaus, threshold 0.4, no augmentation. What differs: all
keys, keys outside the picture teach nothing, and the best epoch is the best on validation clips (the source
takes the best on its test set). Stopped at any moment, the same command goes on from the last checkpoint.
Test clips are never opened here.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from photoplayer.errors import InputError
from photoplayer.files import finished
from photoplayer.piano.audeo import MARGIN_PX, PICTURE_HEIGHT, PICTURE_WIDTH
from photoplayer.piano.strip import STRIP_WIDTH, Pictures
from photoplayer.train.data.audeo_frames import Frames
from photoplayer.train.data.piano_clip import Split
from photoplayer.train.data.strip_cache import caches
from photoplayer.train.device import Choice, device_of, half
from photoplayer.train.nets.video2roll import Variant, Video2Roll
from photoplayer.train.recipes.plateau import Plateau
from photoplayer.train.recipes.video2roll_check import Answer, FrameFigures, measure
from photoplayer.train.recipes.video2roll_export import export

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Config:
    """How Video2Roll Net is taught, and where it goes."""

    data: tuple[Path, ...]
    """Folders of cached strips (photoplayer train strips)."""
    out: Path = Path(__file__).parents[2] / "models"
    """Folder for the model and its card."""
    work: Path | None = None
    """Folder for the checkpoint; by default ``training`` beside the first data folder."""
    variant: Variant = "full"
    """resnet18 is the trunk alone, without the three modules."""
    epochs: int = 10
    epoch_samples: int = 20_000
    batch: int = 64
    learning_rate: float = 1e-3
    patience: int = 2
    """Epochs without a lower loss that are waited before the rate falls to a tenth."""
    cooldown: float = 0.0
    """Share of the run at whose end the rate falls to nothing in a line; for runs too short for a plateau."""
    checks: int = 0
    """So many validation frames, evenly spread, are looked at after an epoch; 0: all."""
    minutes: float | None = None
    """Stop, with a checkpoint, after so long; the model written is the best so far."""
    threads: int = 1
    device: Choice = "auto"
    bf16: bool = True
    """Compute in 16 bits where that loses nothing; off: 32 bits everywhere."""
    seed: int = 1


@dataclass(kw_only=True)
class Progress(Plateau):
    """What a checkpoint holds beside the weights."""

    samples: int = 0
    loss_sum: float = 0.0
    """Of the epoch's batches so far, each times its samples."""
    best_loss: float = float("inf")
    history: list[dict[str, float]] = field(default_factory=list)


@dataclass(eq=False)
class Teaching:
    """A network, its optimiser and how far they are."""

    net: Video2Roll
    optimiser: torch.optim.Optimizer
    progress: Progress
    best: dict[str, Tensor]

    def save(self, path: Path, identity: str) -> None:
        """Write whole or not at all."""
        content = {
            "identity": identity,
            "net": self.net.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": vars(self.progress),
            "best": self.best,
        }
        with finished(path) as unfinished:
            torch.save(content, unfinished)

    def resume(self, path: Path, identity: str) -> None:
        """Take over a checkpoint. Raises ``InputError`` for one of other settings."""
        content: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
        if content["identity"] != identity:
            raise InputError(f"{path} is of other settings; remove it, or name another folder with --work.")
        self.net.load_state_dict(content["net"])
        self.optimiser.load_state_dict(content["optimiser"])
        self.progress, self.best = Progress(**content["progress"]), content["best"]
        log.info("going on after %d samples", self.progress.samples)


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where there are no clips to learn from or to check by."""
    torch.set_num_threads(config.threads)
    stop_at = time.monotonic() + 60 * (config.minutes if config.minutes is not None else 1e9)
    taught, checked = _frames(config, "train"), _frames(config, "validation")
    log.info("%d frames to learn from, %d to check by", len(taught), len(checked))
    places = checked.spread(config.checks or len(checked))
    teaching, device = start(config), device_of(config.device)
    teach(
        teaching,
        taught,
        config,
        check=lambda net: measure(answer_of(net, device, bf16=config.bf16), checked, places),
        stop=lambda: time.monotonic() > stop_at,
    )
    progress = teaching.progress
    if not teaching.best:
        log.warning("not one epoch was finished; nothing is written but the checkpoint")
        return
    net = teaching.net.cpu()
    net.load_state_dict(teaching.best)
    export(
        net,
        config.out,
        name="video2roll" if config.variant == "full" else f"video2roll_{config.variant}",
        checked=checked,
        taught_on=f"{progress.samples} samples drawn from {len(taught)} frames of {len(taught.clips)} clips",
        history=progress.history,
    )


def start(config: Config) -> Teaching:
    """A new network, or one from the checkpoint."""
    torch.manual_seed(config.seed)
    net = Video2Roll(variant=config.variant).to(device_of(config.device), memory_format=torch.channels_last)
    optimiser = torch.optim.Adam(net.parameters(), lr=config.learning_rate, betas=(0.9, 0.999))
    teaching = Teaching(net, optimiser, Progress(rate=config.learning_rate), {})
    if checkpoint_of(config).is_file():
        teaching.resume(checkpoint_of(config), identity_of(config))
    return teaching


def teach(
    teaching: Teaching,
    frames: Frames,
    config: Config,
    *,
    check: Callable[[Video2Roll], FrameFigures],
    stop: Callable[[], bool],
    save_every_s: float = 120.0,
) -> None:
    """Epoch after epoch until the last, or until ``stop`` says so; always leaves a checkpoint."""
    progress, total = teaching.progress, config.epochs * config.epoch_samples
    path, identity, device = checkpoint_of(config), identity_of(config), device_of(config.device)
    path.parent.mkdir(parents=True, exist_ok=True)
    saved_at = time.monotonic()
    while progress.samples < total and not stop():
        wanted = min(config.batch, config.epoch_samples - progress.samples % config.epoch_samples)
        rate = progress.rate * _cooled(progress.samples / total, config.cooldown)
        for group in teaching.optimiser.param_groups:
            group["lr"] = rate
        dice = random.Random(f"{config.seed}/{progress.samples}")
        loss = _step(teaching, frames, frames.drawn(dice, wanted), device, bf16=config.bf16)
        progress.samples += wanted
        progress.loss_sum += loss * wanted
        if progress.samples % config.epoch_samples == 0:
            _end_epoch(teaching, config, check)
        if time.monotonic() - saved_at > save_every_s:
            teaching.save(path, identity)
            saved_at = time.monotonic()
    teaching.save(path, identity)


def _step(teaching: Teaching, frames: Frames, places: Any, device: torch.device, *, bf16: bool) -> float:
    batch = frames.batch(places)
    held = torch.from_numpy(batch.held.astype(np.float32)).to(device)
    seen = torch.from_numpy(batch.seen.astype(np.float32)).to(device)
    teaching.net.train()
    with half(device, wanted=bf16):
        logits = teaching.net(prepared(batch.pictures, device))
    losses = functional.binary_cross_entropy_with_logits(logits.float(), held, reduction="none")
    loss = (losses * seen).sum() / seen.sum()
    teaching.optimiser.zero_grad()
    loss.backward()
    teaching.optimiser.step()
    return float(loss.item())


def _end_epoch(teaching: Teaching, config: Config, check: Callable[[Video2Roll], FrameFigures]) -> None:
    progress = teaching.progress
    loss, progress.loss_sum = progress.loss_sum / config.epoch_samples, 0.0
    found = check(teaching.net)
    progress.history.append({"samples": progress.samples, "taught_loss": round(loss, 5), **found.rounded()})
    log.info(
        "%d samples: loss %.4f; validation loss %.4f, frames P %.3f R %.3f F1 %.3f",
        *(progress.samples, loss, found.loss, found.precision, found.recall, found.f1),
    )
    if found.loss < progress.best_loss:
        progress.best_loss = found.loss
        teaching.best = {name: value.cpu().clone() for name, value in teaching.net.state_dict().items()}
    progress.epoch_ended(loss, patience=config.patience)


def prepared(pictures: Pictures, device: torch.device) -> Tensor:
    """Pictures ``(frames, 5, 64, 864)`` as the network takes them, like the runtime's ``resized``."""
    inner = torch.from_numpy(pictures[..., MARGIN_PX : STRIP_WIDTH - MARGIN_PX]).to(device).float() / 255
    resized = functional.interpolate(
        inner, (PICTURE_HEIGHT, PICTURE_WIDTH), mode="bilinear", align_corners=False
    )
    return resized.contiguous(memory_format=torch.channels_last)


def answer_of(net: Video2Roll, device: torch.device, *, bf16: bool) -> Answer:
    """The network as a function of pictures, for measuring."""

    def answer(pictures: Pictures) -> Any:
        net.eval()
        with torch.inference_mode(), half(device, wanted=bf16):
            return net(prepared(pictures, device)).float().cpu().numpy()

    return answer


def checkpoint_of(config: Config) -> Path:
    """Where a run keeps what it has learned."""
    return (config.work or config.data[0].parent / "training") / f"video2roll_{config.variant}.pt"


def identity_of(config: Config) -> str:
    """The settings that a checkpoint belongs to; a run's length may change."""
    kept = ("variant", "epoch_samples", "batch", "learning_rate", "patience", "seed")
    return json.dumps({name: getattr(config, name) for name in kept}, sort_keys=True)


def _cooled(done: float, cooldown: float) -> float:
    return 1.0 if cooldown <= 0 else min(1.0, (1.0 - done) / cooldown)


def _frames(config: Config, split: Split) -> Frames:
    frames = Frames([clip for folder in config.data for clip in caches(folder, split=split)])
    if not len(frames):
        folders = ", ".join(str(folder) for folder in config.data)
        raise InputError(f"{folders}: no clips of split {split}; make them with photoplayer train strips.")
    return frames
