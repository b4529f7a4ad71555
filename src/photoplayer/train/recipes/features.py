"""Teach networks to watch games: pictures -> tempo, energy, meter and how it feels.

    tools/record_gameplay.py bots|procgen|crafter|human --out DATA/bots|games|human
    photoplayer train features -- --data DATA                (ours: ``watch_eye.onnx``, ``watch_mind.onnx``)
    photoplayer train features -- --data DATA --net single   (the source's single frame, to compare with)

Targets are what the rule table (``scene.affect``) makes of the game's own state. Taught on the training
levels of the training games; after every hundred steps it is measured on levels and on whole games that are
only validated on, and the best is kept. Test clips are never opened here: ``benchmarks/scene_features.py``
does that. Stopped, the same command goes on.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.errors import InputError
from photoplayer.scene.watcher import CURVES, PICTURES, SEEN
from photoplayer.train import loop
from photoplayer.train.data.gameplay import Split, clips
from photoplayer.train.data.watching import TARGETS, Recording, Sampler, read_recording
from photoplayer.train.nets import vgg
from photoplayer.train.nets.vgg import SingleFrame
from photoplayer.train.nets.watcher import Answers, Watcher
from photoplayer.train.recipes.features_check import (
    Said,
    Told,
    accuracy,
    combat_auc,
    intensity_correlation,
    tempo_error,
    told,
)
from photoplayer.train.recipes.features_export import export_single, export_watcher

log = logging.getLogger(__name__)

KINDS = ("bots", "games", "human")
"""Recordings as they are; joins are planted."""

BLOCK = 60
"""Steps whose pictures are seen at once where nothing is taught."""


@dataclass(frozen=True)
class Config:
    """How the watching networks are taught, and where they go."""

    data: Path
    """Corpus of tools/record_gameplay.py."""
    out: Path = Path(__file__).parents[2] / "models"
    """Folder for the models and their cards."""
    work: Path | None = None
    """Folder for checkpoint and log; DATA/features by default."""
    net: Literal["watcher", "single"] = "watcher"
    steps: int = 1000
    batch: int = 4
    """Windows of 24 s a step (of ``single``: windows of which every sixth step is seen)."""
    check_every: int = 100
    learning_rate: float = 2e-3
    threads: int = 1
    seed: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where the corpus is missing."""
    torch.set_num_threads(config.threads)
    taught, checked = (recordings(config.data, split) for split in ("train", "val"))
    if not taught or not checked:
        raise InputError(f"{config.data} has no clips to train or none to validate on; record more games.")
    log.info("%d clips to learn from, %d to check with", len(taught), len(checked))
    torch.manual_seed(config.seed)
    course = (
        _Watching(config, taught, checked) if config.net == "watcher" else _Glancing(config, taught, checked)
    )
    work = config.work or config.data / "features"
    finished = loop.run(
        work,
        loop.Course(config.steps, check_every=config.check_every),
        parts={"net": course.net, "kept": course.kept, "optimiser": course.optimiser},
        step=course.step,
        check=course.check,
        keep=("kept",),
        settings=_identity(config),
        name=config.net,
    )
    course.kept.load_state_dict(finished.best["kept"])
    log.info("best at step %d: %s", finished.best_step, finished.figures)
    if isinstance(course.kept, Watcher):
        export_watcher(course.kept, config.out, finished.figures, seen=_seen(taught))
    else:
        export_single(course.kept, work)


def recordings(data: Path, split: Split) -> list[Recording]:
    """The recordings of one split, pictures decoded into ``data/pictures``; human demos are never taught."""
    return [
        read_recording(clip, data / "pictures")
        for clip in clips(data, split=split)
        if clip.kind in KINDS and not (split == "train" and clip.kind == "human")
    ]


class _Course:
    """A network, its running mean, and how both are taught and measured."""

    def __init__(
        self, net: nn.Module, config: Config, taught: Sequence[Recording], checked: Sequence[Recording]
    ):
        self.net, self.kept = net, copy.deepcopy(net).eval()
        self.optimiser = torch.optim.AdamW(net.parameters(), lr=config.learning_rate, weight_decay=0.05)
        self._config, self._checked = config, checked
        self._sampler = Sampler(taught, seed=config.seed)
        self._known_games = {recording.game for recording in taught}

    def loss(self, pictures: Tensor, truth: Tensor) -> dict[str, Tensor]:
        """Losses by head; their sum is lowered."""
        raise NotImplementedError

    def say(self, recording: Recording) -> Said:
        """What the running mean says of a whole clip."""
        raise NotImplementedError

    def step(self, number: int) -> dict[str, float | Tensor]:
        """One step of the optimiser on the windows of this number."""
        config = self._config
        loop.set_rate(self.optimiser, loop.cosine(number, config.steps, rate=config.learning_rate))
        torch.manual_seed(config.seed * 1_000_003 + number)
        windows = [self._sampler.window(number * config.batch + i) for i in range(config.batch)]
        self.net.train()
        losses = self.loss(
            torch.from_numpy(np.stack([window.pictures for window in windows])),
            torch.from_numpy(np.stack([window.truth for window in windows])),
        )
        total = torch.stack(list(losses.values())).sum()
        self.optimiser.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()
        _follow(self.kept, self.net, share=min(0.02, 10 / (number + 10)) if number > 100 else 0.2)
        return {"loss": total, **losses}

    def check(self) -> dict[str, float]:
        """First the mean of: combat on levels, on games left out, and their shape of intensity."""
        with torch.no_grad():
            said = [told(recording, self.say(recording)) for recording in self._checked]
        levels = [clip for clip in said if clip.game in self._known_games]
        games = [clip for clip in said if clip.game not in self._known_games] or levels
        first = {
            "levels: combat": combat_auc(levels),
            "games: combat": combat_auc(games),
            "games: intensity": intensity_correlation(games),
        }
        return {"mean": float(np.nanmean(list(first.values()))), **first, **_music_figures(games)}


