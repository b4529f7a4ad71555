"""Teach networks to watch games: pictures -> tempo, energy, meter and how it feels.

    tools/record_gameplay.py bots|procgen|crafter|human --out DATA/bots|games|human
    photoplayer train features -- --data DATA                (ours: eye, minds and trees)
    photoplayer train features -- --data DATA --net single   (the source's single frame, to compare with)

Targets are what the rule table (``scene.affect``) makes of the game's own state. Taught on the training
levels of the training games and on arcade games drawn by chance; first the eye on pictures, then, with the
eye as it is, minds and boosted trees on what it and the looks say of the recordings and of some hundreds of
windows. Now and then the eye is measured on levels and on whole games that are only validated on, and the
best is kept; minds are taught for as long as was chosen. With everything chosen, ``--final`` teaches on the
validation clips too, and there is nothing left to measure with. Test clips are never opened here:
``benchmarks/scene_features.py`` does that. Stopped, the same command goes on.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch

from photoplayer.errors import InputError
from photoplayer.scene.watcher import READ, SEEN, with_trees
from photoplayer.train import loop
from photoplayer.train.data.gameplay import Split, clips
from photoplayer.train.data.watching import Recording, Sampler, arcades, read_recording
from photoplayer.train.nets.watcher import Answers, Eye, Minds, Watcher
from photoplayer.train.recipes.features_check import figures_of, told
from photoplayer.train.recipes.features_courses import (
    Course,
    EyeCourse,
    MindCourse,
    Plan,
    Read,
    Rows,
    SingleCourse,
    read_windows,
    rows_of,
    said_by,
)
from photoplayer.train.recipes.features_export import export_single, export_watcher
from photoplayer.train.recipes.features_trees import Grown, grow

log = logging.getLogger(__name__)

KINDS = ("bots", "games", "human")
"""Recordings as they are; joins are planted."""


@dataclass(frozen=True)
class Config:
    """How the watching networks are taught, and where they go."""

    data: Path
    """Corpus of tools/record_gameplay.py."""
    out: Path = Path(__file__).parents[2] / "models"
    """Folder for the models and their cards."""
    work: Path | None = None
    """Folder for checkpoints, logs and rows that were read; DATA/features by default."""
    start: tuple[Path, ...] = ()
    """A checkpoint of another run of the eye (watcher.pt) to start from; of several, the mean of their
    weights (model soups: Wortsman et al. 2022)."""
    net: Literal["watcher", "single"] = "watcher"
    steps: int = 1000
    """Of the eye, or of the single frame. 0: the eye as ``start`` has it, and only the mind is taught."""
    batch: int = 8
    """Windows a step, of 12 s for the eye; the single frame sees every sixth third of a second of 24 s."""
    arcades: int = 800
    """Games drawn by chance."""
    windows: int = 700
    """Windows that minds and trees are taught on."""
    minds: int = 6
    """How many answer as one."""
    mind_steps: int = 200
    """Of each: few, for the more it is taught, the less it knows of games never seen."""
    final: bool = False
    """Teach on the clips of validation too (people's demos still left out), for as long as was chosen without
    them."""
    check_every: int = 100
    learning_rate: float = 2e-3
    threads: int = 1
    seed: int = 1


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where the corpus is missing."""
    torch.set_num_threads(config.threads)
    recorded, checked = (recordings(config.data, split) for split in ("train", "val"))
    if not recorded or not checked:
        raise InputError(f"{config.data} has no clips to train or none to validate on; record more games.")
    if config.final:
        recorded, checked = recorded + [each for each in checked if each.kind != "human"], []
    log.info("%d clips to learn from, %d to check with", len(recorded), len(checked))
    taught = recorded + arcades(config.arcades, seed=config.seed, behind=recorded)
    work = config.work or config.data / "features"
    torch.manual_seed(config.seed)
    plan = Plan(config.steps, config.batch, config.learning_rate, config.seed)
    if config.net == "single":
        single = SingleCourse(plan, taught, checked)
        _run(single, config, work, "single", plan.steps, config.check_every)
        export_single(single.kept, work)
        return
    watching = EyeCourse(plan, taught, checked)
    if config.start:
        _start(watching, config.start)
    if plan.steps:
        _run(watching, config, work, "watcher", plan.steps, config.check_every)
    assert isinstance(watching.kept, Watcher)
    _teach_minds(watching.kept.eye.eval(), config, work, recorded, taught, checked)


def _teach_minds(
    eye: Eye,
    config: Config,
    work: Path,
    recorded: Sequence[Recording],
    taught: Sequence[Recording],
    checked: Sequence[Recording],
) -> None:
    """Minds and trees, on the eye as it is now; writes all models."""
    windows = read_windows(eye, Sampler(taught, seed=config.seed + 1), config.windows, work / "windows")
    plain = [Read(each.game, rows_of(eye, each.pictures), each.truth) for each in recorded]
    trees = grow([(each.rows, each.truth) for each in plain], windows, seed=config.seed)
    rows = [rows_of(eye, recording.pictures) for recording in checked]
    minds = []
    for number in range(config.minds):
        plan = Plan(config.mind_steps, 12, config.learning_rate, config.seed + number)
        course = MindCourse(plan, windows, plain, checked, rows)
        _run(course, config, work, f"mind{number}", plan.steps, plan.steps)
        minds.append(course.kept)
    together = Minds(minds).eval()
    figures = _together(together, trees, checked, rows, {read.game for read in plain})
    export_watcher(eye, together, trees, config.out, figures, seen=_told_of(recorded, config.arcades))


def _together(
    minds: Minds, trees: Grown, checked: Sequence[Recording], rows: Sequence[Rows], known: set[str]
) -> dict[str, float]:
    """Figures of validation of minds and trees as they ship; none where nothing was left to check with."""
    clips = []
    for recording, read in zip(checked, rows, strict=True):
        with torch.no_grad():
            table = minds(torch.from_numpy(read[None, :, :READ]))[0].double().numpy()
        both = with_trees(table, trees.say(read[:, SEEN:]))
        clips.append(told(recording, said_by(Answers(torch.from_numpy(both)))))
    return figures_of(clips, known) if clips else {}


def _run(
    course: Course, config: Config, work: Path, name: str, steps: int, check_every: int
) -> dict[str, float]:
    """Teach, take the best, return its figures."""
    finished = loop.run(
        work,
        loop.Course(steps, check_every=check_every),
        parts={"net": course.net, "kept": course.kept, "optimiser": course.optimiser},
        step=course.step,
        check=None if config.final else course.check,
        keep=("kept",),
        settings=_identity(config),
        name=name,
    )
    course.kept.load_state_dict(finished.best["kept"])
    if finished.figures:
        log.info("%s, best at step %d: %s", name, finished.best_step, finished.figures)
    return finished.figures


def _start(course: Course, checkpoints: Sequence[Path]) -> None:
    """The mean of other runs' best weights. Raises ``InputError`` where they do not fit."""
    found = [_best_of(checkpoint) for checkpoint in checkpoints]
    try:
        mean = {
            name: sum(weights[name] for weights in found) / len(found) if value.is_floating_point() else value
            for name, value in found[0].items()
        }
        for net in (course.net, course.kept):
            net.load_state_dict(mean)
    except (KeyError, RuntimeError) as problem:
        raise InputError(f"{checkpoints[0]} and the others do not fit the eye: {problem}") from problem


def _best_of(checkpoint: Path) -> dict[str, torch.Tensor]:
    if not zipfile.is_zipfile(checkpoint):
        raise InputError(f"{checkpoint} is no checkpoint of the eye to start from.")
    try:
        best: dict[str, torch.Tensor] = torch.load(checkpoint, weights_only=True)["state"]["best"]["kept"]
    except (OSError, KeyError, RuntimeError) as problem:
        raise InputError(f"{checkpoint} is no checkpoint of the eye to start from: {problem}") from problem
    return best


def recordings(data: Path, split: Split) -> list[Recording]:
    """The recordings of one split, pictures decoded into ``data/pictures``; human demos are never taught."""
    return [
        read_recording(clip, data / "pictures")
        for clip in clips(data, split=split)
        if clip.kind in KINDS and not (split == "train" and clip.kind == "human")
    ]


def _told_of(recorded: Sequence[Recording], drawn: int) -> str:
    games = sorted({recording.game for recording in recorded})
    minutes = sum(len(recording) for recording in recorded) / 180
    return (
        f"{len(recorded)} clips, {minutes:.0f} minutes, of {', '.join(games)}; {drawn} games drawn by chance"
    )


def _identity(config: Config) -> str:
    """The settings that a checkpoint belongs to."""
    fields = dataclasses.asdict(config)
    for moved in ("data", "out", "work", "threads", "start"):
        del fields[moved]
    return json.dumps(fields, sort_keys=True)
