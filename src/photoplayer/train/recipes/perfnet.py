"""Teach PerfNet a grand piano: ``perfnet.onnx``, from notes to levels of a spectrogram.

    photoplayer train perfnet -- --midi GIANTMIDI --grand SALAMANDER

The corpus is a folder of solo piano MIDI named by composer (composers are split), the sound a folder of
samples (see :mod:`photoplayer.train.data.grand`). It begins from the grand's single
tones, key by key, and goes on with performances. A quarter of an hour on one core.
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

from photoplayer.sound.neural.spectrogram import BINS, FLOOR
from photoplayer.sound.neural.strokes import Strokes
from photoplayer.train.data.grand import open_grand
from photoplayer.train.data.grand_pairs import GrandPair, Loudness, crops, cut, pairs
from photoplayer.train.halved import halved
from photoplayer.train.loop import Course, cosine, descend, run, set_rate
from photoplayer.train.nets.perfnet import PerfNet
from photoplayer.train.recipes.perfnet_error import by_bins, matched, off_by
from photoplayer.train.recipes.perfnet_tones import INPUTS, begin_from_tones, tensors, tone_crops
from photoplayer.train.ship import onnx_bytes, write_model

log = logging.getLogger(__name__)

_SETTINGS = ("stretches", "crops", "tones", "frames", "rate", "seed")
_CHECK_FRAMES = 256
_CONVERGENCE_WEIGHT = 6.0
"""Of spectral convergence against one dB of mel bands: about what both are when it is taught."""
_TONES_WEIGHT = 0.5
_OF_A_TONE = Loudness(loudest=-1.5, energy=3e-3)
"""Of a stroke of middle strength."""


@dataclass(frozen=True)
class Config:
    """What to learn from, for how long, and where it goes."""

    midi: Path
    """A folder of solo piano MIDI, named by composer."""
    grand: Path
    """A folder of samples of a grand piano, or a soundfont."""
    work: Path = Path("perfnet")
    """Checkpoint and log."""
    out: Path = Path(str(resources.files("photoplayer.models")))
    steps: int = 2000
    stretches: int = 100
    checked: int = 5
    """Stretches of held-out composers that it is validated on."""
    crops: int = 3
    tones: int = 8
    """Single strokes a step."""
    frames: int = 64
    rate: float = 1e-3
    seed: int = 1
    threads: int = 1
    name: str = "perfnet"
    """Of the model: ``perfnet`` or ``perfnet_PIANO``."""
    data_said: str = (
        "Salamander Grand Piano V3 (Alexander Holm, CC BY 3.0) playing GiantMIDI-Piano (ByteDance, CC BY "
        "4.0), composers of the renders' training split, and keys struck at random."
    )


def train(config: Config) -> None:
    """Learn, measure and write model and card."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    grand = open_grand(config.grand)
    known = pairs(grand, config.midi, "train", count=config.stretches, seed=config.seed)
    held_out = pairs(grand, config.midi, "validation", count=config.checked, seed=config.seed)
    net = PerfNet()
    if not (config.work / "perfnet.pt").is_file():
        begin_from_tones(net, grand)
    optimiser = torch.optim.Adam(net.parameters(), lr=config.rate, betas=(0.9, 0.99))

    def step(number: int) -> Mapping[str, float | Tensor]:
        set_rate(optimiser, cosine(number, config.steps, rate=config.rate))
        dice = np.random.default_rng((config.seed, number))
        strokes, wanted = tone_crops(grand, dice, count=config.tones, frames=config.frames // 4)
        tones = _off(net.tones(*tensors(strokes)), wanted, _OF_A_TONE)
        music = torch.zeros(())
        for pair, first in crops(known, dice, count=config.crops, frames=config.frames):
            made, _ = net(*tensors(Strokes.of(pair.rows, first, config.frames)))
            wanted = torch.from_numpy(cut(pair, first, config.frames))
            music = music + _off(made, wanted, pair.loudness) / config.crops
        descend(music + _TONES_WEIGHT * tones, optimiser, clipped=net)
        return {"music": music.item(), "tones": tones.item()}

    def check() -> Mapping[str, float]:
        mel_db, convergence = mean_error(net, held_out)
        error = mel_db + _CONVERGENCE_WEIGHT * convergence
        return {"less_error": -error, "mel_db": mel_db, "convergence": convergence}

    finished = run(
        config.work,
        Course(config.steps, check_every=200),
        parts={"net": net, "optimiser": optimiser},
        step=step,
        check=check,
        keep=("net",),
        settings=" ".join(str(getattr(config, name)) for name in _SETTINGS),
        name="perfnet",
    )
    net.load_state_dict(finished.best["net"])
    ship(net, config, finished.figures)


def _off(made: Tensor, wanted: Tensor, loudness: Loudness) -> Tensor:
    mel_db, convergence = off_by(made, wanted, loudness)
    return mel_db + _CONVERGENCE_WEIGHT * convergence + by_bins(made, wanted)


def mean_error(net: PerfNet, held_out: Sequence[GrandPair]) -> tuple[float, float]:
    """:func:`off_by` of held-out stretches, clipped as where it is played."""
    net.eval()
    found = []
    with torch.no_grad():
        for pair in held_out:
            firsts = range(0, len(pair.levels) // _CHECK_FRAMES * _CHECK_FRAMES, _CHECK_FRAMES)
            parts = [net.tones(*tensors(Strokes.of(pair.rows, at, _CHECK_FRAMES))) for at in firsts]
            made = torch.cat([part.exp().sum(0).clamp(min=FLOOR).log() for part in parts])
            wanted = torch.from_numpy(cut(pair, 0, len(made)))
            found.append([x.item() for x in off_by(matched(made, wanted), wanted)])
    net.train()
    mel_db, convergence = np.mean(found, 0)
    return float(mel_db), float(convergence)


def ship(net: PerfNet, config: Config, figures: Mapping[str, float]) -> None:
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
        "name": config.name,
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
        "figures": {
            "levels of held-out composers, before inversion": {
                "log-mel distance, dB": round(figures["mel_db"], 3),
                "spectral convergence": round(figures["convergence"], 4),
            }
        },
    }
    write_model(config.out, config.name, halved(content), card)
