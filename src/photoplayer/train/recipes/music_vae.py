"""Teach TrioVAE its two levels: phrases of 4 bars, then windows of 16 made of them.

    photoplayer train trios -- --data shared/data/midi --out TRIOS
    photoplayer train music_vae -- --trios TRIOS --out RUN
    photoplayer train trio-ship -- --trios TRIOS --run RUN

The loss of a phrase is the cross-entropy of its three lines plus β times what the divergence of its code
from a standard normal exceeds the free bits. β is small: codes shall keep the notes, and what codes of music
look like is learned afterwards (``recipes/trio_space.py``; two stages as in Dai & Wipf, ICLR 2019, and
Ghosh et al., ICLR 2020). Validation is the F1 of onsets that the network writes again by itself, over windows
of composers it is not taught. Stopped at any moment, the same command goes on.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from photoplayer.music.trio_match import mean_f1
from photoplayer.train.data.trio_draw import Changes, Draw
from photoplayer.train.data.trios import Tape, load_tape
from photoplayer.train.loop import Course, Finished, Losses, cosine, run, set_rate
from photoplayer.train.nets.trio_vae import (
    PHRASE_BARS,
    PHRASES,
    PhraseVAE,
    Sizes,
    Trios,
    WindowVAE,
    divergence,
    line_losses,
)
from photoplayer.train.recipes.music_vae_check import Lines, no_noise, some_windows, tensors, written_again

log = logging.getLogger(__name__)

FREE_BITS_NATS = 0.6931471805599453
BLIND_BATCHES = 4
_SMALLEST_SPREAD = 0.05
_FOLLOW = 0.003
"""Share by which the running mean of the weights follows them."""


@dataclass(frozen=True)
class Level:
    """How one level is taught."""

    steps: int
    batch: int
    rate: float = 1e-3
    beta: float = 0.02
    """Reached in a straight line over the first fifth of the steps."""
    free_bits: float = 64.0
    told: float = 0.7
    """Share of steps that are told what came before: the rest must be in the code."""
    check_every: int = 500


@dataclass(frozen=True)
class Config:
    """What TrioVAE is taught with, and for how long."""

    trios: Path
    """Folder of tapes, from `photoplayer train trios`."""
    out: Path
    """Folder for checkpoints, logs and the taught networks."""
    phrase: Level = field(default_factory=lambda: Level(steps=6000, batch=64, rate=2e-3, told=0.6))
    window: Level = field(default_factory=lambda: Level(steps=1600, batch=32, beta=0.01, free_bits=128.0))
    sizes: Sizes = field(default_factory=Sizes)
    changes: Changes = field(default_factory=Changes)
    """Of phrases."""
    window_changes: Changes = field(default_factory=lambda: Changes(bars=0.1, notes=0.1, kits=0.1))
    """Of windows, fewer: that bars come back is what a window's code can save on."""
    blind_steps: int = 900
    """Steps of the window level that compare codes alone, four batches at a time, before it writes notes."""
    sources: tuple[str, ...] = ("pool", "own")
    """Tapes taught with: pool (tunes of people), own (our arranger), songs (pseudo-trios)."""
    shares: tuple[float, ...] = (0.75, 0.25)
    """Of a batch, by source."""
    start: Path | None = None
    """Weights of a phrase network to begin with, e.g. phrase_best.pt of a run with other settings."""
    checks: int = 384
    """Windows of validation."""
    seed: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where a tape is missing."""
    torch.set_num_threads(1)
    phrase = teach_phrases(config)
    teach_windows(config, phrase)


def tape_paths(folder: Path, source: str, bars: int) -> Path:
    """Where the tape of a source to be taught with lies."""
    return folder / (f"{source}_train_{bars}.npz" if source == "pool" else f"{source}_{bars}.npz")


def teach_phrases(config: Config) -> PhraseVAE:
    """The network of 4 bars, at its best validation."""
    torch.manual_seed(config.seed)
    net = PhraseVAE(config.sizes)
    if config.start:
        net.load_state_dict(torch.load(config.start, weights_only=True))
    mean = copy.deepcopy(net)
    level, draw = config.phrase, _draw(config, PHRASE_BARS, config.changes)
    held = load_tape(config.trios / f"pool_val_{PHRASE_BARS}.npz")
    windows = some_windows(held, config.checks)
    optimiser = torch.optim.Adam(net.parameters(), lr=level.rate, fused=True)

    def step(number: int) -> Losses:
        torch.manual_seed(config.seed * 1_000_003 + number)
        trios = tensors(draw.batch(number, level.batch))
        centre, spread = net.encode(trios)
        code = centre + spread * torch.randn_like(spread)
        losses = line_losses(net.logits(code, trios, level.told), trios)
        return _descend(net, mean, optimiser, level, number, losses, divergence(centre, spread), PHRASE_BARS)

    def check() -> Mapping[str, float]:
        return f1_of_phrases(mean, held, windows)

    done = _run(config, "phrase", level, {"net": net, "mean": mean, "optimiser": optimiser}, step, check)
    mean.load_state_dict(done.best["mean"])
    torch.save(mean.state_dict(), config.out / "phrase_best.pt")
    mean.eval()
    return mean


def teach_windows(config: Config, phrase: PhraseVAE) -> WindowVAE:
    """The network of 16 bars over phrases that stay as they are, at its best validation."""
    torch.manual_seed(config.seed)
    net = WindowVAE(config.sizes)
    mean = copy.deepcopy(net)
    level, draw = config.window, _draw(config, PHRASE_BARS * PHRASES, config.window_changes)
    held = load_tape(config.trios / f"pool_val_{PHRASE_BARS * PHRASES}.npz")
    windows = some_windows(held, config.checks)
    optimiser = torch.optim.Adam(net.parameters(), lr=level.rate, fused=True)
    phrase.requires_grad_(False)

    def step(number: int) -> Losses:
        torch.manual_seed(config.seed * 1_000_003 + number)
        blind = number < config.blind_steps
        trios = tensors(draw.batch(number, level.batch * (BLIND_BATCHES if blind else 1)))
        phrases, spreads = phrase_codes(phrase, trios)
        centre, spread = net.encode(phrases)
        made = net.conduct(centre + spread * torch.randn_like(spread))
        away = ((made - phrases) ** 2 / spreads.clamp(min=_SMALLEST_SPREAD) ** 2).mean()
        losses = (torch.zeros(()),) * 3
        if not blind:
            losses = line_losses(phrase.logits(made.flatten(0, 1), as_phrases(trios), level.told), trios)
        kl = divergence(centre, spread)
        return _descend(net, mean, optimiser, level, number, losses, kl, PHRASE_BARS * PHRASES, 0.2 * away)

    def check() -> Mapping[str, float]:
        return f1_of_windows(mean, phrase, held, windows)

    done = _run(config, "window", level, {"net": net, "mean": mean, "optimiser": optimiser}, step, check)
    mean.load_state_dict(done.best["mean"])
    torch.save(mean.state_dict(), config.out / "window_best.pt")
    mean.eval()
    return mean


def phrase_codes(phrase: PhraseVAE, trios: Trios) -> tuple[Tensor, Tensor]:
    """Means and deviations of the codes of the four phrases of windows, ``(windows, 4, code)``."""
    with torch.no_grad():
        bars = phrase.reader(trios).unflatten(1, (PHRASES, PHRASE_BARS)).flatten(0, 1)
        centre, spread = phrase.code_of(bars)
    return centre.unflatten(0, (-1, PHRASES)), spread.unflatten(0, (-1, PHRASES))


def as_phrases(trios: Trios) -> Trios:
    """Windows of 16 bars as four times as many of 4."""
    melody, bass, drums = (t.unflatten(1, (PHRASES, -1)).flatten(0, 1) for t in trios)
    return melody, bass, drums


def as_windows(phrases: Trios) -> Trios:
    """The reverse of :func:`as_phrases`."""
    melody, bass, drums = (t.unflatten(0, (-1, PHRASES)).flatten(1, 2) for t in phrases)
    return melody, bass, drums


def f1_of_phrases(net: PhraseVAE, tape: Tape, windows: Any) -> dict[str, float]:
    """F1 of onsets over windows of 4 bars written again, as likely as can be: the mean and each line's."""

    def write(trios: Trios) -> Trios:
        code, _ = net.encode(trios)
        return net.write(code, no_noise(len(code) * PHRASE_BARS))

    return f1_figures(written_again(tape, windows, write))


