"""The melody GAN beside its published self and beside melodies that nobody composed.

``python benchmarks/melody_gan.py --work FOLDER [--plot docs/melody_gan.png]`` reads what
``photoplayer train melody_gan`` left in FOLDER for every variant and seed (melodies written for clips of
the test split) and prints tables in Markdown: overlap of statistics with held-out human melodies, key,
repetition, variety, copying, whether the clip matters. ``--plot`` draws the losses of the source's GAN beside
those of its ablation. What ships is timed at the end. Intervals are 95 % by bootstrap over human melodies.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

import matplotlib
import numpy as np
import numpy.typing as npt

from photoplayer import models
from photoplayer.compose.tune.asked import Asked, measured
from photoplayer.compose.tune.engine import TRIES
from photoplayer.compose.tune.see import seen
from photoplayer.compose.tune.write import write, write_trios
from photoplayer.evaluate.copying import MelodyIndex
from photoplayer.evaluate.melody import (
    FAMILIES,
    MelodyStatistics,
    in_key_share,
    likeness,
    melody_statistics,
    pooled_likeness,
    rows,
)
from photoplayer.evaluate.melody_controls import Bigram, looped_scale, random_walk
from photoplayer.evaluate.overlap import mean_ngram_overlap
from photoplayer.evaluate.retrieval import own_found
from photoplayer.music.melody_code import notes_of
from photoplayer.music.score import Note, Part, Score
from photoplayer.scene.glances import HEIGHT, WIDTH, Glances
from photoplayer.train.data.melodies import BARS, Melodies
from photoplayer.train.loop import read_log
from photoplayer.train.recipes.melody_made import Made

matplotlib.use("Agg")
import matplotlib.pyplot as plt

Melody = tuple[Note, ...]
VARIANTS = ("source", "untrained_encoder", "ours", "ours_committee", "trio", "trio_committee")
CONTROL_MELODIES = 240
RESAMPLES = 100
TIMES = 20


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for line in lines:
        print("| " + " | ".join(line) + " |")
    print()


def statistics_of(melodies: Iterable[Melody]) -> list[MelodyStatistics]:
    """Of those that have two notes: the others are no melodies and are counted elsewhere."""
    return [melody_statistics(melody, bars=BARS) for melody in melodies if len(melody) > 1]


def of_grids(grids: npt.NDArray[np.int64]) -> list[Melody]:
    return [notes_of(grid) for grid in grids]


def controls(train: Sequence[Melody]) -> dict[str, list[Melody]]:
    """Random walk, looped scale, 2-gram; and training melodies, as near as people come to each other."""
    random, bigram = Random(1), Bigram(train)
    makers: dict[str, Callable[[], Melody]] = {
        "random walk": lambda: random_walk(random, bars=BARS),
        "looped scale": lambda: looped_scale(random, bars=BARS),
        "2-gram": lambda: bigram.write(random, bars=BARS),
        "human, of the training split": lambda: random.choice(list(train)),
    }
    return {name: [make() for _ in range(CONTROL_MELODIES)] for name, make in makers.items()}


def interval(made: Sequence[MelodyStatistics], real: Sequence[MelodyStatistics]) -> str:
    """95 % of the mean overlap over resampled human melodies."""
    dice = np.random.default_rng(0)
    means = []
    for _ in range(RESAMPLES):
        drawn = np.unique(dice.integers(0, len(real), len(real)))  # a pair of one with itself is no distance
        means.append(likeness(made, [real[i] for i in drawn])["mean"])
    low, high = np.percentile(means, [2.5, 97.5])
    return f"[{low:.3f}, {high:.3f}]"


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Mean and, of several seeds, the standard deviation."""
    mean = f"{np.mean(values):.{digits}f}"
    return mean if len(values) < 2 else f"{mean} ± {np.std(values):.{digits}f}"


