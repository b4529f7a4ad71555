#!/usr/bin/env python3
"""Reading games never seen: the Watcher beside the source's single frame, hand features, and trivial guesses.

    python benchmarks/scene_features.py --data DATA [--split test] [--figures docs]

DATA is a corpus of tools/record_gameplay.py. Needs scikit-learn for the boosted hand features and, for the
single frame, DATA/features/single.onnx (`photoplayer train features -- --data DATA --net single`); what is
not there is left out. Three groups of clips: levels left out of games that were taught on, whole games left
out, and people's demos. Intervals (95 %) are bootstraps over clips. Below each table the differences between
what ships and the baselines, drawn on the same clips at once.

Systems: *prior*, what is usual in training; *frame difference*, one straight line from the smoothed mean
change; *looks, boosted*, gradient boosting on 240 hand-made numbers; *looks* and *watcher*, what the
package reads with either alone, *shipped* with its mixture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from photoplayer.evaluate.changes import bootstrap_interval
from photoplayer.models import open_model
from photoplayer.scene.affect import LEVELS, METERS, asked, level
from photoplayer.scene.curves import smooth
from photoplayer.scene.features import GIST_VALUES, gist
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, CELL_CHANNELS, LOOK_VALUES
from photoplayer.scene.surroundings import surroundings
from photoplayer.scene.timeline import RATE_HZ, Timeline
from photoplayer.scene.watch import Sight, see, timeline_of
from photoplayer.train.data.gameplay import Split, clips
from photoplayer.train.data.pictures import EVERY
from photoplayer.train.data.scene_takes import looks_of, save_array
from photoplayer.train.data.watching import Recording, read_recording
from photoplayer.train.recipes import features_check as check
from photoplayer.train.recipes.features_check import Said, Told
from photoplayer.video import Frame

KINDS = ("bots", "games", "human")
FIGURES: dict[str, Callable[[Sequence[Told]], float]] = {
    "combat AUC": check.combat_auc,
    "intensity r": check.intensity_correlation,
    "bpm error": check.tempo_error,
    "energy": lambda clips: check.accuracy(clips, "energy"),
    "meter": lambda clips: check.accuracy(clips, "meter"),
}


@dataclass(frozen=True)
class Options:
    """Measure how well games are read."""

    data: Path
    """Corpus with bots/, games/, human/."""
    split: Split = "test"
    figures: Path | None = None
    """Folder for the calibration plot."""
    shares: tuple[float, ...] = ()
    """More mixtures of watcher and looks to try (on the validation split)."""


def sight_of(recording: Recording) -> Sight:
    """What the package sees of a clip."""
    return see(_frames(recording))


def _frames(recording: Recording) -> Iterator[Frame]:
    return (Frame(i / ANALYSIS_RATE_HZ, picture) for i, picture in enumerate(recording.pictures))


def by_timeline(timeline: Timeline) -> Said:
    """A timeline's curves; meter by the rule table."""
    curves = zip(timeline.intensity, timeline.tension, timeline.valence, strict=True)
    music = [asked(float(a), float(t), float(v)) for a, t, v in curves]
    intensity = timeline.intensity.astype(np.float64)
    return Said(
        intensity,
        intensity,
        intensity,
        np.array([LEVELS.index(level(float(energy))) for energy in timeline.energy]),
        np.array([METERS.index(m.meter) for m in music]),
    )


def by_heads(sight: Sight) -> Said:
    """The Watcher's own heads."""
    said = sight.watched
    energy, meter = (said[name].argmax(axis=1) for name in ("energy", "meter"))
    return Said(said["fight"], said["intensity"], said["bpm"], energy, meter)


def hand_features(recording: Recording, kept: Path) -> np.ndarray:
    """Per step ``(steps, 240)``: the gist and its surroundings."""
    if not kept.is_file():
        save_array(kept, looks_of(recording.pictures).astype(np.float16))
    looks = np.load(kept, allow_pickle=False).astype(np.float32).reshape(-1, LOOK_VALUES)
    now = gist(looks).reshape(-1, EVERY, GIST_VALUES).mean(axis=1)
    return surroundings(now)


