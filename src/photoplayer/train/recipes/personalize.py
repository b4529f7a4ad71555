"""Teach a SmallVAE the codes of a few tunes, and make it a style.

    photoplayer personalize my/*.mid -o my.style

The loss is MidiMe's: half the squared error of a code (here in units of the codes' own spread) plus β times
the divergence of its four numbers. Every 16 bars of a tune are a code, from every bar on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from photoplayer import trios
from photoplayer.compose.trio.codec import Codes, encode
from photoplayer.compose.trio.mlp import Mlp
from photoplayer.compose.trio.style import Style
from photoplayer.train.nets.small_vae import SmallVAE
from photoplayer.train.nets.trio_vae import divergence

_SMALLEST_SPREAD = 0.05
"""Share of the median spread below which a number of the codes counts as still."""


@dataclass(frozen=True)
class Config:
    """How a style is learned."""

    steps: int = 300
    rate: float = 1e-3
    beta: float = 0.3
    """Less than MidiMe's 1: it was chosen on tunes of validation, with the width of the draw, for samples as
    varied as draws from a Gaussian and nearer to the tunes."""
    seed: int = 1


def codes_of(tunes: Sequence[trios.Music]) -> Codes:
    """The codes of all windows of 16 bars, a bar apart. Raises as :func:`photoplayer.trios.windows`."""
    return np.concatenate([encode(trios.windows(tune, stride=1).trios) for tune in tunes])


def learn(codes: Codes, config: Config | None = None) -> Style:
    """The style of ``(n, 512)`` codes; the same codes and seed give the same style."""
    config = config or Config()
    centre, spread = _standard(codes)
    inputs = torch.from_numpy((codes - centre) / spread)
    with torch.random.fork_rng(), _one_thread():
        torch.manual_seed(config.seed)
        net = SmallVAE()
        optimiser = torch.optim.Adam(net.parameters(), lr=config.rate, fused=True)
        for _ in range(config.steps):
            made, mean, deviation = net(inputs)
            loss = 0.5 * ((made - inputs) ** 2).sum(1).mean() + config.beta * divergence(mean, deviation)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.inference_mode():
        places = net.encode(inputs)[0]
        left = (net.up(places) - inputs).numpy()
    noise = np.sqrt((left**2).mean(axis=0))
    decoder = _from_sliders(_decoder(net), places.numpy().astype(np.float64))
    return Style(decoder, centre, spread, noise.astype(np.float32), len(codes))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Layers this small take longer on two threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _standard(codes: Codes) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The codes' mean and one spread for every number; a number that hardly moves keeps a little."""
    spread = codes.std(axis=0)
    usual = float(np.median(spread)) or 1.0
    return codes.mean(axis=0), np.maximum(spread, _SMALLEST_SPREAD * usual).astype(np.float32)


def _from_sliders(decoder: Mlp, places: NDArray[np.float64]) -> Mlp:
    """The decoder fed by sliders in standard deviations of where the tunes lie, most telling first, so that
    drawn sliders spread as far as the tunes do whatever β left of the normal distribution."""
    centred = places - places.mean(axis=0)
    strengths, directions = np.linalg.eigh(centred.T @ centred / len(places))
    spans = (directions * np.sqrt(np.maximum(strengths, 0)))[:, ::-1]
    weights, bias = decoder.layers[0]
    moved = (weights @ spans).astype(np.float32), (bias + weights @ places.mean(axis=0)).astype(np.float32)
    return Mlp((moved, *decoder.layers[1:]))


def _decoder(net: SmallVAE) -> Mlp:
    tables = [p.detach().numpy().copy() for p in net.up.parameters()]
    return Mlp(tuple(zip(tables[::2], tables[1::2], strict=True)))