def print_overlap(sets: dict[str, list[list[Melody]]], real: list[MelodyStatistics]) -> None:
    """Overlap by family; each set holds a list of melodies per seed."""
    lines = []
    for name, seeds in sets.items():
        stats = [statistics_of(melodies) for melodies in seeds]
        stats = [each for each in stats if each]
        found = [likeness(each, real) for each in stats]
        pooled = [pooled_likeness(each, real) for each in stats]
        cells = [spread([each[family] for each in found]) for family in (*FAMILIES, "mean")]
        pool = [spread([each[family] for each in pooled], 2) for family in pooled[0]]
        lines.append([name, *cells[:-1], f"**{cells[-1]}**", interval(stats[0], real), *pool])
    pools = ["intervals pooled", "durations pooled", "classes pooled"]
    head = ["melodies", *FAMILIES, "mean", "95 %, seed 1", *pools]
    table(head, lines)


def print_character(sets: dict[str, list[list[Melody]]]) -> None:
    """Key, repetition and density beside each other."""
    lines = []
    for name, seeds in sets.items():
        cells = []
        for melodies in seeds:
            stats = statistics_of(melodies)
            returns = rows(stats, "returns").mean(0)
            cells.append(
                (
                    float(np.mean([in_key_share(melody) for melody in melodies if melody])),
                    float(returns[2]),
                    float(returns[3]),
                    float(rows(stats, "rhythm_returns")[:, 2].mean()),
                    float(rows(stats, "notes_per_bar").mean()),
                    float(rows(stats, "leap").mean()),
                )
            )
        lines.append([name, *(spread([cell[i] for cell in cells], 2) for i in range(6))])
    head = [
        "melodies",
        "in key",
        "bars as 4 ago",
        "as 8 ago",
        "their rhythm as 4 ago",
        "notes a bar",
        "mean leap",
    ]
    table(head, lines)


def print_variety(made: dict[str, list[Made]], human: Sequence[Melody]) -> None:
    """A hundred melodies for one clip, and melodies for different clips."""
    lines = [["human, test split", "-", f"{100 * mean_ngram_overlap(human):.2f} %", "-"]]
    for name, seeds in made.items():
        ones = [of_grids(each.one) for each in seeds]
        lines.append(
            [
                name,
                spread([len(set(one)) for one in ones], 1),
                spread([100 * mean_ngram_overlap(one) for one in ones], 2) + " %",
                spread([100 * mean_ngram_overlap(of_grids(each.clips[:100])) for each in seeds], 2) + " %",
            ]
        )
    table(["melodies", "different of 100 for one clip", "pairs' shared runs, one clip", "many clips"], lines)


def print_copying(sets: dict[str, list[list[Melody]]], train: Melodies) -> None:
    """The longest run shared with any training melody."""
    index = MelodyIndex()
    for tune, melody in zip(train.tune, of_grids(train.grids), strict=True):
        index.add(str(tune), _score(melody))
    lines = []
    for name, seeds in sets.items():
        if name == "human, of the training split":
            continue
        runs = [[index.longest_run(_score(melody)).steps for melody in melodies[:200]] for melodies in seeds]
        shares = [100 * float(np.mean(np.array(each) >= 15)) for each in runs]
        lines.append(
            [name, spread([float(np.median(each)) for each in runs], 1),
             str(max(map(max, runs))), spread(shares, 1) + " %"]
        )  # fmt: skip
    table(["melodies", "median shared run (steps)", "longest", "share 16 notes and more"], lines)


def _score(melody: Melody) -> Score:
    return Score((Part("melody", 0, melody),), BARS * 4.0)


def features(melodies: Sequence[Melody]) -> npt.NDArray[np.float64]:
    """``(n, 3)``: density, register and mode as measured."""
    return np.array([measured(melody, bars=BARS).row() for melody in melodies])


def print_retrieval(made: dict[str, list[Made]]) -> None:
    """The own clip among twenty of levels and games left out."""
    lines = []
    for name, seeds in made.items():
        for kind in ("clips", "shuffled"):
            shares, correlations = [], []
            for each in seeds:
                said, asked = features(of_grids(getattr(each, kind))), each.asked.astype(np.float64)
                places = np.array([f"{g} {v}" for g, v in zip(each.game, each.level, strict=True)])
                shares.append(own_found(said, asked, places))
                correlations.append([_correlation(said[:, i], asked[:, i]) for i in range(3)])
            dice = np.random.default_rng(0)
            pooled = np.mean(shares, axis=0)
            means = [pooled[dice.integers(0, len(pooled), len(pooled))].mean() for _ in range(1000)]
            low, high = np.percentile(means, [2.5, 97.5])
            lines.append(
                [
                    name if kind == "clips" else f"{name}, conditions dealt out anew",
                    spread([float(share.mean()) for share in shares]),
                    f"[{low:.3f}, {high:.3f}]",
                    *(spread([row[i] for row in correlations], 2) for i in range(3)),
                ]
            )
    head = ["melodies", "own clip among 20 (chance .050)", "95 %", "r density", "r register", "r mode"]
    table(head, lines)


