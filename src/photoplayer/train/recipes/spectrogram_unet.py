"""Teach the refinement of PerfNet's spectrogram: ``spectrogram_unet.onnx``.

    photoplayer train spectrogram-unet -- --midi GIANTMIDI --grand SALAMANDER

As in Audeo it learns on what PerfNet makes of transcribed rolls, and of the true ones beside, and is asked
for the grand's spectrogram of the true ones. What counts is what the piano is measured by: the distance in
mel bands and the spectral convergence, levels matched. Stretches are kept in the work folder, as making them
takes minutes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from photoplayer.models import open_model
from photoplayer.sound.neural.piano import NeuralPiano
from photoplayer.sound.neural.spectrogram import BINS
from photoplayer.sound.neural.strokes import KEYS, Rows, sounded
from photoplayer.train.data import grand_pairs
from photoplayer.train.data.grand import open_grand
from photoplayer.train.data.piano_renderer.music import Split
from photoplayer.train.data.scene_takes import save_array
from photoplayer.train.data.transcribed_rolls import transcribed
from photoplayer.train.device import half
from photoplayer.train.loop import Course, cosine, descend, run, set_rate
from photoplayer.train.nets.spectrogram_unet import SpectrogramUNet
from photoplayer.train.recipes.perfnet import Config as PerfNetConfig
from photoplayer.train.recipes.perfnet_error import matched, off_by
from photoplayer.train.ship import onnx_bytes, write_model

log = logging.getLogger(__name__)

_WAYS = ("true", "transcribed")
_PARTS = ("levels", "keys", "roll")
_STRENGTHS = (0.25, 0.5, 0.75, 1.0)
_CONVERGENCE_WEIGHT = 12.0
_DRAWN = {"train": 1, "validation": 1, "test": 1}
"""How often a stretch is transcribed, each time with other faults."""


@dataclass(frozen=True)
class Config:
    """What to learn from, for how long, and where it goes."""

    midi: Path
    """A folder of solo piano MIDI, named by composer."""
    grand: Path
    """A folder of samples of a grand piano, or a soundfont."""
    perfnet: Path | None = None
    """The PerfNet that was taught this grand (default: the shipped one)."""
    work: Path = Path("spectrogram_unet")
    """Stretches, checkpoint and log."""
    out: Path = Path("spectrogram_unet")
    """None is shipped yet, see docs/neural_piano.md."""
    steps: int = 4000
    stretches: int = 200
    checked: int = 6
    """Stretches of held-out composers that it is validated on."""
    crops: int = 2
    frames: int = 512
    rate: float = 3e-3
    true_share: float = 0.5
    """Of true rolls among those that it learns from."""
    seed: int = 2
    threads: int = 1
    data_said: str = PerfNetConfig.data_said


class Cut(NamedTuple):
    """A crop of :class:`Made`."""

    doubt: float
    levels: Tensor
    keys: Tensor
    roll: Tensor
    wanted: Tensor


@dataclass(frozen=True, eq=False)
class Made:
    """What PerfNet makes of one roll of a stretch: ``levels`` and the ``keys`` they are of, ``(T, BINS)``,
    and the ``roll (3, T, KEYS)``, against the grand's ``wanted``."""

    doubt: float
    levels: npt.NDArray[np.float16]
    keys: npt.NDArray[np.uint8]
    roll: npt.NDArray[np.float16]
    wanted: npt.NDArray[np.float16]

    def cut(self, first: int, frames: int) -> Cut:
        """A crop."""
        inside = slice(first, first + frames)
        levels, wanted, roll = (
            torch.from_numpy(part.astype(np.float32))
            for part in (self.levels[inside], self.wanted[inside], self.roll[:, inside])
        )
        keys = torch.from_numpy(self.keys[inside].astype(np.int64))
        return Cut(self.doubt, levels, keys, roll, wanted)


Way = Sequence[Made]


