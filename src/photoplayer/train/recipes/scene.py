"""Teach SceneNet to tell fights and cuts, and write ``scene.onnx`` with its card.

    tools/record_gameplay.py bots --out DATA/bots --takes 2        (and joined, human: see its --help)
    photoplayer train scene -- --data DATA

Taught on the training levels: samples with planted changes (``data/scene_samples.py``) and the recorded and
joined clips as they are. After every epoch both halves of the network are measured on the validation levels;
of each half the best epoch is kept, and of three networks the cut logits are averaged. Stopped at any moment,
the same command goes on from the last epoch. Test clips are never opened here:
``benchmarks/scene_changes.py`` and ``scene_combat.py`` do that.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from photoplayer.files import finished
from photoplayer.train.data.gameplay import Split, clips
from photoplayer.train.data.scene_samples import Sample, kept_sample
from photoplayer.train.data.scene_takes import UNSURE, Take, looks_of, read_take, save_array
from photoplayer.train.nets.scene import Committee, SceneNet
from photoplayer.train.recipes.scene_check import Checked, best_threshold, check
from photoplayer.train.recipes.scene_export import calibrate, export, shipped_fight

log = logging.getLogger(__name__)

CUT_WEIGHT = 8.0
"""A planted cut is one picture in a hundred; it weighs as eight."""

HALVES = ("fight", "cut")
"""Of ``SceneNet``; parameters of neither name belong to the cut half."""


@dataclass(frozen=True)
class Member:
    """One of the networks whose answers are averaged; they differ in what they are fed."""

    recorded_share: float
    """Share of a batch that comes from clips as they were recorded."""
    dropout: float


MEMBERS = (Member(0.35, 0.25), Member(0.6, 0.25), Member(0.5, 0.4))


@dataclass(frozen=True)
class Config:
    """How SceneNet is taught, and where it goes."""

    data: Path
    """Corpus of tools/record_gameplay.py."""
    out: Path = Path(__file__).parents[2] / "models"
    """Folder for scene.onnx and scene.json."""
    cache: Path | None = None
    """Folder for decoded pictures, samples and the checkpoint; DATA/scene_cache by default. Delete it when
    clips were recorded anew."""
    samples: int = 1000
    """Samples with planted changes, drawn once."""
    checks: int = 60
    """Samples of the validation levels."""
    sample_length: int = 360
    """Pictures in a sample, 40 s."""
    epochs: int = 16
    iterations: int = 100
    """Batches an epoch."""
    batch: int = 8
    length: int = 256
    """Pictures of a sample seen at once, 28 s."""
    learning_rate: float = 2e-3
    patience: int = 7
    """Epochs without a better half after which it ends."""
    threads: int = 1
    """Of torch, and processes that draw samples; on a busy machine two threads wait for each other."""
    seed: int = 1


@dataclass(eq=False)
class Progress:
    """What a checkpoint holds: the network, its running mean, and the best of each half so far."""

    net: SceneNet
    kept: SceneNet
    optimiser: torch.optim.Optimizer
    epoch: int
    best: dict[str, float]
    best_epoch: dict[str, int]
    best_state: dict[str, dict[str, Tensor]]

    def save(self, path: Path, config: Config) -> None:
        """Write whole or not at all."""
        content = {
            "config": _identity(config),
            "net": self.net.state_dict(),
            "kept": self.kept.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "epoch": self.epoch,
            "best": self.best,
            "best_epoch": self.best_epoch,
            "best_state": self.best_state,
        }
        with finished(path) as unfinished:
            torch.save(content, unfinished)

    def resume(self, path: Path, config: Config) -> None:
        """Take over a checkpoint of the same settings; of others, nothing."""
        content: dict[str, Any] = torch.load(path, weights_only=True)
        if content["config"] != _identity(config):
            return
        self.net.load_state_dict(content["net"])
        self.kept.load_state_dict(content["kept"])
        self.optimiser.load_state_dict(content["optimiser"])
        self.epoch, self.best, self.best_epoch = content["epoch"], content["best"], content["best_epoch"]
        self.best_state = content["best_state"]
        log.info("going on after epoch %d", self.epoch)


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where the corpus is missing."""
    torch.set_num_threads(config.threads)
    cache = config.cache or config.data / "scene_cache"
    planted = _planted(config, cache, "train", config.samples)
    recorded = _recorded(config, cache, "train", ("bots", "joined"))
    checked = Checked(
        _recorded(config, cache, "val", ("joined",)) + _planted(config, cache, "val", config.checks),
        _recorded(config, cache, "val", ("bots", "human")),
    )
    log.info("%d samples, %d recordings", len(planted), len(recorded))
    taught = [
        fit(planted, recorded, checked, config, member, cache / f"checkpoint_{number}.pt")
        for number, member in enumerate(MEMBERS)
    ]
    net = Committee(taught)
    fights = _better_fight(net, config.out / "scene.onnx", checked)
    calibrate(net, best_threshold(net, checked))
    figures = {
        "validation, AUC of the fight logit a picture": fights,
        "validation, F1 of cuts: joined, planted, single takes pooled": f"{check(net, checked)['cut']:.3f}",
    }
    export(net, config.out, figures, seen=f"{len(recorded)} recordings, {len(planted)} samples made of them")


