"""Velocities from what is played: a note is told apart by what is around it, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from photoplayer.models import Model
from photoplayer.piano.roll import HeardNote
from photoplayer.piano.touch import BESIDE, WIDTH, features, standing_out, touched

MELODY = [HeardNote(0.5 * i, 0.5 * i + 0.4, 76 + i % 5, 60) for i in range(16)]
ACCOMPANIMENT = [HeardNote(0.25 * i, 0.25 * i + 0.2, (48, 55, 52, 55)[i % 4], 60) for i in range(32)]
PIECE = sorted(MELODY + ACCOMPANIMENT)


def rows(notes: list[HeardNote]) -> tuple[np.ndarray, ...]:
    return tuple(np.array([getattr(n, name) for n in notes]) for name in ("onset_s", "offset_s", "pitch"))


def test_a_melody_is_louder_than_its_accompaniment() -> None:
    played = touched(PIECE)
    upper = [n.velocity for n in played if n.pitch >= 76]
    lower = [n.velocity for n in played if n.pitch < 76]
    assert np.mean(upper) > np.mean(lower) + 5
    assert [replace(n, velocity=60) for n in played] == PIECE  # nothing else is changed
    assert touched([]) == ()


def test_the_level_is_that_of_the_pictures() -> None:
    def level(velocity: int) -> float:
        return float(np.mean([n.velocity for n in touched([replace(n, velocity=velocity) for n in PIECE])]))

    assert 25 < level(80) - level(50) < 35


def test_velocities_stay_within_midi() -> None:
    def run(_names: None, inputs: dict[str, Any]) -> list[np.ndarray]:
        return [np.linspace(-99, 99, len(inputs["notes"]))]

    wild = Model(SimpleNamespace(run=run), {})  # type: ignore[arg-type]
    assert all(1 <= n.velocity <= 127 for n in touched(PIECE, model=wild))


def test_features_do_not_depend_on_when_the_music_begins() -> None:
    onsets_s, offsets_s, pitches = rows(PIECE)
    first, later = features(onsets_s, offsets_s, pitches), features(onsets_s + 100, offsets_s + 100, pitches)
    assert first.shape == (len(PIECE), WIDTH) and np.isfinite(first).all()
    assert np.allclose(first, later, atol=1e-5)
    far = features(onsets_s[:2], offsets_s[:2], pitches[:2])  # fewer notes than are looked at
    assert far.shape == (2, WIDTH) and BESIDE > 2


def test_standing_out_is_against_the_notes_around() -> None:
    onsets_s = np.array([0.0, 1.0, 2.0, 20.0])
    assert np.allclose(standing_out(onsets_s, np.array([50.0, 80.0, 50.0, 99.0])), [-10, 20, -10, 0])
