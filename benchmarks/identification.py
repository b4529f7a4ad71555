"""How often a piece is known among 1,000: of its notes, its sound, and what a transcription leaves of it.

    python benchmarks/identification.py --piano GIANTMIDI --others MIDI_FOLDER ... [--queries 60] [--neural]
    python benchmarks/identification.py ... --recordings --keep FOLDER
    python benchmarks/identification.py ... --clips RENDERS [--step 5]

The library is MIDI alone: the piano performances, the other folders' tunes, and pieces of our own arranger
until there are ``--pieces``. Queries are excerpts of performances of the composers whom no network here was
taught on (``train/data/piano_renderer/music.py``), at places drawn by the seed. A *transcription* is the
excerpt with notes missing, notes that are not there, onsets and lengths off, as in the figures of ``keys`` on
pianists it does not know (onset F1 .947 at 100 ms: a twentieth missing, a twentieth false). Printed: rank 1
with its 95 % interval (a bootstrap by piece), rank 5, mean reciprocal rank, each beside chance; rank 1
against that of the original, and by each way of hearing alone; and how often a wrong piece is said to be
known, as it would be were the right one not in the library.

With ``--recordings`` the library is sound: 20 s of each of its pieces, played by FluidSynth, of the queries'
pieces around the queries. Then landmarks hear too, and queries are spoiled as a telephone spoils them. With
``--clips`` queries are what ``photoplayer transcribe`` read off clips: ``NAME_transcribed.mid`` beside
``NAME.mid``, their labels, and ``NAME.json`` where ``tools/render_piano.py`` made them of a known piece; else
the labels are a piece of the library, and other takes of that piece count in a column of their own.
``--keep`` keeps what the library is made of, which takes minutes; a run that was ended goes on there.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from identification_pieces import entries_of, sound_of
from identification_queries import (
    Query,
    by_telephone,
    in_a_room,
    labels_of,
    lossy,
    moved,
    noisy,
    queries_of,
    read_off,
    takes_of,
    transcribed,
)
from photoplayer.evaluate.identification import Entry, Library
from photoplayer.evaluate.identification.landmarks import Sound
from photoplayer.evaluate.identification.library import SURE, Hearing
from photoplayer.music.score import Score

HEARINGS = ("landmarks", "chroma", "prints")

Ways = dict[str, Callable[[int], Entry]]
Takes = Mapping[str, set[str]]


@dataclass(frozen=True)
class Answer:
    """The right piece's place from 1, that of any take of it, its place by each way of hearing, the best
    score, and the best of what is wrong."""

    place: int
    take_place: int
    alone: tuple[int, ...]
    score: float
    wrong: float


def heard(score: Score, **how: object) -> Entry:
    """The sound of a score, mastered, as the library hears it."""
    return Entry.of_sound("query", sound_of(score, **how))


def ways_of(queries: Sequence[Query], options: argparse.Namespace) -> Ways:
    """How excerpts are asked about, of which the first of notes and of sound are the originals."""

    def spoiled(i: int) -> Score:
        return transcribed(queries[i].score, np.random.default_rng((options.seed, i)))

    def on_instrument(name: str, i: int) -> Entry:
        return heard(spoiled(i), instrument=name)

    ways: Ways = {
        "notes, original": lambda i: Entry.of_score("query", queries[i].score),
        "notes, transcription": lambda i: Entry.of_score("query", spoiled(i)),
        "notes, transcription, 3 semitones up, 1.2 x as fast": lambda i: Entry.of_score(
            "query", moved(spoiled(i), up=3, speed=1.2)
        ),
        "sound, original": lambda i: heard(queries[i].score),
        "sound, transcription": lambda i: heard(spoiled(i)),
        "sound, transcription, 3 semitones up, 1.2 x as fast": lambda i: heard(
            moved(spoiled(i), up=3, speed=1.2)
        ),
    }
    for name in options.instruments:
        ways[f"sound, transcription on {name}"] = partial(on_instrument, name)
    if options.neural:
        ways["sound, transcription on the neural piano"] = lambda i: heard(spoiled(i), synth="neural")
    return ways


def ways_of_recordings(queries: Sequence[Query], seed: int) -> Ways:
    """How recordings are asked about: as they were, and as they are overheard."""

    def spoiled(how: Callable[[Sound, np.random.Generator], Sound], i: int) -> Entry:
        return Entry.of_sound("query", how(sound_of(queries[i].score), np.random.default_rng((seed, i))))

    return {
        "sound, original": lambda i: heard(queries[i].score),
        "sound, noise 10 dB below": partial(spoiled, partial(noisy, below_db=10)),
        "sound, noise as loud": partial(spoiled, partial(noisy, below_db=0)),
        "sound, MP3 of 24 kbit/s": partial(spoiled, lambda sound, _: lossy(sound)),
        "sound, room": partial(spoiled, in_a_room),
        "sound, telephone: room, noise, MP3": partial(spoiled, by_telephone),
        "sound, another performance": lambda i: heard(
            transcribed(queries[i].score, np.random.default_rng((seed, i)))
        ),
    }


def ways_of_clips(true: Sequence[Query], read: Sequence[Query]) -> Ways:
    """How clips are asked about."""
    return {
        "notes, true": lambda i: Entry.of_score("query", true[i].score),
        "notes, read off the clip": lambda i: Entry.of_score("query", read[i].score),
        "sound, true": lambda i: heard(true[i].score),
        "sound, read off the clip": lambda i: heard(read[i].score),
        "sound, read off the clip, on the neural piano": lambda i: heard(read[i].score, synth="neural"),
    }


def interval(hits: npt.NDArray[np.bool_], pieces_asked: Sequence[str]) -> str:
    """The mean of hits and its 95 % interval, pieces drawn again."""
    dice, owners = np.random.default_rng(0), np.array(pieces_asked)
    of_piece = [hits[owners == piece] for piece in sorted(set(pieces_asked))]
    means = [
        np.concatenate([of_piece[k] for k in dice.integers(0, len(of_piece), len(of_piece))]).mean()
        for _ in range(2000)
    ]
    return f"{hits.mean():.3f} [{np.quantile(means, 0.025):.3f}, {np.quantile(means, 0.975):.3f}]"


def ask(library: Library, pieces_asked: Sequence[str], ways: Ways, takes: Takes) -> None:
    """Print a row for every way."""
    chance = 1 / len(set(library.names))
    print(f"{len(pieces_asked)} queries of {len(set(pieces_asked))} pieces; chance {chance:.4f}")
    print(
        "| query | rank 1 | rank 5 | MRR | of original | rank 1, any take | wrong known "
        f"| {', '.join(HEARINGS)} alone | s a query | right least |"
    )
    print(f"|{'---|' * 10}")
    originals: dict[str, float] = {}
    for name, made in ways.items():
        begun_s = time.perf_counter()
        found = [answer(library, made(i), piece, takes) for i, piece in enumerate(pieces_asked)]
        each_s = (time.perf_counter() - begun_s) / len(pieces_asked)
        ranks = np.array([each.place for each in found])
        whole = originals.setdefault(name.split(",")[0], float((ranks == 1).mean()))
        columns = (
            name,
            interval(ranks == 1, pieces_asked),
            f"{(ranks <= 5).mean():.3f}",
            f"{(1 / ranks).mean():.3f}",
            f"{(ranks == 1).mean() / max(whole, 1e-9):.3f}",
            interval(np.array([each.take_place == 1 for each in found]), pieces_asked),
            f"{np.mean([each.wrong >= SURE for each in found]):.3f}",
            " ".join(
                f"{share:.3f}" for share in (np.array([each.alone for each in found]) == 1).mean(axis=0)
            ),
            f"{each_s:.1f}",
            f"{min((each.score for each in found if each.place == 1), default=0.0):.1f}",
        )
        print(f"| {' | '.join(columns)} |", flush=True)


def answer(library: Library, query: Entry, piece: str, takes: Takes) -> Answer:
    """What the library says of a query of a piece."""
    heard = library.heard(query)
    found = library.matches(heard, most=len(library.names))
    right = takes.get(piece, {piece})

    def place(names: set[str]) -> int:
        return next((n for n, match in enumerate(found, 1) if match.piece in names), len(library.names))

    return Answer(
        place({piece}),
        place(right),
        tuple(place_alone(library, heard.get(way), piece) for way in HEARINGS),
        found[0].score if found else 0.0,
        max((match.score for match in found if match.piece not in right), default=0.0),
    )


def place_alone(library: Library, hearing: Hearing | None, piece: str) -> int:
    """The right piece's place by one way of hearing; last where that says nothing of it."""
    likeness = {} if hearing is None else {number: answer[0] for number, answer in hearing.said.items()}
    own = max((value for number, value in likeness.items() if library.names[number] == piece), default=0.0)
    return 1 + sum(value > own for value in likeness.values()) if own else len(library.names)


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
        "--instruments",
        nargs="*",
        default=["acoustic guitar (nylon)", "koto", "string quartet", "brass section"],
    )
    parser.add_argument("--only", default="", help="ask in the ways whose name begins so: notes, sound")
    parser.add_argument("--neural", action="store_true", help="play transcriptions on the neural piano too")
    parser.add_argument("--recordings", action="store_true", help="a library of sound")
    parser.add_argument("--clips", type=Path, help="ask about clips and what was read off them")
    parser.add_argument("--step", type=float, help="seconds between queries of a clip; their length if none")
    parser.add_argument("--keep", type=Path, help="a folder that keeps what the library is made of")
    options = parser.parse_args()
    begun_s = time.perf_counter()
    queries = queries_of(options.piano, options.queries, options.seconds, options.seed)
    labels = labels_of(options.clips) if options.clips else {}
    library = library_of(options, queries, labels)
    print(f"built in {time.perf_counter() - begun_s:.0f} s on {os.cpu_count()} cores", flush=True)
    if options.clips:
        found = read_off(options.clips, library.names, options.seconds, options.step or options.seconds)
        true, read = ([pair[k] for pair in found] for k in (0, 1))
        asked, ways = true, ways_of_clips(true, read)
    elif options.recordings:
        asked, ways = queries, ways_of_recordings(queries, options.seed)
    else:
        asked, ways = queries, ways_of(queries, options)
    chosen = {name: made for name, made in ways.items() if name.startswith(options.only)}
    ask(library, [query.piece for query in asked], chosen, takes_of(labels))


def library_of(options: argparse.Namespace, queries: Sequence[Query], labels: Mapping[str, Score]) -> Library:
    """Every piece as notes, or as sound, and the clips' labels."""
    places: dict[str, list[float]] = {}
    for query in queries:
        places.setdefault(query.piece, []).append(query.begin_s)
    entries = entries_of(
        options.piano,
        options.others,
        options.pieces,
        recordings=options.recordings,
        places=places,
        keep=options.keep,
    )
    return Library.of([*entries, *(Entry.of_score(name, score) for name, score in labels.items())])


if __name__ == "__main__":
    main()
