"""A few steps on tiny recordings: both networks are taught, go on where they stopped, and export alike."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("sklearn")

from photoplayer.errors import InputError  # noqa: E402
from photoplayer.models import open_model  # noqa: E402
from photoplayer.scene.surroundings import surroundings  # noqa: E402
from photoplayer.scene.trees import by_head  # noqa: E402
from photoplayer.scene.watcher import HEADS, LOOKED, READ, SEEN  # noqa: E402
from photoplayer.train.data.watching import TARGETS, Recording  # noqa: E402
from photoplayer.train.nets.vgg import SingleFrame  # noqa: E402
from photoplayer.train.nets.watcher import Answers, Eye, Minds, Reader, Watcher  # noqa: E402
from photoplayer.train.recipes import features, features_export, features_trees  # noqa: E402
from photoplayer.train.recipes.features_check import Said, accuracy, combat_auc, intensity_correlation, told  # noqa: E402
from photoplayer.train.recipes.features_courses import _shape_loss, rows_of  # noqa: E402
from photoplayer.train.recipes.features_trees import grow, trees_onnx  # noqa: E402

STEPS = 120
SMALL = {"batch": 1, "check_every": 2, "arcades": 1, "windows": 2, "minds": 2, "mind_steps": 2}


def recording(name: str, seed: int) -> Recording:
    """Noise that moves where there is a fight, and stands still where there is none."""
    source = np.random.default_rng(seed)
    truth = np.zeros((STEPS, len(TARGETS)), np.float32)
    truth[STEPS // 2 :, TARGETS.index("fight")] = 1
    truth[:, TARGETS.index("energy")] = np.repeat([0, 1, 2], STEPS // 3)
    truth[:, TARGETS.index("intensity")] = np.repeat([0.1, 0.9], STEPS // 2)
    pictures = np.repeat(source.integers(0, 255, (1, 60, 80, 3), np.uint8), 3 * STEPS, axis=0)
    pictures[3 * STEPS // 2 :] = source.integers(0, 255, (3 * STEPS // 2, 60, 80, 3), np.uint8)
    return Recording(name, name, "games", pictures, truth)


@pytest.fixture(autouse=True)
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features_trees, "ROUNDS", 3)


@pytest.fixture
def corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        features, "recordings", lambda _, split: [recording("maze", 1), recording("chaser", 2)]
    )


def test_the_recipe_writes_both_models_with_cards_and_goes_on(corpus: None, tmp_path: Path) -> None:
    config = features.Config(tmp_path, out=tmp_path / "models", steps=2, **SMALL)
    features.train(config)
    card = json.loads((tmp_path / "models" / "watch_mind.json").read_text())
    assert "validation, games: combat" in card["figures"] and card["licence"] == "MIT"
    first = (tmp_path / "models" / "watch_eye.onnx").read_bytes()
    features.train(config)
    assert (tmp_path / "models" / "watch_eye.onnx").read_bytes() == first, "nothing was left to do"
    with pytest.raises(InputError, match="other settings"):
        features.train(features.Config(tmp_path, out=tmp_path / "models", steps=3, **SMALL))


def test_a_run_starts_from_the_mean_of_others_and_may_teach_the_mind_alone(
    corpus: None, tmp_path: Path
) -> None:
    torch.manual_seed(5)
    nets = [Watcher().state_dict() for _ in range(2)]
    paths = [tmp_path / f"{number}.pt" for number in range(2)]
    for path, weights in zip(paths, nets, strict=True):
        torch.save({"state": {"best": {"kept": weights}}}, path)
    features.train(features.Config(tmp_path, out=tmp_path / "models", steps=0, start=tuple(paths), **SMALL))
    eye, mean = Eye().eval(), {}
    for name in eye.state_dict():
        first, second = (weights[f"eye.{name}"] for weights in nets)
        mean[name] = (first + second) / 2 if first.is_floating_point() else first
    eye.load_state_dict(mean)
    clip = recording("maze", 4)
    pictures = clip.pictures.reshape(-1, 3, 60, 80, 3)
    seen = open_model(tmp_path / "models" / "watch_eye.onnx").session.run(None, {"pictures": pictures})[0]
    assert seen == pytest.approx(rows_of(eye, clip.pictures)[:, :SEEN], abs=1e-4)
    (tmp_path / "0.pt").write_bytes(b"no checkpoint")
    with pytest.raises(InputError, match="no checkpoint of the eye"):
        features.train(features.Config(tmp_path, steps=0, start=(paths[0],), work=tmp_path / "w", **SMALL))


def test_the_final_run_teaches_on_the_clips_of_validation_and_keeps_the_figures_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    splits = {"train": [recording("maze", 1)], "val": [recording("maze", 2), recording("chaser", 3)]}
    monkeypatch.setattr(features, "recordings", lambda _, split: splits[split])
    features.train(features.Config(tmp_path, out=tmp_path / "models", steps=2, **SMALL))
    card = tmp_path / "models" / "watch_mind.json"
    before = json.loads(card.read_text())
    final = features.Config(
        tmp_path, out=tmp_path / "models", work=tmp_path / "final", steps=2, final=True, **SMALL
    )
    features.train(final)
    after = json.loads(card.read_text())
    assert "of maze;" in before["taught_on"] and "of chaser, maze;" in after["taught_on"]
    assert after["figures"] == before["figures"] and "figures_of" not in before and after["figures_of"]


def test_trees_are_exported_as_grown(tmp_path: Path) -> None:
    source = np.random.default_rng(5)
    read = source.normal(0, 0.3, (STEPS, SEEN + LOOKED)).astype(np.float32)
    truth = recording("maze", 1).truth
    grown = grow([(read, truth)], [(read[:72], truth[:72])], seed=1)
    (tmp_path / "trees.onnx").write_bytes(trees_onnx(grown))
    (tmp_path / "trees.json").write_text("{}")
    rows = surroundings(read[:, SEEN:])
    table = open_model(tmp_path / "trees.onnx").session.run(None, {"rows": rows})[0]
    said, expected = by_head(table.astype(float)), grown.say(read[:, SEEN:])
    assert said["fight"] == pytest.approx(expected["fight"], abs=1e-4)
    assert said["energy"] == pytest.approx(expected["energy"], abs=1e-4)
    assert said["intensity"] == pytest.approx(np.clip(expected["intensity"], 0, 1), abs=1e-4)
    truth[:, TARGETS.index("energy")] = 0
    with pytest.raises(InputError, match="every class of energy"):
        grow([(read, truth)], [], seed=1)


def test_the_loss_of_shape_sees_when_and_not_how_much() -> None:
    rising = torch.linspace(0, 1, 36)[None]
    assert _shape_loss(0.2 + 0.1 * rising, rising).item() == pytest.approx(0, abs=1e-5)
    assert _shape_loss(1 - rising, rising).item() == pytest.approx(2, abs=1e-5)
    assert _shape_loss(rising, torch.full((1, 36), 0.5)).item() == 0, "a window without a shape"


def test_the_single_frame_is_taught_by_the_same_recipe(corpus: None, tmp_path: Path) -> None:
    features.train(features.Config(tmp_path, net="single", steps=1, **SMALL))
    assert (tmp_path / "features" / "single.onnx").is_file()
    assert not (tmp_path / "models").exists()


def test_exported_as_taught(tmp_path: Path) -> None:
    torch.manual_seed(3)
    eye, mind, clip = Eye().eval(), Minds([Reader(), Reader()]).eval(), recording("maze", 4)
    read = rows_of(eye, clip.pictures)
    trees = grow([(read, clip.truth)], [], seed=1)
    features_export.export_watcher(eye, mind, trees, tmp_path, {"mean": 0.5}, seen="nothing")
    assert read.shape == (STEPS, SEEN + LOOKED)
    with torch.no_grad():
        expected = mind(torch.from_numpy(read[None, :, :READ]))[0].numpy()
    pictures = clip.pictures.reshape(-1, 3, 60, 80, 3)
    seen = open_model(tmp_path / "watch_eye.onnx").session.run(None, {"pictures": pictures})[0]
    assert seen == pytest.approx(read[:, :SEEN], abs=1e-4)
    said = open_model(tmp_path / "watch_mind.onnx").session.run(None, {"read": read[None, :, :READ]})[0][0]
    assert said == pytest.approx(expected, abs=1e-4)


def test_sizes_are_as_promised() -> None:
    assert (
        sum(p.numel() for net in (Eye(), Minds([Reader() for _ in range(6)])) for p in net.parameters())
        < 2_000_000
    )
    table = torch.arange(float(sum(HEADS.values())))[None]
    assert Answers(table)["energy"].tolist() == [[5.0, 6.0, 7.0]] and Answers(table)["change"].item() == 11
    assert SingleFrame().eval()(torch.zeros(2, 60, 80, 3, dtype=torch.uint8)).shape == (2, 9)


def test_checks_worked_by_hand() -> None:
    clip = recording("maze", 1)
    rising, flat = np.arange(STEPS, dtype=float), np.zeros(STEPS)
    right = clip.column("energy").astype(int)
    good = told(clip, Said(rising, rising, rising, right, right))
    bad = told(clip, Said(-rising, flat, flat, (right + 1) % 3, right))
    assert combat_auc([good]) == 1 and combat_auc([bad]) == 0
    assert intensity_correlation([good]) == pytest.approx(np.sqrt(3) / 2, abs=0.01)
    assert intensity_correlation([bad]) == 0
    assert accuracy([good], "energy") == 1 and accuracy([bad], "energy") == 0
