"""The trio engine's models, measured on composers nobody was taught on.

    python benchmarks/trio.py reconstruct --trios TRIOS --run RUN
    python benchmarks/trio.py prior --trios TRIOS
    python benchmarks/trio.py copies --trios TRIOS --data FOLDER_OF_MIDI_FOLDERS
    python benchmarks/trio.py attributes
    python benchmarks/trio.py style --trios TRIOS
    python benchmarks/trio.py speed

``TRIOS`` is what ``photoplayer train trios`` laid out, ``RUN`` the folder of ``photoplayer train music-vae``.
Tables in Markdown; intervals are 95 % of a bootstrap over tunes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photoplayer import trios as api
from photoplayer.compose.trio.codec import ROUNDS, decode, encode
from photoplayer.compose.trio.repeats import with_returns
from photoplayer.compose.trio.space import shipped_space
from photoplayer.evaluate.copying import MelodyIndex
from photoplayer.evaluate.overlap import overlap_area
from photoplayer.evaluate.symbolic import groove_consistency, pitch_class_entropy, pitched_notes
from photoplayer.music.midi_read import read_midi
from photoplayer.music.trio import (
    DRUM_TOKENS,
    FIRST_PITCH,
    LINE_TOKENS,
    STEPS_PER_BAR,
    Trio,
    home_shift,
    to_score,
)
from photoplayer.music.trio_attributes import ATTRIBUTES, attribute_table, strokes
from photoplayer.music.trio_match import LINES, Matched, match, mean_f1
from photoplayer.train.data.trios import Tape, load_tape
from photoplayer.train.data.tunes import Split, tunes
from photoplayer.train.recipes import personalize
from photoplayer.train.recipes.music_vae_check import some_windows
from photoplayer.train.recipes.trios import POOL

Lines = tuple[Matched, Matched, Matched]
Values = NDArray[np.float64]


def reconstruct(trios: Path, run: Path | None, count: int, split: Split) -> None:
    """Windows of left-out composers written again, beside a token drawn by its share and the nearest window
    of the training tunes."""
    for bars in (4, 16):
        test, taught = (load_tape(trios / f"pool_{part}_{bars}.npz") for part in (split, "train"))
        windows = some_windows(test, count)
        truth = [home(test.trio(int(w))) for w in windows]
        sources = test.sources[windows]
        codes, plain = (
            np.concatenate([encode(truth[i : i + 64], rounds=r) for i in range(0, len(truth), 64)])
            for r in (ROUNDS, 0)
        )
        near = nearest(plain, taught, count=3000)
        rows = {
            f"TrioVAE, likeliest, code corrected {ROUNDS} times": decode(codes),
            "TrioVAE, likeliest, code as it is read": decode(plain),
            "TrioVAE, sampled at 1": decode(codes, temperature=1.0),
            "nearest training window": near,
            "unigram": unigram(taught, len(truth), bars),
        }
        print(f"\n{bars} bars, {len(truth)} windows of {len(set(sources.tolist()))} tunes\n")
        print("| | " + " | ".join(f"{line} F1 | accuracy" for line in LINES) + " | mean F1 |")
        print("|---|" + "---|" * 7)
        for name, made in rows.items():
            each = [match(a, b) for a, b in zip(truth, made, strict=True)]
            print(f"| {name} | {table_row(each)} | {interval(each, sources)} |")
        if run:
            print(f"| teacher-forced accuracy | {forced(run, test, windows)} | |")


def forced(run: Path, tape: Tape, windows: NDArray[np.int64]) -> str:
    """Accuracy of tokens when every step is told the true one before it."""
    import torch

    from photoplayer.train.nets.trio_vae import by_bar
    from photoplayer.train.recipes.music_vae import as_phrases, phrase_codes
    from photoplayer.train.recipes.music_vae_check import tensors
    from photoplayer.train.recipes.trio_frame import read_run

    phrase, window = read_run(run)
    right, of = np.zeros(3), 0
    for first in range(0, len(windows), 64):
        batch = tensors(tape.batch(windows[first : first + 64]))
        with torch.inference_mode():
            if tape.bars == 4:
                codes = phrase.encode(batch)[0]
            else:
                codes = window.conduct(window.encode(phrase_codes(phrase, batch)[0])[0]).flatten(0, 1)
                batch = as_phrases(batch)
            melody, bass, drums = phrase.logits(codes, batch)
        lines = [by_bar(line) for line in batch]
        right += [
            float((melody.argmax(-1) == lines[0]).sum()),
            float((bass.argmax(-1) == lines[1]).sum()),
            float(((drums > 0).float() == lines[2]).all(-1).sum()),
        ]
        of += lines[0].numel()
    return " | ".join(f"| {share:.3f}" for share in right / of)


def home(trio: Trio) -> Trio:
    """As the codec reads it, to compare with what it writes."""
    return trio.transposed(home_shift(trio))


def nearest(codes: NDArray[np.float32], taught: Tape, *, count: int) -> list[Trio]:
    """The training window whose code is nearest."""
    windows = some_windows(taught, count)
    found = [home(taught.trio(int(w))) for w in windows]
    theirs = np.concatenate([encode(found[i : i + 64], rounds=0) for i in range(0, len(found), 64)])
    away = (theirs**2).sum(1) - 2 * codes @ theirs.T
    return [found[i] for i in away.argmin(axis=1)]


def unigram(taught: Tape, count: int, bars: int, seed: int = 1) -> list[Trio]:
    """Tokens drawn one by one, by their shares in training windows."""
    dice = np.random.default_rng(seed)
    batch = taught.batch(some_windows(taught, 2000))
    shape = (count, bars * STEPS_PER_BAR)
    lines = [
        dice.choice(size, shape, p=np.bincount(line.ravel(), minlength=size) / line.size)
        for line, size in zip(batch, (LINE_TOKENS, LINE_TOKENS, DRUM_TOKENS), strict=True)
    ]
    return [Trio(*row) for row in zip(*lines, strict=True)]


def table_row(each: Sequence[Lines]) -> str:
    total = [sum((lines[i] for lines in each), Matched()) for i in range(3)]
    return " | ".join(f"{line.f1:.3f} | {line.accuracy:.3f}" for line in total)


def interval(each: Sequence[Lines], sources: NDArray[np.int64], rounds: int = 500) -> str:
    """Mean F1 with the interval of a bootstrap over tunes."""
    by_tune = [
        [sum((each[k][i] for k in np.flatnonzero(sources == tune)), Matched()) for i in range(3)]
        for tune in np.unique(sources)
    ]
    dice = np.random.default_rng(0)
    drawn = []
    for _ in range(rounds):
        chosen = dice.integers(0, len(by_tune), len(by_tune))
        drawn.append(mean_f1([sum((by_tune[k][i] for k in chosen), Matched()) for i in range(3)]))
    middle = mean_f1([sum((lines[i] for lines in each), Matched()) for i in range(3)])
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"**{middle:.3f}** [{low:.3f}, {high:.3f}]"


FEATURES: dict[str, Callable[[Trio], float]] = {
    "pitch entropy": lambda t: pitch_class_entropy(pitched_notes(to_score(t))),
    "groove": lambda t: groove_consistency(to_score(t)),
    "notes a bar": lambda t: float((t.melody >= FIRST_PITCH).sum() + (t.bass >= FIRST_PITCH).sum()) / t.bars,
    "melody intervals": lambda t: _mean_step(t.melody),
    "strokes a bar": lambda t: strokes(t.drums) / t.bars,
    "drum patterns": lambda t: len({bar.tobytes() for bar in t.drums.reshape(-1, STEPS_PER_BAR)}) / t.bars,
    "bars as four bars before": lambda t: _returns(t),
}


def _mean_step(line: NDArray[np.integer]) -> float:
    pitches = line[line >= FIRST_PITCH].astype(int)
    return float(np.abs(np.diff(pitches)).mean()) if len(pitches) > 1 else 0.0


def _returns(trio: Trio) -> float:
    """Share of steps at which all three lines do what they did four bars before."""
    back = 4 * STEPS_PER_BAR
    same = [line[back:] == line[:-back] for line in (trio.melody, trio.bass, trio.drums)]
    return float(np.logical_and.reduce(same).mean())


def prior(trios: Path, count: int, split: Split) -> None:
    """Samples against trios of left-out composers, feature by feature: overlapped area of densities."""
    test, taught = (load_tape(trios / f"pool_{part}_16.npz") for part in (split, "train"))
    real = [test.trio(int(w)) for w in some_windows(test, count)]
    others = [taught.trio(int(w)) for w in some_windows(taught, count)]
    space = shipped_space()
    dice = np.random.default_rng(1)
    sets = {
        "samples (temperature .8)": api.drawn(count, space, seed=1, temperature=0.8),
        "samples at 1": api.drawn(count, space, seed=1, temperature=1.0),
        "samples, copies not drawn again": returned(space.sample(count, seed=1, temperature=0.8)),
        "samples, bars as decoded": decode(space.sample(count, seed=1, temperature=0.8)),
        "normal noise": decode(dice.standard_normal((count, 512)).astype(np.float32)),
        "training tunes, bars shuffled": [shuffled(trio, dice) for trio in others],
        "unigram": unigram(taught, count, 16),
        "scale loop": [scale_loop() for _ in range(count)],
        "training tunes (ceiling)": others,
    }
    print(f"\n{count} trios each against {len(real)} of {len(set(test.sources.tolist()))} {split} tunes\n")
    print("| | " + " | ".join(FEATURES) + " | mean |\n|---|" + "---|" * (len(FEATURES) + 1))
    truth = {name: np.array([feature(t) for t in real]) for name, feature in FEATURES.items()}
    for name, made in sets.items():
        areas = [overlap_area([feature(t) for t in made], truth[key]) for key, feature in FEATURES.items()]
        print(f"| {name} | " + " | ".join(f"{area:.2f}" for area in areas) + f" | **{np.mean(areas):.3f}** |")


def returned(codes: NDArray[np.float32]) -> list[Trio]:
    """Drawn codes decoded, bars that nearly come back coming back."""
    return [with_returns(trio) for trio in decode(codes)]


def shuffled(trio: Trio, dice: np.random.Generator) -> Trio:
    order = dice.permutation(trio.bars)
    lines = (line.reshape(-1, STEPS_PER_BAR)[order].ravel() for line in (trio.melody, trio.bass, trio.drums))
    return Trio(*lines, trio.melody_program, trio.bass_program)


def scale_loop() -> Trio:
    scale = np.array([39, 41, 43, 44, 46, 48, 50, 51]) + FIRST_PITCH  # C4 up
    melody = np.zeros(16 * STEPS_PER_BAR, np.uint8)
    melody[::2] = np.tile(scale, 16)
    bass = np.zeros_like(melody)
    bass[::16] = scale[0] - 24
    drums = np.zeros(len(melody), np.uint16)
    drums[::4] = 1
    return Trio(melody, bass, drums)


def copies(trios: Path, data: Path, count: int, split: Split) -> None:
    """Longest run of intervals and durations that trios share with any training file."""
    index = MelodyIndex()
    for tune in tunes([data / name for name in POOL], cache=trios / "tunes.json"):
        if tune.split == "train":
            index.add(tune.path.stem, read_midi(tune.path))
    test = load_tape(trios / f"pool_{split}_16.npz")
    space = shipped_space()
    sets = {
        "samples (temperature .8)": api.drawn(count, space, seed=1, temperature=0.8),
        "samples at 1": api.drawn(count, space, seed=2, temperature=1.0),
        "samples, copies not drawn again": returned(space.sample(count, seed=1, temperature=0.8)),
        f"{split} composers": [test.trio(int(w)) for w in some_windows(test, count)],
    }
    print("\n| 16 bars of | median run | 90 % | longest |\n|---|---|---|---|")
    for name, made in sets.items():
        runs = [index.longest_run(to_score(trio)).steps for trio in made]
        print(f"| {name} | {np.median(runs):.0f} | {np.percentile(runs, 90):.0f} | {max(runs)} |")


def attribute_shifts(count: int) -> None:
    """What five steps along every way do to what is heard, in standard deviations of training music."""
    space = shipped_space()
    codes = space.sample(count, seed=3, temperature=0.8)
    mean, deviation = space.levels.T
    amounts = (-2.0, -1.0, 0.0, 1.0, 2.0)
    heard = np.array(
        [
            [
                ((attribute_table(decode(space.more(codes, {name: a}))) - mean) / deviation).mean(axis=0)
                for a in amounts
            ]
            for name in ATTRIBUTES
        ]
    )  # way, step, attribute
    print(f"\n{count} codes; heard at -2, -1, 0, 1, 2, and what the whole walk moves of the others\n")
    print(
        "| way | heard | rises | " + " | ".join(ATTRIBUTES) + " |\n|---|---|---|" + "---|" * len(ATTRIBUTES)
    )
    for i, name in enumerate(ATTRIBUTES):
        own = heard[i, :, i]
        moved = heard[i, -1] - heard[i, 0]
        cells = [f"**{m:+.2f}**" if k == i else f"{m / moved[i]:+.2f}x" for k, m in enumerate(moved)]
        rises = "yes" if (np.diff(own) > 0).all() else "no"
        print(f"| {name} | {' '.join(f'{v:+.2f}' for v in own)} | {rises} | " + " | ".join(cells) + " |")


def style(trios: Path, count: int, split: Split, seed: int) -> None:
    """A style of five tunes nobody was taught on, beside the prior and a Gaussian of their codes."""
    test = load_tape(trios / f"pool_{split}_16.npz")
    dice = np.random.default_rng(seed)
    chosen = dice.choice(np.unique(test.sources), 5, replace=False)
    own = np.flatnonzero(np.isin(test.sources, chosen))
    own = own[np.linspace(0, len(own) - 1, min(len(own), 200)).astype(int)]
    windows = [home(test.trio(int(w))) for w in own]
    codes = np.concatenate([encode(windows[i : i + 64]) for i in range(0, len(windows), 64)])
    began_s = time.process_time()
    learned = personalize.learn(codes)
    took_s = time.process_time() - began_s
    index = MelodyIndex()
    for k, trio in enumerate(windows):
        index.add(str(k), to_score(trio))
    gaussian = codes.mean(0) + codes.std(0) * dice.standard_normal((count, codes.shape[1]))
    sets = {
        "SmallVAE": learned.sample(count, seed=1),
        "prior": shipped_space().sample(count, seed=1),
        "Gaussian": gaussian.astype(np.float32),
        "the tunes": codes[dice.choice(len(codes), min(count, len(codes)), replace=False)],
    }
    print(f"\n5 tunes, {len(codes)} windows, learned in {took_s:.1f} s of processor time\n")
    print(
        "| | distance to the tunes | diversity of codes | diversity of notes | shared run, median | longest |"
    )
    print("|---|---|---|---|---|---|")
    for name, theirs in sets.items():
        made = decode(theirs) if name == "the tunes" else returned(theirs)
        runs = [index.longest_run(to_score(trio)).steps for trio in made]
        print(
            f"| {name} | {_distance(theirs, codes, leave_out=name == 'the tunes'):.2f} | "
            f"{_spread(theirs):.2f} | {_different(made):.3f} | {np.median(runs):.0f} | {max(runs)} |"
        )


def _distance(theirs: NDArray[np.float32], codes: NDArray[np.float32], *, leave_out: bool) -> float:
    """Mean distance to the nearest code of the tunes."""
    away = np.sqrt(np.maximum((theirs**2).sum(1)[:, None] + (codes**2).sum(1) - 2 * theirs @ codes.T, 0))
    if leave_out:
        away[away < 1e-2] = np.inf
    return float(away.min(axis=1).mean())


def _spread(drawn: NDArray[np.float32]) -> float:
    """Mean distance of two of them."""
    square = (drawn**2).sum(1)
    away = np.sqrt(np.maximum(square[:, None] + square - 2 * drawn @ drawn.T, 0))
    return float(away[np.triu_indices(len(drawn), 1)].mean())


def _different(made: Sequence[Trio]) -> float:
    """1 minus the mean F1 of onsets of two of them."""
    pairs = [(i, j) for i in range(len(made)) for j in range(i)][::7]
    return 1 - float(np.mean([mean_f1(match(made[i], made[j])) for i, j in pairs]))


def speed() -> None:
    """Time from pictures to notes, as the engine chooses them, and bytes."""
    from photoplayer.compose.trio.choice import OFFERS, TEMPERATURE, suited
    from photoplayer.compose.trio.eyes import look
    from photoplayer.scene.glances import Glances

    glances = Glances(np.random.default_rng(0).integers(0, 255, (48, 60, 80, 3)).astype(np.uint8), 3.0)
    space = shipped_space()
    took = []
    for seed in range(6):
        began_s = time.perf_counter()
        seen = look(glances, [(0.0, 16.0)])
        offers = space.sample(OFFERS, seed=seed, temperature=TEMPERATURE)
        decode(suited(space, offers, seen.attributes[0], wanted=seen.codes[0])[None])
        took.append(time.perf_counter() - began_s)
    sizes = [f for f in files("photoplayer.models").iterdir() if f.name.startswith("trio-")]
    whole = sum(len(f.read_bytes()) for f in sizes)
    print(f"\n16-bar trio from pictures: {np.median(took[1:]):.3f} s; models {whole / 1e6:.1f} MB")
    began_s = time.perf_counter()
    api.sample(10)
    print(f"ten samples: {time.perf_counter() - began_s:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["reconstruct", "prior", "copies", "attributes", "style", "speed"])
    parser.add_argument("--trios", type=Path)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--split", choices=["val", "test"], default="test")
    parser.add_argument("--seed", type=int, default=5, help="which five tunes of style")
    given = parser.parse_args()
    if given.what in ("reconstruct", "prior", "copies", "style") and not given.trios:
        parser.error(f"{given.what} needs --trios")
    if given.what == "copies" and not given.data:
        parser.error("copies needs --data")
    tables: dict[str, Callable[[], None]] = {
        "reconstruct": lambda: reconstruct(given.trios, given.run, given.count, given.split),
        "prior": lambda: prior(given.trios, given.count, given.split),
        "copies": lambda: copies(given.trios, given.data, given.count, given.split),
        "attributes": lambda: attribute_shifts(min(given.count, 60)),
        "style": lambda: style(given.trios, min(given.count, 60), given.split, given.seed),
        "speed": speed,
    }
    tables[given.what]()


if __name__ == "__main__":
    main()
