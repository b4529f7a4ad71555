"""Does the music of a clip tell which clip it was made for? Own clip among twenty, by the notes alone.

    python benchmarks/trio_video.py --pairs PAIRS [--frames RUN_OF_THE_SOURCES_NETWORK] [--split val]

For every window of clips from games nobody was taught on, ``trio-frame`` looks at its pictures, a code is
chosen and decoded as the engine does, and the five attributes of the notes are measured. Of twenty windows of
different clips, the one whose true game state asks (by the engine's rules) for what is nearest to these is
taken for the own one: by ranks, as ``melody_gan.py`` has it (``evaluate/retrieval.py``), and by standard
deviations. Chance is .05; with the conditions shuffled among windows it must fall to that. Intervals are 95 %
of a bootstrap over clips.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.trio.choice import OFFERS, TEMPERATURE, suited
from photoplayer.compose.trio.eyes import asked, see
from photoplayer.compose.trio.space import shipped_space
from photoplayer.evaluate.retrieval import own_found
from photoplayer.music.trio_attributes import ATTRIBUTES
from photoplayer.train.data.pairs import read_pairs
from photoplayer.train.data.trio_pairs import TrioPairs, trio_pairs

AMONG, DRAWS = 20, 400
Values = NDArray[np.float64]


def heard(wishes: NDArray[np.float32], seed: int = 1) -> Values:
    """The attributes of music made for wishes ``(n, 5)``, in standard deviations."""
    space = shipped_space()
    made = [
        suited(space, space.sample(OFFERS, seed=(seed, i), temperature=TEMPERATURE), wish)
        for i, wish in enumerate(wishes)
    ]
    return space.heard(np.stack(made)).astype(np.float64)


def found_among(music: Values, wishes: Values, dice: np.random.Generator) -> float:
    """Share of clips found among twenty different ones, over draws of twenty."""
    music, wishes = (standard(values) for values in (music, wishes))
    hits = []
    for _ in range(DRAWS):
        chosen = dice.choice(len(music), AMONG, replace=False)
        away = ((music[chosen][:, None] - wishes[chosen][None]) ** 2).sum(axis=2)
        hits.append((away.argmin(axis=1) == np.arange(AMONG)).mean())
    return float(np.mean(hits))


def standard(values: Values) -> Values:
    return (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-9)


def one_a_clip(pairs: TrioPairs) -> NDArray[np.int64]:
    """The first pair of every window of a clip."""
    return np.array([i for i, name in enumerate(pairs.names) if pairs.names.index(name) == i])


def row(name: str, values: Values, truth: Values, places: NDArray[np.str_]) -> str:
    """A line of the table."""
    each = own_found(values, truth, places, among=AMONG)
    dice = np.random.default_rng(0)
    clips = [np.flatnonzero(places == place) for place in np.unique(places)]
    means = [
        each[np.concatenate([clips[k] for k in dice.integers(0, len(clips), len(clips))])].mean()
        for _ in range(500)
    ]
    low, high = np.percentile(means, [2.5, 97.5])
    same = [np.corrcoef(values[:, i], truth[:, i])[0, 1] for i in range(len(ATTRIBUTES))]
    plain = found_among(values, truth, np.random.default_rng(1))
    return (
        f"| {name} | **{each.mean():.3f}** [{low:.3f}, {high:.3f}] | {plain:.3f} "
        f"| {', '.join(f'{value:+.2f}' for value in same)} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--frames", type=Path)
    parser.add_argument("--split", choices=["val", "test"], default="test")
    given = parser.parse_args()
    taught = {pair.game for pair in read_pairs(given.pairs, "train")}
    held = trio_pairs([p for p in read_pairs(given.pairs, given.split) if p.game not in taught])
    rows = one_a_clip(held)
    pictures, truth = held.pictures[rows], held.asked[rows]
    places = np.array([held.names[i].partition("@")[0] for i in rows])
    wishes = asked(np.concatenate([see(pictures[i : i + 8]) for i in range(0, len(rows), 8)])).attributes
    music = heard(wishes)
    order = np.random.default_rng(1).permutation(len(music))
    sets = {
        "trio-frame": music,
        "trio-frame, what it asks for before there is music": wishes.astype(np.float64),
        "the true state (ceiling)": heard(truth),
        "trio-frame, conditions shuffled": music[order],
    }
    if given.frames:
        sets["FrameVAE, one picture (the source's)"] = from_frames(given.frames, pictures)
    games = sorted({held.games[i] for i in rows})
    print(f"\n{len(rows)} windows of {games}, found among {AMONG}; chance {1 / AMONG:.3f}\n")
    print(
        "| | found, by ranks | by deviations | correlation: "
        + ", ".join(ATTRIBUTES)
        + " |\n|---|---|---|---|"
    )
    for name, values in sets.items():
        print(row(name, values, truth.astype(np.float64), places))


def from_frames(run: Path, pictures: NDArray[np.uint8]) -> Values:
    """What the source's network makes of the middle picture."""
    import torch

    from photoplayer.train.nets.frame_vae import FrameVAE

    net = FrameVAE()
    net.load_state_dict(torch.load(run / "frame_net.pt", weights_only=True))
    with torch.inference_mode():
        codes, _ = net.eval()(torch.from_numpy(pictures[:, pictures.shape[1] // 2, 1].copy()))
    return shipped_space().heard(codes.numpy()).astype(np.float64)


if __name__ == "__main__":
    main()
