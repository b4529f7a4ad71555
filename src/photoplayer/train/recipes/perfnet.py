"""Teach PerfNet a grand piano: ``perfnet.onnx``, from notes to levels of a spectrogram.

    photoplayer train perfnet -- --midi GIANTMIDI --grand SALAMANDER

The corpus is a folder of solo piano MIDI named by composer (composers are split), the sound a folder of
samples (see :mod:`photoplayer.train.data.grand`). A quarter of an hour on one core.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from photoplayer.sound.neural.spectrogram import (
    BINS,
    FLOOR,
    FRAMES_PER_S,
    HOP,
    MODEL_RATE_HZ,
    WINDOW,
    levels,
    spectra,
)
from photoplayer.sound.neural.strokes import AHEAD_FRAMES, KEYS, LOWEST, Rows, Strokes
from photoplayer.train.data.grand import Sampler, open_grand
from photoplayer.train.data.grand_pairs import MELS, GrandPair, Loudness, crops, cut, pairs
from photoplayer.train.halved import halved
from photoplayer.train.loop import Course, cosine, descend, run, set_rate
from photoplayer.train.nets.perfnet import DAMPED, PerfNet
from photoplayer.train.ship import onnx_bytes, write_model

log = logging.getLogger(__name__)

INPUTS = ("keys", "velocities", "ages", "releases")
_SETTINGS = ("stretches", "crops", "tones", "frames", "rate", "seed")
_CHECK_FRAMES = 256
_TONES_A_KEY, _BEFORE_S, _APART_FRAMES, _RIDGE = 24, 0.1, 2, 1e-5
_LONG_S = 6.0
_EARLY_FRAMES = 8.0
_FEWEST_BINS = 10
_NOT_FLOOR = -19.0
"""Levels over this are no silence."""
CONVERGENCE_WEIGHT = 6.0
"""Of spectral convergence against one dB of mel bands: about what both are when it is taught."""
_TONES_WEIGHT = 0.5
_OF_A_TONE = Loudness(loudest=-1.5, energy=3e-3)
"""Of a stroke of middle strength."""
_DEEP_DB = 60.0
NEPER_DB = 8.6859
_HZ = torch.arange(BINS) * (MODEL_RATE_HZ / 2 / (BINS - 1))
_HEARD = (1 / (_HZ + 500)) / (1 / (_HZ + 500)).mean()
"""Bins as the ear weighs them: by their share of the mel scale."""


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
        error = mel_db + CONVERGENCE_WEIGHT * convergence
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
    return mel_db + CONVERGENCE_WEIGHT * convergence + by_bins(made, wanted)


def begin_from_tones(
    net: PerfNet, grand: Sampler, *, seed: int = 0, keys: Iterable[int] = range(KEYS)
) -> None:
    """The mean of every key's own tones, the directions in which they differ most, and the weights that the
    notes' features explain: first of strings that ring, then how they fall when they are damped."""
    for key in keys:
        dice = np.random.default_rng((seed, key))
        rows = [tone_row(key, v, dice, longest_s=1.5) for v in np.linspace(10, 120, _TONES_A_KEY // 2)]
        rows += [tone_row(key, v, dice, length_s=_LONG_S) for v in np.linspace(8, 127, _TONES_A_KEY)]
        tones = [levels(spectra(grand.play(row, row[0, 1] + 0.7))) for row in rows]
        strokes = [Strokes.of(row, 0, len(tone)) for row, tone in zip(rows, tones, strict=True)]
        with torch.no_grad():
            told = torch.cat([_features(net, one)[0] for one in strokes])
            found = (torch.from_numpy(np.concatenate(tones)), *(_along(strokes, name) for name in INPUTS[2:]))
            _begin(net, key, *(part[::_APART_FRAMES] for part in (told, *found)))


def _along(strokes: Sequence[Strokes], name: str) -> Tensor:
    return torch.from_numpy(np.concatenate([getattr(one, name)[0] for one in strokes]))


def _begin(net: PerfNet, key: int, told: Tensor, seen: Tensor, ages: Tensor, releases: Tensor) -> None:
    """Set a key's part of the network; ``told`` features and ``seen`` levels of ``(frames,)``."""
    ringing = (ages > 1 - AHEAD_FRAMES) & (releases < -AHEAD_FRAMES)
    free, damped = told[ringing, :-DAMPED], told[:, -DAMPED:]
    early = 1 / (1 + ages[ringing, None].clamp(min=0) / _EARLY_FRAMES).sqrt()  # when it is loud
    mean = seen[ringing].mean(0)
    away = seen - mean
    _, _, ways = torch.linalg.svd(early * away[ringing] * _HEARD.sqrt(), full_matrices=False)
    ways = ways[: net.directions.shape[1]]
    wanted = away[ringing] * _HEARD.sqrt() @ ways.T
    spread = wanted.std(0) + 1e-3
    net.mean[key], net.directions[key] = mean, ways * spread[:, None] / _HEARD.sqrt()
    net.weights[key, : free.shape[1], :-1] = _fitted(early * free, early * wanted / spread)
    made = told[:, :-DAMPED] @ net.weights[key, : free.shape[1], :-1] @ net.directions[key]
    audible = (mean + made > _NOT_FLOOR) & (releases > -AHEAD_FRAMES)[:, None]
    falls = ((away - made) * audible).sum(1) / audible.sum(1).clamp(min=1)
    known = audible.sum(1) > _FEWEST_BINS
    net.weights[key, free.shape[1] : told.shape[1], -1:] = _fitted(damped[known], falls[known, None], 1e-2)


def _fitted(told: Tensor, wanted: Tensor, ridge: float = _RIDGE) -> Tensor:
    """Weights with which ``told`` explains ``wanted`` (ridge regression)."""
    told, wanted = told.double(), wanted.double()
    square = told.T @ told + ridge * max(len(told), 1) * torch.eye(told.shape[1], dtype=torch.float64)
    return torch.linalg.solve(square, told.T @ wanted).float()


def tone_row(
    key: int,
    velocity: float,
    dice: np.random.Generator,
    *,
    length_s: float | None = None,
    longest_s: float = _LONG_S,
) -> Rows:
    """One stroke, held for any time up to the longest, or for ``length_s``."""
    length_s = length_s or float(np.exp(dice.uniform(np.log(0.1), np.log(longest_s))))
    return np.array([[_BEFORE_S, _BEFORE_S + length_s, key + LOWEST, velocity]])


def _features(net: PerfNet, strokes: Strokes) -> Tensor:
    _, *known = tensors(strokes)
    return net.features(*known)


def tensors(strokes: Strokes) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What the network is given."""
    found = (strokes.keys, strokes.velocities, strokes.ages, strokes.releases)
    keys, velocities, ages, releases = map(torch.from_numpy, found)
    return keys, velocities, ages, releases


def tone_crops(
    grand: Sampler, dice: np.random.Generator, *, count: int, frames: int
) -> tuple[Strokes, Tensor]:
    """Single strokes of any key, each from its own moment on: what is known, and levels ``(count, frames,
    BINS)``."""
    parts, wanted = [], []
    for _ in range(count):
        row = tone_row(int(dice.integers(KEYS)), float(dice.integers(8, 128)), dice)
        first = int(dice.choice([0, dice.integers(0, round(row[0, 1] * FRAMES_PER_S) + 1)]))
        before = max(first - WINDOW // HOP, 0)
        sound = grand.play(row, (first + frames) / FRAMES_PER_S + 0.1)[before * HOP :]
        wanted.append(levels(spectra(sound))[first - before :][:frames])
        parts.append(Strokes.of(row, first, frames))
    found = Strokes(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in (*INPUTS, "onsets_s"))
    )
    return found, torch.from_numpy(np.stack(wanted))


def off_by(made: Tensor, wanted: Tensor, loudness: Loudness | None = None) -> tuple[Tensor, Tensor]:
    """What the piano is measured by, of levels ``(..., T, BINS)`` that are equally loud: dB over mel bands
    within 60 dB of the loudest, and spectral convergence. ``loudness`` is that of the whole that ``wanted``
    is a crop of: of a silent crop little is asked."""
    one, other = (made / 2).exp(), (wanted / 2).exp()
    bands, bands_wanted = ((x @ MELS).log() for x in (one, other))
    apart, whole = (x.square().sum((-2, -1)) for x in (one - other, other))
    if loudness is None:
        loudest = bands_wanted.amax((-2, -1), keepdim=True)
    else:
        loudest = torch.tensor(loudness.loudest)
        whole = (whole + loudness.energy * made.shape[-2]) / 2
    floor = loudest - _DEEP_DB / NEPER_DB
    mel_db = NEPER_DB * (torch.maximum(bands, floor) - torch.maximum(bands_wanted, floor)).abs()
    return mel_db.mean(), (apart / whole + 1e-9).sqrt().mean()


def matched(made: Tensor, wanted: Tensor) -> Tensor:
    """``made`` as loud as ``wanted``."""
    return made + (wanted.exp().sum() / made.exp().sum()).log()


def by_bins(made: Tensor, wanted: Tensor) -> Tensor:
    """Nepers over the bins as heard: what mel bands do not tell."""
    return ((made - wanted).abs() / 2 * _HEARD).mean()


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
