"""Teach the ``keys`` network to read keys from strips, and write ``keys_look.onnx`` and ``keys_hear.onnx``.

    photoplayer train strips -- --corpus mta --folder MTA --out CACHE/mta     (once per corpus)
    photoplayer train keys -- --data CACHE/mta CACHE/renders --out RUN

Learns from random windows (see ``data/strip_windows.py``); weights are averaged over time, and the average is
what is measured and exported. Stopped at any moment, the same command goes on from the last checkpoint.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.errors import InputError
from photoplayer.files import finished
from photoplayer.train.data.strip_cache import CachedClip, caches
from photoplayer.train.data.strip_windows import Source, Window
from photoplayer.train.device import half
from photoplayer.train.nets.keys import HEADS, SHIFT_S, Hear, Look, Size
from photoplayer.train.recipes.keys_start import begin_with_shipped

log = logging.getLogger(__name__)

NEAR_S = 0.075
"""Shifts are learned where the press or release is at most this far from the frame."""
_FIRST_LOOKS = 6
"""Batches that show the shipped network's normalisations what they will meet."""
POSITIVE = {"down": 1.5, "onset": 4.0, "offset": 4.0}
"""Presses are one frame-key in hundreds; they weigh as several."""


@dataclass(frozen=True)
class Config:
    """What to learn from, how long, and where to keep it."""

    data: tuple[Path, ...]
    """Folders of cached strips."""
    out: Path
    """Folder for checkpoints and logs."""
    shares: tuple[float, ...] = ()
    """How often each of the data folders is drawn; by default by its length."""
    steps: int = 6000
    windows: int = 10
    frames: int = 32
    rate: float = 2e-3
    """Highest learning rate; it falls along a half cosine to nothing at the last step."""
    average: float = 0.998
    """Per step, how much of the averaged weights stays."""
    whole: tuple[Path, ...] = ()
    """Of these data folders, learn from validation and test clips too: last steps of weights that ship, once
    they have been measured without."""
    start: Literal["shipped"] | Path | None = None
    """A checkpoint whose weights to begin with, or ``shipped``: those of the models that ship."""
    seed: int = 1
    threads: int = 2
    save_every: int = 250