def train(config: Config) -> None:
    """Learn, measure and write model and card."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    net = SpectrogramUNet()
    known = made_of(config, "train", config.stretches)
    held_out = made_of(config, "validation", config.checked)
    optimiser = torch.optim.Adam(net.parameters(), lr=config.rate)

    def step(number: int) -> Mapping[str, float | Tensor]:
        set_rate(optimiser, cosine(number, config.steps, rate=config.rate))
        dice = np.random.default_rng((config.seed, number))
        cuts = list(_cuts(known, dice, config))
        loss = torch.zeros(())
        for refined, cut in zip(_refined(net, cuts), cuts, strict=True):
            mel_db, convergence = off_by(matched(refined, cut.wanted), cut.wanted)
            loss = loss + (mel_db + _CONVERGENCE_WEIGHT * convergence) / len(cuts)
        descend(loss, optimiser, clipped=net)
        return {"loss": loss.item()}

    before = _figures(None, held_out)

    def check() -> Mapping[str, float]:
        after = _figures(net, held_out)
        return {"less_error": -sum(after[name] / before[name] for name in after), **after}

    finished_run = run(
        config.work,
        Course(config.steps, check_every=200),
        parts={"net": net, "optimiser": optimiser},
        step=step,
        check=check,
        keep=("net",),
        settings=f"{(config.steps, config.stretches, config.crops, config.frames, config.rate, config.seed)}",
        name="spectrogram_unet",
    )
    net.load_state_dict(finished_run.best["net"])
    choose_strength(net, held_out)
    ship(net, config, before, _figures(net, held_out))


def made_of(config: Config, split: Split, count: int) -> tuple[Way, Way]:
    """What PerfNet makes of a split's stretches: of their true rolls, and of rolls with faults."""
    folder = config.work / f"{split}_{config.seed}"
    grand = open_grand(config.grand)
    piano = NeuralPiano(perfnet=open_model(config.perfnet) if config.perfnet else None)
    ways = ["true", *(f"transcribed{i}" for i in range(_DRAWN[split]))]
    for number, (rows, _) in enumerate(grand_pairs.rolls(config.midi, split, count=count, seed=config.seed)):
        if not _path(folder, "wanted", number).is_file():
            wanted = grand_pairs.heard(grand, rows)
            for draw, way in enumerate(ways):
                dice = np.random.default_rng((config.seed, number, draw))
                given = transcribed(rows, dice) if draw else rows
                for name, part in _of_perfnet(piano, given, len(wanted)).items():
                    save_array(_path(folder, f"{way}_{name}", number), part)
            save_array(_path(folder, "wanted", number), wanted)
    true, *poor = (
        [_made(folder, bool(doubt), way, n) for n in range(count)] for doubt, way in enumerate(ways)
    )
    return true, [one for way in poor for one in way]


def _made(folder: Path, doubt: bool, way: str, number: int) -> Made:
    levels, keys, roll = (_kept(folder, f"{way}_{name}", number) for name in _PARTS)
    return Made(float(doubt), levels, keys, roll, _kept(folder, "wanted", number))


def _path(folder: Path, name: str, number: int) -> Path:
    return folder / f"{name}_{number}.npy"


def _kept(folder: Path, name: str, number: int) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = np.load(_path(folder, name, number), mmap_mode="r", allow_pickle=False)
    return found


def _of_perfnet(piano: NeuralPiano, rows: Rows, frames: int) -> dict[str, npt.NDArray[Any]]:
    """What there is of a roll, by the names of ``_PARTS``."""
    parts = [
        (level, strokes.keys[owners], sounded(strokes))
        for level, owners, strokes, _ in piano.parts(rows, 0, frames)
    ]
    levels, keys, rolls = zip(*parts, strict=True)
    return {
        "levels": np.concatenate(levels).astype(np.float16),
        "keys": np.concatenate(keys).astype(np.uint8),
        "roll": np.concatenate(rolls, 1).astype(np.float16),
    }


