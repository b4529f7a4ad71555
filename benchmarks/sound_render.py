"""How fast and how loud: a dense score of ten parts rendered, mastered and written as .wav.

    python benchmarks/sound_render.py [--minutes 1] [--soundfont FILE]

Prints, for the mix, for stems and for a loop, the seconds of processor time of each stage, loudness,
true peak, and the peak memory of the process. Run it with ``taskset -c 0`` to hold it to one core.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from photoplayer.compose.chance import chance
from photoplayer.music.score import Note, Part, Score
from photoplayer.sound import find_soundfont, render, write_audio
from photoplayer.sound.library import load_library, version

PROGRAMS = (0, 48, 33, 40, 73, 56, 60, 46, 52)
SCALE = (48, 51, 53, 55, 58, 60, 63)
DRUMS = (36, 42, 38, 46)


def dense_score(minutes: float) -> Score:
    """Nine instruments in two voices of eighths to halves, and drums in sixteenths, at 120."""
    quarters = 120 * minutes
    parts = []
    for i, program in enumerate(PROGRAMS):
        dice = chance(1, "bench", program)
        notes, at = [], 0.0
        while at < quarters:
            length = dice.choice((0.5, 1.0, 2.0))
            notes += [
                Note(at, at + length, p, dice.randint(50, 115)) for p in sorted(dice.sample(SCALE, k=2))
            ]
            at += length
        parts.append(Part(f"part {i}", program, tuple(notes), layer=f"layer {i}", pan=(i - 4) / 6))
    hits = tuple(Note(q / 4, q / 4 + 0.2, DRUMS[q % 4], 100) for q in range(round(4 * quarters)))
    return Score((*parts, Part("drums", 0, hits, is_drum=True, layer="drums")), end=quarters)


def peak_memory_mb() -> float:
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def bench(score: Score, soundfont: Path, **how: bool) -> None:
    stages: list[float] = [time.process_time()]

    def note_time(share: float) -> None:
        if share >= 0.8 and len(stages) == 1:
            stages.append(time.process_time())

    with (
        tempfile.TemporaryDirectory() as folder,
        render(score, soundfont=soundfont, progress=note_time, **how) as playing,
    ):
        stages.append(time.process_time())
        write_audio(Path(folder) / "mix.wav", playing.blocks())
        stages.append(time.process_time())
    synthesis_s, mastering_s, writing_s = (b - a for a, b in pairwise(stages))
    print(
        f"{next(iter(how), 'mix'):6} {playing.duration_s:7.1f} s of music: synthesis {synthesis_s:5.2f} s, "
        f"mastering {mastering_s:5.2f} s, writing {writing_s:5.2f} s, all {stages[-1] - stages[0]:5.2f} s; "
        f"{playing.loudness_lufs:6.2f} LUFS, {playing.true_peak_db:5.2f} dB; {peak_memory_mb():.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--soundfont", type=Path)
    options = parser.parse_args()
    soundfont = find_soundfont(options.soundfont)
    print(f"FluidSynth {'.'.join(map(str, version(load_library())))}, {soundfont.name}")
    score = dense_score(options.minutes)
    bench(score, soundfont)
    bench(score, soundfont, stems=True)
    bench(score, soundfont, loop=True)


if __name__ == "__main__":
    main()
