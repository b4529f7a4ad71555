"""Learn where in the space of 16-bar codes music lies: the prior, the ways of attributes, and the critics.

    photoplayer train trio-space -- --trios TRIOS

Reads the tapes of training tunes with the shipped networks and writes ``models/trio-space.npz``. What the
attributes of a code are is measured on what it decodes to, since that is what a person hears.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.compose.trio.codec import Codes, decode, encode
from photoplayer.compose.trio.mlp import Mlp
from photoplayer.compose.trio.space import ATTRIBUTE_SIZES, REALISM_SIZES, Space
from photoplayer.music.trio_attributes import ATTRIBUTES, attribute_table
from photoplayer.train.data.trios import Tape, load_tape
from photoplayer.train.recipes.music_vae_check import some_windows
from photoplayer.train.ship import write_tables

log = logging.getLogger(__name__)

_AT_ONCE = 64
_SHRINK = 0.05
"""Of the codes' covariance, how much is taken for noise when ways are fitted."""


@dataclass(frozen=True)
class Config:
    """What is fitted, and where it goes."""

    trios: Path
    """Folder of tapes, from `photoplayer train trios`."""
    out: Path = Path(__file__).parents[2] / "models"
    """Folder for trio-space.npz and trio-space.json."""
    windows: int = 4000
    """Of tunes; prior and critics are fitted to their codes."""
    components: int = 100
    """Gaussians of the prior."""
    rank: int = 12
    """Directions of each."""
    steps: int = 1500
    """Of the critics."""
    seed: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where a tape is missing."""
    torch.set_num_threads(1)
    tape = load_tape(config.trios / "pool_train_16.npz")
    windows = some_windows(tape, config.windows, seed=config.seed)
    codes = codes_of(tape, windows)
    space, figures = fit(codes, tape.sources[windows], config)
    tables: dict[str, Any] = {name: table.astype(np.float16) for name, table in space.tables().items()}
    card = {
        "what": "prior, attribute directions and critics over the 16-bar codes of trio-gather",
        "data": f"codes of {len(codes)} windows of {len(np.unique(tape.sources[windows]))} training tunes",
        "licence": "MIT; from BSD-3, CC BY 4.0 and CC0 music, see docs/trio.md",
        "figures": figures,
    }
    write_tables(config.out, "trio-space", tables, card)


def codes_of(tape: Tape, windows: NDArray[np.int64]) -> Codes:
    """The codes of some windows of a tape, ``(windows, 512)``."""
    parts = np.array_split(windows, -(-len(windows) // _AT_ONCE))
    return np.concatenate([encode([tape.trio(int(w)) for w in part], rounds=0) for part in parts])


def fit(codes: Codes, sources: NDArray[np.int64], config: Config) -> tuple[Space, dict[str, Any]]:
    """Everything from codes and the tunes they come from; figures are of a fifth of the tunes, kept out."""
    held = sources % 5 == 0
    scale = codes.std(axis=0) + 1e-3
    prior = mixture(codes, config.components, config.rank, seed=config.seed)
    values, spread_codes = _heard(codes, scale, prior, config.seed)
    levels = np.stack([values[: len(codes)].mean(axis=0), values[: len(codes)].std(axis=0) + 1e-6], axis=1)
    standard = (values - levels[:, 0]) / levels[:, 1]
    taught = np.concatenate([~held, np.arange(len(spread_codes) - len(codes)) % 5 != 0])
    attributes = _regressor(spread_codes / scale, standard, taught, config)
    ways = ways_of(codes, standard[: len(codes)])
    realism = _critic(codes / scale, ~held, config)
    space = Space(*prior, ways, levels.astype(np.float32), scale.astype(np.float32), realism, attributes)
    foretold = space.foretold(codes[held])
    left = ((foretold - standard[: len(codes)][held]) ** 2).mean(axis=0)
    unreal = mixed(codes[held], seed=config.seed)
    figures = {
        "variance of attributes foretold, tunes kept out": {
            name: round(float(1 - value), 3) for name, value in zip(ATTRIBUTES, left, strict=True)
        },
        "realism critic, AUC of tunes kept out against mixed codes": round(
            _auc(space.realness(codes[held]), space.realness(unreal)), 3
        ),
    }
    log.info("%s", json.dumps(figures))
    return space, figures


Prior = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


def mixture(codes: Codes, components: int, rank: int, *, seed: int, rounds: int = 15) -> Prior:
    """Weights, centres and spans of a mixture: k-means, then in every cluster its first principal directions
    (Tipping & Bishop, 1999, with hard shares and no noise)."""
    dice = np.random.default_rng(seed)
    components = min(components, len(codes))
    centres = _spread_out(codes, components, dice)
    for _ in range(rounds):
        of = _nearest(codes, centres)
        for k in range(components):
            if (of == k).any():
                centres[k] = codes[of == k].mean(axis=0)
    of = _nearest(codes, centres)
    spans = np.zeros((components, rank, codes.shape[1]))
    for k in range(components):
        inside = codes[of == k] - centres[k]
        if len(inside) < 2:
            continue
        _, strengths, directions = np.linalg.svd(inside / np.sqrt(len(inside)), full_matrices=False)
        count = min(rank, len(strengths))
        spans[k, :count] = strengths[:count, None] * directions[:count]
    weights = np.bincount(of, minlength=components) / len(codes)
    return tuple(table.astype(np.float32) for table in (weights, centres, spans))  # type: ignore[return-value]


def _spread_out(codes: Codes, count: int, dice: np.random.Generator) -> NDArray[np.float64]:
    """Codes to begin k-means from, far from one another (k-means++: Arthur & Vassilvitskii, 2007)."""
    chosen = [codes[dice.integers(len(codes))].astype(np.float64)]
    away = ((codes - chosen[0]) ** 2).sum(axis=1)
    while len(chosen) < count:
        share = away / away.sum() if away.sum() > 0 else None
        chosen.append(codes[dice.choice(len(codes), p=share)].astype(np.float64))
        away = np.minimum(away, ((codes - chosen[-1]) ** 2).sum(axis=1))
    return np.stack(chosen)


def ways_of(codes: Codes, values: NDArray[np.float64]) -> NDArray[np.float32]:
    """``(attributes, code)``: moving along row ``i`` raises the linear prediction of attribute ``i`` by one
    and leaves those of the others, by the shortest way in the metric of the codes themselves."""
    centred = (codes - codes.mean(axis=0)).astype(np.float64)
    covariance = centred.T @ centred / len(codes)
    covariance += _SHRINK * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    together = centred.T @ (values - values.mean(axis=0)) / len(codes)
    slopes = np.linalg.solve(covariance, together)
    ways = np.linalg.solve(slopes.T @ covariance @ slopes, (covariance @ slopes).T)
    return ways.astype(np.float32)


def mixed(codes: Codes, *, seed: int) -> Codes:
    """Codes of no music: numbers of many codes in one, the spread of each kept."""
    dice = np.random.default_rng(seed)
    return np.stack([column[dice.permutation(len(column))] for column in codes.T], axis=1)


def _heard(codes: Codes, scale: NDArray[np.floating], prior: Prior, seed: int) -> tuple[Any, Codes]:
    """The attributes that codes decode to, of codes of tunes and as many of the prior, some moved about."""
    dice = np.random.default_rng(seed)
    space = Space(*prior, *(np.zeros(0, np.float32),) * 3, Mlp(()), Mlp(()))
    drawn = space.sample(len(codes), seed=seed)
    drawn = drawn + (dice.normal(size=drawn.shape) * 0.3 * scale).astype(np.float32)
    every = np.concatenate([codes, drawn])
    parts = np.array_split(every, -(-len(every) // _AT_ONCE))
    return np.concatenate([attribute_table(decode(part)) for part in parts]), every


def _regressor(inputs: Codes, values: Any, taught: NDArray[np.bool_], config: Config) -> Mlp:
    target = torch.from_numpy(values.astype(np.float32))

    def loss(net: nn.Module, rows: Tensor, x: Tensor) -> Tensor:
        return functional.smooth_l1_loss(net(x + 0.1 * torch.randn_like(x)), target[rows])

    return _taught(ATTRIBUTE_SIZES, inputs, np.flatnonzero(taught), loss, config)


def _critic(inputs: Codes, taught: NDArray[np.bool_], config: Config) -> Mlp:
    """Tells codes of tunes from mixed ones, and from codes with noise on them."""
    real = torch.from_numpy(inputs[taught])

    def loss(net: nn.Module, rows: Tensor, x: Tensor) -> Tensor:
        columns = real.gather(0, torch.randint(len(real), x.shape))
        noisy = x + torch.rand(len(x), 1) * 1.5 * torch.randn_like(x)
        fake = torch.cat([columns, noisy])
        yes, no = net(x), net(fake)
        return functional.softplus(-yes).mean() + functional.softplus(no).mean()

    return _taught(REALISM_SIZES, inputs, np.flatnonzero(taught), loss, config)


def _taught(sizes: tuple[int, ...], inputs: Codes, rows: NDArray[np.int64], loss: Any, config: Config) -> Mlp:
    torch.manual_seed(config.seed)
    layers: list[nn.Module] = []
    for size, after in pairwise(sizes):
        layers += [nn.Linear(size, after), nn.ReLU()]
    net = nn.Sequential(*layers[:-1])
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
    x = torch.from_numpy(np.ascontiguousarray(inputs, np.float32))
    for _ in range(config.steps):
        chosen = torch.from_numpy(rows)[torch.randint(len(rows), (128,))]
        value = loss(net, chosen, x[chosen])
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
    tables = [p.detach().numpy().copy() for p in net.parameters()]
    return Mlp(tuple(zip(tables[::2], tables[1::2], strict=True)))


def _nearest(codes: Codes, centres: NDArray[np.float64]) -> NDArray[np.int64]:
    away = (centres**2).sum(axis=1) - 2 * codes @ centres.T
    return np.asarray(away.argmin(axis=1), np.int64)


def _auc(yes: NDArray[np.float32], no: NDArray[np.float32]) -> float:
    ranks = np.argsort(np.argsort(np.concatenate([yes, no]))) + 1
    return float((ranks[: len(yes)].sum() - len(yes) * (len(yes) + 1) / 2) / (len(yes) * len(no)))