def fit(
    planted: Sequence[Sample],
    recorded: Sequence[Sample],
    checked: Checked,
    config: Config,
    member: Member,
    checkpoint: Path,
) -> SceneNet:
    """AdamW, cosine rate; the running mean of the weights is measured and the best of each half returned."""
    torch.manual_seed(config.seed)
    state = _start(planted, config, member)
    if checkpoint.is_file():
        state.resume(checkpoint, config)
    while state.epoch < config.epochs:
        if state.epoch - max(state.best_epoch.values()) >= config.patience:
            log.info("no better half for %d epochs", config.patience)
            break
        loss = _epoch(state, planted, recorded, config, member)
        found = check(state.kept, checked)
        state.epoch += 1
        for half in HALVES:
            if found[half] > state.best[half]:
                state.best[half], state.best_epoch[half] = found[half], state.epoch
                state.best_state[half] = {k: v.clone() for k, v in _half(state.kept, half).items()}
        log.info(
            "epoch %d: loss %.4f, validation AUC of fights %.4f, F1 of cuts %.4f at %.2f",
            *(state.epoch, loss, found["fight"], found["cut"], found["threshold"]),
        )
        state.save(checkpoint, config)
    net = state.kept
    net.load_state_dict({**net.state_dict(), **state.best_state["fight"], **state.best_state["cut"]})
    net.eval()
    return net


def _better_fight(net: Committee, shipped: Path, checked: Checked) -> str:
    """A fight half that is there already stays where the new one is not better; returns the figure."""
    first = net.members[0]
    now = check(net, checked)["fight"]
    if not shipped.is_file():
        return f"{now:.3f}"
    before = shipped_fight(shipped)
    taught = {name: value.clone() for name, value in first.state_dict().items() if name in before}
    first.load_state_dict({**first.state_dict(), **before})
    kept = check(net, checked)["fight"]
    log.info("fights: %.4f as shipped, %.4f as taught now", kept, now)
    if kept >= now:
        return f"{kept:.3f}, of the weights shipped before; taught anew {now:.3f}"
    first.load_state_dict({**first.state_dict(), **taught})
    return f"{now:.3f}"


def _start(planted: Sequence[Sample], config: Config, member: Member) -> Progress:
    net = SceneNet(dropout=member.dropout)
    some = np.concatenate([sample.looks[::4] for sample in planted[:400]]).astype(np.float32)
    net.standardise_to(torch.from_numpy(some))
    groups = [
        {"params": [p for n, p in net.named_parameters() if n.startswith("fight")], "weight_decay": 0.3},
        {"params": [p for n, p in net.named_parameters() if not n.startswith("fight")], "weight_decay": 0.05},
    ]
    optimiser = torch.optim.AdamW(groups, lr=config.learning_rate)
    nothing = dict.fromkeys(HALVES, 0)
    return Progress(
        net, copy.deepcopy(net), optimiser, 0, dict.fromkeys(HALVES, -1.0), nothing, {h: {} for h in HALVES}
    )


