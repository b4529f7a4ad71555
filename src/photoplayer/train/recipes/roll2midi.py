"""Teach Roll2Midi to mend what Video2Roll Net says, and write ``roll2midi.onnx``: Audeo's second stage.

    photoplayer train roll2midi -- --data CACHE/mta CACHE/renders              (as published)
    photoplayer train roll2midi -- --data CACHE/mta --width 0.25 --minutes 10  (for two cores)

A generator and a critic (see ``nets/roll2midi.py``). At the default settings everything is as in the source
(Su, Liu and Shlizerman, NeurIPS 2020): loss, optimisers, batch, epochs, the plateaus of the generator's
rate. What differs: all keys; held keys are key-down times, not what a listening network wrote down; the best
epoch has the lowest loss on validation clips (the source: on its test set); validation windows overlap like
those learned from. The shipped ``video2roll``
(or, with ``--reads keys``, the default network) reads the clips first; its rolls are kept. Stopped at any
moment, the same command goes on from the last checkpoint.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.errors import InputError
from photoplayer.files import finished
from photoplayer.piano.audeo import AudeoNet
from photoplayer.piano.keys import KeysNet
from photoplayer.train.data.piano_clip import Split
from photoplayer.train.data.roll_windows import RollWindows, kept_rolls, pooled, windows
from photoplayer.train.data.strip_cache import caches
from photoplayer.train.device import Choice, device_of, half
from photoplayer.train.nets.roll2midi import Discriminator, Generator
from photoplayer.train.recipes.plateau import Plateau
from photoplayer.train.recipes.roll2midi_export import export

log = logging.getLogger(__name__)

CRITIC_SHARE = 0.001
"""Of the generator's loss, what the critic thinks; the rest is the distance to the true roll."""
THRESHOLDS = (0.4, 0.5)
"""Both are reported by the source; it uses the second."""


@dataclass(frozen=True)
class Config:
    """How Roll2Midi is taught, and where it goes."""

    data: tuple[Path, ...]
    """Folders of cached strips (photoplayer train strips)."""
    out: Path = Path(__file__).parents[2] / "models"
    """Folder for the model and its card."""
    work: Path | None = None
    """Folder for the checkpoint and for rolls; by default ``training`` beside the first data folder."""
    reads: Literal["audeo", "keys"] = "audeo"
    """Whose rolls are mended: those of Video2Roll Net as in the source, or of the default network."""
    width: float = 1.0
    """Of the generator's hidden layers; the critic is always whole."""
    epochs: int = 300
    batch: int = 16
    learning_rate: float = 5e-4
    patience: int = 2
    """Epochs without a lower loss that are waited before the generator's rate falls to a tenth."""
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

    epoch: int = 0
    batches: int = 0
    """Of the epoch, done so far."""
    loss_sum: float = 0.0
    best_loss: float = float("inf")
    history: list[dict[str, float]] = field(default_factory=list)


