"""The recipe for velocities learns, measures and exports on a tiny corpus."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from photoplayer.models import open_model  # noqa: E402
from photoplayer.music.midi_write import write_midi  # noqa: E402
from photoplayer.music.score import Note, Part, Score  # noqa: E402
from photoplayer.piano.touch import WIDTH  # noqa: E402
from photoplayer.train.recipes.touch import Config, spoiled, train  # noqa: E402


def test_the_recipe_ships_a_model_and_its_figures(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    for composer in ("Bach", "Haydn", "Brahms"):
        pitches = dice.integers(40, 90, 60)
        notes = [
            Note(0.5 * i, 0.5 * i + 0.4, int(p), int(p)) for i, p in enumerate(pitches)
        ]  # higher is louder
        write_midi(Score((Part("piano", 0, tuple(notes)),), 31.0), tmp_path / f"{composer}_x.mid")
    train(Config(midi=tmp_path, out=tmp_path, passes=40, batch=16))
    card = json.loads((tmp_path / "touch.json").read_text())
    assert all(value > 0.5 for value in card["figures"].values())
    model = open_model(tmp_path / "touch.onnx")
    assert model.session.run(None, {"notes": np.zeros((1, WIDTH), np.float32)})[0].shape == (1,)


def test_spoiled_music_is_still_in_order() -> None:
    rows = np.stack(
        [np.arange(50) / 4, np.arange(50) / 4 + 0.2, np.full(50, 60.0), np.full(50, 70.0)], axis=1
    )
    left = spoiled(rows, np.random.default_rng(2))
    assert 40 <= len(left) <= 50
    assert (np.diff(left[:, 0]) >= 0).all() and (left[:, 1] > left[:, 0]).all()