def _music_figures(games: Sequence[Told]) -> dict[str, float]:
    return {
        "games: bpm error": tempo_error(games),
        "games: energy": accuracy(games, "energy"),
        "games: meter": accuracy(games, "meter"),
    }


class _Watching(_Course):
    """Ours: windows of 24 s."""

    def __init__(self, config: Config, taught: Sequence[Recording], checked: Sequence[Recording]) -> None:
        super().__init__(Watcher(), config, taught, checked)

    def loss(self, pictures: Tensor, truth: Tensor) -> dict[str, Tensor]:
        """Fights and classes by cross entropy, curves and tempo by squares, changes where they are sure."""
        said = Answers(self.net(pictures))
        true = dict(zip(TARGETS, truth.unbind(dim=2), strict=True))
        losses = {
            "fight": functional.binary_cross_entropy_with_logits(said["fight"], 0.94 * true["fight"] + 0.03),
            **{name: 4 * functional.mse_loss(said[name], true[name]) for name in CURVES},
            "bpm": 4 * functional.mse_loss(said["bpm"], true["bpm"]),
            "energy": 0.3
            * functional.cross_entropy(said["energy"].flatten(0, 1), true["energy"].flatten().long()),
            "meter": 0.2
            * functional.cross_entropy(said["meter"].flatten(0, 1), true["meter"].flatten().long()),
            "change": _change_loss(said["change"], true["change"]),
        }
        return losses

    def say(self, recording: Recording) -> Said:
        """The whole clip at once, as in use."""
        said = Answers(answers(self.kept, recording))
        return Said(
            *(said[name].numpy().astype(np.float64) for name in ("fight", "intensity", "bpm")),
            *(said[name].argmax(dim=1).numpy() for name in ("energy", "meter")),
        )


def answers(net: nn.Module, recording: Recording) -> Tensor:
    """What a Watcher says of a clip, ``(steps, 12)``; columns as ``HEADS``."""
    pictures = torch.from_numpy(np.ascontiguousarray(recording.pictures)).unflatten(0, (-1, PICTURES))
    seen = torch.cat([net.eye(pictures[start : start + BLOCK]) for start in range(0, len(pictures), BLOCK)])
    said: Tensor = net.mind(seen.reshape(1, -1, SEEN))[0]
    return said


def _change_loss(logits: Tensor, true: Tensor) -> Tensor:
    """A change is one step in fifty and weighs as six; its neighbours and what is unsure weigh nothing."""
    weight = (true >= 0).float()
    beside = functional.max_pool1d((true == 1).float()[:, None], 3, 1, 1)[:, 0] > 0
    weight[beside] = 0
    weight[true == 1] = 6
    weight[:, :2] = weight[:, -2:] = 0
    losses = functional.binary_cross_entropy_with_logits(logits, (true == 1).float(), reduction="none")
    return 0.5 * (losses * weight).sum() / weight.sum()


class _Glancing(_Course):
    """The source's: single pictures, every sixth step of a window."""

    def __init__(self, config: Config, taught: Sequence[Recording], checked: Sequence[Recording]) -> None:
        super().__init__(SingleFrame(), config, taught, checked)

    def loss(self, pictures: Tensor, truth: Tensor) -> dict[str, Tensor]:
        """Tempo and intensity by squares, the rest by cross entropy."""
        said = _by_head(self.net(pictures[:, ::6, PICTURES // 2].flatten(0, 1)))
        true = dict(zip(TARGETS, truth[:, ::6].flatten(0, 1).unbind(dim=1), strict=True))
        return {
            "fight": functional.binary_cross_entropy_with_logits(said["fight"][:, 0], true["fight"]),
            **{n: 4 * functional.mse_loss(said[n][:, 0].sigmoid(), true[n]) for n in ("bpm", "intensity")},
            **{n: 0.3 * functional.cross_entropy(said[n], true[n].long()) for n in ("energy", "meter")},
        }

    def say(self, recording: Recording) -> Said:
        """One picture of every step."""
        pictures = torch.from_numpy(recording.pictures[PICTURES // 2 :: PICTURES].copy())
        said = _by_head(
            torch.cat([self.kept(pictures[i : i + BLOCK]) for i in range(0, len(pictures), BLOCK)])
        )
        return Said(
            said["fight"][:, 0].numpy().astype(np.float64),
            *(said[name][:, 0].sigmoid().numpy().astype(np.float64) for name in ("intensity", "bpm")),
            *(said[name].argmax(dim=1).numpy() for name in ("energy", "meter")),
        )


def _by_head(table: Tensor) -> dict[str, Tensor]:
    return dict(zip(vgg.HEADS, table.split(list(vgg.HEADS.values()), dim=1), strict=True))


def _follow(kept: nn.Module, net: nn.Module, *, share: float) -> None:
    """The running mean of weights and of the statistics of normalisation."""
    with torch.no_grad():
        for mean, value in zip(kept.state_dict().values(), net.state_dict().values(), strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, share)
            else:
                mean.copy_(value)


def _seen(taught: Sequence[Recording]) -> str:
    games = sorted({recording.game for recording in taught})
    minutes = sum(len(recording) for recording in taught) / 180
    return f"{len(taught)} clips, {minutes:.0f} minutes, of {', '.join(games)}"


def _identity(config: Config) -> str:
    """The settings that a checkpoint belongs to."""
    fields = dataclasses.asdict(config)
    for moved in ("data", "out", "work", "threads"):
        del fields[moved]
    return json.dumps(fields, sort_keys=True)
