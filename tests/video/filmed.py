"""Clips for the tests, small and made here: every picture carries its own number in grey bars."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

BITS = 8
WIDTH, HEIGHT = 128, 96


def numbered(number: int, *, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """A picture whose ``BITS`` vertical bars spell its number, dark 0 and bright 1; the right half is red."""
    image = np.zeros((height, width, 3), np.uint8)
    edges = np.linspace(0, width // 2, BITS + 1).astype(int)
    for bit in range(BITS):
        image[:, edges[bit] : edges[bit + 1]] = 200 if number >> bit & 1 else 40
    image[: height // 2, width // 2 :] = (220, 20, 20)
    return image


def number_in(image: np.ndarray) -> int:
    """The number a picture of any size carries."""
    height, width = image.shape[:2]
    middles = (np.arange(BITS) + 0.5) * (width / 2 / BITS)
    row = image[height // 2, middles.astype(int)].mean(axis=-1)
    return int(sum(1 << bit for bit in range(BITS) if row[bit] > 120))


def film(
    path: Path,
    times: Sequence[Fraction | int | float] | None = None,
    *,
    count: int = 60,
    fps: int = 30,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    size: tuple[int, int] = (WIDTH, HEIGHT),
    options: dict[str, str] | None = None,
    rotation: float | None = None,
    mirror: bool = False,
    aspect: Fraction | None = None,
    grain: bool = False,
    clock_hz: int = 90_000,
    offset_s: float = 0.0,
    sound_s: tuple[float, float] | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write numbered pictures at ``times`` (seconds; default ``count`` at ``fps``).

    ``grain`` makes them large to encode; ``sound_s`` adds a 440 Hz tone from its first to its second
    value; ``offset_s`` shifts everything.
    """
    dice = np.random.default_rng(1)
    moments = [Fraction(k, fps) for k in range(count)] if times is None else [Fraction(t) for t in times]
    with av.open(str(path), "w", container_options=container_options or {}) as target:
        stream: Any = target.add_stream(codec, rate=fps, options=options or {})
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        stream.codec_context.time_base = Fraction(1, clock_hz)
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if rotation is not None or mirror:
            stream.set_display_rotation(rotation or 0, hflip=mirror)
        tone = _tone_stream(target) if sound_s else None
        packets = []
        for number, moment in enumerate(moments):
            image = numbered(number, width=size[0], height=size[1])
            if grain:
                image += dice.integers(0, 30, image.shape, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = round((moment + Fraction(offset_s)) * clock_hz)
            frame.time_base = Fraction(1, clock_hz)
            packets += stream.encode(frame)
        packets += stream.encode()
        if tone is not None and sound_s is not None:
            _write_tone(target, tone, sound_s[0] + offset_s, sound_s[1] + offset_s)
        target.mux(packets)
    return path


def _tone_stream(target: Any) -> Any:
    stream = target.add_stream("pcm_s16le" if target.format.name in ("mov", "avi") else "aac", rate=44_100)
    stream.codec_context.bit_rate = 128_000
    return stream


def _write_tone(target: Any, stream: Any, begin_s: float, end_s: float) -> None:
    clock = np.arange(round(begin_s * 44_100), round(end_s * 44_100))
    wave = 0.5 * np.sin(2 * np.pi * 440 * clock / 44_100)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]).astype(np.float32), "fltp", "stereo")
    frame.sample_rate, frame.pts, frame.time_base = 44_100, int(clock[0]), Fraction(1, 44_100)
    target.mux(stream.encode(frame))
    target.mux(stream.encode())


def payloads(path: Path) -> list[bytes]:
    """The picture's packets as they lie in the file."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def playlist_bait(secret: Path) -> dict[str, str]:
    """Texts that make FFmpeg open other files when it is careless."""
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{secret}'\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
        "a=rtpmap:96 H264/90000\n",
    }
