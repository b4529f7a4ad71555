"""Teach pictures to ask for trios: ours, that sees a clip, and the source's, that sees a frame.

    photoplayer train trio-frame -- --pairs PAIRS --out RUN

Ours reads what the Watcher's eye sees, which knows many games; a committee of small networks is taught the
attributes that the game's true state asks for (by the rules of :mod:`photoplayer.compose.trio.targets`) and,
with less weight, the codes of the music beside the clip. Games drawn by chance (``data/arcade``) are
taught besides. It ships as ``trio-see`` and ``trio-frame``. ``--net frame`` teaches ``FrameVAE`` instead, by
the divergence and by the cross-entropy of what the frozen decoder makes of a draw, to be compared
(``benchmarks/trio_video.py``). Steps and width were chosen on games of validation that are not taught.
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
from photoplayer.compose.trio.eyes import MOMENTS, see
from photoplayer.music.trio_attributes import ATTRIBUTES
from photoplayer.scene.watcher import EYE, SEEN
from photoplayer.train.data.pairs import read_pairs
from photoplayer.train.data.trio_pairs import TrioPairs, arcade_windows, trio_pairs
from photoplayer.train.half import halved
from photoplayer.train.loop import Course, Losses, cosine, run, set_rate
from photoplayer.train.nets.frame_vae import Committee, FrameVAE, SeenNet, summed_up
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

VIEWS = 3
"""Looks at every window: as it is, and changed."""

_CODE_WEIGHT = 0.2
_ARCADE_WEIGHT = 4.0
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
    steps: int = 300
    batch: int = 64
    rate: float = 2e-3
    members: int = 5
    """Networks of ours whose answers are averaged."""
    arcades: int = 150
    """Games drawn by chance that ours is taught on besides."""
    seed: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where the pairs are missing."""
    torch.set_num_threads(1)
    if config.net == "clip":
        take_eye(config.models)
        net, figures = teach_clips(config)
        ship(net, config.models, figures)
    else:
        teach_frames(config)


def teach_clips(config: Config) -> tuple[Committee, dict[str, float]]:
    """Ours; figures are correlations with what was asked for over the games of validation, by attribute."""
    taught, held = _lessons(config), trio_pairs(read_pairs(config.pairs, "val"))
    net = Committee(
        [_member(taught, config, seed) for seed in range(config.seed, config.seed + config.members)]
    )
    known = {pair.game for pair in read_pairs(config.pairs, "train")}
    figures: dict[str, float] = {}
    for name, inside in (("games not taught", False), ("levels not taught", True)):
        rows = np.array([i for i, game in enumerate(held.games) if (game in known) == inside])
        if len(rows) > 1:
            found = correlations(asked_by(net, see(held.pictures[rows])), held.asked[rows])
            figures |= {f"{name}, {key}": round(value, 3) for key, value in found.items()}
    return net.eval(), figures


@dataclass(frozen=True, eq=False)
class Lessons:
    """What the eye saw of windows, in several ``views (views, n, 16, 64)`` of each; what is ``asked (n, 5)``;
    ``codes (n, 512)`` of the music beside, rows of ``has_code (n,)`` alone; how often each is drawn."""

    views: Array
    asked: Array
    codes: Array
    has_code: NDArray[np.bool_]
    often: Array


def _lessons(config: Config) -> Lessons:
    """The pairs, and games drawn by chance, which have no music."""
    pairs = trio_pairs(read_pairs(config.pairs, "train"))
    pictures, asked = arcade_windows(config.arcades, seed=config.seed)
    dice = np.random.default_rng(config.seed)
    views = [
        np.concatenate([_seen(pairs.pictures, dice, view), _seen(pictures, dice, view)])
        for view in range(VIEWS)
    ]
    games = [*pairs.games, *["arcade"] * len(asked)]
    often = np.array([float(games.count(game)) ** -0.5 for game in games])
    often[len(pairs) :] *= _ARCADE_WEIGHT
    return Lessons(
        np.stack(views),
        np.concatenate([pairs.asked, asked]),
        np.concatenate([pairs.codes, np.zeros((len(asked), pairs.codes.shape[1]), np.float32)]),
        np.arange(len(games)) < len(pairs),
        often / often.sum(),
    )


def _seen(pictures: Array, dice: np.random.Generator, view: int) -> Array:
    """What the eye sees of windows, as they are or, in later views, changed."""
    parts = (pictures[i : i + 16] for i in range(0, len(pictures), 16))
    return np.concatenate([see(changed(part, dice) if view else part) for part in parts])


