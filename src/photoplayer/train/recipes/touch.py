"""Teach how hard keys are struck, from performances: ``touch.onnx``, a small network over neighbouring notes.

    photoplayer train touch -- --midi GIANTMIDI

The corpus is a folder of solo piano MIDI with velocities whose file names begin with the composer; composers
are split as in the renders. Notes are left out, moved and shortened at random, as a transcription would have
them. Two minutes on one core; the same seed gives the same weights.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from photoplayer.piano.touch import TELLING, WIDTH, features, standing_out
from photoplayer.train.data.piano_renderer.music import Split, performance, pieces
from photoplayer.train.ship import onnx_bytes, write_model

log = logging.getLogger(__name__)

Rows = npt.NDArray[np.float64]
"""``(n, 4)``: onset_s, offset_s, pitch, velocity, in order of onset."""

CLIP_S = 8.0
"""Length of the excerpts that correlations are measured in, as of the renders."""
_FEWEST = 9
"""Notes an excerpt needs to be measured."""


@dataclass(frozen=True)
class Config:
    """What to learn from and where it goes."""

    midi: Path
    """A folder of solo piano MIDI, named by composer."""
    out: Path = Path(str(resources.files("photoplayer.models")))
    passes: int = 12
    batch: int = 512
    rate: float = 2e-3
    seed: int = 1
    threads: int = 1
    data_said: str = "GiantMIDI-Piano (ByteDance, CC BY 4.0), composers of the renders' training split."


def net() -> nn.Module:
    """``(n, WIDTH)`` → ``(n,)``."""
    return nn.Sequential(
        nn.Linear(WIDTH, 96),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(96, 48),
        nn.ReLU(),
        nn.Linear(48, 1),
        nn.Flatten(0),
    )


def train(config: Config) -> None:
    """Learn, measure and write model and card."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    known = {split: [performance(path) for path in pieces(config.midi, split)] for split in _SPLITS}
    model = net()
    optimiser = torch.optim.AdamW(model.parameters(), lr=config.rate, weight_decay=0.02)
    dice = np.random.default_rng(config.seed)
    for number in range(config.passes):
        x, y = _spoiled(known["train"], dice)
        order = torch.randperm(len(x)).split(config.batch)
        for step, chosen in enumerate(order):
            share = (number + step / len(order)) / config.passes
            for group in optimiser.param_groups:
                group["lr"] = config.rate * 0.5 * (1 + math.cos(math.pi * share))
            loss = (model(x[chosen]) - y[chosen]).square().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        log.info(
            "pass %d: loss %.4f, validation %.3f", number + 1, loss.item(), _heard(model, known["validation"])
        )
        model.train()
    _ship(model.eval(), config, {split: _heard(model, known[split]) for split in ("validation", "test")})


_SPLITS: tuple[Split, ...] = ("train", "validation", "test")


def _spoiled(performances: Sequence[Rows], dice: np.random.Generator) -> tuple[Tensor, Tensor]:
    """What of all performances a transcription might have left, as features, and how notes stand out."""
    given, wanted = [], []
    for rows in performances:
        left = spoiled(rows, dice)
        given.append(features(left[:, 0], left[:, 1], left[:, 2]))
        wanted.append(standing_out(left[:, 0], left[:, 3]) / TELLING)
    return torch.from_numpy(np.concatenate(given)), torch.from_numpy(np.concatenate(wanted)).float()


def spoiled(rows: Rows, dice: np.random.Generator) -> Rows:
    """Some notes missing, all a little moved and shortened, faster or slower, in another key."""
    left = rows[dice.random(len(rows)) > dice.uniform(0, 0.1)].copy()
    lengths_s = left[:, 1] - left[:, 0]
    left[:, 0] += dice.normal(0, 0.012, len(left))
    left[:, 1] = left[:, 0] + lengths_s * np.exp(dice.normal(0, 0.25, len(left))) * dice.uniform(0.5, 1.1)
    left[:, :2] *= dice.uniform(0.8, 1.25)
    left[:, 2] += dice.integers(-3, 4)
    return left[np.argsort(left[:, 0], kind="stable")]


def _heard(model: nn.Module, performances: Sequence[Rows]) -> float:
    """Mean correlation of what is told with true velocities, over excerpts of ``CLIP_S`` by themselves."""
    found = []
    with torch.no_grad():
        for excerpt in _excerpts(performances):
            told = model(torch.from_numpy(features(*excerpt[:, :3].T))).numpy()
            found.append(float(np.corrcoef(told, excerpt[:, 3])[0, 1]))
    return float(np.mean(found))


def _excerpts(performances: Sequence[Rows]) -> Iterator[Rows]:
    for rows in performances:
        for start_s in np.arange(rows[0, 0], rows[-1, 0], CLIP_S):
            excerpt = rows[slice(*np.searchsorted(rows[:, 0], (start_s, start_s + CLIP_S)))]
            if len(excerpt) >= _FEWEST and np.ptp(excerpt[:, 3]):
                yield excerpt


def _ship(model: nn.Module, config: Config, correlations: dict[str, float]) -> None:
    content = onnx_bytes(
        model,
        (torch.zeros(3, WIDTH),),
        inputs=["notes"],
        outputs=["swing"],
        dynamic={"input": {0: torch.export.Dim("notes", min=1, max=1 << 24)}},
    )
    figures = {
        f"correlation with true velocities in excerpts of {CLIP_S:g} s, {split} composers": round(value, 3)
        for split, value in correlations.items()
    }
    card = {
        "name": "touch",
        "what": "How hard keys are struck, by what is played around them",
        "inputs": {"notes": f"(n, {WIDTH}) float32, photoplayer.piano.touch.features"},
        "outputs": {"swing": f"(n,) float32, louder than notes around by so many times {TELLING:g} of 127"},
        "parameters": sum(p.numel() for p in model.parameters()),
        "made_by": "photoplayer train touch",
        "licence": "MIT (the weights; see data)",
        "data": config.data_said,
        "figures": figures,
    }
    log.info("%s", figures)
    write_model(config.out, "touch", content, card)
