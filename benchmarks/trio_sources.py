"""What each source of trios adds: networks of 4 bars taught equally long on one source, two, or all.

    python benchmarks/trio_sources.py teach --trios TRIOS --out RUNS --mix games+arranger
    python benchmarks/trio_sources.py table --trios TRIOS --out RUNS

``teach`` takes some minutes a mix; the steps and everything else are the same for all. Of the composers of
validation and test (games nobody was taught on) it is measured how many onsets are written again, and, as
for the engine's own prior, how near trios drawn from a mixture of Gaussians on the codes of the mix come to
those of test composers (overlapped areas, mean over the measures of ``trio.py`` that 4 bars have).
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from photoplayer.compose.trio.mlp import Mlp
from photoplayer.compose.trio.space import Space
from photoplayer.evaluate.overlap import overlap_area
from photoplayer.music.trio import Trio
from photoplayer.train.data.trio_draw import Changes, Draw
from photoplayer.train.data.trios import load_tape
from photoplayer.train.nets.trio_vae import PHRASE_BARS, PhraseVAE
from photoplayer.train.recipes.music_vae import Config, Level, f1_of_phrases, tape_paths, teach_phrases
from photoplayer.train.recipes.music_vae_check import no_noise, some_windows, tensors
from photoplayer.train.recipes.trio_space import mixture
from trio import FEATURES

MIXES: dict[str, dict[str, float]] = {
    "arranger": {"own": 1.0},
    "games": {"pool": 1.0},
    "games+arranger": {"pool": 0.75, "own": 0.25},
    "games+songs": {"pool": 0.75, "songs": 0.25},
    "games+arranger+songs": {"pool": 0.6, "own": 0.2, "songs": 0.2},
}
PRIOR_WINDOWS, WINDOWS = 3000, 300
KEYS = [key for key in FEATURES if key != "bars as four bars before"]


def teach(trios: Path, out: Path, mix: str, steps: int, seed: int) -> None:
    """Teach one mix and write what it reaches to ``OUT/MIX_SEED/figures.json``."""
    folder = out / f"{mix}_{seed}"
    config = Config(
        trios,
        folder,
        phrase=Level(steps=steps, batch=64, rate=2e-3, told=0.6, check_every=steps // 4),
        sources=tuple(MIXES[mix]),
        shares=tuple(MIXES[mix].values()),
        checks=256,
        seed=seed,
    )
    torch.set_num_threads(1)
    net = teach_phrases(config)
    figures: dict[str, object] = {"steps": steps}
    for split in ("val", "test"):
        tape = load_tape(trios / f"pool_{split}_{PHRASE_BARS}.npz")
        figures[split] = f1_of_phrases(net, tape, some_windows(tape, 512))
    figures["prior"] = likeness(net, config)
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    print(mix, json.dumps(figures))


def likeness(net: PhraseVAE, config: Config) -> dict[str, float]:
    """Overlapped areas of drawn phrases with those of test composers, measure by measure."""
    tapes = [load_tape(tape_paths(config.trios, source, PHRASE_BARS)) for source in config.sources]
    still = replace(Changes(), **dict.fromkeys(vars(Changes()), 0.0))
    draw = Draw(tapes, config.shares, seed=7, changes=still)
    with torch.inference_mode():
        codes = np.concatenate(
            [net.encode(tensors(draw.batch(i, 100)))[0] for i in range(PRIOR_WINDOWS // 100)]
        )
    space = Space(*mixture(codes, 100, 12, seed=1), *(np.zeros(0, np.float32),) * 3, Mlp(()), Mlp(()))
    made = written(net, space.sample(WINDOWS, seed=1, temperature=0.8))
    tape = load_tape(config.trios / f"pool_test_{PHRASE_BARS}.npz")
    real = [tape.trio(int(w)) for w in some_windows(tape, WINDOWS)]
    areas = {
        key: float(overlap_area([FEATURES[key](t) for t in made], np.array([FEATURES[key](t) for t in real])))
        for key in KEYS
    }
    return {"mean": float(np.mean(list(areas.values()))), **areas}


def written(net: PhraseVAE, codes: np.ndarray) -> list[Trio]:
    """The likeliest trios of phrase codes."""
    with torch.inference_mode():
        melody, bass, bits = net.write(torch.from_numpy(codes), no_noise(len(codes) * PHRASE_BARS))
    sets = (bits.numpy().astype(np.uint16) << np.arange(bits.shape[2], dtype=np.uint16)).sum(
        -1, dtype=np.uint16
    )
    return [Trio(*row) for row in zip(melody.numpy(), bass.numpy(), sets, strict=True)]


def table(trios: Path, out: Path) -> None:
    """All that was taught, as Markdown."""
    for source in ("pool", "own", "songs"):
        tape = load_tape(tape_paths(trios, source, PHRASE_BARS))
        print(f"{source}: {len(tape)} windows of {len(tape.names)} pieces")
    print("\n| taught on | validation F1 | test F1 | melody | bass | drums | drawn, overlap with test |")
    print("|---|---|---|---|---|---|---|")
    for mix in MIXES:
        for path in sorted(out.glob(f"{mix}_[0-9]*/figures.json")):
            found = json.loads(path.read_text())
            test = found["test"]
            lines = " | ".join(f"{test[f'f1_{line}']:.3f}" for line in ("melody", "bass", "drums"))
            print(
                f"| {mix} | {found['val']['f1']:.3f} | **{test['f1']:.3f}** | {lines} "
                f"| {found['prior']['mean']:.3f} |"
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["teach", "table"])
    parser.add_argument("--trios", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--mix", choices=list(MIXES), default="games+arranger")
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.what == "table":
        table(given.trios, given.out)
    else:
        teach(given.trios, given.out, given.mix, given.steps, given.seed)


if __name__ == "__main__":
    main()
