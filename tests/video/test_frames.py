"""Pictures come at their exact times and as a person would see them."""

from __future__ import annotations

import gc
import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from filmed import film, number_in, numbered
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.video import frames

UNEVEN = [Fraction(k, 30) for k in (0, 1, 2, 9, 10, 11, 12, 30, 31, 33, 60, 61, 75)]


def seen(path: Path, **options: object) -> list[tuple[float, int]]:
    return [(frame.time_s, number_in(frame.image)) for frame in frames(path, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.avi"])
def test_constant_rate_with_b_frames(tmp_path: Path, name: str) -> None:
    clock_hz = 30 if name.endswith("avi") else 90_000
    clip = film(tmp_path / name, options={"bf": "3", "g": "20"}, clock_hz=clock_hz)
    got = seen(clip)
    assert [number for _, number in got] == list(range(60))
    assert [t for t, _ in got] == pytest.approx(
        [k / 30 for k in range(60)], abs=6e-4 if "mkv" in name else 1e-9
    )


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_variable_rate(tmp_path: Path, name: str) -> None:
    clip = film(tmp_path / name, UNEVEN, options={"bf": "3"})
    got = seen(clip)
    assert [number for _, number in got] == list(range(len(UNEVEN)))
    assert [t for t, _ in got] == pytest.approx([float(t) for t in UNEVEN], abs=6e-4)


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_at_a_rate_the_picture_on_screen_is_given(tmp_path: Path, name: str, fast: bool) -> None:
    clip = film(tmp_path / name, UNEVEN, options={"bf": "3"})
    got = seen(clip, rate_hz=7, fast=fast)
    for step, (time_s, number) in enumerate(got):
        assert time_s == pytest.approx(step / 7)
        assert number == sum(1 for t in UNEVEN if t <= Fraction(step, 7)) - 1
    assert len(got) in (18, 19)  # 76/30 s at 7 Hz; Matroska rounds the end


@pytest.mark.parametrize("rate_hz", [1.5, 6, 24, 100])
def test_skipping_changes_nothing(tmp_path: Path, rate_hz: float) -> None:
    """The decoder leaves out what falls on no moment: what remains equals picking from all pictures."""
    clip = film(tmp_path / "a.mp4", count=120, options={"bf": "5", "b-pyramid": "none", "g": "48"})
    every = list(frames(clip))
    for step, frame in enumerate(frames(clip, rate_hz=rate_hz)):
        assert frame.time_s == pytest.approx(step / rate_hz)
        wanted = [
            f for f in every if Fraction(f.time_s) <= Fraction(step) / Fraction(rate_hz) + Fraction(1, 10**9)
        ]
        assert np.array_equal(frame.image, wanted[-1].image)


def test_a_stream_that_starts_late_starts_at_zero(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4", offset_s=1.25, sound_s=(-1.25, 3.0))
    got = seen(clip)
    assert got[0] == (0.0, 0)
    assert got[-1] == (pytest.approx(59 / 30, abs=1e-3), 59)


def test_an_edit_list_hides_the_first_pictures(tmp_path: Path) -> None:
    """Cut without encoding: packets before the cut stay for reference, an edit list hides them."""
    whole = film(tmp_path / "a.mp4", options={"bf": "2"})
    cut = tmp_path / "cut.mp4"
    with av.open(str(whole)) as source, av.open(str(cut), "w") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        shift = round(Fraction(1, 2) / source.streams.video[0].time_base)
        for packet in source.demux(video=0):
            if packet.dts is None:
                continue
            packet.pts, packet.dts, packet.stream = packet.pts - shift, packet.dts - shift, copy
            target.mux(packet)
    got = seen(cut)
    assert got[0] == (0.0, 15)
    assert len(got) == 45


@pytest.mark.parametrize(
    ("rotation", "mirror"),
    [(0, False), (90, False), (180, False), (270, False), (0, True), (90, True), (180, True)],
)
def test_rotation_is_obeyed(tmp_path: Path, rotation: int, mirror: bool) -> None:
    clip = film(tmp_path / "a.mp4", count=2, rotation=rotation, mirror=mirror, options={"crf": "5"})
    stored = numbered(1).astype(int)
    # set_display_rotation turns counter-clockwise; FFmpeg flips the turned picture.
    upright = np.rot90(stored, rotation // 90)
    if mirror:
        upright = upright[:, ::-1]
    shown = list(frames(clip))[1].image
    assert shown.shape == upright.shape
    assert np.abs(shown - upright).mean() < 8
    small = next(iter(frames(clip, size=(33, 21)))).image
    assert small.shape == (21, 33, 3)


def test_wide_pixels_are_stretched(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4", count=3, aspect=Fraction(3, 2))
    assert next(iter(frames(clip))).image.shape == (96, 192, 3)


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format", "size"),
    [
        ("odd.mkv", "ffv1", "yuv444p", (127, 95)),
        ("ten.mp4", "libx264", "yuv420p10le", (128, 96)),
        ("full.mov", "mjpeg", "yuvj420p", (128, 96)),
        ("grey.mkv", "ffv1", "gray", (128, 96)),
        ("rgb.mkv", "ffv1", "bgr0", (128, 96)),
        ("vp9.webm", "libvpx-vp9", "yuv420p", (128, 96)),
        ("wmv.wmv", "wmv2", "yuv420p", (128, 96)),
        ("tiny.mp4", "libx264", "yuv420p", (16, 16)),
        ("422.mov", "prores_ks", "yuv422p10le", (128, 96)),
    ],
)
def test_kinds_of_picture(
    tmp_path: Path, name: str, codec: str, pixel_format: str, size: tuple[int, int]
) -> None:
    clip = film(tmp_path / name, count=5, codec=codec, pixel_format=pixel_format, size=size, clock_hz=30)
    got = list(frames(clip))
    assert len(got) == 5
    assert got[3].image.shape == (size[1], size[0], 3)
    assert got[3].image.dtype == np.uint8
    if size[0] > 16:
        assert [number_in(frame.image) for frame in got] == [0, 1, 2, 3, 4]
    if pixel_format != "gray":
        assert np.abs(got[3].image[5, -5].astype(int) - (220, 20, 20)).max() < 30


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.ts", "libx264"),
        ("a.mpg", "mpeg2video"),
        ("a.flv", "flv"),
        ("a.3gp", "mpeg4"),
        ("a.avi", "mpeg4"),
        ("a.nut", "libx264"),
        ("a.mkv", "libsvtav1"),
    ],
)
def test_kinds_of_container(tmp_path: Path, name: str, codec: str) -> None:
    options = {"libx264": {"bf": "2"}, "mpeg2video": {"bf": "2"}, "libsvtav1": {"preset": "12"}}.get(
        codec, {}
    )
    clip = film(tmp_path / name, count=25, codec=codec, options=options, clock_hz=30)
    got = seen(clip)
    assert [number for _, number in got] == list(range(25))
    assert [t for t, _ in got] == pytest.approx([k / 30 for k in range(25)], abs=2e-3)


def test_brightness_survives_limited_and_full_range(tmp_path: Path) -> None:
    for name, codec, pixel_format in (("a.mp4", "libx264", "yuv420p"), ("b.mov", "mjpeg", "yuvj420p")):
        image = next(
            iter(frames(film(tmp_path / name, count=2, codec=codec, pixel_format=pixel_format)))
        ).image
        assert abs(int(image[48, 4].mean()) - 40) < 6


def test_transparency_lies_on_black(tmp_path: Path) -> None:
    path = tmp_path / "a.mov"
    with av.open(str(path), "w") as target:
        stream = target.add_stream("png", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "rgba"
        image = np.full((32, 32, 4), 255, np.uint8)
        image[:, :16, 3] = 0
        image[:16, 16:, 3] = 128
        target.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgba")))
        target.mux(stream.encode())
    shown = next(iter(frames(path))).image
    assert shown[8, 8].tolist() == [0, 0, 0]
    assert shown[8, 24].tolist() == [128, 128, 128]
    assert shown[24, 24].tolist() == [255, 255, 255]


def test_a_size_change_on_the_way_keeps_one_size(tmp_path: Path) -> None:
    small = film(tmp_path / "a.ts", count=10, options={"bf": "0"})
    large = film(tmp_path / "b.ts", count=10, size=(256, 192), offset_s=10 / 30, options={"bf": "0"})
    both = tmp_path / "both.ts"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    got = list(frames(both))
    assert {frame.image.shape for frame in got} == {(96, 128, 3)}
    assert len(got) >= 19


def test_same_pixels_at_any_number_of_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = film(tmp_path / "a.mp4", count=20)
    one = [f.image for f in frames(clip, size=(40, 30))]
    monkeypatch.setattr("photoplayer.video.source.MAX_THREADS", 1)
    assert all(np.array_equal(a, f.image) for a, f in zip(one, frames(clip, size=(40, 30)), strict=True))


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    """Numpy's pictures are traced: never more than a few at once, of 600."""
    clip = film(tmp_path / "a.mp4", count=600, options={"preset": "ultrafast"})
    one = 96 * 128 * 3
    gc.collect()
    tracemalloc.start()
    count = sum(1 for _ in frames(clip))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 600
    assert peak < 20 * one


@pytest.mark.parametrize("options", [{"rate_hz": 0}, {"rate_hz": float("nan")}, {"size": (0, 5)}])
def test_senseless_options(tmp_path: Path, options: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        frames(film(tmp_path / "a.mp4", count=2), **options)  # type: ignore[arg-type]


@settings(max_examples=12, deadline=None)
@given(
    gaps=st.lists(st.integers(1, 20), min_size=1, max_size=12),
    rate_hz=st.sampled_from([1.0, 3.0, 5.0, 6.0, 29.97]),
    b_frames=st.integers(0, 4),
)
def test_any_spacing_at_any_rate(
    tmp_path_factory: pytest.TempPathFactory, gaps: list[int], rate_hz: float, b_frames: int
) -> None:
    ticks = np.concatenate([[0], np.cumsum(gaps)])
    clip = film(
        tmp_path_factory.mktemp("v") / "a.mp4",
        [Fraction(int(k), 30) for k in ticks],
        options={"bf": str(b_frames), "preset": "ultrafast"},
    )
    for step, (time_s, number) in enumerate(seen(clip, rate_hz=rate_hz)):
        assert time_s == pytest.approx(step / rate_hz)
        assert number == int(np.searchsorted(ticks / 30, time_s + 1e-9, side="right")) - 1
