"""How long `photoplayer transcribe` takes, how much memory it needs, and how both networks compare.

    python benchmarks/transcribe_run.py CLIP [--minutes 1 5 60] [--audeo-seconds 4]

A clip of each length is made of CLIP by repeating its packets, and transcribed to MIDI in a process of its
own: times real time, peak memory, and memory against the 5 minute clip. Then CLIP's keyboard strips are read
by the keys network with its decoder and by Video2Roll Net with Roll2Midi, in the same process and on as many
threads: seconds of video a second, and the ratio. "As published" are both of Audeo's networks in 32 bits and
at full width, which ship in 8 bits and an eighth of it; their weights are random, which costs the same time.
That row needs the train extra.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from photoplayer import video
from photoplayer.models import open_model
from photoplayer.piano.audeo import AudeoNet
from photoplayer.piano.find import find_shots
from photoplayer.piano.listen import Decodes, Read, decoder_for, reader_for
from photoplayer.piano.roll2midi import Roll2Midi
from photoplayer.piano.strip import Strip
from photoplayer.piano.strips import strips
from runs import repeated, timed


def read(pictures: Sequence[Strip], reader: Read, decode: Decodes) -> float:
    """Seconds that a network and its decoder take for strips, loading left out."""
    start = time.perf_counter()
    for roll in reader(pictures):
        decode.feed(roll)
    decode.finish()
    return time.perf_counter() - start


def as_published() -> Read:
    """Audeo's networks in 32 bits and at full width, untaught. Raises ImportError without PyTorch."""
    from photoplayer.train.nets.roll2midi import Generator
    from photoplayer.train.nets.video2roll import Video2Roll
    from photoplayer.train.recipes import roll2midi_export, video2roll_export

    with tempfile.TemporaryDirectory() as folder:
        see, mend = (Path(folder) / f"{name}.onnx" for name in ("see", "mend"))
        see.write_bytes(video2roll_export.to_onnx(Video2Roll()))
        mend.write_bytes(roll2midi_export.to_onnx(Generator()))
        for path in (see, mend):
            path.with_suffix(".json").write_text("{}")
        net, mender = AudeoNet(model=open_model(see)), Roll2Midi(model=open_model(mend))
    return lambda pictures: mender.mend(net.read(pictures))


def shortened(strip: Strip, seconds: float) -> Strip:
    """The first ``seconds`` of a strip."""
    keep = strip.times_s < strip.times_s[0] + seconds
    return Strip(
        times_s=strip.times_s[keep],
        pictures=strip.pictures[keep],
        plate=strip.plate,
        seen=strip.seen,
        continues=False,
    )


def compare(clip: Path, audeo_s: float) -> None:
    """Print the speed of both networks on the clip's strips."""
    shots = find_shots(clip)
    pictures = list(strips(clip, shots))
    length_s = float(pictures[-1].times_s[-1])
    keys = length_s / read(pictures, reader_for("keys", "default"), decoder_for("keys", "default"))
    print(f"| keys | {keys:.1f} | 1 |", flush=True)
    few = shortened(pictures[0], audeo_s)
    readers = {"audeo + GAN, as they ship": lambda: reader_for("audeo", "gan"), "as published": as_published}
    for name, made in readers.items():
        try:
            reader = made()
        except ImportError:
            print(f"| {name} | needs PyTorch | |")
            continue
        seconds = read([few], reader, decoder_for("audeo", "gan"))
        speed = float(few.times_s[-1] - few.times_s[0]) / seconds
        print(f"| {name} | {speed:.3f} | 1/{keys / speed:.0f} |", flush=True)


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--minutes", type=float, nargs="*", default=[1, 5, 60])
    parser.add_argument("--audeo-seconds", type=float, default=4.0, help="0 leaves the comparison out")
    options = parser.parse_args()
    info = video.probe(options.clip)
    print(f"{options.clip.name}: {info.width}x{info.height}, {float(info.fps or 0):.1f} fps")
    print("| minutes | x real time | seconds | peak MB | / 5 min |\n|---|---|---|---|---|")
    at_five: float | None = None
    with tempfile.TemporaryDirectory() as folder:
        for minutes in options.minutes:
            clip = Path(folder) / f"{minutes:g}{options.clip.suffix}"
            repeated(options.clip, minutes, clip)
            length_s = video.probe(clip).duration_s
            out = Path(folder) / f"{minutes:g}.mid"
            seconds, megabytes = timed("transcribe", clip, "-o", out, "--format", "mid")
            if minutes == 5:
                at_five = megabytes
            ratio = f"{megabytes / at_five:.2f}" if at_five else "-"
            print(f"| {length_s / 60:.1f} | {length_s / seconds:.1f} | {seconds:.1f} | {megabytes:.0f} | "
                  f"{ratio} |", flush=True)  # fmt: skip
    if options.audeo_seconds:
        print("\n| network, strips to notes | x real time | ratio |\n|---|---|---|")
        compare(options.clip, options.audeo_seconds)


if __name__ == "__main__":
    main()
