"""How long `photoplayer score` takes and how much memory it needs.

    python benchmarks/score_run.py [--clip CLIP] [--minutes 1 5 60]

A clip of each length is made of CLIP by repeating its packets (no picture is encoded anew), scored in a
process of its own, and reported as ratios: times real time, and memory against the 5 minute clip.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from photoplayer import scene, video
from runs import repeated, timed

EXAMPLES = Path(__file__).parent.parent / "examples"


def watched(clip: Path) -> float:
    """Seconds scene analysis takes."""
    start = time.perf_counter()
    scene.watch_file(clip)
    return time.perf_counter() - start


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--clip", type=Path, default=EXAMPLES / "human_play.mp4")
    parser.add_argument("--minutes", type=float, nargs="+", default=[1, 5, 60])
    options = parser.parse_args()
    info = video.probe(options.clip)
    print(f"{options.clip.name}: {info.width}x{info.height}, {float(info.fps or 0):.1f} fps")
    print("| minutes | scene analysis, x real time | whole run, x real time | seconds | peak MB | / 5 min |")
    print("|---|---|---|---|---|---|")
    at_five: float | None = None
    with tempfile.TemporaryDirectory() as folder:
        for minutes in options.minutes:
            clip = Path(folder) / f"{minutes:g}.mp4"
            repeated(options.clip, minutes, clip)
            length_s = video.probe(clip).duration_s
            seconds, megabytes = timed("score", clip, "-o", Path(folder) / f"{minutes:g}_scored")
            if minutes == 5:
                at_five = megabytes
            ratio = f"{megabytes / at_five:.2f}" if at_five else "-"
            analysis = f"{length_s / watched(clip):.1f}" if minutes <= 5 else "-"
            print(f"| {length_s / 60:.1f} | {analysis} | {length_s / seconds:.1f} | {seconds:.1f} | "
                  f"{megabytes:.0f} | {ratio} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
