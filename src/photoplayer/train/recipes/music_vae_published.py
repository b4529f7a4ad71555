"""Teach MusicVAE as published, or as small as TrioVAE, to compare with it.

    photoplayer train music-vae-published -- --trios TRIOS --out RUN --size small --bars 4

Adam at 1e-3, falling to 1e-5 by .9999 a step, gradients clipped at 1, β .2 and 256 free bits (64 for 4 bars),
pure teacher forcing, as in magenta's configs for trios. ``--size published`` is 231 million parameters: a
batch of 32 takes a core minutes, so it is here to be run where there is a GPU, and its cost to be counted.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import nn

from photoplayer.train.data.trio_draw import Changes, Draw
from photoplayer.train.data.trios import load_tape
from photoplayer.train.loop import Course, Finished, Losses, run, set_rate
from photoplayer.train.nets.music_vae import FLAT, PUBLISHED, SMALL, SMALL_FLAT, MusicVAE, set_losses
from photoplayer.train.nets.trio_vae import divergence
from photoplayer.train.recipes.music_vae import FREE_BITS_NATS, f1_figures, tape_paths
from photoplayer.train.recipes.music_vae_check import some_windows, tensors, written_again

SIZES = {"published": PUBLISHED, "published-flat": FLAT, "small": SMALL, "small-flat": SMALL_FLAT}
_BETA = 0.2
_FREE_BITS = {4: 64.0, 16: 256.0}


@dataclass(frozen=True)
class Config:
    """What MusicVAE is taught with, and for how long."""

    trios: Path
    """Folder of tapes, from `photoplayer train trios`."""
    out: Path
    """Folder for the checkpoint and the log."""
    size: Literal["published", "published-flat", "small", "small-flat"] = "small"
    bars: Literal[4, 16] = 4
    steps: int = 1000
    batch: int = 64
    seconds: float = 0.0
    """Processor time after which it ends whatever its steps; 0: never. To compare at equal cost."""
    checks: int = 128
    seed: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where a tape is missing."""
    torch.set_num_threads(1)
    teach(config)


def teach(config: Config) -> tuple[MusicVAE, Finished]:
    """The network after its steps (or seconds), and where it ended."""
    torch.manual_seed(config.seed)
    net = MusicVAE(SIZES[config.size], config.bars)
    tapes = [load_tape(tape_paths(config.trios, source, config.bars)) for source in ("pool", "own")]
    draw = Draw(tapes, (0.75, 0.25), seed=config.seed, changes=Changes(bars=0, notes=0, late=0))
    held = load_tape(config.trios / f"pool_val_{config.bars}.npz")
    windows = some_windows(held, config.checks)
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    began_s = time.process_time()

    def step(number: int) -> Losses:
        if config.seconds and time.process_time() - began_s > config.seconds:
            return {}
        torch.manual_seed(config.seed * 1_000_003 + number)
        trios = tensors(draw.batch(number, config.batch))
        mean, spread = net.encode(trios)
        losses = set_losses(net.logits(mean + spread * torch.randn_like(spread), trios), trios, config.bars)
        kl = divergence(mean, spread)
        excess = torch.clamp(kl - _FREE_BITS[config.bars] * FREE_BITS_NATS, min=0.0)
        set_rate(optimiser, max(1e-3 * 0.9999**number, 1e-5))
        optimiser.zero_grad()
        (losses[0] + losses[1] + losses[2] + _BETA * excess / config.bars).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        return dict(zip(("melody", "bass", "drums"), (x.detach() for x in losses), strict=True)) | {
            "kl": kl.detach()
        }

    def check() -> Mapping[str, float]:
        return f1_figures(written_again(held, windows, lambda trios: net.write(net.encode(trios)[0])))

    done = run(
        config.out,
        Course(config.steps, check_every=config.steps),
        parts={"net": net, "optimiser": optimiser},
        step=step,
        check=check,
        keep=("net",),
        settings=json.dumps(
            dataclasses.asdict(config) | {"trios": "", "out": ""}, sort_keys=True, default=str
        ),
        name=config.size,
    )
    return net, done
