"""How fast pictures come out of a video: ratios to real time, and memory against length.

``python benchmarks/video_decode.py [CLIP ...]`` measures the clips given, else two made for the purpose
(720p at 60 and 1080p at 30 fps, H.264, moving textures with grain, as a game looks to an encoder).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from photoplayer.scene import ANALYSIS_RATE_HZ, ANALYSIS_SIZE
from photoplayer.video import frames, mux, probe, read_sound

ANALYSIS = f"{ANALYSIS_RATE_HZ} Hz {ANALYSIS_SIZE[0]}x{ANALYSIS_SIZE[1]}"
"""What the scene room asks for."""


def make_clip(path: Path, *, width: int, height: int, fps: int, seconds: float, preset: str = "fast") -> None:
    """A clip an encoder has to work on: two textured layers scrolling, sprites, grain, a still HUD."""
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 256, (height // 8 + 60, width // 8 + 120, 3), dtype=np.uint8)
    far = coarse.repeat(16, 0).repeat(16, 1)
    near = rng.integers(0, 256, (height // 2, 2 * width, 3), dtype=np.uint8) // 2 + 60
    grain = rng.integers(0, 10, (4, height, width, 3), dtype=np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264", rate=fps, options={"crf": "23", "preset": preset, "threads": "2"}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for index in range(round(seconds * fps)):
            moment_s = index / fps
            x, y = round(200 + 150 * np.sin(moment_s / 2)), round(100 + 80 * np.cos(moment_s / 3))
            image = far[y : y + height, x : x + width].copy()
            run = round(moment_s * 240) % width
            image[height * 3 // 4 :] = near[: height - height * 3 // 4, run : run + width]
            for sprite in range(6):
                left = round((np.sin(moment_s * (1 + sprite / 3) + sprite) + 1) / 2 * (width - 64))
                top = round((np.cos(moment_s * (1.3 + sprite / 5)) + 1) / 2 * (height - 64))
                image[top : top + 64, left : left + 64] = (40 * sprite, 255 - 40 * sprite, 90)
            image = image // 2 + image // 3 + grain[index % 4]
            image[: height // 12] = 32
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def seconds_for(work: Callable[[], object], *, repeats: int = 3) -> tuple[float, float]:
    """Seconds on the clock and of all cores together, best of a few runs: the machine may be shared."""
    runs = []
    for _ in range(repeats):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        work()
        runs.append((time.perf_counter() - begin, time.process_time() - begin_cpu))
    return min(run[0] for run in runs), min(run[1] for run in runs)


def drain(items: object) -> int:
    return sum(1 for _ in items)  # type: ignore[attr-defined]


def silence(duration_s: float) -> list[np.ndarray]:
    return [np.zeros((2, 44_100), np.float32)] * (int(duration_s) + 1)


def report(clip: Path) -> None:
    info = probe(clip)
    print(f"{clip.name}: {info.width}x{info.height}, {float(info.fps or 0):.2f} fps, {info.duration_s:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        jobs: dict[str, Callable[[], object]] = {
            "probe": lambda: probe(clip),
            ANALYSIS: lambda: drain(frames(clip, rate_hz=ANALYSIS_RATE_HZ, size=ANALYSIS_SIZE)),
            f"{ANALYSIS} fast": lambda: drain(
                frames(clip, rate_hz=ANALYSIS_RATE_HZ, size=ANALYSIS_SIZE, fast=True)
            ),
            "every picture, that size": lambda: drain(frames(clip, size=ANALYSIS_SIZE)),
            "own sound": lambda: drain(read_sound(clip)),
            "mux": lambda: mux(clip, silence(info.duration_s), Path(folder) / "out.mp4"),
        }
        for name, job in jobs.items():
            taken_s, cores_s = seconds_for(job)
            ratio = info.duration_s / taken_s
            print(f"  {name:24s} {taken_s:7.3f} s ({cores_s:6.3f} s of cores) {ratio:8.1f}x real time")


def peak_mb(clip: Path) -> float:
    """Peak resident memory of a fresh process that analyses and muxes the clip."""
    done = subprocess.run(
        [sys.executable, __file__, "--peak", str(clip)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def print_peak(clip: Path) -> None:
    drain(frames(clip, rate_hz=ANALYSIS_RATE_HZ, size=ANALYSIS_SIZE, fast=True))
    second = np.zeros((2, 44_100), np.float32)
    with tempfile.TemporaryDirectory() as folder:
        mux(clip, (second for _ in range(24 * 3600)), Path(folder) / "out.mp4")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def joined(clip: Path, out: Path, *, times: int) -> None:
    """The clip several times over, packets copied: a long video in no time."""
    with av.open(str(out), "w") as target:
        copy = None
        offset = 0
        for _ in range(times):
            with av.open(str(clip)) as source:
                stream = source.streams.video[0]
                copy = copy or target.add_stream_from_template(stream)
                end = 0
                for packet in source.demux(stream):
                    if packet.dts is None:
                        continue
                    end = max(end, packet.pts + packet.duration)
                    packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                    packet.stream = copy
                    target.mux(packet)
                offset += end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--memory", action="store_true", help="also: peak memory at 1, 5 and 60 minutes")
    options = parser.parse_args()
    if options.peak:
        print_peak(options.peak)
        return
    with tempfile.TemporaryDirectory() as folder:
        clips = options.clips
        if not clips:
            clips = [Path(folder) / "720p60.mp4", Path(folder) / "1080p30.mp4"]
            make_clip(clips[0], width=1280, height=720, fps=60, seconds=20)
            make_clip(clips[1], width=1920, height=1080, fps=30, seconds=20)
        for clip in clips:
            report(clip)
        if options.memory:
            minute_s = probe(clips[0]).duration_s
            for minutes in (1, 5, 60):
                long = Path(folder) / f"{minutes}.mp4"
                joined(clips[0], long, times=max(round(minutes * 60 / minute_s), 1))
                print(f"  peak memory, {minutes:3d} min: {peak_mb(long):7.1f} MB")


if __name__ == "__main__":
    main()
