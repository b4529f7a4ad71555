"""Teach the refinement of PerfNet's spectrogram: ``spectrogram_unet.onnx``.

    photoplayer train spectrogram-unet -- --midi GIANTMIDI --grand SALAMANDER

As in Audeo it learns on what PerfNet makes of transcribed rolls, and of the true ones beside, and is asked
for the grand's sound of the true ones. What counts is what the piano is measured by: the distance in mel
bands and the spectral convergence, levels matched, and of the sound after its inversion, which loses a third
of the power where levels are low and phases do not agree. Inverting at every step would take hours: each
stretch is inverted once, and what the network adds is taken to be heard as it is added. Stretches are kept in
the work folder, as making them takes as long as learning: twice ten minutes of one core.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from photoplayer.files import finished
from photoplayer.sound.neural.piano import NeuralPiano, played
from photoplayer.sound.neural.spectrogram import BINS, FLOOR, FRAMES_PER_S, HOP, Mono
from photoplayer.sound.neural.strokes import Rows, owned
from photoplayer.train.data import grand_pairs
from photoplayer.train.data.grand import Grand
from photoplayer.train.data.piano_renderer.music import Split
from photoplayer.train.data.transcribed_rolls import transcribed
from photoplayer.train.device import half
from photoplayer.train.loop import Course, cosine, run, set_rate
from photoplayer.train.nets.spectrogram_unet import SpectrogramUNet, triangles
from photoplayer.train.recipes.perfnet import Config as PerfNetConfig
from photoplayer.train.ship import onnx_bytes, write_model

log = logging.getLogger(__name__)

_WAYS = ("true", "transcribed")
_CONVERGENCE_WEIGHT = 6.0
"""Of spectral convergence against one dB of mel bands: about what both are for PerfNet alone."""
_DEEP_DB = 60.0
_ROUNDS = 8
"""Of the inversion: half the piano's, and nearly there."""
_WINDOW = 1024
"""Of the spectrogram that the error is taken in: half the piano's own, as onsets are heard."""
_MELS = torch.from_numpy(triangles(80, 30.0, 10_000.0)[::2])
_NEPER_DB = 8.6859


@dataclass(frozen=True)
class Config:
    """What to learn from, for how long, and where it goes."""

    midi: Path
    """A folder of solo piano MIDI, named by composer."""
    grand: Path
    """A folder of samples of a grand piano."""
    work: Path = Path("spectrogram_unet")
    """Stretches, checkpoint and log."""
    out: Path = Path(str(resources.files("photoplayer.models")))
    steps: int = 1700
    stretches: int = 45
    checked: int = 6
    """Stretches of held-out composers that it is validated on."""
    crops: int = 2
    frames: int = 384
    rate: float = 1.5e-3
    true_share: float = 0.4
    """Of true rolls among those that it learns from."""
    seed: int = 2
    threads: int = 1
    data_said: str = PerfNetConfig.data_said


Cut = tuple[float, Tensor, Tensor, Tensor]
"""Doubt, what is seen, what is heard, what is wanted."""


@dataclass(frozen=True, eq=False)
class Made:
    """What the piano makes of one roll of a stretch: what the U-Net sees, ``(channels, T, BANDS)``, and the
    levels of the sound ``(T, bins)``, against the grand's ``wanted``; all float16."""

    doubt: float
    seen: npt.NDArray[np.float16]
    heard: npt.NDArray[np.float16]
    wanted: npt.NDArray[np.float16]

    def cut(self, first: int, frames: int) -> Cut:
        """A crop."""
        inside = slice(first, first + frames)
        parts = (self.seen[:, inside], self.heard[inside], self.wanted[inside])
        seen, heard, wanted = (torch.from_numpy(part.astype(np.float32)) for part in parts)
        return self.doubt, seen, heard, wanted


Way = Sequence[Made]


def train(config: Config) -> None:
    """Learn, measure and write model and card."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    net = SpectrogramUNet()
    known = made_of(net, config, "train", config.stretches)
    held_out = made_of(net, config, "validation", config.checked)
    optimiser = torch.optim.AdamW(net.parameters(), lr=config.rate, weight_decay=0.01)

    def step(number: int) -> Mapping[str, float | Tensor]:
        set_rate(optimiser, cosine(number, config.steps, rate=config.rate))
        dice = np.random.default_rng((config.seed, number))
        cuts = list(_cuts(known, dice, config))
        with half(torch.device("cpu")):
            gains = net.gains(
                torch.stack([seen for _, seen, _, _ in cuts]), torch.tensor([doubt for doubt, *_ in cuts])
            ).float()
        loss = torch.zeros(())
        for gain, (_, _, heard, wanted) in zip(gains, cuts, strict=True):
            mel_db, convergence = off_by(heard + gain @ net.spread[:, ::2], wanted)
            loss = loss + (mel_db + _CONVERGENCE_WEIGHT * convergence) / len(cuts)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
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
        settings=f"{config.steps} {config.stretches} {config.crops} {config.frames} {config.rate}",
        name="spectrogram_unet",
    )
    net.load_state_dict(finished_run.best["net"])
    ship(net, config, before, _figures(net, held_out))


def made_of(net: SpectrogramUNet, config: Config, split: Split, count: int) -> tuple[Way, Way]:
    """What PerfNet makes of a split's stretches: of their true rolls, and of rolls with faults."""
    folder = config.work / f"{split}_{config.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    grand, piano = Grand(config.grand), NeuralPiano(iterations=_ROUNDS)
    for number, (rows, _) in enumerate(grand_pairs.rolls(config.midi, split, count=count, seed=config.seed)):
        if not _path(folder, "wanted", number).is_file():
            poor = transcribed(rows, np.random.default_rng((config.seed, number)))
            for way, given in zip(_WAYS, (rows, poor), strict=True):
                _keep(_path(folder, f"{way}_seen", number), _seen(net, piano, given))
                _keep(
                    _path(folder, f"{way}_heard", number),
                    _levels(played(given, grand_pairs.STRETCH_S, piano)),
                )
            _keep(_path(folder, "wanted", number), _levels(grand.play(rows, grand_pairs.STRETCH_S)))
    true, poor_ones = (
        [
            Made(
                float(doubt), *(_kept(folder, name, n) for name in (f"{way}_seen", f"{way}_heard", "wanted"))
            )
            for n in range(count)
        ]
        for doubt, way in enumerate(_WAYS)
    )
    return true, poor_ones