class Trained:
    """The baselines that are fitted on the training clips."""

    def __init__(self, data: Path) -> None:
        self._cache = data / "looks"
        recordings = read(data, "train", human=False)
        rows = np.concatenate([self._features(r) for r in recordings])
        truth = {
            n: np.concatenate([r.column(n) for r in recordings])
            for n in ("fight", "intensity", "bpm", "energy", "meter")
        }
        self._usual = {
            n: float(v.mean()) if n not in ("energy", "meter") else int(np.bincount(v.astype(int)).argmax())
            for n, v in truth.items()
        }
        change = np.concatenate([self._change(r) for r in recordings])
        self._line = np.polyfit(change, truth["intensity"], 1)
        self._boosted = _boosted(rows, truth)

    def _features(self, recording: Recording) -> np.ndarray:
        return hand_features(recording, self._cache / f"{recording.name}.npy")

    def _change(self, recording: Recording) -> np.ndarray:
        return smooth(self._features(recording)[:, CELL_CHANNELS.index("change")].astype(float), 0.7)

    def said(self, recording: Recording) -> dict[str, Said]:
        """What each baseline says of a clip."""
        count = len(recording)
        energy, meter = (np.full(count, self._usual[name]) for name in ("energy", "meter"))
        fight, intensity, bpm = (np.full(count, self._usual[name]) for name in ("fight", "intensity", "bpm"))
        line = np.clip(np.polyval(self._line, self._change(recording)), 0, 1)
        levels = np.array([LEVELS.index(asked(float(a), 0.25, 0.0).level) for a in line])
        found = {
            "prior": Said(fight, intensity, bpm, energy, meter),
            "frame difference": Said(line, line, line, levels, meter),
        }
        if self._boosted is not None:
            rows = self._features(recording)
            said = {name: model.predict(rows) for name, model in self._boosted.items() if name != "fight"}
            chance = self._boosted["fight"].predict_proba(rows)[:, 1]
            found["looks, boosted"] = Said(
                chance, said["intensity"], said["bpm"], said["energy"].astype(int), said["meter"].astype(int)
            )
        return found


def _boosted(rows: np.ndarray, truth: dict[str, np.ndarray]) -> dict | None:
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    except ImportError:
        print("scikit-learn is not installed: boosted hand features are left out")
        return None
    models = {}
    for name, values in truth.items():
        kind = (
            HistGradientBoostingRegressor if name in ("intensity", "bpm") else HistGradientBoostingClassifier
        )
        models[name] = kind(max_iter=120, learning_rate=0.08, l2_regularization=1.0, random_state=1).fit(
            rows, values
        )
    return models


