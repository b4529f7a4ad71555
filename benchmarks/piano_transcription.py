#!/usr/bin/env python3
"""Ways from rolls to notes, side by side: thresholding, Roll2Midi's GAN, the default decoder.

    python benchmarks/piano_transcription.py keys=ROLLS/keys/test audeo=ROLLS/audeo/test \\
        --settings keys=ROLLS/keys/decoder.json --gan

A folder of rolls is what `photoplayer train keys-check` (or video2roll-check) writes: CLIP.npz with the roll
and the notes that were played. A folder of MIDI files of the same names is compared too (NAME=FOLDER, with
--truth a folder of rolls). Tables: all recordings, then by source and by camera view; mean of F1 over
recordings and its 95 % bootstrap interval, in per cent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from photoplayer.evaluate.notes import Notes
from photoplayer.evaluate.transcription import score_transcription
from photoplayer.evaluate.transcription_table import LEGEND, means, values
from photoplayer.music.midi_read import read_midi
from photoplayer.piano.decode import decode
from photoplayer.piano.decoder_settings import DecoderSettings, settings_from_card
from photoplayer.piano.roll import HeardNote, Roll
from photoplayer.piano.roll2midi import Roll2Midi
from photoplayer.piano.threshold import THRESHOLD, read_by_threshold
from photoplayer.train.data.piano_rolls import KnownRoll, known_rolls

Read = Callable[[Roll], list[HeardNote]]
COLUMNS = (
    "onset50", "onset100", "on+off50", "on+off20%", "frame", "black", "white", "black~", "white~",
    "repeats", "trills", "short", "false/min", "lag_ms", "onset50*", "vel_corr", "vel_err",
)  # fmt: skip
_PLAIN = ("false/min", "lag_ms", "vel_err")


@dataclass(frozen=True)
class Options:
    """Compare ways from rolls to notes."""

    systems: tyro.conf.Positional[tuple[str, ...]]
    """NAME=FOLDER each, of rolls or of MIDI files."""
    settings: tuple[str, ...] = ()
    """NAME=FILE each: a card or decoder.json with that system's decoder settings."""
    threshold: tuple[float, ...] = (THRESHOLD,)
    """Thresholds for plain thresholding."""
    gan: bool = False
    """Also mend every roll with the shipped Roll2Midi first."""
    truth: Path | None = None
    """A folder of rolls with the notes that MIDI files are compared with."""
    recordings: bool = False
    """Tell every recording too."""


@dataclass(frozen=True)
class Result:
    """One recording's row for one way of reading."""

    known: KnownRoll
    row: dict[str, float]


def ways(name: str, options: Options) -> Iterator[tuple[str, Read]]:
    """What is done with a system's rolls."""
    for threshold in options.threshold:
        yield f"{name}, threshold {threshold:g}", lambda roll, t=threshold: read_by_threshold([roll], t)
    if options.gan:
        mend = Roll2Midi().mend
        yield f"{name}, GAN", lambda roll: read_by_threshold(list(mend([roll])), 0.5)
    settings = named(options.settings).get(name)
    chosen = settings_from_card(json.loads(settings.read_text())) if settings else DecoderSettings()
    yield f"{name}, default", lambda roll: decode([roll], chosen)


def named(pairs: Sequence[str]) -> dict[str, Path]:
    """NAME=PATH words."""
    return {name: Path(path) for name, _, path in (pair.partition("=") for pair in pairs)}


def measure(rolls: Sequence[KnownRoll], read: Read) -> tuple[list[Result], float]:
    """Every recording's row, and how many times faster than it plays all were read."""
    results, seconds, spent = [], 0.0, 0.0
    for known in rolls:
        begun = time.perf_counter()
        notes = read(known.roll)
        spent += time.perf_counter() - begun
        seconds += float(known.roll.times_s[-1] - known.roll.times_s[0])
        results.append(Result(known, compare(known, known.heard(notes))))
    return results, seconds / max(spent, 1e-9)


def compare(known: KnownRoll, found: Notes) -> dict[str, float]:
    """One recording's row."""
    start_s, end_s = known.covered_s
    return values(
        score_transcription(
            known.truth,
            found,
            duration_s=min(end_s, float(known.roll.times_s[-1])) - start_s,
            edge_s=known.frame_s,
        )
    )


def from_midi(folder: Path, truth: Path | None) -> list[Result]:
    """Rows of MIDI files, one for every roll of ``truth`` that has one."""
    if truth is None:
        raise SystemExit(f"{folder} holds MIDI files: say with --truth which rolls have their notes")
    pairs = [(known, folder / f"{known.name}.mid") for known in known_rolls(truth)]
    return [
        Result(known, compare(known, Notes.from_score(read_midi(midi))))
        for known, midi in pairs
        if midi.is_file()
    ]


def show(title: str, found: dict[str, list[Result]]) -> None:
    """A table of means with intervals; systems without recordings are left out."""
    print(f"\n## {title}\n")
    print("| system | n | " + " | ".join(COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 2) + "|")
    for name, results in found.items():
        if results:
            overall = means([result.row for result in results])
            cells = [cell(column, overall[column]) for column in COLUMNS]
            print(f"| {name} | {len(results)} | " + " | ".join(cells) + " |")


def cell(column: str, mean: object) -> str:
    """A mean and its interval."""
    low, middle, high, count = (getattr(mean, name) for name in ("low", "mean", "high", "count"))
    if not count:
        return "–"
    scale, digits = (1, 1) if column in _PLAIN else (100, 1)
    return f"{scale * middle:.{digits}f} ({scale * low:.{digits}f}–{scale * high:.{digits}f})"


def main() -> None:
    """Read, compare, print."""
    options = tyro.cli(Options)
    found: dict[str, list[Result]] = {}
    for name, folder in named(options.systems).items():
        if any(folder.glob("*.mid")):
            found[name] = from_midi(folder, options.truth)
            continue
        rolls = known_rolls(folder)
        for title, read in ways(name, options):
            found[title], speed = measure(rolls, read)
            print(f"{title}: {len(rolls)} recordings, {speed:.0f} x real time")
    show("All recordings", found)
    for label in ("source", "view"):
        groups = {getattr(r.known, label) for results in found.values() for r in results}
        for group in sorted(groups - {""}):
            show(
                f"{label} {group}",
                {n: [r for r in f if getattr(r.known, label) == group] for n, f in found.items()},
            )
    if options.recordings:
        for recording in sorted({r.known.name for results in found.values() for r in results}):
            show(recording, {n: [r for r in f if r.known.name == recording] for n, f in found.items()})
    print(f"\n{LEGEND}")


if __name__ == "__main__":
    main()
