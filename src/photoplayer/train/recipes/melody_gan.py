"""Teach the melody GAN and its kin, and write ``melody_see.onnx`` and ``melody_write.onnx``.

    photoplayer train melody_gan -- --midi FREEDOOM HELLAND … --songs LIEDER --pairs PAIRS --work FOLDER
    photoplayer train melody_gan -- … --variant source --seed 2
    photoplayer train melody_gan -- … --committee 1 2 3       (when those seeds are taught)

Variants: ``ours``; ``source``, the published GAN; ``untrained_encoder``, its ablation with a C that is never
taught; ``trio``, ours with bass and drums. Each variant and seed has its folder under FOLDER, with the log
that curves are drawn from, and ``made.npz``, what it wrote for clips nobody trained on: the tables of
``benchmarks/melody_gan.py`` are made of these. Only ``ours`` ships. Stopped at any moment, the same command
goes on. About six minutes on one core for ours, two for the source's.
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
from photoplayer.train.data.melody_trios import read_trios, trio_figures
from photoplayer.train.nets.melody import ASKED, Shape, Writer
from photoplayer.train.nets.melody_clip import Committee
from photoplayer.train.recipes import melody_clip, melody_ours, melody_source
from photoplayer.train.recipes.melody_export import export
from photoplayer.train.recipes.melody_made import Grids, make

log = logging.getLogger(__name__)

Variant = Literal["ours", "source", "untrained_encoder", "trio"]

_TRIOS_TO_HEAR = 5

_LIKENED = 240
"""Melodies that ours writes asked as training melodies were."""


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
        _trio(config, folder)
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
    shown, looked_at = windows.of("train"), windows.of("val")
    encoder = Committee(
        [
            melody_clip.teach(config.work / f"clip_{seed}", shown, looked_at, schedule=config.clip, seed=seed)
            for seed in config.committee or (config.seed,)
        ]
    ).eval()
    taught, checked = melody_ours.corpus_of(melodies.of("train")), melodies.of("val")
    shape = Shape((TOKENS,))
    writer = melody_ours.teach(folder, taught, checked, shape=shape, schedule=config.writer, seed=config.seed)

    temperature, overlap = melody_ours.best_temperature(writer, checked, seed=config.seed)

    def write(seen: Tensor, seed: int) -> Grids:
        torch.manual_seed(seed)
        return melody_ours.best_written(writer, seen[:, None].expand(-1, BARS, -1), temperature=temperature)

    tested = windows.of("test")
    made = make(
        melody_clip.seen_by(encoder, tested),
        write,
        tested,
        seed=config.seed,
        likened=_likened(writer, taught, temperature, config.seed),
    )
    made.save((_beside(folder) if config.committee else folder) / "made.npz")
    figures = {
        "C on levels left out, correlation with the rule's answer": melody_clip.agreement(encoder, tested),
        "overlap with validation melodies": overlap,
    }
    log.info("%s", figures)
    export(
        config.out,
        encoder,
        writer,
        temperature=temperature,
        figures=figures,
        seen=f"{len(taught.grids)} phrases of 16 bars",
    )


def _trio(config: Config, folder: Path) -> None:
    """Ours with three streams; a few pieces are left in ``folder`` as MIDI."""
    trios = read_trios(config.midi, cache=config.work)
    taught, checked = trios.of("train"), trios.of("val")
    writer = melody_ours.teach(
        folder,
        melody_ours.corpus_of(taught.melodies, taught.grids),
        checked.melodies,
        shape=Shape((TOKENS, TOKENS, DRUM_TOKENS)),
        schedule=config.writer,
        seed=config.seed,
    )
    tested = trios.of("test")
    torch.manual_seed(config.seed)
    asked = torch.from_numpy(melody_ours.asked_by(tested.melodies))
    temperature, overlap = melody_ours.best_temperature(writer, checked.melodies, seed=config.seed)
    made = melody_ours.all_written(writer, asked, temperature=temperature)
    log.info("overlap of the melody with validation melodies: %s", overlap)
    for name, grids in (("made", made), ("human, test split", tested.grids)):
        log.info("%s: %s", name, trio_figures(grids))
    with finished(folder / "trios.npy") as unfinished:
        np.save(unfinished, made, allow_pickle=False)
    for number, trio in enumerate(made[:_TRIOS_TO_HEAR], start=1):
        write_midi(to_score(trio_of(trio)), folder / f"trio_{number}.mid")


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
