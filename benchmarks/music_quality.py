"""What the arranger's music is like: faults by mood, and its distance to real game music beside controls.

``python benchmarks/music_quality.py [--seeds 100] [--data FOLDER_OF_MIDI]`` composes every mood with
every seed (three sections of low, middle and high energy, the moods' own meters, modes and tempi) and
prints tables in Markdown. The digest at the end is that of all MIDI bytes: two machines print the same.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from random import Random

import numpy as np

from photoplayer.compose.band import compose
from photoplayer.compose.chance import chance
from photoplayer.compose.moods import MOODS, Mood
from photoplayer.compose.plan import Plan, Section
from photoplayer.errors import InputError
from photoplayer.evaluate.controls import CONTROLS, shuffled_bars
from photoplayer.evaluate.copying import MelodyIndex
from photoplayer.evaluate.distance import COMPARED, Distance, distance, floor_distance, values
from photoplayer.evaluate.rules import Faults, Rate, find_faults, unended_notes
from photoplayer.evaluate.symbolic import MusicMeasures, measure
from photoplayer.music.midi_read import read_midi, score_from_bytes
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.score import Score
from photoplayer.music.theory import Key

ENERGIES = (0.15, 0.5, 0.9)
BARS_PER_SECTION = 8
CONTROL_PIECES = 20
COPY_PIECES = 20
QUARTILES = (10, 25, 50, 75, 90)

Tune = tuple[str, Score, MusicMeasures]
"""A real piece: its name, its notes and its measures."""


@dataclass
class Found:
    """What was found in one mood's pieces."""

    faults: Faults = field(default_factory=Faults)
    unended: Rate = field(default_factory=Rate)
    measures: list[MusicMeasures] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)


