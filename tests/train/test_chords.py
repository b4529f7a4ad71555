"""Teaching the chord agent: it learns, the same every time, and what it learned can be read again."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photoplayer.compose.band.chord_agent import LearnedAgent, read_tables
from photoplayer.compose.band.harmony_walk import Step, Walk
from photoplayer.errors import OutputError
from photoplayer.music.theory import MODES
from photoplayer.train.recipes import chords
from photoplayer.train.recipes.chords import BEST, ChordModel, Config, Figure, learn, learn_mode, save, train

SMALL = Config(episodes=600, trials=300)


@pytest.fixture(scope="module")
def model() -> ChordModel:
    return learn(SMALL)


def test_a_short_training_already_beats_chance(model: ChordModel) -> None:
    learned, random_ = model.figures["learned"], model.figures["random"]
    assert learned.reward.mean - learned.reward.margin > random_.reward.mean + random_.reward.margin
    assert learned.cadence.mean > random_.cadence.mean
    early, late = np.mean(model.curve[:5]), np.mean(model.curve[-5:])
    assert late > early + 1


def test_the_same_seed_learns_the_same_and_another_seed_otherwise(model: ChordModel) -> None:
    again, _ = learn_mode("minor", SMALL)
    other, _ = learn_mode("minor", Config(episodes=600, trials=300, seed=2))
    assert np.array_equal(again, model.tables["minor"])
    assert not np.array_equal(other, again)


def test_what_is_saved_is_read_again(model: ChordModel, tmp_path: Path) -> None:
    tables, text = save(model, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["chords.json", "chords.npz"]
    back = read_tables(tables)
    assert all(np.array_equal(back[mode], model.tables[mode]) for mode in MODES)
    card = json.loads(text.read_text())
    assert card["config"]["episodes"] == 600 and set(card["figures"]) == set(model.figures)


def test_a_folder_that_cannot_be_written_is_named(model: ChordModel, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        save(model, tmp_path / "nowhere")


def test_training_writes_and_never_overwrites_silently(tmp_path: Path) -> None:
    config = Config(episodes=20, trials=6, folder=tmp_path)
    train(config)
    with pytest.raises(OutputError, match=r"chords\.npz is there already.*--overwrite"):
        train(config)
    before = (tmp_path / "chords.npz").read_bytes()
    train(replace(config, seed=2, overwrite=True))
    assert (tmp_path / "chords.npz").read_bytes() != before


def test_sarsa_values_by_hand() -> None:
    """Two steps, full learning rate, no discount: each value is the reward from there to the end."""
    values = [[0.0] * 4 for _ in range(3)]
    walk = Walk((), (Step(0, 1, 2.0), Step(2, 3, 5.0)))
    chords._update(values, walk, rate=1.0, discount=1.0)
    assert values[2][3] == 5.0 and values[0][1] == 7.0


def test_progress_and_log_are_reported(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[float] = []
    with caplog.at_level(logging.INFO):
        learn(Config(episodes=20, trials=6), on_progress=seen.append)
    assert seen == [pytest.approx((i + 1) / 6) for i in range(6)]
    assert "learned" in caplog.text


def test_a_figure_by_hand() -> None:
    figure = Figure.of([0.0, 1.0, 0.0, 1.0])
    assert figure.mean == 0.5 and figure.margin == pytest.approx(1.96 * 0.5774 / 2, abs=1e-3)


@pytest.mark.parametrize("numbers", [{"episodes": 0}, {"trials": 1}])
def test_too_small_a_training_is_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="too few"):
        Config(**numbers)


def test_a_cold_agent_takes_the_best_jump(model: ChordModel) -> None:
    agent = LearnedAgent.from_tables(model.tables, temperature=BEST)
    assert agent.temperature == BEST and len(agent.values["major"]) == len(model.tables["major"])
