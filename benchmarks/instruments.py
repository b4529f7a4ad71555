"""Every instrument plays a folder of MIDI: what it cannot play, what never ends, how fast, how it sounds.

    python benchmarks/instruments.py FOLDER [--files 2] [--seconds 30] [--only koto,guitar] [--no-sound]

For each of the 128 programs of General MIDI and each ensemble, over the first seconds of the first files:

* notes written and played;
* **out**: notes out of the range of the instrument that plays them;
* **stuck**: notes longer than four bars or past the score's end, and notes of the MIDI file without an end;
* **x real**: seconds of music transformed, played, mastered and measured in a second of wall time; and in a
  second of processor time, which a busy machine leaves as it is;
* **LUFS**, true **peak** in dB, share of **silent** tenths of a second (under -60 dB) up to the last note;
* **low**: share of the sound's energy that lies under the lowest note's fundamental, in dB;
* **heard**: share of the notes of a quarter of a second or more that show a spectral peak, six times their
  surroundings, within half a half tone of their fundamental or its octave; and **chance**: the same a tritone
  higher, where nothing is meant to be.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.evaluate.rules import out_of_range_notes, stuck_notes, unended_notes
from photoplayer.music import read_midi
from photoplayer.music.instruments import PROGRAMS, Instrument, instrument
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.score import Score
from photoplayer.sound import render
from photoplayer.sound.audio import RATE_HZ
from photoplayer.sound.timbre import ENSEMBLES, Ensemble, choose, transform

_TENTH = RATE_HZ // 10
_FFT = 1 << 15
_SILENT = 1e-3
_HEARD_OVER = 6.0


@dataclass
class Figures:
    """Sums over files; the sound's are those of the file with the most extreme value."""

    written: int = 0
    played: int = 0
    out: int = 0
    stuck: int = 0
    music_s: float = 0.0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    loudest_lufs: float = -99.0
    softest_lufs: float = 0.0
    peak_db: float = -99.0
    silent: float = 0.0
    low_db: float = -99.0
    heard: int = 0
    chance: int = 0
    asked: int = 0

    def add(self, other: Figures) -> None:
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if field.name == "softest_lufs":
                setattr(self, field.name, min(mine, theirs))
            elif field.name in ("loudest_lufs", "peak_db", "silent", "low_db"):
                setattr(self, field.name, max(mine, theirs))
            else:
                setattr(self, field.name, mine + theirs)


def excerpt(score: Score, seconds: float) -> Score:
    """The first seconds of a score; what sounds on at the end is cut there."""
    end = min(score.tempo_map.quarters(seconds), score.end)
    parts = tuple(
        replace(
            part,
            notes=tuple(replace(n, offset=min(n.offset, end)) for n in part.notes if n.onset < end),
            controls=tuple(c for c in part.controls if c.onset < end),
        )
        for part in score.parts
    )
    return replace(score, parts=parts, end=end)


def measure(score: Score, choice: Instrument | Ensemble, *, with_sound: bool) -> Figures:
    played = transform(score, choice)
    figures = Figures(
        written=len(list(score.notes())),
        played=len(list(played.notes())),
        out=out_of_range_notes(played).count,
        stuck=stuck_notes(played).count + unended_notes(to_bytes(played)).count,
    )
    if not with_sound:
        return figures
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    transform(score, choice)
    with render(played) as playing:
        mix = np.concatenate(list(playing.blocks()), axis=1).mean(axis=0)
        figures.music_s = playing.duration_s
        figures.loudest_lufs = figures.softest_lufs = playing.loudness_lufs
        figures.peak_db = playing.true_peak_db
    figures.wall_s, figures.cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    listen(mix, played, figures)
    return figures


def listen(mix: npt.NDArray[np.float32], score: Score, figures: Figures) -> None:
    seconds = score.tempo_map.seconds
    notes = [note for part in score.parts if not part.is_drum for note in part.notes]
    last = round(seconds(max(note.offset for note in notes)) * RATE_HZ)
    tenths = mix[: min(last, mix.size) // _TENTH * _TENTH].reshape(-1, _TENTH)
    figures.silent = float((np.sqrt((tenths**2).mean(axis=1)) < _SILENT).mean())
    power = np.abs(np.fft.rfft(mix)) ** 2
    lowest = round(hertz(min(note.pitch for note in notes) - 1) * mix.size / RATE_HZ)
    figures.low_db = float(10 * np.log10(power[:lowest].sum() / power.sum() + 1e-12))
    for note in notes:
        onset_s, offset_s = seconds(note.onset), seconds(note.offset)
        if offset_s - onset_s >= 0.25:
            figures.asked += 1
            until_s = min(offset_s, onset_s + 0.5)
            figures.heard += any(peaks(mix, onset_s, until_s, hertz(note.pitch + k)) for k in (0, 12))
            figures.chance += any(peaks(mix, onset_s, until_s, hertz(note.pitch + k)) for k in (6, 18))


def hertz(pitch: float) -> float:
    return float(440 * 2 ** ((pitch - 69) / 12))


def peaks(mix: npt.NDArray[np.float32], start_s: float, end_s: float, frequency_hz: float) -> bool:
    piece = mix[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(piece.size), _FFT))

    def band(low: float, high: float) -> npt.NDArray[np.floating]:
        per_hz = _FFT / RATE_HZ
        return spectrum[round(frequency_hz * low * per_hz) : round(frequency_hz * high * per_hz) + 1]

    return bool(band(0.97, 1.03).max() > _HEARD_OVER * np.median(band(0.75, 1.33)))


def choices(only: str | None) -> Iterator[Instrument | Ensemble]:
    if only:
        yield from map(choose, only.split(","))
        return
    yield from map(instrument, PROGRAMS)
    yield from ENSEMBLES


def line(name: str, it: Figures) -> str:
    text = f"{name:24} {it.written:6} {it.played:6} {it.out:4} {it.stuck:5}"
    if it.wall_s:
        text += (
            f" {it.music_s / it.wall_s:6.1f} {it.music_s / it.cpu_s:6.1f} {it.softest_lufs:6.1f} "
            f"{it.loudest_lufs:6.1f} {it.peak_db:5.1f} {it.silent:6.3f} {it.low_db:6.1f} "
            f"{it.heard / max(it.asked, 1):6.3f} {it.chance / max(it.asked, 1):6.3f}"
        )
    return text


def run(files: Sequence[Path], seconds: float, only: str | None, *, with_sound: bool) -> None:
    scores = [excerpt(read_midi(path), seconds) for path in files]
    print(f"{'':24} written played  out stuck x wall  x cpu LUFS from, to  peak silent    low  heard chance")
    total = Figures()
    for choice in choices(only):
        figures = Figures()
        for score in scores:
            figures.add(measure(score, choice, with_sound=with_sound))
        print(line(choice.name, figures), flush=True)
        total.add(figures)
    print(line("all", total))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=2, help="0: all")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--only", help="names with commas between")
    parser.add_argument("--no-sound", action="store_true")
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.mid"))[: options.files or None]
    run(files, options.seconds, options.only, with_sound=not options.no_sound)


if __name__ == "__main__":
    main()
