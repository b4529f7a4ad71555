"""How often a piece is known among 1,000: of its notes, its sound, and what a transcription leaves of it.

    python benchmarks/identification.py --piano GIANTMIDI --others MIDI_FOLDER ... [--queries 60] [--neural]
    python benchmarks/identification.py ... --recordings --keep FOLDER
    python benchmarks/identification.py ... --clips RENDERS

The library is MIDI alone: the piano performances, the other folders' tunes, and pieces of our own arranger
until there are ``--pieces``. Queries are excerpts of performances of the composers whom no network here was
taught on (``train/data/piano_renderer/music.py``), at places drawn by the seed. A *transcription* is the
excerpt with notes missing, notes that are not there, onsets and lengths off, as in the figures of ``keys`` on
pianists it does not know (onset F1 .947 at 100 ms: a twentieth missing, a twentieth false). Printed: rank 1
with its 95 % interval (a bootstrap by piece), rank 5, mean reciprocal rank, each beside chance; rank 1
against that of the original; and how often a wrong piece is said to be known, as it would be were the right
one not in the library.

With ``--recordings`` the library is sound: ``RECORDED_S`` of each of its pieces, played by FluidSynth, of the
queries' pieces around the queries. Then landmarks hear too. With ``--clips`` queries are what ``photoplayer
transcribe`` read off clips: ``NAME_transcribed.mid`` beside ``NAME.mid``, their labels, and ``NAME.json``
where ``tools/render_piano.py`` made them of a known piece; else the labels are a piece of the library.
``--keep`` keeps the library, which takes minutes to make.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import signal

from photoplayer.compose import band
from photoplayer.compose.fit import Wishes, fit
from photoplayer.compose.moods import MOODS
from photoplayer.errors import InputError
from photoplayer.evaluate.identification import Entry, Library
from photoplayer.evaluate.identification.landmarks import RATE_HZ, Sound
from photoplayer.evaluate.identification.library import SURE
from photoplayer.files import finished
from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import Note, Score
from photoplayer.performance import render
from photoplayer.scene.timeline import Timeline, steps_in
from photoplayer.sound import audio
from photoplayer.train.data.piano_renderer.music import pieces

MISSING, FALSE = 0.05, 0.05
ONSET_OFF_S, LENGTH_OFF = 0.02, 0.25
OWN_S = 60.0
FEWEST = 10
"""Notes in a query."""
RECORDED_S, BEFORE_S = 20.0, 2.5

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


def scores_of(piano: Path, others: list[Path]) -> Iterator[tuple[str, Callable[[], Score]]]:
    """All tunes, then our own without end."""
    for path in sorted(p for folder in (piano, *others) for p in folder.glob("*.mid")):
        yield path.stem, partial(read_midi, path)
    yield from ((f"own {seed}", partial(own_piece, seed)) for seed in count())


def kept(entry: Callable[[], Entry], path: Path | None) -> Entry:
    """An entry, or what was kept of it."""
    if path is None:
        return entry()
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with finished(path) as unfinished:
            unfinished.write_bytes(Library.of([entry()]).to_bytes())
    one = Library.from_bytes(path.read_bytes())
    marks, prints = one.landmarks.landmarks, one.prints.prints
    return Entry(
        one.names[0], one.chroma.frames, marks if len(marks) else None, prints if len(prints) else None
    )


def noted(name: str, score: Callable[[], Score]) -> Entry:
    """A piece as MIDI."""
    return Entry.of_score(name, score())


def recorded(name: str, score: Callable[[], Score], place_s: float | None) -> Entry:
    """Some of a piece as FluidSynth plays it, about a place or from its first note on."""
    piece = score()
    begin_s = first_s(piece) if place_s is None else max(place_s - BEFORE_S, 0.0)
    return replace(heard(stretch(piece, begin_s, RECORDED_S)), name=name)


def stretch(score: Score, begin_s: float, seconds: float) -> Score:
    """All parts' notes from ``begin_s`` on, on their own instruments."""
    parts = []
    for part in score.parts:
        notes = []
        for note in part.notes:
            onset, offset = (score.tempo_map.seconds(at) - begin_s for at in (note.onset, note.offset))
            if 0 <= onset < seconds:
                notes.append(Note(2 * onset, 2 * max(offset, onset + 0.03), note.pitch, note.velocity))
        parts.append(replace(part, notes=tuple(sorted(notes)), controls=()))
    return Score(parts=tuple(parts), end=2 * (seconds + 1))


def library_of(options: argparse.Namespace, queries: Sequence[Query]) -> Library:
    """Every piece as notes, or as sound."""
    places: dict[str, list[float | None]] = {}
    for query in queries:
        places.setdefault(query.piece, []).append(query.begin_s)
    entries: list[Entry] = []
    for name, score in scores_of(options.piano, options.others):
        if len({entry.name for entry in entries}) >= options.pieces:
            break
        makes: dict[str, Callable[[], Entry]] = {f"notes {name}": partial(noted, name, score)}
        if options.recordings:
            asked = places.get(name, [None])
            makes = {f"sound {name} {at}": partial(recorded, name, score, at) for at in asked}
        try:
            entries += [kept(make, options.keep and options.keep / f"{k}.npz") for k, make in makes.items()]
        except InputError:  # a file without music
            continue
    if options.clips:
        labels = [path for path in options.clips.glob("*.mid") if source_of(path) == path.stem]
        entries += [
            Entry.of_score(path.stem, read_midi(path))
            for path in sorted(labels)
            if not path.stem.endswith("_transcribed")
        ]
    return Library.of(entries)


