from __future__ import annotations

import ctypes
import logging
from pathlib import Path

import numpy as np
import pytest

from photoplayer.errors import InputError, SetupError
from photoplayer.sound import library
from photoplayer.sound.synth import Synth


def loadable(names: list[str]) -> ctypes.CDLL | None:
    for name in names:
        try:
            return library.open_library(name)
        except OSError:
            continue
    return None


@pytest.fixture(params=["system", "wheel"])
def fluidsynth(request: pytest.FixtureRequest) -> ctypes.CDLL:
    if request.param == "wheel":
        found = loadable(list(library.bundled_libraries()))
        assert found, "the copy inside the pygame-ce wheel does not load"
        return found
    found = loadable(list(library.system_libraries()))
    if not found:
        pytest.skip("this machine has no FluidSynth of its own")
    return found


def play(fluidsynth: ctypes.CDLL, font: Path, pitch: int, *, is_drum: bool = False) -> np.ndarray:
    out = np.zeros((1, 2, 32_768), np.float32)
    with Synth(font, channels=1, library=fluidsynth) as synth:
        synth.program(0, 0 if is_drum else 73, is_drum=is_drum)
        synth.note_on(0, pitch, 100)
        synth.render(out, 0, out.shape[2])
    return out[0]


def test_the_pitch_is_right(fluidsynth: ctypes.CDLL, bundled_font: Path) -> None:
    sound = play(fluidsynth, bundled_font, 69)
    spectrum = np.abs(np.fft.rfft(sound[0] * np.hanning(sound.shape[1])))
    assert np.argmax(spectrum) * 44_100 / sound.shape[1] == pytest.approx(440, abs=3)


def test_a_drum_part_plays_drums(fluidsynth: ctypes.CDLL, bundled_font: Path) -> None:
    # A closed hi-hat has no pitch and is over soon; a piano's low F sharp has and is not.
    hat = play(fluidsynth, bundled_font, 42, is_drum=True)
    assert np.abs(hat[:, :8000]).max() > 1e-3
    assert np.abs(hat[:, -8000:]).max() < 0.05 * np.abs(hat).max()
    spectrum = np.abs(np.fft.rfft(hat[0]))
    assert np.argmax(spectrum) * 44_100 / hat.shape[1] > 2000


def test_both_libraries_are_equally_loud(bundled_font: Path) -> None:
    loudness = [
        np.square(play(found, bundled_font, 60)).mean()
        for names in (library.system_libraries(), library.bundled_libraries())
        if (found := loadable(list(names)))
    ]
    assert max(loudness) / min(loudness) < 1.3  # 1 dB


def test_the_system_comes_first_then_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def broken(name: str) -> ctypes.CDLL:
        tried.append(name)
        raise OSError("cannot open shared object file")

    monkeypatch.setattr(library, "system_libraries", lambda: iter(["the system's"]))
    monkeypatch.setattr(library, "bundled_libraries", lambda: iter(["the wheel's"]))
    monkeypatch.setattr(library, "open_library", broken)
    with pytest.raises(SetupError, match="install it"):
        library.load_library.__wrapped__()
    assert tried == ["the system's", "the wheel's"]


def test_some_other_library_is_not_taken_for_fluidsynth() -> None:
    with pytest.raises((OSError, AttributeError)):
        library.open_library("libc.so.6")


def test_fluidsynth_says_nothing_on_stderr(
    fluidsynth: ctypes.CDLL,
    bundled_font: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    longer = tmp_path / "longer.sf2"
    longer.write_bytes(bundled_font.read_bytes() + bytes(99))
    with caplog.at_level(logging.DEBUG), pytest.raises(InputError, match=r"longer\.sf2: .* damaged"):
        Synth(longer, channels=1, library=fluidsynth)
    assert "fluidsynth" not in "".join(capfd.readouterr())  # (its DLS reader may speak through GLib)
    assert "FluidSynth (" in caplog.text