def _cuts(known: tuple[Way, Way], dice: np.random.Generator, config: Config) -> Iterator[Cut]:
    for _ in range(config.crops):
        among = known[0] if dice.random() < config.true_share else known[1]
        one = among[int(dice.integers(len(among)))]
        yield one.cut(int(dice.integers(len(one.levels) - config.frames + 1)), config.frames)


def _refined(net: SpectrogramUNet, cuts: Sequence[Cut]) -> Tensor:
    doubts = torch.tensor([cut.doubt for cut in cuts])
    levels, keys, roll = (torch.stack([getattr(cut, name) for cut in cuts]) for name in _PARTS)
    with half(torch.device("cpu")):
        change = net.change(levels, keys, roll, doubts)
    return levels + change.float()


def choose_strength(net: SpectrogramUNet, held_out: tuple[Way, Way]) -> None:
    """How far to go the way that the network says, for either kind of rolls: where the worse of both errors
    falls most, on validation."""
    before, worst = _figures(None, held_out), {}
    for strength in _STRENGTHS:
        net.strength.fill_(strength)
        after = _figures(net, held_out)
        for name in _WAYS:
            worst[name, strength] = max(after[key] / before[key] for key in after if key.startswith(name))
    chosen = [min(_STRENGTHS, key=lambda strength: worst[name, strength]) for name in _WAYS]
    net.strength.copy_(torch.tensor(chosen))
    log.info("strengths %s", chosen)


def _figures(net: SpectrogramUNet | None, held_out: tuple[Way, Way]) -> dict[str, float]:
    """Both errors on both ways, refined by ``net`` where it is a U-Net."""
    found: dict[str, float] = {}
    with torch.no_grad():
        for name, way in zip(_WAYS, held_out, strict=True):
            errors = []
            for one in way:
                cut = one.cut(0, len(one.levels) // 4 * 4)
                levels = cut.levels if net is None else _refined(net, [cut])[0]
                errors.append([float(error) for error in off_by(matched(levels, cut.wanted), cut.wanted)])
            mel_db, convergence = np.mean(errors, 0)
            found |= {f"{name}, dB": float(mel_db), f"{name}, convergence": float(convergence)}
    return found


def ship(net: SpectrogramUNet, config: Config, before: dict[str, float], after: dict[str, float]) -> None:
    """Write ``spectrogram_unet.onnx`` and its card."""
    quarters = 4 * torch.export.Dim("quarters", min=1, max=1 << 14)
    content = onnx_bytes(
        net,
        (
            torch.zeros(16, BINS),
            torch.zeros(16, BINS, dtype=torch.int64),
            torch.zeros(3, 16, KEYS),
            torch.zeros(1),
        ),
        inputs=("levels", "keys", "roll", "doubt"),
        outputs=("refined",),
        dynamic={"levels": {0: quarters}, "keys": {0: quarters}, "roll": {1: quarters}, "doubt": {}},
    )
    card = {
        "name": "spectrogram_unet",
        "what": "Refines PerfNet's spectrogram of a true or a transcribed roll",
        "inputs": {
            "levels": f"(frames, {BINS}) float32, ln of power; frames are a multiple of 4",
            "keys": f"(frames, {BINS}) int64: the key whose note is the strongest in a bin",
            "roll": f"(3, frames, {KEYS}) float32: age, frames since the damper fell and velocity 0..1 of "
            "every key's last stroke",
            "doubt": "(1,) float32: 0 for notes as played, 1 for notes read off a video",
        },
        "outputs": {"refined": "levels, the same"},
        "parameters": sum(p.numel() for p in net.parameters()),
        "made_by": "photoplayer train spectrogram-unet",
        "licence": "MIT (the weights; see data)",
        "data": config.data_said,
        "figures": {
            f"held-out composers, {name}: before and after": [round(before[name], 4), round(after[name], 4)]
            for name in before
        },
    }
    write_model(config.out, "spectrogram_unet", content, card)