def _epoch(
    state: Progress,
    planted: Sequence[Sample],
    recorded: Sequence[Sample],
    config: Config,
    member: Member,
) -> float:
    dice = random.Random(f"{config.seed}/{state.epoch}")
    torch.manual_seed(config.seed + 1000 * state.epoch)
    net, total, losses = state.net.train(), config.epochs * config.iterations, []
    for iteration in range(config.iterations):
        step = state.epoch * config.iterations + iteration
        rate = config.learning_rate * (0.5 + 0.5 * math.cos(math.pi * step / total)) * min((step + 1) / 50, 1)
        for group in state.optimiser.param_groups:
            group["lr"] = rate
        chosen = [recorded if dice.random() < member.recorded_share else planted for _ in range(config.batch)]
        loss = _loss(net, [_window(samples, dice, config.length) for samples in chosen])
        state.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        state.optimiser.step()
        _follow(state.kept, net, step=0.2 if step < 100 else 0.02)
        losses.append(loss.item())
    return float(np.mean(losses))


def _window(samples: Sequence[Sample], dice: random.Random, length: int) -> Sample:
    chosen = dice.choice(samples)
    start = dice.randint(0, len(chosen.fight) - length)
    inside = np.s_[start : start + length]
    return Sample(chosen.looks[inside], chosen.fight[inside], chosen.cut[inside])


def _loss(net: SceneNet, windows: list[Sample]) -> Tensor:
    logits = net(torch.from_numpy(np.stack([window.looks for window in windows]).astype(np.float32)))
    fight = torch.from_numpy(np.stack([window.fight for window in windows]).astype(np.float32))
    cut = np.stack([window.cut for window in windows])
    weight = np.where(cut == UNSURE, 0.0, 1.0)
    beside = cut == 1
    beside[:, 1:] |= cut[:, :-1] == 1
    beside[:, :-1] |= cut[:, 1:] == 1
    weight[beside] = 0
    weight[cut == 1] = CUT_WEIGHT
    weight[:, :3] = weight[:, -3:] = 0
    weights = torch.from_numpy(weight.astype(np.float32))
    truth = torch.from_numpy((cut == 1).astype(np.float32))
    fight_loss = functional.binary_cross_entropy_with_logits(logits[..., 0], 0.94 * fight + 0.03)
    cut_loss = functional.binary_cross_entropy_with_logits(logits[..., 1], truth, reduction="none")
    return fight_loss + 2 * (cut_loss * weights).sum() / weights.sum()


def _follow(kept: SceneNet, net: SceneNet, *, step: float) -> None:
    with torch.no_grad():
        for mean, value in zip(kept.parameters(), net.parameters(), strict=True):
            mean.lerp_(value, step)


def _half(net: SceneNet, half: str) -> dict[str, Tensor]:
    return {k: v for k, v in net.state_dict().items() if k.startswith("fight") == (half == "fight")}


def _planted(config: Config, cache: Path, split: Split, count: int) -> list[Sample]:
    """Samples of the bots' takes of one split, drawn by as many processes as there are threads."""
    takes = [read_take(clip, cache / "pictures") for clip in clips(config.data, kind="bots", split=split)]
    folder = cache / f"samples_{config.seed}_{config.sample_length}"
    jobs = [
        (folder / f"{split}_{k:04d}.npy", f"{config.seed}/{split}/{k}", config.sample_length)
        for k in range(count)
    ]
    with get_context("fork").Pool(config.threads, initializer=_hold, initargs=(takes,)) as workers:
        return workers.map(_draw, jobs, chunksize=8)


_TAKES: list[Take] = []
"""In a worker: what samples are made of."""


def _hold(takes: list[Take]) -> None:
    _TAKES[:] = takes


def _draw(job: tuple[Path, str, int]) -> Sample:
    path, seed, length = job
    return kept_sample(path, _TAKES, seed, length=length)


def _recorded(config: Config, cache: Path, split: Split, kinds: tuple[str, ...]) -> list[Sample]:
    """Clips as they are; those shorter than a window are left out."""
    found = []
    for clip in clips(config.data, split=split):
        if clip.kind not in kinds:
            continue
        take = read_take(clip, cache / "pictures")
        kept = cache / "looks" / f"{clip.kind}_{clip.path.stem}.npy"
        if not kept.is_file():
            save_array(kept, looks_of(take.pictures).astype(np.float16))
        if len(take.fight) >= config.length:
            found.append(Sample(np.load(kept, allow_pickle=False), take.fight, take.cut))
    return found


def _identity(config: Config) -> str:
    """The settings that a checkpoint belongs to."""
    fields = dataclasses.asdict(config)
    for moved in ("data", "out", "cache", "threads", "patience"):
        del fields[moved]
    return json.dumps(fields, sort_keys=True)