@dataclass(eq=False)
class Pair:
    """Generator, critic, their optimisers, how far they are and the best generator so far."""

    generator: Generator
    critic: Discriminator
    generator_steps: torch.optim.Optimizer
    critic_steps: torch.optim.Optimizer
    progress: Progress
    best: dict[str, Tensor]

    def save(self, path: Path, identity: str) -> None:
        """Write whole or not at all."""
        content = {
            "identity": identity,
            "generator": self.generator.state_dict(),
            "critic": self.critic.state_dict(),
            "generator_steps": self.generator_steps.state_dict(),
            "critic_steps": self.critic_steps.state_dict(),
            "progress": vars(self.progress),
            "best": self.best,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        with finished(path) as unfinished:
            torch.save(content, unfinished)

    def resume(self, path: Path, identity: str) -> None:
        """Take over a checkpoint. Raises ``InputError`` for one of other settings."""
        content: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
        if content["identity"] != identity:
            raise InputError(f"{path} is of other settings; remove it, or name another folder with --work.")
        self.generator.load_state_dict(content["generator"])
        self.critic.load_state_dict(content["critic"])
        self.generator_steps.load_state_dict(content["generator_steps"])
        self.critic_steps.load_state_dict(content["critic_steps"])
        self.progress, self.best = Progress(**content["progress"]), content["best"]
        log.info("going on after %d epochs", self.progress.epoch)


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` without clips, ``SetupError`` without ``video2roll``."""
    torch.set_num_threads(config.threads)
    work = config.work or config.data[0].parent / "training"
    taught, checked = (_windows(config, split, work / "rolls") for split in ("train", "validation"))
    stop_at = time.monotonic() + 60 * (config.minutes if config.minutes is not None else 1e9)
    log.info("%d windows to learn from, %d to check by", len(taught.said), len(checked.said))
    for threshold in THRESHOLDS:
        log.info(
            "validation before, from %.1f: P %.3f R %.3f F1 %.3f", threshold, *_unmended(checked, threshold)
        )
    pair = start(config)
    path, identity = work / "roll2midi.pt", identity_of(config)
    if path.is_file():
        pair.resume(path, identity)
    while pair.progress.epoch < config.epochs and time.monotonic() < stop_at:
        teach_epoch(pair, taught, config, stop_at=stop_at)
        if pair.progress.batches == 0:
            _end_epoch(pair, checked, config)
        pair.save(path, identity)
    if not pair.best:
        log.warning("not one epoch was finished; nothing is written but the checkpoint")
        return
    pair.generator.load_state_dict(pair.best)
    export(
        pair.generator.cpu(),
        config.out,
        width=config.width,
        taught_on=f"rolls of {config.reads}: {pair.progress.epoch} epochs, {len(taught.said)} windows of 4 s",
        history=pair.progress.history,
    )


def start(config: Config) -> Pair:
    """A new pair."""
    torch.manual_seed(config.seed)
    generator = Generator(width=config.width).to(device_of(config.device), memory_format=torch.channels_last)
    critic = Discriminator().to(device_of(config.device), memory_format=torch.channels_last)
    generator_steps, critic_steps = (
        torch.optim.Adam(net.parameters(), lr=config.learning_rate) for net in (generator, critic)
    )
    progress = Progress(rate=config.learning_rate)
    return Pair(generator, critic, generator_steps, critic_steps, progress, best={})


def teach_epoch(pair: Pair, taught: RollWindows, config: Config, *, stop_at: float = float("inf")) -> None:
    """From where the epoch stands to its end, or until the clock says so."""
    progress, device = pair.progress, device_of(config.device)
    order = list(range(len(taught.said)))
    random.Random(f"{config.seed}/{progress.epoch}").shuffle(order)
    pair.generator.train()
    for group in pair.generator_steps.param_groups:
        group["lr"] = progress.rate
    for first in range(progress.batches * config.batch, len(order), config.batch):
        if time.monotonic() > stop_at:
            return
        chosen = order[first : first + config.batch]
        said, held = (_tensor(rolls[chosen], device) for rolls in (taught.said, taught.held))
        progress.loss_sum += _step(pair, said, held, bf16=config.bf16) * len(chosen)
        progress.batches += 1
    progress.batches = 0


def _step(pair: Pair, said: Tensor, held: Tensor, *, bf16: bool) -> float:
    with half(said.device, wanted=bf16):
        mended = pair.generator(said)
    loss = generator_loss(pair.critic, mended, held, bf16=bf16)
    pair.generator_steps.zero_grad()
    loss.backward()
    pair.generator_steps.step()
    critic_loss = discriminator_loss(pair.critic, mended.detach(), held, bf16=bf16)
    pair.critic_steps.zero_grad()
    critic_loss.backward()
    pair.critic_steps.step()
    return float(loss.item())


def generator_loss(critic: nn.Module, mended: Tensor, held: Tensor, *, bf16: bool = False) -> Tensor:
    """.001 of how far the critic is from calling it real, .999 of the mean squared distance to the truth."""
    with half(held.device, wanted=bf16):
        judged = critic(mended)
    fooled = functional.mse_loss(judged.float(), torch.ones_like(judged, dtype=torch.float32))
    return CRITIC_SHARE * fooled + (1 - CRITIC_SHARE) * functional.mse_loss(mended.float(), held)


def discriminator_loss(critic: nn.Module, mended: Tensor, held: Tensor, *, bf16: bool = False) -> Tensor:
    """Half of how far real rolls are from being called 1 and mended ones from 0 (least squares)."""
    with half(held.device, wanted=bf16):
        real, fake = critic(held).float(), critic(mended).float()
    return (
        functional.mse_loss(real, torch.ones_like(real)) + functional.mse_loss(fake, torch.zeros_like(fake))
    ) / 2


def _end_epoch(pair: Pair, checked: RollWindows, config: Config) -> None:
    progress = pair.progress
    progress.epoch += 1
    mended, losses = [], []
    pair.generator.eval()
    for said, held in _batches(checked, config):
        with torch.inference_mode():
            with half(said.device, wanted=config.bf16):
                roll = pair.generator(said).float()
            g_loss = generator_loss(pair.critic, roll, held, bf16=config.bf16)
            d_loss = discriminator_loss(pair.critic, roll, held, bf16=config.bf16)
        losses.append(float(g_loss + d_loss) * len(said))
        mended.append(roll[:, 0].cpu())
    loss, found = sum(losses) / len(checked.said), torch.cat(mended).numpy()
    entry = {"epoch": progress.epoch, "validation_loss": round(loss, 5)}
    for threshold in THRESHOLDS:
        entry[f"f1_{threshold}"] = round(pooled(found, checked.held, threshold)[2], 4)
    progress.history.append(entry)
    log.info("%s", entry)
    if loss < progress.best_loss:
        progress.best_loss = loss
        pair.best = {name: value.cpu().clone() for name, value in pair.generator.state_dict().items()}
    progress.epoch_ended(progress.loss_sum, patience=config.patience)
    progress.loss_sum = 0.0


def identity_of(config: Config) -> str:
    """The settings that a checkpoint belongs to; a run's length may change."""
    kept = ("reads", "width", "batch", "learning_rate", "patience", "seed")
    return json.dumps({name: getattr(config, name) for name in kept}, sort_keys=True)


def _windows(config: Config, split: Split, folder: Path) -> RollWindows:
    clips = [clip for data in config.data for clip in caches(data, split=split)]
    read = AudeoNet().read if config.reads == "audeo" else KeysNet().read
    found = windows(kept_rolls(clips, read, folder, model=_model_bytes(config.reads)))
    if not len(found.said):
        folders = ", ".join(str(data) for data in config.data)
        raise InputError(f"{folders}: no clips of split {split}; make them with photoplayer train strips.")
    return found


def _model_bytes(reads: str) -> bytes:
    names = ("video2roll",) if reads == "audeo" else ("keys_look", "keys_hear")
    folder = resources.files("photoplayer.models")
    return b"".join(folder.joinpath(f"{name}.onnx").read_bytes() for name in names)


def _unmended(checked: RollWindows, threshold: float) -> tuple[float, float, float]:
    return pooled(checked.said, checked.held, threshold)


def _batches(checked: RollWindows, config: Config) -> Iterator[tuple[Tensor, Tensor]]:
    device = device_of(config.device)
    for first in range(0, len(checked.said), config.batch):
        taken = slice(first, first + config.batch)
        yield _tensor(checked.said[taken], device), _tensor(checked.held[taken], device)


def _tensor(rolls: Any, device: torch.device) -> Tensor:
    return torch.from_numpy(rolls)[:, None].to(device).contiguous(memory_format=torch.channels_last)
