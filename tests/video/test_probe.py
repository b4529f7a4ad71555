"""What a file holds is told right even where its header is silent or lies."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from filmed import film, numbered

from photoplayer.video import container_for, frames, probe


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.avi", "a.ts", "a.flv"])
def test_plain_clip(tmp_path: Path, name: str) -> None:
    clock_hz = {"a.avi": 30}.get(name, 90_000)
    info = probe(film(tmp_path / name, clock_hz=clock_hz, options={"bf": "2"}))
    assert (info.width, info.height, info.rotation, info.codec) == (128, 96, 0, "h264")
    assert info.duration_s == pytest.approx(2.0, abs=2e-3)
    assert info.fps is not None and float(info.fps) == pytest.approx(30, rel=0.01)
    assert not info.has_audio


def test_sides_as_seen(tmp_path: Path) -> None:
    info = probe(film(tmp_path / "a.mp4", count=3, rotation=90, aspect=Fraction(3, 2)))
    assert (info.width, info.height, info.rotation) == (96, 192, 270)


def test_longer_sound_does_not_lengthen_the_picture(tmp_path: Path) -> None:
    info = probe(film(tmp_path / "a.mp4", sound_s=(0, 5)))
    assert info.has_audio
    assert info.duration_s == pytest.approx(2.0, abs=1e-3)


def test_late_start_is_not_length(tmp_path: Path) -> None:
    info = probe(film(tmp_path / "a.mp4", offset_s=1.25, sound_s=(-1.25, 3.0)))
    assert info.start_s == pytest.approx(1.25, abs=1e-3)
    assert info.duration_s == pytest.approx(2.0, abs=2e-3)


def test_webm_without_duration_or_index(tmp_path: Path) -> None:
    """As a browser's recorder writes it."""
    clip = film(
        tmp_path / "a.webm",
        codec="libvpx-vp9",
        options={"deadline": "realtime"},
        container_options={"live": "1"},
    )
    with av.open(str(clip)) as container:
        assert container.duration is None
    assert probe(clip).duration_s == pytest.approx(2.0, abs=2e-3)


def test_header_that_lies(tmp_path: Path) -> None:
    """The Matroska header's duration (a float after its id 0x4489) set to 500 s."""
    clip = film(tmp_path / "a.mkv")
    data = bytearray(clip.read_bytes())
    at = data.index(b"\x44\x89\x88") + 3
    data[at : at + 8] = __import__("struct").pack(">d", 500_000.0)
    clip.write_bytes(bytes(data))
    with av.open(str(clip)) as container:
        assert container.duration == 500_000_000
    assert probe(clip).duration_s == pytest.approx(2.0, abs=2e-3)


def gif(path: Path, delays: list[int]) -> Path:
    """Pictures with delays in hundredths of a second."""
    with av.open(str(path), "w") as target:
        stream = target.add_stream("gif", rate=100)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "rgb8"
        stream.codec_context.time_base = Fraction(1, 100)
        at = 0
        for number, delay in enumerate(delays):
            frame = av.VideoFrame.from_ndarray(numbered(number), format="rgb24").reformat(format="rgb8")
            frame.pts, frame.time_base = at, Fraction(1, 100)
            at += delay
            for packet in stream.encode(frame):
                packet.duration = delay
                target.mux(packet)
        target.mux(stream.encode())
    return path


def test_gif(tmp_path: Path) -> None:
    clip = gif(tmp_path / "a.gif", [10, 30, 20])
    assert probe(clip).duration_s == pytest.approx(0.6)
    assert [frame.time_s for frame in frames(clip)] == pytest.approx([0.0, 0.1, 0.4])


def test_gif_of_one_picture(tmp_path: Path) -> None:
    clip = gif(tmp_path / "a.gif", [10])
    assert probe(clip).duration_s == pytest.approx(0.1)
    assert len(list(frames(clip))) == 1
    assert len(list(frames(clip, rate_hz=6, size=(16, 12)))) == 1


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
def test_frames_at_a_rate_fill_the_duration(tmp_path: Path, name: str) -> None:
    clip = film(tmp_path / name, count=47, clock_hz=30)
    assert len(list(frames(clip, rate_hz=6))) == pytest.approx(probe(clip).duration_s * 6, abs=1)


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format", "suffix"),
    [
        ("a.mkv", "libx264", "yuv420p", ".mp4"),
        ("a.webm", "libvpx-vp9", "yuv420p", ".mp4"),
        ("b.webm", "libvpx", "yuv420p", ".webm"),
        ("a.wmv", "wmv2", "yuv420p", ".mp4"),
        ("a.mkv", "ffv1", "yuv420p", ".mkv"),
        ("a.mov", "prores_ks", "yuv422p10le", ".mov"),
        ("a.avi", "mpeg4", "yuv420p", ".mp4"),
    ],
)
def test_container_for(tmp_path: Path, name: str, codec: str, pixel_format: str, suffix: str) -> None:
    clip = film(tmp_path / name, count=3, codec=codec, pixel_format=pixel_format, clock_hz=30)
    assert container_for(clip) == suffix


def test_container_for_gif(tmp_path: Path) -> None:
    assert container_for(gif(tmp_path / "a.gif", [5, 5])) == ".mp4"