def make_plan(mood: Mood, seed: int) -> Plan:
    """Three sections, the last like the first: the mood's meters and modes in turn, any key and tempo."""
    random = chance(seed, "music-quality", mood.name)
    meter = mood.meters[seed % len(mood.meters)]
    key = Key(random.randrange(12), mood.modes[seed // 2 % len(mood.modes)])
    bpm = float(random.randint(round(mood.bpm[0]), round(mood.bpm[1])))
    energies = random.sample(ENERGIES, len(ENERGIES))
    sections = []
    for index, energy in enumerate(energies):
        sections.append(
            Section(
                mood=mood.name,
                bars=BARS_PER_SECTION,
                bpm=bpm,
                meter=meter,
                key=key,
                energy=(energy,) * BARS_PER_SECTION,
                valence=mood.valence,
                label="ABA"[index],
                similar_to=0 if index == 2 else None,
            )
        )
    return Plan(tuple(sections))


def compose_all(moods: Sequence[Mood], seeds: int) -> tuple[dict[str, Found], str]:
    """Every mood with every seed, judged as read back from its MIDI; and the digest of all bytes."""
    digest = hashlib.sha256()
    found = {mood.name: Found() for mood in moods}
    for mood in moods:
        here = found[mood.name]
        for seed in range(seeds):
            data = to_bytes(compose(make_plan(mood, seed), seed=seed))
            digest.update(data)
            score = score_from_bytes(data)
            here.faults += find_faults(score)
            here.unended += unended_notes(data)
            here.measures.append(measure(score))
            if seed < max(COPY_PIECES // len(moods), 1):
                here.scores.append(score)
        print(f"{mood.name}: {seeds} pieces", file=sys.stderr)
    return found, digest.hexdigest()


def read_tunes(folder: Path) -> list[Tune]:
    """The different MIDI files of a folder that have pitched notes."""
    seen: set[bytes] = set()
    tunes = []
    for path in sorted(folder.rglob("*.mid")):
        key = hashlib.sha256(path.read_bytes()).digest()
        if key in seen:
            continue
        seen.add(key)
        try:
            score = read_midi(path)
            tunes.append((path.stem, score, measure(score)))
        except (InputError, ValueError) as error:
            print(f"left out {path.name}: {error}", file=sys.stderr)
    return tunes


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def print_faults(found: dict[str, Found], tunes: Sequence[Tune]) -> None:
    """Rates of every fault, mood by mood; real tunes are judged by the scale that fits them best."""
    names = [f.name for f in fields(Faults)]
    faults, unended = Faults(), Rate()
    rows = []
    for mood, here in found.items():
        faults += here.faults
        unended += here.unended
        rows.append([mood, *(_cell(getattr(here.faults, name)) for name in names), _cell(here.unended)])
    rows.append(["**all**", *(_cell(getattr(faults, name)) for name in names), _cell(unended)])
    if tunes:
        real = Faults()
        for _, score, _ in tunes:
            real += find_faults(replace(score, keys=()))
        rows.append([f"{len(tunes)} real tunes", *(_cell(getattr(real, name)) for name in names), "-"])
    table(["mood", *(name.replace("_", " ") for name in names), "unended in the bytes"], rows)


def _cell(rate: Rate) -> str:
    return f"{100 * rate.share:.2f} % ({rate.count}/{rate.of})"


def print_measures(sets: dict[str, Sequence[MusicMeasures]]) -> None:
    """Percentiles of every measure of every set."""
    rows = []
    for f in fields(MusicMeasures):
        for label, pieces in sets.items():
            found = values(pieces, f.name)
            percentiles = [f"{value:.3f}" for value in np.percentile(found, QUARTILES)]
            rows.append(
                [f.name.replace("_", " "), label, f"{found.mean():.3f}±{found.std():.3f}", *percentiles]
            )
    table(["measure", "set", "mean±sd", *(f"p{q}" for q in QUARTILES)], rows)


def print_distances(ours: Sequence[MusicMeasures], tunes: Sequence[Tune]) -> None:
    """Ours and the controls against real music, and how many times farther each control is than ours."""
    real = [measures for _, _, measures in tunes]
    found: dict[str, Distance] = {"ours": distance(ours, real)}
    for name, make in CONTROLS.items():
        random = Random(name)
        found[name] = distance([measure(make(random)) for _ in range(CONTROL_PIECES)], real)
    random = Random("shuffled bars")
    shuffled = [measure(shuffled_bars(score, random)) for _, score, _ in tunes]
    found["real, bars shuffled"] = distance(shuffled, real)
    found["real, half to half (floor)"] = floor_distance(real)
    own = found["ours"].total
    rows = [
        [name, *(f"{d.by_measure[m]:.2f}" for m in COMPARED), f"**{d.total:.2f}**", f"{d.total / own:.2f}"]
        for name, d in found.items()
    ]
    table(["distance (in sd of real)", *(m.replace("_", " ") for m in COMPARED), "mean", "to ours"], rows)
    nearest = min(found[name].total for name in CONTROLS)
    verdict = "nearer than every control" if own < nearest else "NOT nearer than every control"
    print(f"Ours at {own:.2f}, the nearest control at {nearest:.2f} ({nearest / own:.2f}x): {verdict}.\n")


def print_by_mood(found: dict[str, Found]) -> None:
    """Means of the main measures, mood by mood."""
    names = (*COMPARED, "notes_per_bar", "parts_per_bar", "velocity_mean")
    rows = [
        [mood, *(f"{v.mean():.3f}±{v.std():.3f}" for v in (values(here.measures, n) for n in names))]
        for mood, here in found.items()
    ]
    table(["mood", *(name.replace("_", " ") for name in names)], rows)


def print_copying(found: dict[str, Found], tunes: Sequence[Tune]) -> None:
    """The longest run that a piece shares with half of the real tunes; for the other half of them too."""
    shuffled = Random("halves").sample(list(tunes), len(tunes))
    half = len(shuffled) // 2
    index = MelodyIndex()
    for name, score, _ in shuffled[:half]:
        index.add(name, score)
    sets = {mood: here.scores for mood, here in found.items()}
    sets["real, the other half"] = [score for _, score, _ in shuffled[half:]]
    rows = []
    for label, scores in sets.items():
        runs = sorted((index.longest_run(score) for score in scores), key=lambda run: run.steps)
        longest = runs[-1]
        median = f"{np.median([run.steps for run in runs]):g}"
        rows.append([label, str(len(runs)), median, str(longest.steps), longest.part, longest.piece])
    table(["set", "pieces", "median shared run (steps)", "longest", "in part", "of tune"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--moods", nargs="*", default=list(MOODS), choices=list(MOODS), metavar="MOOD")
    parser.add_argument("--data", type=Path, help="a folder of real game music in MIDI")
    args = parser.parse_args()
    began_s = time.perf_counter()
    found, digest = compose_all([MOODS[name] for name in args.moods], args.seeds)
    pieces = args.seeds * len(args.moods)
    each_ms = 1000 * (time.perf_counter() - began_s) / pieces
    print(
        f"## Faults, {args.seeds} seeds x {len(args.moods)} moods ({each_ms:.0f} ms a piece with judging)\n"
    )
    tunes = read_tunes(args.data) if args.data else []
    print_faults(found, tunes)
    ours = [measures for here in found.values() for measures in here.measures]
    if tunes:
        print(f"## {pieces} pieces of ours beside {len(tunes)} real tunes\n")
        print_measures({"real": [measures for _, _, measures in tunes], "ours": ours})
        print_distances(ours, tunes)
        print("## Copying\n")
        print_copying(found, tunes)
    print("## By mood\n")
    print_by_mood(found)
    print(f"SHA-256 of all MIDI bytes: `{digest}`")


if __name__ == "__main__":
    main()
