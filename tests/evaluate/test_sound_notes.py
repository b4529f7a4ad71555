"""Notes that were put into a sound are found in it, where they begin and at their pitch."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.evaluate.identification import sound_notes
from photoplayer.evaluate.identification.landmarks import RATE_HZ, Sound
from photoplayer.evaluate.identification.sound_notes import HIGHEST, LOWEST, WINDOW, notes_of_sound


def plucked(notes: list[tuple[float, int]], *, seconds: float) -> Sound:
    """Strings of six partials that die away."""
    sound = np.zeros(round(seconds * RATE_HZ), np.float32)
    for onset_s, pitch in notes:
        begin = round(onset_s * RATE_HZ)
        time_s = np.arange(len(sound) - begin) / RATE_HZ
        hz = 440 * 2 ** ((pitch - 69) / 12)
        tone = sum(0.6**k * np.sin(2 * np.pi * hz * (k + 1) * time_s) for k in range(6))
        sound[begin:] += (0.1 * tone * np.exp(-3 * time_s)).astype(np.float32)
    return sound


@pytest.mark.parametrize("loudness", [1.0, 0.01])
def test_a_melody_over_chords_is_found(loudness: float) -> None:
    melody = [(0.5 + 0.3 * i, 64 + step) for i, step in enumerate((0, 2, 4, 7, 5, 4, 2, 0))]
    chords = [(at, pitch) for at in (0.5, 1.7) for pitch in (48, 55)]
    notes = sorted(melody + chords)
    onset_s, pitch = notes_of_sound(loudness * plucked(notes, seconds=4))
    found = set(zip(np.round(onset_s, 1).tolist(), pitch.tolist(), strict=True))
    near = {(round(at + off, 1), key) for at, key in found for off in (-0.1, 0, 0.1)}
    assert len({(round(at, 1), key) for at, key in notes} & near) >= len(notes) - 1
    assert len(pitch) <= len(notes) + 3
    assert (np.diff(onset_s) >= 0).all()


def test_every_pitch_alone_is_found_as_itself() -> None:
    pitches = list(range(40, HIGHEST - 6, 9))
    onset_s, pitch = notes_of_sound(plucked([(0.5 + i, p) for i, p in enumerate(pitches)], seconds=8))
    for i, wanted in enumerate(pitches):
        assert wanted in pitch[np.abs(onset_s - 0.5 - i) < 0.1]
    assert set(pitch.tolist()) <= set(range(LOWEST, HIGHEST + 1))


def test_blocks_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = plucked([(0.4 + 0.37 * i, 50 + 5 * i) for i in range(8)], seconds=4)
    whole = notes_of_sound(sound)
    monkeypatch.setattr(sound_notes, "_BLOCK_FRAMES", 37)
    for once, in_blocks in zip(whole, notes_of_sound(sound), strict=True):
        assert np.array_equal(once, in_blocks)


@pytest.mark.parametrize("samples", [0, 1, WINDOW, RATE_HZ])
def test_silence_has_no_notes(samples: int) -> None:
    onset_s, pitch = notes_of_sound(np.zeros(samples, np.float32))
    assert onset_s.shape == pitch.shape == (0,)
