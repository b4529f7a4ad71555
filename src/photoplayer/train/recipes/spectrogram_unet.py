"""Teach the refinement of PerfNet's spectrogram: ``spectrogram_unet.onnx``.

    photoplayer train spectrogram-unet -- --midi GIANTMIDI --grand SALAMANDER

As in Audeo it learns on what PerfNet makes of transcribed rolls, here every second time (else of the true
ones), and is asked for the grand's spectrogram of the true ones. A quarter of an hour on one core.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from photoplayer.sound.neural.piano import NeuralPiano
from photoplayer.sound.neural.spectrogram import BINS
from photoplayer.sound.neural.strokes import Rows
from photoplayer.train.data.grand import Grand
from photoplayer.train.data.grand_pairs import GrandPair, cut, pairs
from photoplayer.train.data.transcribed_rolls import transcribed
from photoplayer.train.loop import Course, cosine, run, set_rate
from photoplayer.train.nets.spectrogram_unet import SpectrogramUNet
from photoplayer.train.recipes.perfnet import Config as PerfNetConfig
from photoplayer.train.recipes.perfnet import off_by
from photoplayer.train.ship import onnx_bytes, write_model

log = logging.getLogger(__name__)

_WAYS = ("true", "transcribed")
Half = npt.NDArray[np.float16]


@dataclass(frozen=True)
class Config:
    """What to learn from, for how long, and where it goes."""

    midi: Path
    """A folder of solo piano MIDI, named by composer."""
    grand: Path
    """A folder of samples of a grand piano."""
    work: Path = Path("spectrogram_unet")
    """Checkpoint and log."""
    out: Path = Path("spectrogram_unet")
    """None is shipped: taught for minutes it changes nothing that one could hear."""
    steps: int = 450
    stretches: int = 30
    checked: int = 8
    """Stretches of held-out composers that it is validated on."""
    crops: int = 2
    frames: int = 96
    rate: float = 3e-3
    seed: int = 2
    threads: int = 1
    data_said: str = PerfNetConfig.data_said


@dataclass(frozen=True, eq=False)
class Made:
    """What PerfNet makes of a stretch, of its true roll and of a transcribed one."""

    pair: GrandPair
    levels: tuple[Half, Half]


def train(config: Config) -> None:
    """Learn, measure and write model and card."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    grand, piano = Grand(config.grand), NeuralPiano()
    known = made_of(piano, pairs(grand, config.midi, "train", count=config.stretches, seed=config.seed))
    held_out = made_of(piano, pairs(grand, config.midi, "validation", count=config.checked, seed=config.seed))
    net = SpectrogramUNet()
    optimiser = torch.optim.Adam(net.parameters(), lr=config.rate)

    def step(number: int) -> Mapping[str, float | Tensor]:
        set_rate(optimiser, cosine(number, config.steps, rate=config.rate))
        dice = np.random.default_rng((config.seed, number))
        loss = torch.zeros(())
        for _ in range(config.crops):
            one, way = known[int(dice.integers(len(known)))], int(dice.integers(len(_WAYS)))
            first = int(dice.integers(len(one.pair.levels) - config.frames))
            loss = loss + _error(net, one, way, first, config.frames) / config.crops
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        return {"loss": loss.item()}

    def check() -> Mapping[str, float]:
        errors = {name: mean_error(net, held_out, way) for way, name in enumerate(_WAYS)}
        return {"less_error": -sum(errors.values()), **errors}

    finished = run(
        config.work,
        Course(config.steps, check_every=150),
        parts={"net": net, "optimiser": optimiser},
        step=step,
        check=check,
        keep=("net",),
        settings=f"{config.stretches} {config.crops} {config.frames} {config.rate} {config.seed}",
        name="spectrogram_unet",
    )
    net.load_state_dict(finished.best["net"])
    before = {name: mean_error(nn.Identity(), held_out, way) for way, name in enumerate(_WAYS)}
    ship(net, config, before, {name: finished.figures[name] for name in _WAYS})


def made_of(piano: NeuralPiano, among: Sequence[GrandPair]) -> list[Made]:
    """What PerfNet makes of stretches; each has faults of its own."""

    def levels(rows: Rows, frames: int) -> Half:
        return piano.levels(rows, 0, frames)[0].astype(np.float16)

    made = []
    for number, pair in enumerate(among):
        poor = transcribed(pair.rows, np.random.default_rng(number))
        made.append(Made(pair, (levels(pair.rows, len(pair.levels)), levels(poor, len(pair.levels)))))
    return made


def mean_error(net: nn.Module, held_out: Sequence[Made], way: int, *, frames: int = 256) -> float:
    """The error of what is refined, over held-out stretches."""
    net.eval()
    with torch.no_grad():
        found = [
            _error(net, one, way, first, frames).item()
            for one in held_out
            for first in range(0, len(one.pair.levels) - frames, 2 * frames)
        ]
    net.train()
    return float(np.mean(found))


def _error(net: nn.Module, one: Made, way: int, first: int, frames: int) -> Tensor:
    given = torch.from_numpy(one.levels[way][first : first + frames].astype(np.float32))
    return off_by(net(given), torch.from_numpy(cut(one.pair, first, frames)))


def ship(net: SpectrogramUNet, config: Config, before: dict[str, float], after: dict[str, float]) -> None:
    """Write ``spectrogram_unet.onnx`` and its card."""
    content = onnx_bytes(
        net,
        (torch.zeros(16, BINS),),
        inputs=("levels",),
        outputs=("refined",),
        dynamic={"levels": {0: 4 * torch.export.Dim("quarters", min=1, max=1 << 14)}},
    )
    card = {
        "name": "spectrogram_unet",
        "what": "Refines PerfNet's spectrogram of a true or a transcribed roll",
        "inputs": {"levels": f"(frames, {BINS}) float32, ln of power; frames are a multiple of 4"},
        "outputs": {"refined": "the same"},
        "parameters": sum(p.numel() for p in net.parameters()),
        "made_by": "photoplayer train spectrogram-unet",
        "licence": "MIT (the weights; see data)",
        "data": config.data_said,
        "figures": {
            f"error on held-out composers, {name} rolls, before and after": [
                round(before[name], 4),
                round(after[name], 4),
            ]
            for name in _WAYS
        },
    }
    write_model(config.out, "spectrogram_unet", content, card)
