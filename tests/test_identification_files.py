"""Files against a folder: MIDI, sound, the index that is kept, and what cannot be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photoplayer import identification
from photoplayer.errors import InputError, PlanError
from photoplayer.identification import identify, library_of
from photoplayer.music.midi_write import write_midi
from photoplayer.music.score import Note, Part, Score
from photoplayer.sound.audio import RATE_HZ
from photoplayer.sound.files import write_audio


def tune(seed: int) -> Score:
    """Forty seconds of a walk over a scale."""
    dice = np.random.default_rng(seed)
    scale, degree, notes = np.array([0, 2, 4, 5, 7, 9, 11]) + seed, 7, []
    for step in range(160):
        degree = int(np.clip(degree + dice.integers(-3, 4), 0, 14))
        onset = step / 2 + (0.25 if dice.random() < 0.3 else 0)
        notes.append(Note(onset, step / 2 + 0.5, 48 + 12 * (degree // 7) + int(scale[degree % 7]), 80))
    return Score(parts=(Part("lead", 0, tuple(notes)),), end=80.0)


def beeps(score: Score) -> np.ndarray:
    """Stereo sines at the library's rate."""
    samples = np.zeros(RATE_HZ * 41, np.float32)
    for note in score.parts[0].notes:
        start, count = round(note.onset / 2 * RATE_HZ), round(0.25 * RATE_HZ)
        time = np.arange(count) / RATE_HZ
        wave = 0.2 * np.sin(2 * np.pi * 440 * 2 ** ((note.pitch - 69) / 12) * time) * np.exp(-6 * time)
        samples[start : start + count] += wave.astype(np.float32)
    return np.stack([samples, samples])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    (folder / "inside").mkdir()
    for seed in range(6):
        write_midi(tune(seed), folder / f"tune {seed}.mid")
    write_audio(folder / "inside" / "played.flac", [beeps(tune(9))])
    return folder


def test_a_midi_file_is_known(folder: Path, tmp_path: Path) -> None:
    write_midi(tune(4), tmp_path / "unknown.mid")
    best = identify(tmp_path / "unknown.mid", folder, start=12, seconds=15)[0]
    assert best.piece == "tune 4.mid" and best.is_sure
    assert best.begin_s == pytest.approx(12, abs=1.5)


def test_a_recording_is_known(folder: Path, tmp_path: Path) -> None:
    write_audio(tmp_path / "heard.wav", [beeps(tune(9))[:, 10 * RATE_HZ : 25 * RATE_HZ]])
    best = identify(tmp_path / "heard.wav", folder)[0]
    assert best.piece == "inside/played.flac" and best.is_sure
    assert best.begin_s == pytest.approx(10, abs=0.5)


def test_the_index_is_kept_and_made_anew_when_a_file_comes(folder: Path, tmp_path: Path) -> None:
    library_of(folder)
    (first,) = folder.glob(".photoplayer_index_*.npz")
    written = first.stat().st_mtime_ns
    library_of(folder)
    assert first.stat().st_mtime_ns == written
    write_midi(tune(20), folder / "late.mid")
    (folder / "broken.mid").write_bytes(b"no MIDI")
    assert "late.mid" in library_of(folder).names and "broken.mid" not in library_of(folder).names
    (second,) = folder.glob(".photoplayer_index_*.npz")
    assert second != first


def test_an_index_of_another_format_is_made_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library_of(folder)
    (first,) = folder.glob(".photoplayer_index_*.npz")
    monkeypatch.setattr(identification, "FORMAT", 10_000)
    library_of(folder)
    assert list(folder.glob(".photoplayer_index_*.npz")) != [first]


def test_what_cannot_be_used_is_said(folder: Path, tmp_path: Path) -> None:
    write_audio(tmp_path / "silent.wav", [np.zeros((2, RATE_HZ * 6), np.float32)])
    with pytest.raises(InputError, match=r"silent\.wav is silent"):
        identify(tmp_path / "silent.wav", folder)
    with pytest.raises(InputError, match="has no note after 100 s"):
        identify(tune(1), folder, start=100)
    with pytest.raises(InputError, match="is no folder"):
        identify(tune(1), tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds no MIDI or sound"):
        identify(tune(1), tmp_path / "empty" if (tmp_path / "empty").mkdir() is None else "")
    with pytest.raises(PlanError, match="cannot be listened to"):
        identify(tune(1), folder, seconds=1)
    (tmp_path / "text.mp3").write_text("no sound")
    with pytest.raises(InputError, match=r"text\.mp3"):
        identify(tmp_path / "text.mp3", folder)
