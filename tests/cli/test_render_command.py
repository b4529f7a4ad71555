"""``photoplayer render`` and ``photoplayer instruments`` as a user meets them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from shell import fails_in_one_sentence, leftovers, run

from photoplayer.music import read_midi, write_midi
from photoplayer.music.score import Note, Part, Score


def write_tune(path: Path, *, notes: int = 4) -> Path:
    played = tuple(Note(i * 1.0, i + 0.9, pitch, 80) for i in range(notes) for pitch in (48 + i, 72 + i))
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_midi(Score((Part("Piano", 0, played),), end=float(notes)), path)


def test_sound_lies_beside_the_tune(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("render", write_tune(tmp_path / "tune.mid")) == 0
    assert leftovers(tmp_path) == ["tune.mid", "tune_rendered.wav"]
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [str(tmp_path / "tune_rendered.wav")] and not shown.err.strip()


def test_another_instrument_says_what_it_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tune = write_tune(tmp_path / "tune.mid")
    assert run("render", tune, "--instrument", "flute", "-o", tmp_path / "out" / "flute.mid") == 0
    assert "4 of 8 notes" in capsys.readouterr().err
    (part,) = read_midi(tmp_path / "out" / "flute.mid").parts
    assert (part.name, part.program) == ("Flute", 73)
    assert [note.pitch for note in part.notes] == [72, 73, 74, 75]


@pytest.mark.parametrize("instrument", ["107", "#108", "GM 108", "Koto"])
def test_instruments_by_number_and_name(tmp_path: Path, instrument: str) -> None:
    tune = write_tune(tmp_path / "tune.mid")
    assert run("render", tune, "--instrument", instrument, "--format", "mid") == 0
    assert read_midi(tmp_path / "tune_rendered.mid").parts[0].program == 107


def test_folders_json_lines_and_skipping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tunes = tmp_path / "tunes"
    write_tune(tunes / "a.mid")
    write_tune(tunes / "b.MIDI")
    write_tune(tunes / "old_rendered.mid")
    (tunes / "c.mid").write_text("no music")
    arguments = ("render", tunes, "-o", tmp_path / "out", "--format", "mid,json", "--json",
                 "--instrument", "string quartet")  # fmt: skip
    assert run(*arguments) == 1
    a, b, c = map(json.loads, capsys.readouterr().out.splitlines())
    out = tmp_path / "out"
    assert a["files"] == [str(out / "a_rendered.mid"), str(out / "a_rendered.json")]
    assert a["notes"] == a["notes_written"] == 8 and a["parts"][0] == "Violin I"
    assert b["input"].endswith("b.MIDI") and "c.mid" in c["error"]
    assert run(*arguments) == 1
    assert "already there" in json.loads(capsys.readouterr().out.splitlines()[0])["error"]
    stamp = (out / "a_rendered.mid").stat().st_mtime_ns
    (tunes / "c.mid").unlink()
    assert run(*arguments, "--skip-existing") == 0
    assert (out / "a_rendered.mid").stat().st_mtime_ns == stamp
    assert run(*arguments, "--overwrite") == 0
    assert (out / "a_rendered.mid").stat().st_mtime_ns > stamp


def test_stems_by_track(tmp_path: Path) -> None:
    tune = write_tune(tmp_path / "tune.mid", notes=2)
    assert run("render", tune, "-o", tmp_path / "x", "--instrument", "string trio", "--stems",
               "--format", "ogg") == 0  # fmt: skip
    assert leftovers(tmp_path / "x_stems") == ["Cello.ogg", "Viola.ogg", "Violin.ogg"]


HEADER = b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0"


@pytest.mark.parametrize(
    ("content", "needle"),
    [
        (b"", "not a MIDI file"),
        (b"hello, I am a text", "not a MIDI file"),
        (HEADER + b"MTrk\x00\x00\xff\xff\x00", "damaged"),
        (HEADER + b"MTrk\x00\x00\x00\x04\x00\xff\x2f\x00", "no notes"),
        (HEADER[:-2] + b"\x00\x00MTrk\x00\x00\x00\x04\x00\xff\x2f\x00", "seed.mid"),
        (HEADER[:-2] + b"\xe7\x28MTrk\x00\x00\x00\x04\x00\xff\x2f\x00", "film frames"),
        (HEADER + b"MTrk" + b"\xff" * 5000, "damaged"),
        (bytes(range(256)) * 9000, "seed.mid"),
    ],
)
def test_what_is_no_music_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, needle: str
) -> None:
    (tmp_path / "seed.mid").write_bytes(content)
    assert run("render", tmp_path / "seed.mid", "--instrument", "guitar") == 1
    fails_in_one_sentence(capsys, "seed.mid", needle)
    assert leftovers(tmp_path) == ["seed.mid"]


def test_tempi_beyond_reason_are_survived(tmp_path: Path) -> None:
    """A note at a microsecond a quarter lasts no time; strings ring on no longer than MIDI can say."""
    track = b"\x00\xff\x51\x03\x00\x00\x01" + b"\x00\x90\x3c\x50\x83\x60\x80\x3c\x00" + b"\x00\xff\x2f\x00"
    (tmp_path / "fast.mid").write_bytes(HEADER + b"MTrk" + len(track).to_bytes(4, "big") + track)
    assert run("render", tmp_path / "fast.mid", "--format", "mid,wav", "--instrument", "koto") == 0
    assert [note.pitch for note in read_midi(tmp_path / "fast_rendered.mid").notes()] == [60]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--instrument", "kotto"),
        ("--instrument", "128"),
        ("--loudness", "5"),
        ("--format", "mp4"),
        ("--soundfont", "gone.sf2"),
    ],
)
def test_unusable_options_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    tune = write_tune(tmp_path / "in" / "tune.mid")
    assert run("render", tune, "-o", tmp_path / "out" / "x", option, value) == 1
    fails_in_one_sentence(capsys, value)
    assert leftovers(tmp_path) == ["tune.mid"]


def test_results_in_the_way_and_inputs_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tune = write_tune(tmp_path / "tune.mid")
    before = tune.read_bytes()
    (tmp_path / "out.wav").write_text("mine")
    assert run("render", tune, "-o", tmp_path / "out.wav") == 1
    fails_in_one_sentence(capsys, "out.wav", "--overwrite")
    assert run("render", tune, "-o", tmp_path / "tune.mid", "--overwrite") == 1
    fails_in_one_sentence(capsys, "tune.mid", "input")
    assert (tmp_path / "out.wav").read_text() == "mine" and tune.read_bytes() == before


def test_missing_and_empty_inputs_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("render", tmp_path / "gone.mid") == 1
    fails_in_one_sentence(capsys, "gone.mid")
    assert run("render", tmp_path) == 1
    fails_in_one_sentence(capsys, str(tmp_path))
    assert run("render") == 1
    fails_in_one_sentence(capsys, "name a MIDI file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.mid")
    assert run("render", tmp_path / "pipe.mid") == 1
    fails_in_one_sentence(capsys, "regular file")


def test_the_list_of_instruments(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("instruments") == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line[:5].strip().isdigit() for line in lines) == 128
    koto = next(line for line in lines if "Koto" in line)
    assert koto.split()[:3] == ["107", "Koto", "G2-G6"]
    assert "ensembles" in lines and any("Violin II" in line for line in lines)


def test_the_list_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("instruments", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["program"] for row in rows[:128]] == list(range(128))
    assert rows[107]["family"] == "ethnic" and rows[128]["ensemble"] == "String Trio"
