"""For the benchmarks: long clips out of short ones, and commands run in a process of their own."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import av

from photoplayer import video


def repeated(clip: Path, minutes: float, target: Path) -> None:
    """``clip`` again and again until ``minutes`` are full: packets copied, no picture encoded anew."""
    length_s = video.probe(clip).duration_s
    with av.open(str(target), "w") as out:
        stream = None
        for turn in range(max(round(minutes * 60 / length_s), 1)):
            with av.open(str(clip)) as source:
                picture = source.streams.video[0]
                stream = stream or out.add_stream_from_template(picture)
                shift = round(turn * length_s / picture.time_base)
                for packet in source.demux(picture):
                    if packet.dts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = stream
                    out.mux(packet)


def timed(*arguments: object) -> tuple[float, float]:
    """Seconds and peak megabytes of a ``photoplayer`` command in a process of its own."""
    start = time.perf_counter()
    code = (
        "import resource, sys; from photoplayer.cli.main import main\n"
        f"sys.argv = ['photoplayer', *{[str(argument) for argument in arguments]!r}]\n"
        "try: main()\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return time.perf_counter() - start, int(run.stderr.split()[-1]) / 1024
