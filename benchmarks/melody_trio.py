"""The trios of the melody GAN beside those of people.

``python benchmarks/melody_trio.py --work FOLDER`` reads what ``photoplayer train melody_gan --variant trio``
left in FOLDER for every seed (trios asked as training trios were) and prints a table in Markdown: how like
melody, bass and drums are to those of held-out trios, what of it is in key, whether the parts belong to each
other, what is copied. Whether the clip matters is in ``benchmarks/melody_gan.py``, with the other variants.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from melody_gan import spread, table
from photoplayer.compose.tune.trio import DRUM_CLASSES, trio_of
from photoplayer.evaluate.copying import MelodyIndex
from photoplayer.evaluate.drums import drum_likeness, drum_statistics
from photoplayer.evaluate.melody import MelodyStatistics, in_key_share, likeness, melody_statistics
from photoplayer.evaluate.melody_controls import Bigram
from photoplayer.music.melody_code import grid_of, notes_of
from photoplayer.music.score import Part, Score
from photoplayer.music.trio import STEPS_PER_BAR, held
from photoplayer.train.data.melodies import BARS
from photoplayer.train.data.melody_trios import Trios, read_trios

Grids = npt.NDArray[np.int64]
CONTROLS = 240
LINES = ("melody", "bass")
_CONSONANT = (0, 3, 4, 7, 8, 9)
"""Semitones of a melody's note above its bass, octaves aside."""

_KICK = 1


def of_line(grids: Grids) -> list[MelodyStatistics]:
    lines = [notes_of(grid) for grid in grids]
    return [melody_statistics(line, bars=BARS) for line in lines if len(line) > 1]


def controls(train: Grids) -> dict[str, Grids]:
    """2-grams with drums drawn place by place; training trios, bars in any order or as they are."""
    random, dice = Random(1), np.random.default_rng(1)
    human = train[dice.choice(len(train), CONTROLS)]
    bigrams = [Bigram([notes_of(grid) for grid in train[..., line]]) for line in (0, 1)]
    drums = train[..., 2].reshape(-1, STEPS_PER_BAR)
    drawn = [
        np.stack(
            [
                *(grid_of(bigram.write(random, bars=BARS), bars=BARS) for bigram in bigrams),
                drums[dice.integers(0, len(drums), (BARS, STEPS_PER_BAR)), np.arange(STEPS_PER_BAR)].ravel(),
            ],
            axis=1,
        )
        for _ in range(CONTROLS)
    ]
    mixed = [grid.reshape(BARS, STEPS_PER_BAR, 3)[dice.permutation(BARS)].reshape(-1, 3) for grid in human]
    return {
        "2-grams, drums by place": np.stack(drawn),
        "human, of the training split, bars in any order": np.stack(mixed),
        "human, of the training split": human,
    }


def likenesses(made: Grids, real: Grids) -> list[float]:
    """Melody, bass, drums, and their mean."""
    found = [likeness(of_line(made[..., line]), of_line(real[..., line]))["mean"] for line in (0, 1)]
    found.append(drum_likeness(made[..., 2], real[..., 2], classes=DRUM_CLASSES)["mean"])
    return [*found, float(np.mean(found))]


def character(grids: Grids) -> list[float]:
    """Melody and bass in key; consonant moments; bass notes on a kick; strokes a bar; drums as a bar ago."""
    in_key = [
        float(np.mean([in_key_share(line) for line in map(notes_of, grids[..., line]) if line]))
        for line in (0, 1)
    ]
    drums = drum_statistics(grids[..., 2], classes=DRUM_CLASSES)
    return [
        *in_key,
        consonant(grids, grids),
        on_kick(grids, grids),
        float(drums["strokes"].mean()),
        float(drums["returns"][:, 0].mean()),
    ]


def consonant(melodies: Grids, basses: Grids) -> float:
    """The share of moments at which a melody's note begins over a bass that it is consonant with."""
    fits = heard = 0
    for one, other in zip(melodies, basses, strict=True):
        lead, low = (held(line) for line in (trio_of(one).melody, trio_of(other).bass))
        both = (one[:, 0] > 1) & (low >= 0)
        heard += int(both.sum())
        fits += int(np.isin((lead - low)[both] % 12, _CONSONANT).sum())
    return fits / heard


def on_kick(basses: Grids, drums: Grids) -> float:
    """The share of bass notes that begin with a kick."""
    return float(((drums[..., 2] & _KICK) > 0)[basses[..., 1] > 1].mean())


def print_likeness(sets: dict[str, list[Grids]], real: Grids) -> None:
    lines = []
    for name, seeds in sets.items():
        rows = [likenesses(each, real) for each in seeds]
        cells = [spread([row[i] for row in rows]) for i in range(4)]
        lines.append([name, *cells[:3], f"**{cells[3]}**"])
    table(["trios", "melody", "bass", "drums", "mean"], lines)


def print_character(sets: dict[str, list[Grids]]) -> None:
    lines = []
    for name, seeds in sets.items():
        rows = [character(each) for each in seeds]
        apart = [(consonant(each, np.roll(each, 1, 0)), on_kick(each, np.roll(each, 1, 0))) for each in seeds]
        cells = [spread([row[i] for row in rows], 2) for i in range(6)]
        for place in (0, 1):
            cells[2 + place] += f" ({spread([each[place] for each in apart], 2)})"
        lines.append([name, *cells])
    head = ["melody in key", "bass in key", "consonant", "bass on kick", "strokes a bar", "as a bar ago"]
    table(["trios", *head], lines)


def print_copying(sets: dict[str, list[Grids]], train: Trios) -> None:
    """The longest run of melody or bass shared with any training trio."""
    indices = (MelodyIndex(), MelodyIndex())
    for line, index in enumerate(indices):
        for tune, grid in zip(train.melodies.tune, train.grids[..., line], strict=True):
            index.add(str(tune), _score(grid))
    lines = []
    for name, seeds in sets.items():
        cells = [name]
        for line, index in enumerate(indices):
            runs = [[index.longest_run(_score(grid)).steps for grid in each[..., line]] for each in seeds]
            shares = [100 * float(np.mean(np.array(each) >= 15)) for each in runs]
            cells += [spread([float(np.median(each)) for each in runs], 1), str(max(map(max, runs)))]
            cells.append(spread(shares, 1) + " %")
        lines.append(cells)
    head = [f"{line}: {what}" for line in LINES for what in ("median run", "longest", "16 notes and more")]
    table(["trios", *head], lines)


def _score(grid: Sequence[int] | Grids) -> Score:
    return Score((Part("line", 0, notes_of(grid)),), BARS * 4.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="the recipe's folder")
    args = parser.parse_args()
    trios = read_trios((), cache=args.work)
    train, real = trios.of("train"), trios.of("test").grids
    made = [np.load(path) for path in sorted(args.work.glob("trio_[0-9]*/trios.npy"))]
    sets = {name: [grids] for name, grids in controls(train.grids).items()}
    sets["trio"] = made
    print(f"## Likeness to {len(real)} trios of composers left out\n")
    print_likeness(sets, real)
    print("## Character; in brackets, with the other part taken from another trio\n")
    print_character({"human, test split": [real], **sets})
    print("## Copying\n")
    print_copying(
        {"human, test split": [real], **{n: s for n, s in sets.items() if "training" not in n}}, train
    )


if __name__ == "__main__":
    main()
