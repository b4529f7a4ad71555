"""Teach PerfNet a grand piano: ``perfnet.onnx``, from notes to levels of a spectrogram.

    photoplayer train perfnet -- --midi GIANTMIDI --grand SALAMANDER

The corpus is a folder of solo piano MIDI named by composer (composers are split), the sound a folder of
samples (see :mod:`photoplayer.train.data.grand`). A quarter of an hour on one core.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from photoplayer.sound.neural.spectrogram import BINS, MODEL_RATE_HZ, levels, spectra
from photoplayer.sound.neural.strokes import KEYS, LOWEST, Strokes
from photoplayer.train.data.grand import Grand
from photoplayer.train.data.grand_pairs import GrandPair, crops, cut, pairs
from photoplayer.train.loop import Course, cosine, run, set_rate
from photoplayer.train.nets.perfnet import PerfNet
from photoplayer.train.ship import onnx_bytes, write_model

log = logging.getLogger(__name__)

INPUTS = ("keys", "velocities", "ages", "releases")
_CHECK_FRAMES = 256


@dataclass(frozen=True)
class Config:
    """What to learn from, for how long, and where it goes."""

    midi: Path
    """A folder of solo piano MIDI, named by composer."""
    grand: Path
    """A folder of samples of a grand piano."""
    work: Path = Path("perfnet")
    """Checkpoint and log."""
    out: Path = Path(str(resources.files("photoplayer.models")))
    steps: int = 3000
    stretches: int = 120
    checked: int = 10
    """Stretches of held-out composers that it is validated on."""
    crops: int = 3
    frames: int = 64
    rate: float = 4e-3
    seed: int = 1
    threads: int = 1
    data_said: str = (
        "Salamander Grand Piano V3 (Alexander Holm, CC BY 3.0) playing GiantMIDI-Piano (ByteDance, CC BY "
        "4.0), composers of the renders' training split, and keys struck at random."
    )


def train(config: Config) -> None:
    """Learn, measure and write model and card."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    grand = Grand(config.grand)
    known = pairs(grand, config.midi, "train", count=config.stretches, seed=config.seed)
    held_out = pairs(grand, config.midi, "validation", count=config.checked, seed=config.seed)
    net = PerfNet()
    begin_from_tones(net, grand)
    optimiser = torch.optim.Adam(net.parameters(), lr=config.rate)

    def step(number: int) -> Mapping[str, float | Tensor]:
        set_rate(optimiser, cosine(number, config.steps, rate=config.rate))
        dice = np.random.default_rng((config.seed, number))
        loss = torch.zeros(())
        for pair, first in crops(known, dice, count=config.crops, frames=config.frames):
            made, _ = net(*tensors(Strokes.of(pair.rows, first, config.frames)))
            loss = loss + off_by(made, torch.from_numpy(cut(pair, first, config.frames))) / config.crops
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        return {"loss": loss.item()}

    finished = run(
        config.work,
        Course(config.steps, check_every=500),
        parts={"net": net, "optimiser": optimiser},
        step=step,
        check=lambda: {"less_error": -mean_error(net, held_out)},
        keep=("net",),
        settings=f"{config.stretches} {config.crops} {config.frames} {config.rate} {config.seed}",
        name="perfnet",
    )
    net.load_state_dict(finished.best["net"])
    ship(net, config, -finished.figures["less_error"])


def begin_from_tones(net: PerfNet, grand: Grand) -> None:
    """The mean of every key's own tones, and the directions in which they differ most."""
    for key in range(KEYS):
        tones = [grand.play(np.array([[0.0, 3.0, key + LOWEST, v]]), 3.5) for v in (24, 48, 72, 96, 120)]
        seen = torch.from_numpy(np.concatenate([levels(spectra(tone)[::4]) for tone in tones]))
        mean = seen.mean(0)
        _, sizes, rows = torch.linalg.svd(seen - mean, full_matrices=False)
        count = net.directions.shape[1]
        spread = sizes[:count, None] / len(seen) ** 0.5
        with torch.no_grad():
            net.mean[key] = mean
            net.directions[key] = rows[:count] * spread


def tensors(strokes: Strokes) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What the network is given."""
    found = (strokes.keys, strokes.velocities, strokes.ages, strokes.releases)
    keys, velocities, ages, releases = map(torch.from_numpy, found)
    return keys, velocities, ages, releases


_HZ = torch.arange(BINS) * (MODEL_RATE_HZ / 2 / (BINS - 1))
_HEARD = (1 / (_HZ + 500)) / (1 / (_HZ + 500)).mean()
"""Bins as the ear weighs them: by their share of the mel scale."""
_ROOT_WEIGHT = 30.0


def off_by(made: Tensor, wanted: Tensor) -> Tensor:
    """How far levels are apart, nepers over the bins as heard, and so that loud bins count more, the
    difference of the roots of magnitude."""
    apart = (made - wanted).abs() / 2
    roots = ((made / 4).exp() - (wanted / 4).exp()).abs()
    return ((apart + _ROOT_WEIGHT * roots) * _HEARD).mean()


def mean_error(net: PerfNet, held_out: Sequence[GrandPair]) -> float:
    """:func:`off_by` over held-out stretches."""
    net.eval()
    found = []
    with torch.no_grad():
        for pair in held_out:
            for first in range(0, len(pair.levels) - _CHECK_FRAMES, 3 * _CHECK_FRAMES):
                made, _ = net(*tensors(Strokes.of(pair.rows, first, _CHECK_FRAMES)))
                found.append(off_by(made, torch.from_numpy(cut(pair, first, _CHECK_FRAMES))).item())
    net.train()
    return float(np.mean(found))


def ship(net: PerfNet, config: Config, error: float) -> None:
    """Write ``perfnet.onnx`` and its card."""
    notes, frames = torch.export.Dim("notes", min=1, max=4096), torch.export.Dim("frames", min=1, max=1 << 16)
    example = (
        torch.arange(3),
        torch.rand(3),
        torch.arange(5.0).repeat(3, 1),
        torch.arange(5.0).repeat(3, 1) - 9,
    )
    content = onnx_bytes(
        net,
        example,
        inputs=INPUTS,
        outputs=("levels", "owners"),
        dynamic={
            "keys": {0: notes},
            "velocities": {0: notes},
            "ages": {0: notes, 1: frames},
            "releases": {0: notes, 1: frames},
        },
    )
    card = {
        "name": "perfnet",
        "what": "Notes to the levels of a grand piano's spectrogram",
        "inputs": {
            "keys": "(notes,) int64, 0 is A0",
            "velocities": "(notes,) float32, 0..1",
            "ages": "(notes, frames) float32, frames of 256 samples at 22,050 Hz since the stroke",
            "releases": "(notes, frames) float32, since the damper fell",
        },
        "outputs": {
            "levels": f"(frames, {BINS}) float32, ln of power",
            "owners": f"(frames, {BINS}) int64, the strongest note in each bin",
        },
        "parameters": sum(p.numel() for p in net.parameters()),
        "made_by": "photoplayer train perfnet",
        "licence": "MIT (the weights; see data)",
        "data": config.data_said,
        "figures": {"error on held-out composers (see off_by)": round(error, 4)},
    }
    write_model(config.out, "perfnet", content, card)