def queries_of(piano: Path, wanted: int, seconds: float, seed: int) -> list[Query]:
    """Excerpts with at least ten notes, as many from each piece."""
    dice = np.random.default_rng(seed)
    held = [path for split in ("validation", "test") for path in pieces(piano, split)]
    scores = {path: read_midi(path) for path in held}
    found: list[Query] = []
    while len(found) < wanted:
        path = held[len(found) % len(held)]
        begin_s = float(dice.uniform(0, max(scores[path].duration_s - seconds, 0)))
        cut = excerpt(scores[path], begin_s, seconds)
        if len(cut.parts[0].notes) >= FEWEST:
            found.append(Query(path.stem, begin_s, cut))
    return found


def heard(score: Score, **how: object) -> Entry:
    """The sound of a score, mastered, as the library hears it."""
    return Entry.of_sound("query", sound_of(score, **how))


def sound_of(score: Score, **how: object) -> Sound:
    """Mono at :data:`RATE_HZ`, without what rings on."""
    played = render(score, **how).audio().samples.mean(axis=0)
    played = played[: round((score.duration_s - 1) * audio.RATE_HZ)]
    found: Sound = signal.resample_poly(played, 1, audio.RATE_HZ // RATE_HZ).astype(np.float32)
    return found


def noisy(score: Score, dice: np.random.Generator, below_db: float) -> Entry:
    """The sound with white noise under it."""
    sound = sound_of(score)
    noise = dice.normal(0, np.sqrt(np.square(sound).mean()) * 10 ** (-below_db / 20), len(sound))
    return Entry.of_sound("query", (sound + noise).astype(np.float32))


def read_off(folder: Path, known: Container[str], seconds: float) -> list[tuple[Query, Query]]:
    """What is true of clips of known pieces, and what was read off them, ``seconds`` after ``seconds``."""
    found = []
    for path in sorted(folder.glob("*_transcribed.mid")):
        clip = path.with_name(path.name.replace("_transcribed", ""))
        piece = source_of(clip)
        if piece not in known:  # an exercise, or a rest
            continue
        true, read = (read_midi(midi) for midi in (clip, path))
        for begin_s in np.arange(first_s(read), read.duration_s - seconds / 2, seconds):
            pair = tuple(Query(piece, begin_s, excerpt(score, begin_s, seconds)) for score in (true, read))
            if all(len(query.score.parts[0].notes) >= FEWEST for query in pair):
                found.append((pair[0], pair[1]))
    return found


def source_of(clip: Path) -> str:
    """What a rendered clip says that it plays; of another, its own labels are the piece."""
    told = clip.with_suffix(".json")
    return str(json.loads(told.read_text())["source"]) if told.is_file() else clip.stem


def first_s(score: Score) -> float:
    """When the first note begins."""
    return score.tempo_map.seconds(min(n.onset for part in score.parts for n in part.notes))


Ways = dict[str, Callable[[int], Entry]]


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
    }
    if options.recordings:
        ways["sound, original, noise 10 dB below"] = lambda i: noisy(
            queries[i].score, np.random.default_rng((options.seed, i)), 10
        )
    for name in options.instruments:
        ways[f"sound, transcription on {name}"] = partial(on_instrument, name)
    if options.neural:
        ways["sound, transcription on the neural piano"] = lambda i: heard(spoiled(i), synth="neural")
    return ways


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


def ask(library: Library, pieces_asked: Sequence[str], ways: Ways) -> None:
    """Print a row for every way."""
    chance = 1 / len(library.names)
    print(f"{len(pieces_asked)} queries of {len(set(pieces_asked))} pieces; chance {chance:.4f}")
    print("| query | rank 1 | rank 5 | MRR | of original | false known | s a query | right least |")
    print("|---|---|---|---|---|---|---|---|")
    originals: dict[str, float] = {}
    for name, made in ways.items():
        begun_s = time.perf_counter()
        found = [rank_of(library, made(i), piece) for i, piece in enumerate(pieces_asked)]
        each_s = (time.perf_counter() - begun_s) / len(pieces_asked)
        ranks = np.array([rank for rank, _, _ in found])
        first = float((ranks == 1).mean())
        whole = originals.setdefault(name.split(",")[0], first)
        false = float(np.mean([wrong >= SURE for _, _, wrong in found]))
        least = min((score for rank, score, _ in found if rank == 1), default=0.0)
        print(
            f"| {name} | {interval(ranks == 1, pieces_asked)} | {(ranks <= 5).mean():.3f} | "
            f"{(1 / ranks).mean():.3f} | {first / max(whole, 1e-9):.3f} | {false:.3f} | {each_s:.1f} | "
            f"{least:.1f} |",
            flush=True,
        )


def rank_of(library: Library, query: Entry, piece: str) -> tuple[int, float, float]:
    """The right piece's place from 1, the best score, and the best score of the wrong ones."""
    found = library.search(query, most=len(library.names))
    place = next((n for n, match in enumerate(found, start=1) if match.piece == piece), len(library.names))
    wrong = max((match.score for match in found if match.piece != piece), default=0.0)
    return place, found[0].score if found else 0.0, wrong


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
    parser.add_argument("--keep", type=Path, help="a folder that keeps the library")
    options = parser.parse_args()
    begun_s = time.perf_counter()
    queries = queries_of(options.piano, options.queries, options.seconds, options.seed)
    library = library_of(options, queries)
    print(f"built in {time.perf_counter() - begun_s:.0f} s on {os.cpu_count()} cores", flush=True)
    if options.clips:
        found = read_off(options.clips, library.names, options.seconds)
        true, read = ([pair[k] for pair in found] for k in (0, 1))
        asked, ways = true, ways_of_clips(true, read)
    else:
        asked, ways = queries, ways_of(queries, options)
    chosen = {name: made for name, made in ways.items() if name.startswith(options.only)}
    ask(library, [query.piece for query in asked], chosen)


if __name__ == "__main__":
    main()
