"""Every piano corpus is read from a tiny folder of the layout it is published in."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from photoplayer import video
from photoplayer.errors import InputError
from photoplayer.music.midi_write import write_midi
from photoplayer.music.score import Note, Part, Score
from photoplayer.piano.keyboard import Keyboard
from photoplayer.piano.layout import LOWEST_PITCH
from photoplayer.train.data import audeo, mta, pianovam, pianoyt, renders
from photoplayer.train.data.piano_clip import note_rows, split_named

Draw = Callable[..., Path]


def write_notes(path: Path, *notes: Note) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_midi(Score((Part("Piano", 0, notes),), end=notes[-1].offset), path)


def rectangle(keyboard: Keyboard | None) -> list[list[float]]:
    assert keyboard is not None
    return np.round(keyboard.corners, 3).tolist()


def test_mta_times_pitches_and_pianists(tmp_path: Path) -> None:
    for name, first in (("p01_front_1", 0.0), ("p06_left45_1-2", 1.0), ("p08_right45_1", 0.0)):
        (tmp_path / f"{name}.wmv").touch()
        write_notes(
            tmp_path / f"{name}.mid", Note(first, first + 1, 48, 76), Note(first + 2, first + 3, 50, 76)
        )
    starts = {"p01_front_1": 3.5, "p06_left45_1-2": 2.5, "p08_right45_1": 1.0}
    (tmp_path / "starts.json").write_text(json.dumps(starts))
    keyboards = tmp_path / "keyboards.json"
    keyboards.write_text(json.dumps({"p01_front_1": {"homography": np.eye(3).tolist()}}))

    trained, tested, validated = mta.clips(tmp_path, keyboards=keyboards)

    assert trained.notes[:, :3].tolist() == [[3.5, 4.0, 60.0], [4.5, 5.0, 62.0]]
    assert np.isnan(trained.notes[:, 3]).all() and not trained.velocity_known
    assert [c.split for c in (trained, tested, validated)] == ["train", "test", "validation"]
    assert (trained.group, tested.view) == ("p01", "left45")
    assert trained.covered_s == (0.0, 6.0)
    assert tested.covered_s[0] == 2.0  # a cut: before its MIDI begins, keys may be played
    assert trained.homography is not None and tested.homography is None
    assert [c.name for c in mta.clips(tmp_path, split="test")] == ["p06_left45_1-2"]


def test_mta_cuts_stand_for_takes_whose_recorder_stalled(tmp_path: Path) -> None:
    names = ("p07_front_1", "p07_front_1-1", "p07_front_1-2", "p07_front_2")
    for name in names:
        (tmp_path / f"{name}.wmv").touch()
        write_notes(tmp_path / f"{name}.mid", Note(0, 1, 48, 76))
    (tmp_path / "starts.json").write_text(json.dumps(dict.fromkeys(names, 1.0)))

    clips = mta.clips(tmp_path)

    assert [c.name for c in clips] == ["p07_front_1-1", "p07_front_1-2", "p07_front_2"]
    assert {c.written for c in clips} == {(22, 106)}


def test_mta_without_a_start_time_is_told(tmp_path: Path) -> None:
    (tmp_path / "p01_front_1.wmv").touch()
    write_notes(tmp_path / "p01_front_1.mid", Note(0, 1, 48, 76))
    (tmp_path / "starts.json").write_text("{}")
    with pytest.raises(InputError, match="p01_front_1"):
        mta.clips(tmp_path)
    with pytest.raises(InputError, match="no clips"):
        mta.clips(tmp_path / "nothing")


def test_renders(tmp_path: Path) -> None:
    truth = {
        "split": "val",
        "homography": [[10, 0, 5], [0, 50, 100], [0, 0, 1]],
        "first_pitch": 36,
        "last_pitch": 96,
        "notes": [[1.0, 1.5, 60, 80], [0.5, 0.7, 40, 20]],
    }
    (tmp_path / "a.json").write_text(json.dumps(truth))
    (tmp_path / "a.mp4").touch()
    (tmp_path / "sheet.json").write_text("[]")  # no video: not a render
    (clip,) = renders.clips(tmp_path)
    assert clip.notes.tolist() == [[0.5, 0.7, 40, 20], [1.0, 1.5, 60, 80]]
    assert (clip.split, clip.first_pitch, clip.velocity_known) == ("validation", 36, True)
    keyboard = clip.keyboard((640, 360))
    assert keyboard is not None and keyboard.first_pitch == 36


def test_a_render_with_a_lens_is_bent_by_it(tmp_path: Path) -> None:
    straight = [[10.0, 0.0, 5.0], [0.0, 50.0, 100.0], [0.0, 0.0, 1.0]]
    lens = {"homography": straight, "bulge": 0.01}
    truth = {"split": "train", "homography": np.eye(3).tolist(), "notes": [], "lens": lens}
    (tmp_path / "a.json").write_text(json.dumps(truth))
    (tmp_path / "a.mp4").touch()
    (clip,) = renders.clips(tmp_path)
    keyboard = clip.keyboard((640, 360))
    assert keyboard is not None and keyboard.bulge == 0.01
    assert keyboard.homography.tolist() == straight


@pytest.mark.parametrize(
    "broken",
    [
        {"notes": 3},
        {"notes": [[1, 2]]},
        {"homography": [1, 2]},
        {"first_pitch": 3},
        {"split": "dev"},
        {"lens": {"homography": np.eye(3).tolist(), "bulge": 5}},
    ],
)
def test_a_broken_render_is_told(tmp_path: Path, broken: dict[str, object]) -> None:
    truth = {"split": "train", "homography": np.eye(3).tolist(), "notes": [], **broken}
    (tmp_path / "a.json").write_text(json.dumps(truth))
    (tmp_path / "a.mp4").touch()
    with pytest.raises(InputError, match=r"a\.json"):
        renders.clips(tmp_path)


def test_pianovam_takes_the_release_of_the_key(tmp_path: Path) -> None:
    corners = {"Point_LT": "100, 50", "Point_RT": "1140, 50", "Point_RB": "1140, 200", "Point_LB": "100, 200"}
    entries = [
        ("2024-02-14_19-10-09", "ext-train"),
        ("2024-02-15_10-00-00", "valid"),
        ("blurred", "special(blurry)"),
    ]
    metadata = {
        str(i): {"record_time": name, "split": split, "P1_name": "Ann", **corners}
        for i, (name, split) in enumerate(entries)
    }
    (tmp_path / "metadata_v2.json").write_text(json.dumps(metadata))
    for folder in ("Video", "TSV"):
        (tmp_path / folder).mkdir()
    for name, _ in entries:
        (tmp_path / "Video" / f"{name}.mp4").touch()
    (tmp_path / "TSV" / f"{entries[0][0]}.tsv").write_text(
        "onset\tkey_offset\tframe_offset\tnote\tvelocity\n1.0\t1.5\t4.0\t60\t70\n0.5\t0.6\t4.0\t62\t50\n"
    )
    write_notes(tmp_path / "MIDI" / f"{entries[1][0]}.mid", Note(2, 3, 60, 33))

    first, second = pianovam.clips(tmp_path)

    assert first.notes.tolist() == [[0.5, 0.6, 62, 50], [1.0, 1.5, 60, 70]]
    assert second.notes.tolist() == [[1.0, 1.5, 60, 33]]
    assert (first.split, second.split, first.group) == ("train", "validation", "Ann")
    assert rectangle(first.keyboard((1920, 1080))) == [[100, 50], [1140, 50], [1140, 200], [100, 200]]


def test_pianovam_with_a_line_that_is_no_note_is_told(tmp_path: Path) -> None:
    corners = {"Point_LT": "0,0", "Point_RT": "9,0", "Point_RB": "9,1", "Point_LB": "0,1"}
    metadata = {"0": {"record_time": "a", "split": "test", **corners}}
    (tmp_path / "metadata_v1.json").write_text(json.dumps(metadata))
    for folder in ("Video", "TSV"):
        (tmp_path / folder).mkdir()
    (tmp_path / "Video" / "a.mp4").touch()
    (tmp_path / "TSV" / "a.tsv").write_text("1.0\t1.5\tnan\t60\t70\n")
    with pytest.raises(InputError, match=r"a\.tsv has a line 1"):
        pianovam.clips(tmp_path)


def test_pianoyt_crops_splits_and_names(tmp_path: Path, make_clip: Draw) -> None:
    film = make_clip(seconds=0.3, size=(640, 360))
    (tmp_path / "videos").mkdir()
    names = {5: "video_5.0.mp4", 100: "abcdefghijk.mp4", 7: "7.mp4"}
    for number, name in names.items():
        (tmp_path / "videos" / name).write_bytes(film.read_bytes())
        write_notes(tmp_path / "pianoyt_MIDI" / f"audio_{number}.0.midi", Note(2, 3, 60, 33))
    (tmp_path / "pianoyt_videos.csv").write_text(
        "5,https://www.youtube.com/watch?v=xyz,1,300,400,20,1260\n"
        "100,https://youtu.be/abcdefghijk,3,600,900,30,1890\n"
        "7,https://youtu.be/other,1,300,400,20,1260\n"
        "9,https://youtu.be/gone,1,300,400,20,1260\n"
    )
    clips = pianoyt.clips(tmp_path)
    assert [(c.name, c.split) for c in clips] == [
        ("pianoyt_5", "train"),
        ("pianoyt_100", "test"),
        ("pianoyt_7", "train"),
    ]
    assert rectangle(clips[0].keyboard((640, 360))) == [[10, 150], [630, 150], [630, 200], [10, 200]]
    assert rectangle(clips[1].keyboard((640, 360))) == [[10, 200], [630, 200], [630, 300], [10, 300]]
    assert clips[0].notes.tolist() == [[1.0, 1.5, 60, 33]]


def test_every_tenth_training_video_of_pianoyt_validates(tmp_path: Path, make_clip: Draw) -> None:
    film = make_clip(seconds=0.3, size=(640, 360))
    (tmp_path / "raw_videos").mkdir()
    lines = []
    for number in range(1, 13):
        (tmp_path / "raw_videos" / f"video_{number}.mp4").write_bytes(film.read_bytes())
        write_notes(tmp_path / "pianoyt_MIDI" / f"audio_{number}.0.midi", Note(2, 3, 60, 33))
        lines.append(f"{number},https://youtu.be/v{number},1,300,400,20,1260")
    (tmp_path / "pianoyt.csv").write_text("\n".join(lines))
    assert [c.name for c in pianoyt.clips(tmp_path, split="validation")] == ["pianoyt_10"]


def audeo_take(folder: Path, half: str, name: str, frames: range, held: dict[int, range]) -> None:
    """A take as Audeo shares it: pictures, and segments of 50 frames."""
    pictures = folder / "input_images" / half / name
    segments = folder / "midi" / half / name
    pictures.mkdir(parents=True)
    segments.mkdir(parents=True)
    for number in frames:
        grey = np.full((20, 104, 3), number % 200, dtype=np.uint8)
        with av.open(str(pictures / f"frame{number}.jpg"), "w", format="image2") as container:
            stream = container.add_stream("mjpeg", rate=25)
            stream.width, stream.height, stream.pix_fmt = 104, 20, "yuvj420p"
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            frame.pts, frame.time_base = 0, Fraction(1, 25)
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    for first in range(frames.start, frames.stop, 50):
        last = min(first + 50, frames.stop)
        roll = np.zeros((last - first, 88))
        for key, span in held.items():
            roll[[n - first for n in span if first <= n < last], key] = 64
        np.savez(segments / f"{first}-{last}.npz", midi=roll)


def test_audeo_frames_become_a_video_and_segments_notes(tmp_path: Path) -> None:
    audeo_take(tmp_path, "training", "Bach No.1", range(3, 73), {39: range(43, 63), 40: range(3, 8)})
    audeo_take(tmp_path, "testing", "Bach No.2", range(0, 20), {0: range(4, 8)})
    trained, tested = audeo.clips(tmp_path)
    assert (trained.split, tested.split) == ("train", "test")
    expected = [[0.0, 0.18, LOWEST_PITCH + 40], [1.58, 2.38, LOWEST_PITCH + 39]]
    assert np.allclose(trained.notes[:, :3], expected)
    assert trained.covered_s == (0.0, 2.8)
    info = video.probe(trained.video)
    assert (info.width, info.height, round(info.duration_s, 2)) == (104, 20, 2.8)
    assert rectangle(trained.keyboard((104, 20))) == [
        [-0.5, -0.5],
        [103.5, -0.5],
        [103.5, 19.5],
        [-0.5, 19.5],
    ]
    changed = trained.video.stat().st_mtime_ns
    assert audeo.clips(tmp_path, split="train")[0].video.stat().st_mtime_ns == changed


def test_audeo_with_a_broken_segment_is_told(tmp_path: Path) -> None:
    audeo_take(tmp_path, "training", "a", range(0, 5), {})
    (tmp_path / "midi" / "training" / "a" / "0-5.npz").write_bytes(b"PK nonsense")
    with pytest.raises(InputError, match=r"0-5\.npz"):
        audeo.clips(tmp_path)


def test_rows_without_length_or_key_go_and_numbers_must_be_numbers() -> None:
    rows = note_rows([(2, 3, 60, 1), (1, 1, 60, 1), (1, 2, 5, 1), (0, 1, 108, math.nan)], name="x")
    assert rows[:, 2].tolist() == [108, 60]
    with pytest.raises(InputError, match="x"):
        note_rows([(math.nan, 1, 60, 1)], name="x")
    with pytest.raises(InputError, match="dev"):
        split_named("dev", name="x")
