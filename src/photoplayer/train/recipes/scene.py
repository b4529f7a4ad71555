"""Teach SceneNet to tell fights and cuts, and write ``scene.onnx`` with its card.

    tools/record_gameplay.py bots --out DATA/bots --takes 2
    photoplayer train scene -- --data DATA

Trained on the bots of the training levels alone; figures are taken by ``benchmarks/scene_changes.py`` and
``benchmarks/scene_combat.py`` on levels and human demos that were never seen.
"""

from __future__ import annotations

import copy
import io
import json
import logging
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from photoplayer.scene.features import BLOCK, CONTEXT
from photoplayer.scene.looks import LOOK_VALUES
from photoplayer.train.data.gameplay import clips
from photoplayer.train.data.scene_samples import UNSURE, Take, read_take, sample
from photoplayer.train.nets.scene import SceneNet

log = logging.getLogger(__name__)

CUT_WEIGHT = 8.0
"""A planted cut is one picture in a hundred; it weighs as eight."""


@dataclass(frozen=True)
class Config:
    """How SceneNet is taught, and where it goes."""

    data: Path
    """Corpus of tools/record_gameplay.py."""
    out: Path = Path(__file__).parents[2] / "models"
    """Folder for scene.onnx and scene.json."""
    looks_per_clip: int = 3
    """How many versions of each clip: one plain, the others changed in look and speed."""
    iterations: int = 2500
    batch: int = 8
    length: int = 256
    """Pictures in a sample, 28 s."""
    learning_rate: float = 2e-3
    threads: int = 1
    seed: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where the corpus is missing."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    dice = random.Random(config.seed)
    corpus = clips(config.data, kind="bots", split="train")
    takes = [
        read_take(clip, dice, plain=number == 0) for clip in corpus for number in range(config.looks_per_clip)
    ]
    log.info("%d versions of %d clips", len(takes), len(corpus))
    export(fit(takes, config, dice), config.out)


def fit(takes: list[Take], config: Config, dice: random.Random) -> SceneNet:
    """AdamW, cosine rate; the running mean of the weights is what is kept."""
    net = SceneNet()
    net.standardise_to(torch.from_numpy(np.concatenate([take.looks for take in takes])))
    groups = [
        {"params": [p for n, p in net.named_parameters() if n.startswith("fight")], "weight_decay": 0.3},
        {"params": [p for n, p in net.named_parameters() if not n.startswith("fight")], "weight_decay": 0.05},
    ]
    optimiser = torch.optim.AdamW(groups, lr=config.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, config.iterations)
    kept = copy.deepcopy(net)
    for iteration in range(config.iterations):
        samples = [sample(takes, dice, length=config.length) for _ in range(config.batch)]
        loss = _loss(net, samples)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        _follow(kept, net, step=0.2 if iteration < 100 else 0.02)
        if iteration % 100 == 0:
            log.info("%d: loss %.4f", iteration, loss.item())
    kept.eval()
    return kept


def _loss(net: SceneNet, samples: list[Take]) -> Tensor:
    logits = net(torch.from_numpy(np.stack([take.looks for take in samples])))
    fight = torch.from_numpy(np.stack([take.fight for take in samples]).astype(np.float32))
    cut = np.stack([take.cut for take in samples])
    weight = np.where(cut == UNSURE, 0.0, 1.0)
    beside = cut == 1
    beside[:, 1:] |= cut[:, :-1] == 1
    beside[:, :-1] |= cut[:, 1:] == 1
    weight[beside] = 0
    weight[cut == 1] = CUT_WEIGHT
    weights = torch.from_numpy(weight.astype(np.float32))
    truth = torch.from_numpy((cut == 1).astype(np.float32))
    fight_loss = functional.binary_cross_entropy_with_logits(logits[..., 0], 0.94 * fight + 0.03)
    cut_loss = functional.binary_cross_entropy_with_logits(logits[..., 1], truth, reduction="none")
    return fight_loss + 2 * (cut_loss * weights).sum() / weights.sum()


def _follow(kept: SceneNet, net: SceneNet, *, step: float) -> None:
    with torch.no_grad():
        for mean, value in zip(kept.parameters(), net.parameters(), strict=True):
            mean.lerp_(value, step)


def export(net: SceneNet, folder: Path) -> None:
    """Write ``scene.onnx``; an existing card keeps its words and gets the new shapes."""
    shape = (1, BLOCK + 2 * CONTEXT, LOOK_VALUES)
    content = io.BytesIO()
    program = torch.onnx.export(
        net.eval(), (torch.rand(shape),), input_names=["looks"], output_names=["logits"], dynamo=True
    )
    program.save(content)
    card_path = folder / "scene.json"
    card = json.loads(card_path.read_text(encoding="utf-8")) if card_path.is_file() else {"name": "scene"}
    card["input"] = {"name": "looks", "shape": list(shape), "unit": "see photoplayer.scene.looks.Looks.flat"}
    _write(folder / "scene.onnx", content.getvalue())
    _write(card_path, (json.dumps(card, indent=2) + "\n").encode())


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