def single_frame(recording: Recording, path: Path) -> Said:
    """The source's network on one picture of every step."""
    session = open_model(path).session
    pictures = np.ascontiguousarray(recording.pictures[EVERY // 2 :: EVERY])
    parts = [session.run(None, {"pictures": pictures[i : i + 60]})[0] for i in range(0, len(pictures), 60)]
    table = np.concatenate(parts).astype(np.float64)
    place = 1 / (1 + np.exp(-table))
    return Said(
        table[:, 7], place[:, 8], place[:, 0], table[:, 1:4].argmax(axis=1), table[:, 4:7].argmax(axis=1)
    )


def read(data: Path, split: Split, *, human: bool = True) -> list[Recording]:
    """Recordings of a split as they are."""
    kinds = KINDS if human else KINDS[:2]
    return [read_recording(c, data / "pictures") for c in clips(data, split=split) if c.kind in kinds]


def table(name: str, items: dict[str, list[Told]]) -> None:
    """One group of clips: a line per system."""
    count = len(next(iter(items.values())))
    print(f"\n{name}: {count} clips\n  {'':22s}" + "".join(f"{figure:>24s}" for figure in FIGURES))
    for system, told in items.items():
        cells = []
        for figure in FIGURES.values():
            low, high = bootstrap_interval(told, figure, rounds=300)
            cells.append(f"{figure(told):9.3f} [{low:.3f}, {high:.3f}]")
        print(f"  {system:22s}" + "".join(f"{cell:>24s}" for cell in cells), flush=True)


def differences(items: dict[str, list[Told]]) -> None:
    """What ships less each baseline, clip by clip: an interval without 0 tells them apart."""
    for ours in ("watcher, own heads", "shipped"):
        for baseline in ("prior", "frame difference", "looks, boosted"):
            if baseline in items:
                pairs = list(zip(items[ours], items[baseline], strict=True))
                cells = [_difference(pairs, figure) for figure in FIGURES.values()]
                print(
                    f"  {f'{ours} - {baseline}':38s}" + "".join(f"{cell:>24s}" for cell in cells), flush=True
                )


def _difference(pairs: list[tuple[Told, Told]], figure: Callable[[Sequence[Told]], float]) -> str:
    def less(drawn: Sequence[tuple[Told, Told]]) -> float:
        return figure([ours for ours, _ in drawn]) - figure([other for _, other in drawn])

    low, high = bootstrap_interval(pairs, less, rounds=300)
    return f"{less(pairs):+.3f} [{low:+.3f}, {high:+.3f}]"


def calibration(groups: dict[str, dict[str, list[Told]]], path: Path) -> None:
    """How often a fight is on where the Watcher says so many per cent."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(5, 4.5), dpi=110)
    axis.plot([0, 1], [0, 1], color="0.8")
    for name, items in groups.items():
        told = items["watcher, own heads"]
        chance = 1 / (1 + np.exp(-np.concatenate([t.said.fight for t in told])))
        truth = np.concatenate([t.true("fight") for t in told])
        bins = np.minimum((chance * 8).astype(int), 7)
        used = [b for b in range(8) if (bins == b).sum() >= 60]
        axis.plot(
            [chance[bins == b].mean() for b in used],
            [truth[bins == b].mean() for b in used],
            "o-",
            label=name,
        )
    axis.set(
        xlabel="chance of a fight, as said", ylabel="share of steps with a fight", xlim=(0, 1), ylim=(0, 1)
    )
    axis.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path / "features_calibration.png")


def main() -> None:
    """Print the tables."""
    options = tyro.cli(Options, description=__doc__)
    trained = Trained(options.data)
    known = {r.game for r in read(options.data, "train", human=False)}
    single = options.data / "features" / "single.onnx"
    groups: dict[str, dict[str, list[Told]]] = {}
    for recording in read(options.data, options.split):
        sight, seconds = sight_of(recording), len(recording) / RATE_HZ
        said = trained.said(recording)
        if single.is_file():
            said["single frame"] = single_frame(recording, single)
        said["looks"] = by_timeline(timeline_of(sight, duration_s=seconds, watcher_share=0.0))
        said["watcher"] = by_timeline(timeline_of(sight, duration_s=seconds, watcher_share=1.0))
        said["watcher, own heads"] = by_heads(sight)
        said["shipped"] = by_timeline(timeline_of(sight, duration_s=seconds))
        for share in options.shares:
            timeline = timeline_of(sight, duration_s=seconds, watcher_share=share)
            said[f"share {share:g}"] = by_timeline(timeline)
        name = (
            "people's demos"
            if recording.kind == "human"
            else "levels left out"
            if recording.game in known
            else "games left out"
        )
        items = groups.setdefault(name, {system: [] for system in said})
        for system, its in said.items():
            items[system].append(check.told(recording, its))
    for name, items in groups.items():
        table(f"{name}, split {options.split}", items)
        differences(items)
    if options.figures is not None:
        calibration(groups, options.figures)


if __name__ == "__main__":
    main()
