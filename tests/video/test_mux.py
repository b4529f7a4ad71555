"""The picture is copied bit for bit, the sound lies where it was put and ends with the picture."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from filmed import film, number_in, payloads
from test_probe import gif

from photoplayer.errors import OutputError
from photoplayer.video import frames, mux, probe, read_sound

RATE_HZ = 44_100

QUICK = {
    "libx264": {"bf": "3", "g": "24"},
    "libx265": {"x265-params": "log-level=none", "preset": "ultrafast"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
}


def clicks(
    seconds: float, at_s: tuple[float, ...], *, rate_hz: int = RATE_HZ, block: int = 5000
) -> Iterator[np.ndarray]:
    """Silence with single loud samples, in blocks."""
    sound = np.zeros((2, round(seconds * rate_hz)), np.float32)
    for moment_s in at_s:
        sound[:, round(moment_s * rate_hz)] = 0.9
    for begin in range(0, sound.shape[1], block):
        yield sound[:, begin : begin + block]


def click_times(path: Path, at_s: tuple[float, ...]) -> list[float]:
    sound = np.abs(np.concatenate(list(read_sound(path)), axis=1)[0])
    found = []
    for moment_s in at_s:
        begin = max(round((moment_s - 0.2) * RATE_HZ), 0)
        found.append((begin + int(np.argmax(sound[begin : begin + round(0.4 * RATE_HZ)]))) / RATE_HZ)
    return found


def times(path: Path) -> list[float]:
    return [frame.time_s for frame in frames(path, size=(16, 12))]


@pytest.mark.parametrize(
    ("source", "codec", "target"),
    [
        ("a.mp4", "libx264", "out.mp4"),
        ("a.mp4", "libx264", "out.mov"),
        ("a.mp4", "libx264", "out.mkv"),
        ("a.mkv", "libx264", "out.mp4"),
        ("a.mov", "libx264", "out.m4v"),
        ("a.mp4", "libx265", "out.mp4"),
        ("a.avi", "mpeg4", "out.mp4"),
        ("a.webm", "libvpx-vp9", "out.webm"),
        ("a.webm", "libvpx", "out.webm"),
        ("a.mkv", "ffv1", "out.mkv"),
        ("a.mov", "prores_ks", "out.mov"),
    ],
)
def test_copied_bit_for_bit_with_sound_in_place(tmp_path: Path, source: str, codec: str, target: str) -> None:
    options = QUICK.get(codec, {})
    clip = film(
        tmp_path / source,
        codec=codec,
        options=options,
        pixel_format="yuv422p10le" if codec == "prores_ks" else "yuv420p",
        clock_hz=30 if source.endswith(("avi", "wmv")) else 90_000,
    )
    out = tmp_path / target
    mux(clip, clicks(5, (0.4, 1.6)), out)
    assert payloads(out) == payloads(clip)
    assert times(out) == pytest.approx(times(clip), abs=1.1e-3)
    assert click_times(out, (0.4, 1.6)) == pytest.approx([0.4, 1.6], abs=0.002)
    assert probe(out).duration_s == pytest.approx(2.0, abs=2e-3)
    assert _sound_end_s(out) == pytest.approx(2.0, abs=1 / 30)


def _sound_end_s(path: Path) -> float:
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        ends = [(p.pts + p.duration) * stream.time_base for p in container.demux(stream) if p.pts is not None]
    return float(max(ends))


def test_annex_b_keeps_its_pictures(tmp_path: Path) -> None:
    """A transport stream frames its units otherwise; the pictures stay the same."""
    clip = film(tmp_path / "a.ts", options={"bf": "2"})
    out = tmp_path / "out.mp4"
    mux(clip, clicks(2, (1.0,)), out)
    assert times(out) == pytest.approx(times(clip), abs=1e-4)
    assert all(np.array_equal(a.image, b.image) for a, b in zip(frames(clip), frames(out), strict=True))


@pytest.mark.parametrize("target", ["out.mp4", "out.mkv"])
@pytest.mark.parametrize("source", ["a.mp4", "a.mkv"])
def test_rotation_and_colour_tags_come_along(tmp_path: Path, source: str, target: str) -> None:
    tags = {"x264-params": "colorprim=bt709:transfer=bt709:colormatrix=bt709"}
    clip = film(tmp_path / source, count=5, rotation=90, options=tags)
    out = tmp_path / target
    mux(clip, [], out)
    assert probe(out).rotation == probe(clip).rotation == 270
    for path in (clip, out):
        with av.open(str(path)) as container:
            context = container.streams.video[0].codec_context
            assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_fewer_pictures_than_the_codec_reorders(tmp_path: Path, count: int) -> None:
    """Matroska stores no decoding times; with so few packets none can be told from the others."""
    clip, out = film(tmp_path / "a.mkv", count=count, options={"bf": "3"}), tmp_path / "out.mp4"
    mux(clip, [], out)
    assert payloads(out) == payloads(clip)
    assert times(out) == pytest.approx(times(clip), abs=1e-3)


@pytest.mark.parametrize("target", ["out.mp4", "out.mkv"])
def test_late_start_and_uneven_pictures(tmp_path: Path, target: str) -> None:
    moments = [Fraction(k, 30) for k in (0, 1, 2, 9, 10, 30, 31, 33, 60)]
    clip = film(tmp_path / "a.mp4", moments, offset_s=1.25, sound_s=(-1.25, 3.0), options={"bf": "3"})
    out = tmp_path / target
    mux(clip, clicks(5, (0.5, 1.5)), out)
    assert times(out) == pytest.approx([float(t) for t in moments], abs=1.1e-3)
    assert click_times(out, (0.5, 1.5)) == pytest.approx([0.5, 1.5], abs=0.002)
    assert probe(out).start_s == pytest.approx(0, abs=1e-3)


def test_pictures_hidden_by_an_edit_list_stay_hidden(tmp_path: Path) -> None:
    whole = film(tmp_path / "a.mp4", options={"bf": "2"})
    cut, out = tmp_path / "cut.mp4", tmp_path / "out.mp4"
    with av.open(str(whole)) as source, av.open(str(cut), "w") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        shift = round(Fraction(1, 2) / source.streams.video[0].time_base)
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.pts, packet.dts, packet.stream = packet.pts - shift, packet.dts - shift, copy
                target.mux(packet)
    mux(cut, clicks(3, (0.5,)), out)
    assert [number_in(frame.image) for frame in frames(out)] == list(range(15, 60))
    assert click_times(out, (0.5,)) == pytest.approx([0.5], abs=0.002)


def test_short_sound_is_followed_by_silence(tmp_path: Path) -> None:
    clip, out = film(tmp_path / "a.mp4"), tmp_path / "out.mp4"
    mux(clip, clicks(0.5, (0.25,)), out)
    assert _sound_end_s(out) == pytest.approx(2.0, abs=1 / 30)


def test_another_rate_of_sound(tmp_path: Path) -> None:
    clip, out = film(tmp_path / "a.mp4"), tmp_path / "out.mp4"
    mux(clip, clicks(3, (1.0,), rate_hz=32_000), out, rate_hz=32_000)
    assert click_times(out, (1.0,)) == pytest.approx([1.0], abs=0.002)


def test_gif_becomes_h264(tmp_path: Path) -> None:
    clip, out = gif(tmp_path / "a.gif", [10, 30, 20]), tmp_path / "out.mp4"
    mux(clip, clicks(2, (0.3,)), out)
    info = probe(out)
    assert (info.codec, info.duration_s) == ("h264", pytest.approx(0.6, abs=1e-3))
    assert [(round(f.time_s, 3), number_in(f.image)) for f in frames(out)] == [(0.0, 0), (0.1, 1), (0.4, 2)]
    assert click_times(out, (0.3,)) == pytest.approx([0.3], abs=0.002)


def test_avi_with_b_frames_is_encoded_anew(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.avi", options={"bf": "3"}, clock_hz=30)
    out = tmp_path / "out.mp4"
    mux(clip, [], out)
    assert [number_in(frame.image) for frame in frames(out)] == list(range(60))
    assert times(out) == pytest.approx([k / 30 for k in range(60)], abs=1e-4)


def test_windows_media_is_encoded_anew(tmp_path: Path) -> None:
    clip, out = film(tmp_path / "a.wmv", codec="wmv2", clock_hz=30), tmp_path / "out.mp4"
    mux(clip, clicks(2, (1.0,)), out)
    assert [number_in(frame.image) for frame in frames(out)] == list(range(60))
    assert click_times(out, (1.0,)) == pytest.approx([1.0], abs=0.002)


def test_odd_gif(tmp_path: Path) -> None:
    path, out = tmp_path / "a.gif", tmp_path / "out.mp4"
    with av.open(str(path), "w") as target:
        stream = target.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 17, 13, "rgb8"
        frame = av.VideoFrame.from_ndarray(np.full((13, 17, 3), 200, np.uint8), format="rgb24")
        target.mux(stream.encode(frame.reformat(format="rgb8")))
        target.mux(stream.encode())
    mux(path, [], out)
    assert next(iter(frames(out))).image.shape == (14, 18, 3)


def test_blocks_are_taken_as_the_picture_goes_along(tmp_path: Path) -> None:
    """Endless sound is fine, and little more is drawn from it than the picture lasts."""
    drawn = 0

    def endless() -> Iterator[np.ndarray]:
        nonlocal drawn
        while True:
            drawn += 1
            yield np.zeros((2, 1000), np.float32)

    mux(film(tmp_path / "a.mp4"), endless(), tmp_path / "out.mp4")
    assert drawn == 89  # 2 s of 44.1 kHz in thousands, begun


def test_a_container_that_cannot_hold_the_picture(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mkv", count=3, codec="ffv1")
    with pytest.raises(OutputError, match=r"out\.mkv"):
        mux(clip, [], tmp_path / "out.mp4")
    with pytest.raises(OutputError, match=r"out\.mkv"):
        mux(clip, [], tmp_path / "out.xyz")
    assert [p.name for p in tmp_path.iterdir()] == ["a.mkv"]
