"""Teach pictures to ask for trios: ours, that sees a clip, and the source's, that sees a frame.

    photoplayer train trio-frame -- --pairs PAIRS --out RUN

``ClipNet`` is taught the attributes that the game's true state asks for (by the rules of
:mod:`photoplayer.compose.trio.targets`) and, with less weight, the codes of the music beside the clip; it
ships as ``trio-frame``. ``--net frame`` teaches ``FrameVAE`` instead, by the divergence and by the
cross-entropy of what the frozen decoder makes of a draw, to be compared
(``benchmarks/trio_video.py``). Validation is on games that are not taught.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch.export import Dim
from torch.nn import functional

from photoplayer.compose.trio.codec import PHRASE_BARS
from photoplayer.compose.trio.eyes import GLANCES
from photoplayer.music.trio_attributes import ATTRIBUTES
from photoplayer.train.data.pairs import read_pairs
from photoplayer.train.data.trio_pairs import TrioPairs, trio_pairs
from photoplayer.train.half import halved
from photoplayer.train.loop import Course, Losses, cosine, run, set_rate
from photoplayer.train.nets.frame_vae import ClipNet, FrameVAE
from photoplayer.train.nets.trio_vae import (
    PhraseVAE,
    Sizes,
    Trios,
    WindowVAE,
    divergence,
    drum_bits,
    line_losses,
)
from photoplayer.train.recipes.music_vae import as_phrases
from photoplayer.train.recipes.trio_export import read_shipped
from photoplayer.train.ship import onnx_bytes, write_model

log = logging.getLogger(__name__)

Array = NDArray[Any]

_CODE_WEIGHT = 0.2
_FRAME_BETA = 0.01


@dataclass(frozen=True)
class Config:
    """What the network is taught with."""

    pairs: Path
    """Folder of pairs of clips and music, from `photoplayer data pair`."""
    out: Path
    """Folder for the checkpoint and the log."""
    models: Path = Path(__file__).parents[2] / "models"
    """Folder for trio-frame.onnx and its card."""
    net: Literal["clip", "frame"] = "clip"
    """Ours, or the source's."""
    run: Path | None = None
    """Folder of a run of music-vae, whose decoder judges what the source's network asks for; without one,
    the decoder that ships."""
    steps: int = 700
    batch: int = 24
    rate: float = 1.5e-3
    seed: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where the pairs are missing."""
    torch.set_num_threads(1)
    if config.net == "clip":
        net, figures = teach_clips(config)
        ship(net, config.models, figures)
    else:
        teach_frames(config)


def teach_clips(config: Config) -> tuple[ClipNet, dict[str, float]]:
    """Ours, at its best validation; figures are correlations with what was asked for, by attribute."""
    taught, held = (trio_pairs(read_pairs(config.pairs, split)) for split in ("train", "val"))
    scale = torch.from_numpy(taught.codes.std(axis=0) + 1e-3)
    torch.manual_seed(config.seed)
    net = ClipNet()
    optimiser = torch.optim.AdamW(net.parameters(), lr=config.rate, weight_decay=0.05)
    asked, codes = torch.from_numpy(taught.asked), torch.from_numpy(taught.codes) / scale
    evenly = _by_game(taught)

    def step(number: int) -> Losses:
        torch.manual_seed(config.seed * 1_000_003 + number)
        dice = np.random.default_rng((config.seed, number))
        rows = dice.choice(len(taught), config.batch, p=evenly)
        pictures = torch.from_numpy(changed(taught.pictures[rows], dice))
        said, code = net.train()(pictures)
        first = functional.mse_loss(said, asked[rows])
        second = functional.mse_loss(code / scale, codes[rows])
        set_rate(optimiser, cosine(number, config.steps, rate=config.rate))
        optimiser.zero_grad()
        (first + _CODE_WEIGHT * second).backward()
        optimiser.step()
        return {"attributes": first.detach(), "code": second.detach()}

    def check() -> Mapping[str, float]:
        found = correlations(asked_by(net, held.pictures), held.asked)
        return {"mean": float(np.mean(list(found.values()))), **found}

    done = run(
        config.out,
        Course(config.steps, check_every=100),
        parts={"net": net, "optimiser": optimiser},
        step=step,
        check=check,
        keep=("net",),
        settings=json.dumps([config.steps, config.batch, config.rate, config.seed, len(taught)]),
        name="clip",
    )
    net.load_state_dict(done.best["net"])
    return net.eval(), done.figures


def teach_frames(config: Config) -> FrameVAE:
    """The source's, to the last step."""
    phrase, window = read_run(config.run) if config.run else read_shipped(config.models)
    taught = trio_pairs(read_pairs(config.pairs, "train"))
    torch.manual_seed(config.seed)
    net = FrameVAE()
    optimiser = torch.optim.Adam(net.parameters(), lr=5e-4)

    def step(number: int) -> Losses:
        torch.manual_seed(config.seed * 1_000_003 + number)
        dice = np.random.default_rng((config.seed, number))
        rows = dice.integers(0, len(taught), config.batch)
        pictures = torch.from_numpy(taught.pictures[rows, dice.integers(0, GLANCES)])
        mean, spread = net.train()(pictures)
        made = window.conduct(mean + spread * torch.randn_like(spread)).flatten(0, 1)
        truth = _tensors(taught, rows)
        losses = line_losses(phrase.logits(made, as_phrases(truth)), truth)
        kl = divergence(mean, spread)
        loss = sum(losses, torch.zeros(())) + _FRAME_BETA * kl / (4 * PHRASE_BARS)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return {"lines": sum(losses, torch.zeros(())).detach(), "kl": kl.detach()}

    run(
        config.out,
        Course(config.steps),
        parts={"net": net, "optimiser": optimiser},
        step=step,
        keep=("net",),
        settings=json.dumps([config.steps, config.batch, config.seed, len(taught)]),
        name="frame",
    )
    torch.save(net.state_dict(), config.out / "frame_net.pt")
    net.eval()
    return net