def _path(folder: Path, name: str, number: int) -> Path:
    return folder / f"{name}_{number}.npy"


def _keep(path: Path, array: npt.NDArray[np.float32]) -> None:
    with finished(path) as unfinished, unfinished.open("wb") as file:
        np.save(file, array.astype(np.float16))


def _kept(folder: Path, name: str, number: int) -> npt.NDArray[np.float16]:
    found: npt.NDArray[np.float16] = np.load(_path(folder, name, number), mmap_mode="r", allow_pickle=False)
    return found


def _seen(net: SpectrogramUNet, piano: NeuralPiano, rows: Rows) -> npt.NDArray[np.float32]:
    """What the U-Net sees of PerfNet's levels."""
    frames = round(grand_pairs.STRETCH_S * FRAMES_PER_S)
    parts = [(level, owned(strokes, owners)) for level, owners, strokes, _ in piano.parts(rows, 0, frames)]
    levels, told = (
        np.concatenate(of, axis) for of, axis in zip(zip(*parts, strict=True), (0, 1), strict=True)
    )
    with torch.no_grad():
        found: npt.NDArray[np.float32] = net.seen(torch.from_numpy(levels), torch.from_numpy(told)).numpy()
    return found


def _levels(sound: Mono) -> npt.NDArray[np.float32]:
    """Ln power ``(T, bins)`` in windows of ``_WINDOW``, a frame of the piano apart."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(sound, _WINDOW // 2), _WINDOW)[::HOP]
    power = np.square(np.abs(np.fft.rfft(windows * np.hanning(_WINDOW), axis=1) / (_WINDOW / 4)))
    found: npt.NDArray[np.float32] = np.log(np.maximum(power, FLOOR)).astype(np.float32)
    return found[: round(grand_pairs.STRETCH_S * FRAMES_PER_S)]


def _cuts(known: tuple[Way, Way], dice: np.random.Generator, config: Config) -> Iterator[Cut]:
    for _ in range(config.crops):
        among = known[0] if dice.random() < config.true_share else known[1]
        one = among[int(dice.integers(len(among)))]
        yield one.cut(int(dice.integers(len(one.heard) - config.frames + 1)), config.frames)


def off_by(made: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """How far ``(T, bins)`` levels are apart once they are equally loud: dB over mel bands within 60 dB of
    the loudest, and the spectral convergence."""
    made = made + (wanted.exp().sum() / made.exp().sum()).log()
    one, other = (made / 2).exp(), (wanted / 2).exp()
    bands, bands_wanted = (_NEPER_DB * (x @ _MELS).log() for x in (one, other))
    floor = bands_wanted.max() - _DEEP_DB
    mel_db = (bands.clamp(min=floor) - bands_wanted.clamp(min=floor)).abs().mean()
    return mel_db, (one - other).norm() / other.norm()


def _figures(net: SpectrogramUNet | None, held_out: tuple[Way, Way]) -> dict[str, float]:
    """Both errors on both ways, refined by ``net`` where it is a U-Net."""
    found: dict[str, float] = {}
    with torch.no_grad():
        for name, way in zip(_WAYS, held_out, strict=True):
            errors = []
            for one in way:
                doubt, seen, heard, wanted = one.cut(0, len(one.heard) // 4 * 4)
                if net is not None:
                    gains = net.gains(seen[None], torch.tensor([doubt]))[0]
                    heard = heard + gains @ net.spread[:, ::2]
                errors.append([float(error) for error in off_by(heard, wanted)])
            mel_db, convergence = np.mean(errors, 0)
            found |= {f"{name}, dB": float(mel_db), f"{name}, convergence": float(convergence)}
    return found


def ship(net: SpectrogramUNet, config: Config, before: dict[str, float], after: dict[str, float]) -> None:
    """Write ``spectrogram_unet.onnx`` and its card."""
    quarters = 4 * torch.export.Dim("quarters", min=1, max=1 << 14)
    content = onnx_bytes(
        net,
        (torch.zeros(16, BINS), torch.zeros(4, 16, BINS), torch.zeros(1)),
        inputs=("levels", "owned", "doubt"),
        outputs=("refined",),
        dynamic={"levels": {0: quarters}, "owned": {1: quarters}, "doubt": {}},
    )
    card = {
        "name": "spectrogram_unet",
        "what": "Refines PerfNet's spectrogram of a true or a transcribed roll",
        "inputs": {
            "levels": f"(frames, {BINS}) float32, ln of power; frames are a multiple of 4",
            "owned": f"(4, frames, {BINS}) float32: age, frames since the damper fell, velocity and key of "
            "each bin's strongest note",
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
