"""What a seed draws: always the same, never across splits, and music from where it may come."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from photoplayer.errors import InputError
from photoplayer.music.midi_write import write_midi
from photoplayer.music.score import Note, Part, Score
from photoplayer.piano.layout import is_black
from photoplayer.train.data.piano_renderer import draw_scene
from photoplayer.train.data.piano_renderer.music import EXERCISES, SPLITS, composer_split, excerpt, pieces
from photoplayer.train.data.piano_renderer.palette import PALETTE, draw_camera, draw_piano

SPAN = (36, 96)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("Chopin_A", "Chopin, B", "Handel_C", "Scarlatti_D"):
        notes = tuple(Note(i * 0.5, i * 0.5 + 0.4, 48 + i % 24, 40 + i % 60) for i in range(200))
        write_midi(Score((Part("piano", 0, notes),), 101.0), tmp_path / f"{name}.mid")
    return tmp_path


def test_a_seed_draws_one_scene(corpus: Path) -> None:
    for seed in range(6):
        one, two = (draw_scene(seed, "train", duration_s=4, midi=corpus) for _ in range(2))
        assert json.dumps(asdict(one.look)) == json.dumps(asdict(two.look))
        assert (one.camera, one.presses, one.source) == (two.camera, two.presses, two.source)


def test_splits_share_no_piano_no_camera_and_no_composer(corpus: Path) -> None:
    numbers = [set(PALETTE[split]) for split in SPLITS]
    files = [set(pieces(corpus, split)) for split in SPLITS]
    for sets in (numbers, files):
        assert all(not a & b for i, a in enumerate(sets) for b in sets[i + 1 :])
    assert {p.stem for p in files[0]} == {"Chopin_A", "Chopin, B"}
    assert composer_split(Path("Brahms_Johannes_Sonata.mid")) == "test"


def test_a_palette_number_is_one_piano_and_one_camera() -> None:
    assert draw_piano(7) == draw_piano(7) != draw_piano(8)
    assert draw_camera(7, draw_piano(1)) == draw_camera(7, draw_piano(1))


def test_scenes_differ_and_stay_in_bounds() -> None:
    scenes = [draw_scene(seed, "validation", duration_s=5) for seed in range(40)]
    assert len({s.camera.size for s in scenes}) > 2
    assert len({s.look.sensor.fps for s in scenes}) > 3
    assert any(not s.presses for s in scenes) and any(s.look.overlay.dark_above for s in scenes)
    assert any(abs(s.camera.turn_deg) > 150 for s in scenes)
    for scene in scenes:
        assert all(0 < p.onset_s < p.offset_s and 1 <= p.velocity <= 127 for p in scene.presses)
        assert all(
            scene.look.piano.first_pitch <= p.pitch <= scene.look.piano.last_pitch for p in scene.presses
        )
        assert scene.camera.size[0] % 2 == 0 and scene.camera.size[1] % 2 == 0


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.__name__)
def test_exercises_stay_on_the_keys_they_are_given(exercise: object) -> None:
    for seed in range(20):
        made = exercise(np.random.default_rng(seed), 6.0, SPAN)  # type: ignore[operator]
        assert made
        assert all(SPAN[0] <= p.pitch <= SPAN[1] and 0 < p.onset_s < 8 for p in made)


def test_rare_cases_are_there() -> None:
    by_name = {e.__name__: e for e in EXERCISES}
    again = sorted(by_name["repeats"](np.random.default_rng(0), 8.0, SPAN))
    gaps = [b.onset_s - a.onset_s for a, b in pairwise(again) if a.pitch == b.pitch]
    assert sum(g < 0.15 for g in gaps) > 5
    short = by_name["staccato"](np.random.default_rng(0), 8.0, SPAN)
    assert all(p.offset_s - p.onset_s < 0.125 for p in short)
    kinds = {
        frozenset(is_black(p.pitch) for p in by_name["sweep"](np.random.default_rng(s), 8.0, SPAN))
        for s in range(12)
    }
    assert len(kinds) == 3


def test_an_excerpt_begins_soon_and_keeps_its_notes(corpus: Path) -> None:
    for seed in range(5):
        made = excerpt(corpus / "Chopin_A.mid", duration_s=4, dice=np.random.default_rng(seed))
        assert len(made) > 8
        assert made[0].onset_s < 2.0
        steps = np.diff([p.onset_s for p in made])
        assert np.allclose(steps, 0.25, atol=0.01)


def test_no_music_for_a_split_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no piano MIDI for the split test"):
        pieces(tmp_path, "test")