def read_run(folder: Path, sizes: Sizes | None = None) -> tuple[PhraseVAE, WindowVAE]:
    """The two frozen networks of a run of music-vae."""
    phrase, window = PhraseVAE(sizes or Sizes()), WindowVAE(sizes or Sizes())
    phrase.load_state_dict(torch.load(folder / "phrase_best.pt", weights_only=True))
    window.load_state_dict(torch.load(folder / "window_best.pt", weights_only=True))
    phrase.eval().requires_grad_(False)
    window.eval().requires_grad_(False)
    return phrase, window


def changed(pictures: Array, dice: np.random.Generator) -> Array:
    """Clips mirrored, tinted, lighter or darker, each as a whole: other places, the same scenes."""
    found = pictures.astype(np.float32)
    for clip in range(len(found)):
        if dice.random() < 0.5:
            found[clip] = found[clip, :, :, ::-1]
        if dice.random() < 0.3:
            found[clip] = found[clip][..., dice.permutation(3)]
        found[clip] = (found[clip] - 127.5) * dice.uniform(0.8, 1.2) + 127.5 + dice.normal() * 12
    return np.clip(found, 0, 255).astype(np.uint8)


def asked_by(net: ClipNet, pictures: Array) -> Array:
    """The attributes that the network asks for, ``(n, 5)``."""
    with torch.inference_mode():
        parts = [net.eval()(torch.from_numpy(pictures[i : i + 32]))[0] for i in range(0, len(pictures), 32)]
    found: Array = torch.cat(parts).numpy()
    return found


def correlations(said: Array, asked: Array) -> dict[str, float]:
    """Of each attribute, over clips."""
    return {name: float(np.corrcoef(said[:, i], asked[:, i])[0, 1]) for i, name in enumerate(ATTRIBUTES)}


def ship(net: ClipNet, folder: Path, figures: Mapping[str, float]) -> None:
    """``trio-frame.onnx`` and its card."""
    example = torch.zeros(2, GLANCES, 60, 80, 3, dtype=torch.uint8)
    content = onnx_bytes(
        net,
        (example,),
        inputs=["pictures"],
        outputs=["attributes", "code"],
        dynamic={"pictures": {0: Dim("clips", min=1)}},
    )
    card = {
        "what": "16 pictures of 16 s to attributes of a trio (standard deviations) and its 16-bar code",
        "parameters": sum(p.numel() for p in net.parameters()),
        "figures": {"validation, correlation with what the state asks for": dict(figures)},
    }
    write_model(folder, "trio-frame", halved(content), card)


def _by_game(pairs: TrioPairs) -> Array:
    """A probability for every pair by which games count by the root of their pairs."""
    counts = {game: pairs.games.count(game) for game in set(pairs.games)}
    weights = np.array([float(counts[game]) ** -0.5 for game in pairs.games])
    return np.asarray(weights / weights.sum(), np.float64)


def _tensors(pairs: TrioPairs, rows: Array) -> Trios:
    chosen = [pairs.trios[i] for i in rows]
    melody, bass, drums = (
        torch.from_numpy(np.stack([getattr(trio, name) for trio in chosen]).astype(np.int64))
        for name in ("melody", "bass", "drums")
    )
    return melody, bass, drum_bits(drums)
