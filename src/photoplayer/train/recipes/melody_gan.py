"""Teach the melody GAN and its kin, and write ``melody_see``, ``melody_write`` and ``melody_trio``.

    photoplayer train melody_gan -- --midi FREEDOOM HELLAND … --songs LIEDER --pairs PAIRS --work FOLDER
    photoplayer train melody_gan -- … --variant source --seed 2
    photoplayer train melody_gan -- … --committee 1 2 3       (when those seeds are taught)

Variants: ``ours``; ``source``, the published GAN; ``untrained_encoder``, its ablation with a C that is never
taught; ``trio``, ours with bass and drums. Each variant and seed has its folder under FOLDER, with the log
that curves are drawn from, and ``made.npz``, what it wrote for clips nobody trained on: the tables of
``benchmarks/melody_gan.py`` are made of these. ``ours`` ships, and of ``trio`` what writes
(``melody_trio.onnx``). Stopped at any moment, the same command goes on.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from photoplayer.compose.tune.trio import DRUM_TOKENS, trio_of
from photoplayer.files import finished
from photoplayer.music.melody_code import TOKENS
from photoplayer.music.midi_write import write_midi
from photoplayer.music.trio import to_score
from photoplayer.train.data.clip_windows import ClipWindows, clip_windows, matched
from photoplayer.train.data.melodies import BARS, Melodies, read_melodies
from photoplayer.train.data.melody_trios import read_trios
from photoplayer.train.nets.melody import ASKED, Shape, Writer
from photoplayer.train.nets.melody_clip import Committee
from photoplayer.train.recipes import melody_clip, melody_ours, melody_source
from photoplayer.train.recipes.melody_export import GAMES, SONGS, export_eyes, export_writer
from photoplayer.train.recipes.melody_made import Grids, make

log = logging.getLogger(__name__)

Variant = Literal["ours", "source", "untrained_encoder", "trio"]

_TRIOS_TO_HEAR = 5

_LIKENED = 240
"""Melodies, or trios, that ours writes asked as training melodies were."""


@dataclass(frozen=True)
class Config:
    """What to learn from, which variant, and where it goes."""

    midi: tuple[Path, ...]
    """Folders of game music in MIDI."""
    pairs: Path
    """Folder of pairs, from `photoplayer data pair`."""
    work: Path
    """Folder for what was read, checkpoints, logs and what the variants write."""
    songs: Path | None = None
    """Folder of songs in compressed MusicXML (OpenScore Lieder)."""
    out: Path = Path(str(resources.files("photoplayer.models")))
    """Folder for the models of ours."""
    variant: Variant = "ours"
    seed: int = 1
    committee: tuple[int, ...] = ()
    """Seeds whose C answer together in what ours ships; by default its own seed's alone."""
    writer: melody_ours.Schedule = field(default_factory=melody_ours.Schedule)
    clip: melody_clip.Schedule = field(default_factory=melody_clip.Schedule)
    source: melody_source.Schedule = field(default_factory=melody_source.Schedule)
    threads: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where the data is missing."""
    torch.set_num_threads(config.threads)
    config.work.mkdir(parents=True, exist_ok=True)
    windows = clip_windows(config.pairs)
    melodies = read_melodies(config.songs, config.midi, cache=config.work)
    folder = config.work / f"{config.variant}_{config.seed}"
    if config.variant in ("source", "untrained_encoder"):
        _source(config, folder, windows, melodies)
    elif config.variant == "trio":
        _trio(config, folder, windows)
    else:
        _ours(config, folder, windows, melodies)


def _source(config: Config, folder: Path, windows: ClipWindows, melodies: Melodies) -> None:
    shown, offered = windows.of("train"), melodies.of("train")
    chosen = matched(shown.asked, melody_ours.asked_by(offered).mean(1), seed=config.seed)
    gan = melody_source.teach(
        folder,
        shown,
        offered.grids[chosen],
        schedule=config.source,
        seed=config.seed,
        trained_encoder=config.variant == "source",
    )
    tested = windows.of("test")
    made = make(gan.see(tested), lambda seen, seed: gan.write(seen, seed=seed), tested, seed=config.seed)
    made.save(folder / "made.npz")


def _ours(config: Config, folder: Path, windows: ClipWindows, melodies: Melodies) -> None:
    encoder = _eyes(config, windows)
    taught, checked = melody_ours.corpus_of(melodies.of("train")), melodies.of("val")
    writer, temperature, overlap = _taught(config, folder, taught, checked, Shape((TOKENS,)))
    likened = _likened(writer, taught, temperature, config.seed)
    _made(config, folder, writer, encoder, windows, temperature, likened)
    agreement = melody_clip.agreement(encoder, windows.of("test"))
    seen = {"C on levels left out, correlation with the rule's answer": agreement}
    log.info("%s, overlap with validation melodies: %s", seen, overlap)
    export_eyes(config.out, encoder, figures=seen)
    export_writer(
        config.out,
        "melody_write",
        writer,
        what="The next sixteenth of a melody, after those before and what is asked for",
        data=f"{len(taught.grids)} phrases of 16 bars: {SONGS}; leading parts of {GAMES}.",
        temperature=temperature,
        figures={"overlap with validation melodies": overlap},
    )


def _trio(config: Config, folder: Path, windows: ClipWindows) -> None:
    """Ours with three streams. ``trios.npy``: asked as training trios were; some are left as MIDI."""
    trios = read_trios(config.midi, cache=config.work)
    shown, checked = trios.of("train"), trios.of("val").melodies
    taught = melody_ours.corpus_of(shown.melodies, shown.grids)
    shape = Shape((TOKENS, TOKENS, DRUM_TOKENS))
    writer, temperature, overlap = _taught(config, folder, taught, checked, shape)
    log.info("overlap of the melody with validation melodies: %s", overlap)
    likened = _likened(writer, taught, temperature, config.seed)
    with finished(folder / "trios.npy") as unfinished, unfinished.open("wb") as stream:
        np.save(stream, likened, allow_pickle=False)
    for number, trio in enumerate(likened[:_TRIOS_TO_HEAR], start=1):
        write_midi(to_score(trio_of(trio)), folder / f"trio_{number}.mid")
    _made(config, folder, writer, _eyes(config, windows), windows, temperature, likened)
    export_writer(
        config.out,
        "melody_trio",
        writer,
        what="The next sixteenth of melody, bass and drums, after those before and what is asked for",
        data=f"{len(taught.grids)} trios of 16 bars of {GAMES}.",
        temperature=temperature,
        figures={"overlap of the melody with validation melodies": overlap},
    )


def _taught(
    config: Config, folder: Path, taught: melody_ours.Taught, checked: Melodies, shape: Shape
) -> tuple[Writer, float, dict[str, float]]:
    """A writer of ours, the temperature it writes best at, and how like validation it is there."""
    writer = melody_ours.teach(folder, taught, checked, shape=shape, schedule=config.writer, seed=config.seed)
    return writer, *melody_ours.best_temperature(writer, checked, seed=config.seed)


def _eyes(config: Config, windows: ClipWindows) -> Committee:
    """C, or several of them."""
    shown, looked_at = windows.of("train"), windows.of("val")
    eyes = Committee(
        [
            melody_clip.teach(config.work / f"clip_{seed}", shown, looked_at, schedule=config.clip, seed=seed)
            for seed in config.committee or (config.seed,)
        ]
    )
    eyes.eval()
    return eyes


def _made(
    config: Config,
    folder: Path,
    writer: Writer,
    encoder: Committee,
    windows: ClipWindows,
    temperature: float,
    likened: Grids,
) -> None:
    """Leave the melodies of a writer for clips of the test split."""
    tested = windows.of("test")

    def write(seen: Tensor, seed: int) -> Grids:
        torch.manual_seed(seed)
        asked = seen[:, None].expand(-1, BARS, -1)
        return melody_ours.best_written(writer, asked, temperature=temperature)[..., 0]

    made = make(
        melody_clip.seen_by(encoder, tested), write, tested, seed=config.seed, likened=likened[..., 0]
    )
    made.save((_beside(folder) if config.committee else folder) / "made.npz")


def _beside(folder: Path) -> Path:
    """The folder for what a committee's answers lead to: ``ours_committee_SEED`` beside ``ours_SEED``."""
    variant, seed = folder.name.rsplit("_", 1)
    beside = folder.with_name(f"{variant}_committee_{seed}")
    beside.mkdir(exist_ok=True)
    return beside


def _likened(writer: Writer, taught: melody_ours.Taught, temperature: float, seed: int) -> Grids:
    dice = np.random.default_rng(seed)
    chosen = dice.choice(len(taught.grids), _LIKENED, p=taught.share)
    torch.manual_seed(seed)
    asked = torch.from_numpy(taught.asked[chosen, :, :ASKED])
    return melody_ours.written(writer, asked, temperature=temperature)