class Net(nn.Module):
    """Both halves."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.look = Look(size)
        self.hear = Hear(size)

    def forward(self, windows: Sequence[Window]) -> Tensor:
        """``(windows, frames, most keys, 6)``; keys that a window lacks are filled up with nothing."""
        frames = len(windows[0].stack)
        features = self.look.convolutions(torch.cat([w.stack for w in windows]))
        most = max(len(w.counts) for w in windows)
        rows = []
        for i, w in enumerate(windows):
            keys = self.look.keys_of(features[i * frames : (i + 1) * frames], w.columns, w.classes)
            rows.append(functional.pad(keys, (0, 0, 0, most - keys.shape[1])))
        return self.hear(torch.stack(rows), torch.stack([w.gaps_s for w in windows]))


def loss_of(output: Tensor, windows: Sequence[Window]) -> dict[str, Tensor]:
    """The parts of the loss, each a mean over what it is about."""
    most = output.shape[2]

    def filled(name: str) -> Tensor:
        return torch.stack(
            [functional.pad(x := getattr(w, name), (0, most - x.shape[-1])) for w in windows]
        ).float()

    counts = filled("counts").unsqueeze(1).expand(output.shape[:3])
    heads = dict(zip(HEADS, output.float().unbind(-1), strict=True))
    gap_s = torch.stack([w.gaps_s.mean(1) for w in windows]).unsqueeze(-1)
    to_onset, to_offset = filled("to_onset_s"), filled("to_offset_s")
    sure = _away_from_edges(to_onset, to_offset, gap_s)
    parts = {
        "down": _binary(heads["down"], filled("down"), counts * sure, POSITIVE["down"]),
        "onset": 2 * _binary(heads["onset"], _near(to_onset, gap_s), counts, POSITIVE["onset"]),
        "offset": _binary(heads["offset"], _near(to_offset, gap_s), counts, POSITIVE["offset"]),
    }
    for name, distance in (("onset_s", to_onset), ("offset_s", to_offset)):
        close = counts * (distance.abs() <= NEAR_S)
        error = functional.smooth_l1_loss(heads[name], distance / SHIFT_S, reduction="none", beta=0.5)
        parts[name] = 0.02 * _mean(error, close)
    velocity = filled("velocity")
    struck = counts * (to_onset.abs() <= NEAR_S) * ~velocity.isnan()
    parts["velocity"] = 8.0 * _mean((heads["velocity"] - velocity.nan_to_num()).square(), struck)
    return parts


def _near(distance_s: Tensor, gap_s: Tensor) -> Tensor:
    """1 at the frame nearest to a press, less at its neighbours: labels are no finer than a frame."""
    return (1.25 - distance_s.abs() / gap_s).clamp(0, 1)


def _away_from_edges(to_onset: Tensor, to_offset: Tensor, gap_s: Tensor) -> Tensor:
    """Whether a key is down is half as sure right where it changes."""
    close = torch.minimum(to_onset.abs(), to_offset.abs()) < 0.5 * gap_s
    return torch.where(close, 0.5, 1.0)


def _binary(logit: Tensor, target: Tensor, weight: Tensor, positive: float) -> Tensor:
    error = functional.binary_cross_entropy_with_logits(
        logit, target, reduction="none", pos_weight=torch.tensor(positive)
    )
    return _mean(error, weight)


def _mean(values: Tensor, weight: Tensor) -> Tensor:
    return (values * weight).sum() / weight.sum().clamp(min=1.0)


def batches(
    sources: Sequence[Source], weights: Sequence[float], config: Config, begin: int
) -> Iterator[list[Window]]:
    """Batches from step ``begin`` on, made ahead in another thread; each step has its own dice."""
    chances = torch.tensor(weights, dtype=torch.float64)

    def make(step: int) -> list[Window]:
        dice = torch.Generator().manual_seed(config.seed * 1_000_003 + step)
        chosen = torch.multinomial(chances, config.windows, replacement=True, generator=dice)
        return [sources[i].cut(config.frames, dice) for i in chosen.tolist()]

    with ThreadPoolExecutor(1) as pool:
        ahead = [pool.submit(make, begin), pool.submit(make, begin + 1)]
        for step in range(begin, config.steps):
            ahead.append(pool.submit(make, step + 2))
            yield ahead.pop(0).result()
        for made in ahead:
            made.cancel()


def sources_of(config: Config) -> tuple[list[Source], list[float]]:
    """What to learn from, and how often each is drawn."""
    sources: list[Source] = []
    weights: list[float] = []
    for i, folder in enumerate(config.data):
        clips: list[CachedClip] = [c for c in caches(folder) if folder in config.whole or c.split == "train"]
        here = [s for s in map(Source, clips) if s.frames >= 2 * config.frames + 4]
        total = sum(s.frames for s in here)
        share = config.shares[i] if config.shares else total
        sources += here
        weights += [share * s.frames / total for s in here]
        log.info("%s: %d clips, %d frames", folder, len(here), total)
    if not sources:
        raise InputError(f"{config.data[0]} holds no clip long enough to learn from; cache some strips.")
    return sources, weights


def _averaging(config: Config) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """A running average that forgets its beginnings: of the first few steps it is the plain mean."""

    def average(kept: Tensor, new: Tensor, count: Tensor | int) -> Tensor:
        return kept + (new - kept) * max(1 - config.average, 1 / (float(count) / 4 + 1))

    return average


def rate_at(step: int, config: Config) -> float:
    """Learning rate: 200 steps of warming up, then a half cosine."""
    return config.rate * min(1.0, (step + 1) / 200) * 0.5 * (1 + math.cos(math.pi * step / config.steps))


def train(config: Config) -> None:
    """Run the recipe to its end, from where it was left."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    config.out.mkdir(parents=True, exist_ok=True)
    net = Net(Size()).to(memory_format=torch.channels_last)
    averaged = torch.optim.swa_utils.AveragedModel(net, avg_fn=_averaging(config), use_buffers=True)
    optimiser = torch.optim.AdamW(net.parameters(), lr=config.rate, weight_decay=0.01)
    sources, weights = sources_of(config)
    step = _resume(config, net, averaged, optimiser)
    if not step and config.start:
        _begin(config, net, sources, weights)
        averaged.module.load_state_dict(net.state_dict())
    began, told = time.monotonic(), step
    sums: dict[str, float] = {}
    net.train()
    for windows in batches(sources, weights, config, step):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, config)
        with half(torch.device("cpu")):
            output = net(windows)
        parts = loss_of(output, windows)
        optimiser.zero_grad(set_to_none=True)
        torch.stack(list(parts.values())).sum().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        averaged.update_parameters(net)
        step += 1
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + float(value.detach())
        if step % 50 == 0:
            pace = (time.monotonic() - began) / (step - told)
            line = {"step": step, "s_per_step": round(pace, 3)}
            line |= {name: round(value / 50, 5) for name, value in sums.items()}
            log.info("%s", json.dumps(line))
            with (config.out / "log.jsonl").open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(line) + "\n")
            sums, began, told = {}, time.monotonic(), step
        if step % config.save_every == 0 or step == config.steps:
            _save(config, net, averaged, optimiser, step)


def _save(
    config: Config, net: nn.Module, averaged: nn.Module, optimiser: torch.optim.Optimizer, step: int
) -> None:
    state = {
        "step": step,
        "net": net.state_dict(),
        "averaged": averaged.state_dict(),
        "optimiser": optimiser.state_dict(),
    }
    with finished(config.out / "checkpoint.pt") as temporary:
        torch.save(state, temporary)


def _resume(config: Config, net: nn.Module, averaged: nn.Module, optimiser: torch.optim.Optimizer) -> int:
    checkpoint = config.out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(state["net"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        log.info("going on from step %d", state["step"])
        return int(state["step"])
    return 0


def _begin(config: Config, net: nn.Module, sources: Sequence[Source], weights: Sequence[float]) -> None:
    """With weights of an earlier run."""
    if config.start == "shipped":
        first = list(islice(batches(sources, weights, config, 0), _FIRST_LOOKS))
        begin_with_shipped(net, net, first)
    elif config.start:
        net.load_state_dict(weights_of(config.start))


def weights_of(checkpoint: Path) -> dict[str, Tensor]:
    """The averaged weights in a checkpoint, by their names in :class:`Net`."""
    state = torch.load(checkpoint, weights_only=True)["averaged"]
    return {k.removeprefix("module."): v for k, v in state.items() if k.startswith("module.")}
