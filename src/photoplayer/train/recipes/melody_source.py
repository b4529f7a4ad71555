"""The source's melody GAN, and its ablation.

Its two stages as it tells them: first D is taught together with C, so that C learns to see what matters for
music; then C is fixed and G and D play against each other. Binary cross entropy, Adam at 2e-4 with beta .5.
What D is shown as false in stage one it does not say; here half is what the untaught G makes, half is real
music of another clip, without which C would have nothing to learn.

``untrained_encoder`` is its ablation: C stays as it was drawn, stage one is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from photoplayer.music.melody_code import REST, grid_of_pairs, pairs_of
from photoplayer.train.data.clip_windows import ClipWindows
from photoplayer.train.data.melodies import BARS
from photoplayer.train.loop import Course, descend, run
from photoplayer.train.nets.melody_clip import ClipEncoder
from photoplayer.train.nets.melody_source import CLIP, EVENTS, NOISE, PairDiscriminator, PairGenerator
from photoplayer.train.recipes.melody_clip import seen_by

_REST_TO_FILL = tuple(pairs_of(np.full(16, REST))[0])
"""What a short melody is filled up with: a whole note's rest."""


_ROW_EVERY = 20
"""Steps between rows of the log: the curves of the ablation are drawn from it."""

_FOR_ONE_CLIP = 32
"""Melodies made for one clip now and then, to see whether they still differ."""


@dataclass(frozen=True)
class Schedule:
    """Steps of the stages, and the source's optimiser."""

    first: int = 120
    second: int = 2500
    batch: int = 32
    rate: float = 2e-4
    beta: float = 0.5


@dataclass(eq=False)
class SourceGan:
    """The three networks, taught."""

    encoder: ClipEncoder
    generator: PairGenerator
    discriminator: PairDiscriminator

    def see(self, windows: ClipWindows) -> Tensor:
        """``(n, CLIP)``."""
        return seen_by(self.encoder, windows)

    def write(self, clip: Tensor, *, seed: int) -> npt.NDArray[np.int64]:
        """``(n, 256)`` tokens, one melody for every row of ``clip``."""
        chance = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            made = self.generator.eval()(torch.randn(len(clip), NOISE, generator=chance), clip)
        return np.stack([grid_of_pairs(pairs, bars=BARS) for pairs in made.numpy()])


def teach(
    folder: Path,
    windows: ClipWindows,
    grids: npt.NDArray[np.int64],
    *,
    schedule: Schedule,
    seed: int,
    trained_encoder: bool,
) -> SourceGan:
    """Both stages (the second alone without ``trained_encoder``); resumes in ``folder``.

    ``windows`` with their melodies, ``grids (n, 256)``.
    """
    torch.manual_seed(seed)
    gan = SourceGan(ClipEncoder(CLIP), PairGenerator(), PairDiscriminator())
    music = events_of(grids)
    if trained_encoder:
        _first_stage(folder, gan, music, windows, schedule, seed)
    _second_stage(folder, gan, music, gan.see(windows), schedule, seed)
    return gan


def _first_stage(
    folder: Path,
    gan: SourceGan,
    music: Tensor,
    windows: ClipWindows,
    schedule: Schedule,
    seed: int,
) -> None:
    nets = torch.nn.ModuleList([gan.encoder, gan.discriminator])
    optimiser = _adam(nets, schedule)

    def step(number: int) -> Mapping[str, float | Tensor]:
        chosen = _chosen(len(music), schedule.batch, (seed, 1, number))
        clip = gan.encoder.train()(torch.from_numpy(windows.at(chosen).pictures()))
        real = music[torch.from_numpy(chosen)]
        with torch.no_grad():
            made = gan.generator(_noise(len(chosen), (seed, 1, number)), clip)
        half = len(chosen) // 2
        false = torch.cat([made[:half], real.roll(1, 0)[half:]])
        loss = _bce(gan.discriminator(real, clip), 1.0) + _bce(gan.discriminator(false, clip), 0.0)
        descend(loss, optimiser)
        return {"discriminator": loss.detach()}

    parts = {"encoder": gan.encoder, "discriminator": gan.discriminator, "optimiser": optimiser}
    settings = repr((schedule, seed, len(music)))
    run(folder, Course(steps=schedule.first), parts=parts, step=step, settings=settings, name="first")


def _second_stage(
    folder: Path, gan: SourceGan, music: Tensor, clips: Tensor, schedule: Schedule, seed: int
) -> None:
    makes, judges = _adam(gan.generator, schedule), _adam(gan.discriminator, schedule)

    def step(number: int) -> Mapping[str, float | Tensor]:
        chosen = torch.from_numpy(_chosen(len(music), schedule.batch, (seed, 2, number)))
        real, clip = music[chosen], clips[chosen]
        made = gan.generator.train()(_noise(len(chosen), (seed, 2, number)), clip)
        judged = _bce(gan.discriminator(real, clip), 1.0) + _bce(gan.discriminator(made.detach(), clip), 0.0)
        descend(judged, judges)
        fooled = _bce(gan.discriminator(made, clip), 1.0)
        descend(fooled, makes)
        return {"discriminator": judged.detach(), "generator": fooled.detach()}

    def check() -> Mapping[str, float]:
        gan.generator.eval()
        with torch.no_grad():
            one = gan.generator(_noise(_FOR_ONE_CLIP, (seed, 3)), clips[:1].expand(_FOR_ONE_CLIP, -1))
        return {"spread": float(one.std(0).mean())}

    parts = {
        "generator": gan.generator,
        "discriminator": gan.discriminator,
        "makes": makes,
        "judges": judges,
    }
    settings = repr((schedule, seed, len(music)))
    course = Course(steps=schedule.second, check_every=_ROW_EVERY)
    run(folder, course, parts=parts, step=step, check=check, settings=settings, name="second")


def events_of(grids: npt.NDArray[np.int64]) -> Tensor:
    """``(n, EVENTS, 2)``: melodies as pairs, cut or filled up with rests."""
    found = np.empty((len(grids), EVENTS, 2), np.float32)
    found[:] = _REST_TO_FILL
    for row, grid in zip(found, grids, strict=True):
        pairs = pairs_of(grid)[:EVENTS]
        row[: len(pairs)] = pairs
    return torch.from_numpy(found)


def _adam(net: torch.nn.Module, schedule: Schedule) -> torch.optim.Adam:
    return torch.optim.Adam(net.parameters(), lr=schedule.rate, betas=(schedule.beta, 0.999))


def _bce(logits: Tensor, truth: float) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, truth))


def _chosen(count: int, size: int, path: tuple[int, ...]) -> npt.NDArray[np.int64]:
    return np.random.default_rng(path).integers(0, count, size)


def _noise(size: int, path: tuple[int, ...]) -> Tensor:
    return torch.from_numpy(np.random.default_rng((*path, 7)).normal(size=(size, NOISE)).astype(np.float32))
