"""Long clips out of short ones, for the benchmarks: packets copied, no picture encoded anew."""

from __future__ import annotations

from pathlib import Path

import av

from photoplayer import video


def repeated(clip: Path, minutes: float, target: Path) -> None:
    """``clip`` again and again until ``minutes`` are full."""
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
