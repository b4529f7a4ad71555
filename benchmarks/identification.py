"""How often a piece is known among 1,000: of its notes, its sound, and what a transcription leaves of it.

    python benchmarks/identification.py --piano GIANTMIDI --others MIDI_FOLDER ... [--queries 60]

The library is MIDI alone: the piano performances, the other folders' tunes, and pieces of our own arranger
until there are ``--pieces``. Queries are excerpts of performances of the composers whom no network here was
taught on (``train/data/piano_renderer/music.py``), at places drawn by the seed. A *transcription* is the
excerpt with notes missing, notes that are not there, onsets and lengths off, as in the figures of ``keys`` on
pianists it does not know (onset F1 .947 at 100 ms: a twentieth missing, a twentieth false). Printed: rank 1,
rank 5, mean reciprocal rank, each beside chance; rank 1 against that of the original; and how often a wrong
piece is said to be known, as it would be were the right one not in the library.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import signal

from photoplayer.compose import band
from photoplayer.compose.fit import Wishes, fit
from photoplayer.compose.moods import MOODS
from photoplayer.errors import InputError
from photoplayer.evaluate.identification import Entry, Library
from photoplayer.evaluate.identification.landmarks import RATE_HZ
from photoplayer.evaluate.identification.library import SURE
from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import Note, Score
from photoplayer.performance import render
from photoplayer.scene.timeline import Timeline, steps_in
from photoplayer.sound import audio
from photoplayer.train.data.piano_renderer.music import pieces

MISSING, FALSE = 0.05, 0.05
ONSET_OFF_S, LENGTH_OFF = 0.02, 0.25
OWN_S = 60.0

Change = Callable[[Score, np.random.Generator], Score]


@dataclass(frozen=True)
class Query:
    """An excerpt from ``begin_s`` of the piece with this name."""

    piece: str
    begin_s: float
    score: Score


def transcribed(score: Score, dice: np.random.Generator) -> Score:
    """What a transcription might have left of it; onsets are in quarters of half a second."""
    notes: list[Note] = []
    for note in score.parts[0].notes:
        if dice.random() < MISSING:
            continue
        onset = max(note.onset + dice.normal(0, ONSET_OFF_S) * 2, 0.0)
        length = note.length * float(np.exp(dice.normal(0, LENGTH_OFF)))
        notes.append(Note(onset, onset + max(length, 0.05), note.pitch, note.velocity))
        if dice.random() < FALSE:
            beside = int(np.clip(note.pitch + dice.choice([-2, -1, 1, 2, 12]), 21, 108))
            notes.append(Note(onset, onset + 0.3, beside, note.velocity))
    return replace(score, parts=(replace(score.parts[0], notes=tuple(sorted(notes))),))


def moved(score: Score, *, up: int, speed: float) -> Score:
    """In another key and at another speed."""
    notes = tuple(
        Note(n.onset / speed, n.offset / speed, int(np.clip(n.pitch + up, 21, 108)), n.velocity)
        for n in score.parts[0].notes
    )
    return replace(score, parts=(replace(score.parts[0], notes=notes),), end=score.end / speed)


def excerpt(score: Score, begin_s: float, seconds: float) -> Score:
    """Its notes from ``begin_s`` on, in a score of 120 quarters a minute."""
    notes = []
    for note in (n for part in score.parts for n in part.notes):
        onset, offset = (score.tempo_map.seconds(at) - begin_s for at in (note.onset, note.offset))
        if 0 <= onset < seconds:
            notes.append(Note(2 * onset, 2 * max(offset, onset + 0.03), note.pitch, note.velocity))
    part = replace(score.parts[0], program=0, notes=tuple(sorted(notes)), controls=())
    return Score(parts=(part,), end=2 * (seconds + 1))


def own_piece(seed: int) -> Score:
    """A minute of our own arranger."""
    curve = np.full(steps_in(OWN_S), 0.5, np.float32)
    mood = list(MOODS)[seed % len(MOODS)]
    plan = fit(Timeline(OWN_S, curve, curve, curve * 0), seed=seed, wishes=Wishes(mood=mood))
    return band.compose(plan, seed=seed)


def library_of(piano: Path, others: list[Path], count: int) -> Library:
    """All tunes, and our own until there are ``count``."""
    entries = []
    for path in sorted(p for folder in (piano, *others) for p in folder.glob("*.mid")):
        try:
            entries.append(Entry.of_score(path.stem, read_midi(path)))
        except InputError:
            continue
    real = len(entries)
    entries += [Entry.of_score(f"own {seed}", own_piece(seed)) for seed in range(max(count - real, 0))]
    print(f"library: {real} tunes, {len(entries) - real} of our own", flush=True)
    return Library.of(entries)


def queries_of(piano: Path, count: int, seconds: float, seed: int) -> list[Query]:
    """Excerpts with at least ten notes, as many from each piece."""
    dice = np.random.default_rng(seed)
    held = [path for split in ("validation", "test") for path in pieces(piano, split)]
    scores = {path: read_midi(path) for path in held}
    found: list[Query] = []
    while len(found) < count:
        path = held[len(found) % len(held)]
        begin_s = float(dice.uniform(0, max(scores[path].duration_s - seconds, 0)))
        cut = excerpt(scores[path], begin_s, seconds)
        if len(cut.parts[0].notes) >= 10:
            found.append(Query(path.stem, begin_s, cut))
    return found


def heard(score: Score, **how: object) -> Entry:
    """The sound of a score, mastered, as the library hears it."""
    played = render(score, **how).audio().samples.mean(axis=0)
    played = played[: round((score.duration_s - 1) * audio.RATE_HZ)]  # without what rings on
    return Entry.of_sound(
        "query", signal.resample_poly(played, 1, audio.RATE_HZ // RATE_HZ).astype(np.float32)
    )


def rank_of(library: Library, query: Entry, piece: str) -> tuple[int, float, float]:
    """The right piece's place from 1, the best score, and the best score of the wrong ones."""
    found = library.search(query, most=len(library.names))
    places = {match.piece: number for number, match in enumerate(found, start=1)}
    wrong = max((match.score for match in found if match.piece != piece), default=0.0)
    return places.get(piece, len(library.names)), found[0].score if found else 0.0, wrong


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--piano", type=Path, required=True)
    parser.add_argument("--others", type=Path, nargs="*", default=[])
    parser.add_argument("--pieces", type=int, default=1001)
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--instruments", nargs="*", default=["acoustic guitar (nylon)", "koto", "string ensemble 1"]
    )
    parser.add_argument("--only", default="", help="ask in the ways whose name begins so: notes, sound")
    parser.add_argument("--neural", action="store_true", help="play transcriptions on the neural piano too")
    options = parser.parse_args()
    begun_s = time.perf_counter()
    library = library_of(options.piano, options.others, options.pieces)
    print(f"built in {time.perf_counter() - begun_s:.0f} s on {os.cpu_count()} cores", flush=True)
    queries = queries_of(options.piano, options.queries, options.seconds, options.seed)

    def spoiled(query: Query, number: int) -> Score:
        return transcribed(query.score, np.random.default_rng((options.seed, number)))

    ways: dict[str, Callable[[Query, int], Entry]] = {
        "notes, original": lambda q, i: Entry.of_score("query", q.score),
        "notes, transcription": lambda q, i: Entry.of_score("query", spoiled(q, i)),
        "notes, transcription, 3 semitones up, 1.2 x as fast": lambda q, i: Entry.of_score(
            "query", moved(spoiled(q, i), up=3, speed=1.2)
        ),
        "sound, original": lambda q, i: heard(q.score),
        "sound, transcription": lambda q, i: heard(spoiled(q, i)),
        **{
            f"sound, transcription on {name}": lambda q, i, name=name: heard(spoiled(q, i), instrument=name)
            for name in options.instruments
        },
    }
    if options.neural:
        ways["sound, transcription on the neural piano"] = lambda q, i: heard(spoiled(q, i), synth="neural")
    chance = 1 / len(library.names)
    print(f"{'query':52} rank 1 rank 5   MRR  of original  false known   s/query   (chance {chance:.4f})")
    originals: dict[str, float] = {}
    for name, made in ((name, made) for name, made in ways.items() if name.startswith(options.only)):
        begun_s = time.perf_counter()
        found = [rank_of(library, made(query, i), query.piece) for i, query in enumerate(queries)]
        ranks = np.array([rank for rank, _, _ in found])
        first = float((ranks == 1).mean())
        originals.setdefault(name.split(",")[0], first)
        share = first / max(originals[name.split(",")[0]], 1e-9)
        false = float(np.mean([wrong >= SURE for _, _, wrong in found]))
        each_s = (time.perf_counter() - begun_s) / len(queries)
        print(
            f"{name:52} {first:6.3f} {(ranks <= 5).mean():6.3f} {(1 / ranks).mean():5.3f} {share:12.3f} "
            f"{false:12.3f} {each_s:9.1f}   wrong max {max(w for _, _, w in found):.1f}, "
            f"right min {min((s for r, s, _ in found if r == 1), default=0):.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
