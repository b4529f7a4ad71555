"""The Watcher's path from frames to answers: every step once, in order, seams unseen, odd clips no harm."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer import models
from photoplayer.scene import ANALYSIS_RATE_HZ
from photoplayer.scene.features import gather
from photoplayer.scene.looks import look_at
from photoplayer.scene.trees import TREE_HEADS, trees
from photoplayer.scene.watch import see
from photoplayer.scene.watcher import (
    BLOCK_STEPS,
    EYE,
    HEADS,
    MIND,
    MIND_STEPS,
    PICTURES,
    READ,
    TREES_SHARE,
    Watched,
    Watcher,
    _mind,
    looked,
    with_trees,
)
from photoplayer.video import Frame

STONE = (0.5, 0.6, 1.0)


def answers_to(frames) -> Watched:
    return see(iter(frames)).watched


def test_every_third_of_a_second_has_one_answer(stage) -> None:
    for count in (1, 2, 3, 4, 3 * BLOCK_STEPS, 3 * BLOCK_STEPS + 1):
        pictures = stage.walk(stage.wall(1, STONE), count)
        assert len(answers_to(stage.frames(pictures))) == -(-count // 3)
    assert len(answers_to(())) == 0


def test_answers_are_those_of_the_models_on_the_same_pictures(stage) -> None:
    pictures = stage.walk(stage.wall(2, STONE), 3 * 40, speed=2.0)
    shown = np.stack(pictures).reshape(-1, PICTURES, 60, 80, 3)
    (seen,) = models.load(EYE).session.run(None, {"pictures": shown})
    features = gather([look_at(np.stack([pictures[0], *pictures]), np.arange(120) / ANALYSIS_RATE_HZ)])
    looks = looked(features, steps=40)
    assert looks[:, :-1] == pytest.approx(features.gists.reshape(40, 3, -1).mean(axis=1), abs=1e-6)
    assert looks[:, -1] == pytest.approx(np.tanh(features.fight.reshape(40, 3).mean(axis=1) / 4), abs=1e-6)
    read = np.concatenate([seen, looks[:, :-1]], axis=1)
    (expected,) = models.load(MIND).session.run(None, {"read": read[None]})
    both = with_trees(expected[0].astype(float), trees(looks))
    assert answers_to(stage.frames(pictures)).table == pytest.approx(both, abs=2 / 256)


def test_a_third_of_a_second_without_pictures_repeats_the_one_before(stage) -> None:
    pictures = stage.walk(stage.wall(3, STONE), 60)
    held = [*pictures[:30], *[pictures[29]] * 6, *pictures[36:]]
    gap = [Frame(i / ANALYSIS_RATE_HZ, p) for i, p in enumerate(held) if not 30 <= i < 36]
    watchers = [Watcher(), Watcher()]
    for watcher, frames in zip(watchers, (gap, stage.frames(held)), strict=True):
        assert len(list(watcher.tap(iter(frames)))) in (54, 60)
    looks = gather([look_at(np.stack([pictures[0]] * 2), np.zeros(1))])
    tables = [watcher.answers(looks).table for watcher in watchers]
    assert tables[0] == pytest.approx(tables[1], abs=1e-9)


def test_seams_between_blocks_of_the_mind_do_not_show() -> None:
    read = np.random.default_rng(1).normal(0, 1, (MIND_STEPS + 300, READ)).astype(np.float32)
    whole = models.load(MIND).session.run(None, {"read": read[None]})[0][0]
    blocks = np.concatenate([_mind(read, start) for start in (0, MIND_STEPS)])
    assert blocks == pytest.approx(whole, abs=1 / 256)


def test_the_trees_have_their_share_of_what_they_speak_of() -> None:
    minds = np.full((1, sum(HEADS.values())), 0.2)
    say = {name: np.full((1, width), 0.8)[:, 0] for name, width in TREE_HEADS.items() if width == 1}
    mixed = Watched(with_trees(minds, {**say, "energy": np.log([[0.25, 0.5, 0.25]])}))
    for name in ("fight", "intensity", "tension", "valence", "bpm"):
        assert mixed[name] == pytest.approx(0.2 + TREES_SHARE * 0.6)
    assert mixed["energy"] == pytest.approx(
        (1 - TREES_SHARE) * np.log(1 / 3) + TREES_SHARE * np.log([[0.25, 0.5, 0.25]])
    )
    assert mixed["change"] == pytest.approx(0.2) and mixed["meter"] == pytest.approx(0.2)
    assert (minds == 0.2).all(), "what was given stays as it is"


def test_energy_lies_in_the_likeliest_level_by_what_is_likely_beside_it() -> None:
    chances = np.array(
        [[1, 0, 0], [0.5, 0.3, 0.2], [0, 1, 0], [0.3, 0.4, 0.3], [0.1, 0.5, 0.4], [0, 0.4, 0.6], [0, 0, 1]]
    )
    table = np.zeros((7, sum(HEADS.values())))
    table[:, 5:8] = np.log(chances + 1e-12)
    expected = [0.1, 0.75 / 3, 1.5 / 3, 1.5 / 3, 1.65 / 3, 2.4 / 3, 1]
    assert Watched(table).energy == pytest.approx(expected, abs=1e-6)


def test_curves_are_in_range_and_heads_have_their_widths(stage) -> None:
    said = answers_to(stage.frames(stage.walk(stage.wall(4, STONE), 90)))
    assert {name: said[name].ndim for name in HEADS} == {n: 1 if w == 1 else 2 for n, w in HEADS.items()}
    for name in ("intensity", "tension", "bpm"):
        assert 0 <= said[name].min() <= said[name].max() <= 1
    assert np.abs(said["valence"]).max() <= 1 and 70 <= said.bpm.min() <= said.bpm.max() <= 170
    with pytest.raises(KeyError):
        said["fear"]


def test_pictures_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(8, 8, 3\)"):
        answers_to([Frame(0.0, np.zeros((8, 8, 3), np.uint8))])