def _member(taught: Lessons, config: Config, seed: int) -> SeenNet:
    torch.manual_seed(seed)
    views = torch.from_numpy(taught.views)
    plain = summed_up(views[0])
    net = SeenNet(plain.mean(dim=0), plain.std(dim=0) + 1e-3)
    optimiser = torch.optim.AdamW(net.parameters(), lr=config.rate, weight_decay=0.5)
    asked, codes = torch.from_numpy(taught.asked), torch.from_numpy(taught.codes)
    has_code = torch.from_numpy(taught.has_code)
    scale = codes[has_code].std(dim=0) + 1e-3

    def step(number: int) -> Losses:
        torch.manual_seed(seed * 1_000_003 + number)
        dice = np.random.default_rng((seed, number))
        rows = torch.from_numpy(dice.choice(len(asked), config.batch, p=taught.often))
        said, code = net.train()(views[int(dice.integers(VIEWS))][rows])
        first = functional.mse_loss(said, asked[rows])
        away = ((code - codes[rows]) / scale)[has_code[rows]]
        second = away.square().mean() if len(away) else first.new_zeros(())
        set_rate(optimiser, cosine(number, config.steps, rate=config.rate))
        optimiser.zero_grad()
        (first + _CODE_WEIGHT * second).backward()
        optimiser.step()
        return {"attributes": first.detach(), "code": second.detach()}

    run(
        config.out,
        Course(config.steps),
        parts={"net": net, "optimiser": optimiser},
        step=step,
        settings=json.dumps([config.steps, config.batch, config.rate, seed, len(asked)]),
        name=f"seen_{seed}",
    )
    net.eval()
    return net


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
        pictures = torch.from_numpy(taught.pictures[rows, dice.integers(0, MOMENTS), 1])
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
    """Clips ``(n, …, 60, 80, 3)`` mirrored, tinted, lighter or darker, each as a whole: the
    same scenes in other places."""
    found = pictures.astype(np.float32)
    for clip in range(len(found)):
        if dice.random() < 0.5:
            found[clip] = found[clip][..., ::-1, :]
        if dice.random() < 0.3:
            found[clip] = found[clip][..., dice.permutation(3)]
        found[clip] = (found[clip] - 127.5) * dice.uniform(0.8, 1.2) + 127.5 + dice.normal() * 12
    return np.clip(found, 0, 255).astype(np.uint8)


def asked_by(net: Committee, seen: Array) -> Array:
    """The attributes that the network asks for, ``(n, 5)``."""
    with torch.inference_mode():
        found: Array = net.eval()(torch.from_numpy(seen))[0].numpy()
    return found


def correlations(said: Array, asked: Array) -> dict[str, float]:
    """Of each attribute, over clips."""
    return {name: float(np.corrcoef(said[:, i], asked[:, i])[0, 1]) for i, name in enumerate(ATTRIBUTES)}


def ship(net: Committee, folder: Path, figures: Mapping[str, float]) -> None:
    """``trio-frame.onnx``, and ``trio-see.onnx``: the Watcher's eye as it was when this was taught on it."""
    example = torch.zeros(2, MOMENTS, SEEN)
    content = onnx_bytes(
        net,
        (example,),
        inputs=["seen"],
        outputs=["attributes", "code"],
        dynamic={"seen": {0: Dim("clips", min=1)}},
    )
    card = {
        "what": "what the eye saw of 16 moments of 16 s to attributes of a trio (in standard deviations) "
        "and its 16-bar code",
        "input": {"name": "seen", "shape": ["clips", MOMENTS, SEEN], "unit": "trio-see's output"},
        "parameters": sum(p.numel() for p in net.parameters()),
        "figures": {"validation, correlation with what the state asks for": dict(figures)},
    }
    write_model(folder, "trio-frame", halved(content), card)


def take_eye(folder: Path) -> None:
    """Make the Watcher's eye that ships ``trio-see``: a later one would say other things of a picture."""
    content = (folder / f"{EYE}.onnx").read_bytes()
    words = json.loads((folder / f"{EYE}.json").read_text(encoding="utf-8"))
    given = {**words["input"], "unit": "8-bit RGB, here 3 a second"}
    card = {**words, "name": "trio-see", "input": given, "made_by": f"a copy of {EYE}"}
    write_model(folder, "trio-see", content, card)


def _tensors(pairs: TrioPairs, rows: Array) -> Trios:
    chosen = [pairs.trios[i] for i in rows]
    melody, bass, drums = (
        torch.from_numpy(np.stack([getattr(trio, name) for trio in chosen]).astype(np.int64))
        for name in ("melody", "bass", "drums")
    )
    return melody, bass, drum_bits(drums)