def _correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if one.std() and other.std() else 0.0


def print_speed() -> None:
    """What ships: looking at a clip and writing 16 bars, of melody alone and with bass and drums."""
    glances = Glances(np.zeros((48, HEIGHT, WIDTH, 3), np.uint8), 3.0)
    for name, writes in (("melody", write), ("trio", write_trios)):
        seen(glances, 0, 16), writes([Asked(0, 0, 1)], [Random(0)])
        took = []
        for turn in range(TIMES):
            began_s = time.perf_counter()
            looks = seen(glances, 0, 16)
            writes(list(looks) * BARS, [Random(turn + i) for i in range(TRIES)])
            took.append(time.perf_counter() - began_s)
        print(
            f"Looking at 16 s and writing 16 bars of {name} {TRIES} times: median {np.median(took):.3f} s, "
        )
        print(f"slowest {max(took):.3f} s.")
    folder = Path(models.__file__).parent
    size = sum((folder / f"melody_{name}.onnx").stat().st_size for name in ("see", "write", "trio"))
    print(f"The three models have {size / 1e6:.1f} MB.\n")


def plot(work: Path, target: Path) -> None:
    """Losses of stage two, the source's beside the ablation, every seed; below, how far melodies differ."""
    figure, axes = plt.subplots(2, 2, figsize=(10, 6), sharex=True, sharey="row")
    for column, variant in enumerate(("source", "untrained_encoder")):
        for number, path in enumerate(sorted(work.glob(f"{variant}_*/second.jsonl"))):
            log = read_log(path)
            steps = [row["step"] for row in log]
            for name, style in (("discriminator", "-"), ("generator", "--")):
                axes[0, column].plot(
                    steps, [row[name] for row in log], style, color=f"C{number}",
                    label=f"{name}, seed {path.parent.name.rsplit('_', 1)[1]}",
                )  # fmt: skip
            looked = [row for row in log if "spread" in row]
            spreads = [row["spread"] for row in looked]
            axes[1, column].plot([row["step"] for row in looked], spreads, color=f"C{number}")
        axes[0, column].set_title("C taught with D first" if variant == "source" else "C untrained")
        axes[1, column].set_xlabel("step of stage two")
    axes[0, 0].set_ylabel("binary cross entropy")
    axes[1, 0].set_ylabel("spread of 32 melodies of one clip")
    axes[0, 1].legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(target, dpi=90)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="the recipe's folder")
    parser.add_argument("--plot", type=Path, help="where the loss curves go (PNG)")
    args = parser.parse_args()
    melodies = Melodies.load(args.work / "melodies.npz")
    train, tested = melodies.of("train"), melodies.of("test")
    human = of_grids(tested.grids)
    made = {
        variant: [Made.load(path) for path in sorted(args.work.glob(f"{variant}_[0-9]*/made.npz"))]
        for variant in VARIANTS
    }
    made = {name: seeds for name, seeds in made.items() if seeds}
    sets = {name: [melodies] for name, melodies in controls(of_grids(train.grids)).items()}
    sets |= {name: [of_grids(each.clips) for each in seeds] for name, seeds in made.items()}
    likened = [of_grids(each.likened) for each in made.get("ours", []) if len(each.likened)]
    if likened:
        sets["ours, asked as training melodies were"] = likened
    print(f"## Overlap with {len(human)} human melodies of composers left out\n")
    print_overlap(sets, statistics_of(human))
    print("## Character\n")
    print_character({"human, test split": [human], **sets})
    print("## Variety\n")
    print_variety(made, human)
    print("## Copying from the training melodies\n")
    print_copying({"human, test split": [human], **sets}, train)
    print("## Does the clip matter?\n")
    print_retrieval(made)
    print_speed()
    if args.plot:
        plot(args.work, args.plot)


if __name__ == "__main__":
    main()
