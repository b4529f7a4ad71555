"""Does the music follow the picture? Told from the MIDI alone.

    python benchmarks/music_follows_scene.py DATA

DATA holds gameplay with truth, as tools/record_gameplay.py makes it: bots/, human/ and joined/ with NAME.mp4
and NAME.json, and in each JSON its split by level. Two tables:

1. Combat against exploring. A logistic regression on windows of 2 s of MIDI (notes, layers, velocity,
   register) learns on training levels and is asked on test levels and on human demos. Beside it, the same
   with the music of every clip shifted in time by half its length, and the scene's own intensity.
2. True change points against section starts, ±0.5 s, beside the same sections phase-shuffled.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

import photoplayer
from photoplayer.compose.fit import fit
from photoplayer.evaluate.changes import Matching, auc, bootstrap_interval, match_changes
from photoplayer.music.midi_read import score_from_bytes
from photoplayer.music.midi_write import to_bytes
from photoplayer.scene.timeline import Timeline, steps_in

WINDOW_S = 2.0
STEPS_PER_S = 3
Table = npt.NDArray[np.float64]


@dataclass
class Scored:
    """One clip: windows of its MIDI, whether each shows combat, and the scene's intensity in each."""

    name: str
    kind: str
    split: str
    features: Table
    combat: npt.NDArray[np.bool_]
    intensity: Table


def window_features(midi: bytes, duration_s: float) -> Table:
    """``(windows, 8)``: what can be counted in the notes of each window, from the file's bytes alone."""
    score = score_from_bytes(midi)
    seconds = score.tempo_map.seconds
    rows: dict[int, list[tuple[int, int, int, bool, float]]] = defaultdict(list)
    for number, part in enumerate(score.parts):
        for note in part.notes:
            start_s, end_s = seconds(note.onset), seconds(note.offset)
            window = int(start_s / WINDOW_S)
            rows[window].append((number, note.pitch, note.velocity, part.is_drum, end_s - start_s))
    table = np.zeros((int(duration_s / WINDOW_S), 8))
    for i in range(len(table)):
        notes = rows.get(i, [])
        if not notes:
            continue
        pitched = [pitch for _, pitch, _, drum, _ in notes if not drum]
        velocities = [velocity for _, _, velocity, _, _ in notes]
        table[i] = (
            len(notes),
            sum(drum for *_, drum, _ in notes),
            len({part for part, *_ in notes}),
            np.mean(velocities),
            max(velocities),
            np.mean(pitched) if pitched else 60,
            np.ptp(pitched) if pitched else 0,
            np.mean([length for *_, length in notes]),
        )
    return table


def score_clip(path: Path) -> Scored:
    truth = json.loads(path.with_suffix(".json").read_text())
    track = photoplayer.score(path)
    features = window_features(to_bytes(track.score), track.duration_s)
    combat = np.array(truth["steps"]["combat"], dtype=float)
    per_window = round(WINDOW_S * STEPS_PER_S)
    count = min(len(features), len(combat) // per_window)
    shares = combat[: count * per_window].reshape(count, per_window).mean(axis=1)
    assert track.timeline is not None
    intensity = np.pad(track.timeline.intensity, (0, per_window), mode="edge")[: count * per_window]
    return Scored(
        path.stem,
        truth["source"]["kind"],
        truth["source"]["split"],
        features[:count],
        shares >= 0.5,
        intensity.reshape(count, per_window).mean(axis=1),
    )


def learn(clips: Sequence[Scored]) -> tuple[Table, Table, Table]:
    """Mean, spread and weights of a logistic regression on the clips' windows."""
    table = np.concatenate([clip.features for clip in clips])
    truth = np.concatenate([clip.combat for clip in clips])
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    inputs = np.column_stack([(table - mean) / spread, np.ones(len(table))])
    signs = np.where(truth, 1.0, -1.0)

    def loss(weights: Table) -> float:
        return float(np.logaddexp(0, -signs * (inputs @ weights)).mean() + 1e-3 * (weights @ weights))

    return mean, spread, minimize(loss, np.zeros(inputs.shape[1])).x


def judged(clip: Scored, model: tuple[Table, Table, Table]) -> Table:
    mean, spread, weights = model
    return ((clip.features - mean) / spread) @ weights[:-1] + weights[-1]


def pooled_auc(pairs: Sequence[tuple[Table, npt.NDArray[np.bool_]]]) -> float:
    return auc(np.concatenate([p for p, _ in pairs]), np.concatenate([t for _, t in pairs]))


def row(name: str, pairs: Sequence[tuple[Table, npt.NDArray[np.bool_]]]) -> str:
    low, high = bootstrap_interval(pairs, pooled_auc, rounds=300)
    return f"| {name} | {len(pairs)} | {pooled_auc(pairs):.3f} | {low:.3f}-{high:.3f} |"


def combat_table(folder: Path, most: int) -> None:
    paths = [*sorted((folder / "bots").glob("*.mp4"))[:most], *sorted((folder / "human").glob("*.mp4"))]
    clips = [score_clip(path) for path in paths]
    model = learn([clip for clip in clips if clip.kind == "bot" and clip.split == "train"])
    print("| combat told from | clips | AUC | 95 % |\n|---|---|---|---|")
    groups = {
        "bots, test levels": [c for c in clips if c.kind == "bot" and c.split == "test"],
        "human demos": [c for c in clips if c.kind != "bot"],
    }
    for name, group in groups.items():
        if group:
            print(row(f"MIDI, {name}", [(judged(c, model), c.combat) for c in group]))
            shifted = [(np.roll(judged(c, model), len(c.combat) // 2), c.combat) for c in group]
            print(row(f"MIDI shifted by half a clip, {name}", shifted))
            print(row(f"intensity of the scene, {name}", [(c.intensity, c.combat) for c in group]))
    for clip in groups["human demos"]:
        heard, seen = auc(judged(clip, model), clip.combat), auc(clip.intensity, clip.combat)
        print(f"  {clip.name}: MIDI {heard:.3f}, intensity {seen:.3f}, combat {clip.combat.mean():.2f}")


def section_table(folder: Path) -> None:
    """Plans made from the true changes, so that the planner alone is judged."""
    found, shuffled = Matching(), Matching()
    dice = random.Random(1)
    for path in sorted((folder / "joined").glob("*.json")):
        truth = json.loads(path.read_text())
        duration_s, changes_s = truth["duration_s"], truth["changes_s"]
        steps = truth["steps"]["combat"]
        curve = np.resize(np.array(steps, dtype=np.float32), steps_in(duration_s)) * 0.6 + 0.2
        plan = fit(Timeline(duration_s, curve, curve, curve * 0, tuple(changes_s)), seed=1)
        starts_s = plan.starts_s[1:]
        found += match_changes(starts_s, changes_s, tolerance_s=0.5)
        shift_s = dice.uniform(0, duration_s)
        shuffled += match_changes([(s + shift_s) % duration_s for s in starts_s], changes_s, tolerance_s=0.5)
    print("\n| section starts at true changes, ±0.5 s | P | R | F1 |\n|---|---|---|---|")
    for name, match in (("planner", found), ("phase-shuffled", shuffled)):
        print(f"| {name} | {match.precision:.3f} | {match.recall:.3f} | {match.f1:.3f} |")


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("data", type=Path)
    parser.add_argument("--most", type=int, default=10_000, help="bot clips to use")
    options = parser.parse_args()
    section_table(options.data)
    combat_table(options.data, options.most)


if __name__ == "__main__":
    main()