def f1_of_windows(net: WindowVAE, phrase: PhraseVAE, tape: Tape, windows: Any) -> dict[str, float]:
    """The same of 16 bars."""

    def write(trios: Trios) -> Trios:
        phrases, _ = phrase_codes(phrase, trios)
        made = net.conduct(net.encode(phrases)[0]).flatten(0, 1)
        return as_windows(phrase.write(made, no_noise(len(made) * PHRASE_BARS)))

    return f1_figures(written_again(tape, windows, write))


def f1_figures(lines: Lines) -> dict[str, float]:
    """F1 of onsets: the mean of the three lines, and each."""
    return {
        "f1": mean_f1(lines),
        **dict(zip(("f1_melody", "f1_bass", "f1_drums"), (line.f1 for line in lines), strict=True)),
    }


def _draw(config: Config, bars: int, changes: Changes) -> Draw:
    tapes = [load_tape(tape_paths(config.trios, source, bars)) for source in config.sources]
    return Draw(tapes, config.shares[: len(tapes)], seed=config.seed, changes=changes)


def _descend(
    net: nn.Module,
    mean: nn.Module,
    optimiser: torch.optim.Optimizer,
    level: Level,
    number: int,
    losses: tuple[Tensor, Tensor, Tensor],
    kl: Tensor,
    bars: int,
    extra: Tensor | float = 0.0,
) -> Losses:
    """One step of the optimiser on the sum of all; losses are per bar, ``kl`` per window."""
    excess = torch.clamp(kl - level.free_bits * FREE_BITS_NATS, min=0.0)
    beta = level.beta * min(1.0, 5 * number / level.steps)
    loss = sum(losses, torch.zeros(())) + beta * excess / bars + extra
    set_rate(optimiser, cosine(number, level.steps, rate=level.rate, warmup=200))
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimiser.step()
    _follow(mean, net, max(_FOLLOW, 1 / (number + 1)))
    melody, bass, drums = (part.detach() for part in losses)
    return {"melody": melody, "bass": bass, "drums": drums, "kl": kl.detach()}


def _follow(mean: nn.Module, net: nn.Module, share: float) -> None:
    with torch.no_grad():
        torch._foreach_lerp_(list(mean.parameters()), list(net.parameters()), share)


def _run(config: Config, name: str, level: Level, parts: dict[str, Any], step: Any, check: Any) -> Finished:
    moved = {"trios": "", "out": "", "phrase": "", "window": "", "level": dataclasses.asdict(level)}
    settings = json.dumps(dataclasses.asdict(config) | moved, sort_keys=True, default=str)
    course = Course(level.steps, check_every=level.check_every)
    return run(
        config.out, course, parts=parts, step=step, check=check, keep=("mean",), settings=settings, name=name
    )
