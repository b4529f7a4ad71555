"""Joined clips: times of joins and steps looked up in the right piece."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from gameplay.errors import RecordError
from gameplay.joined import Clip, Piece, join, joined_truth, plan
from gameplay.splits import LEVELS, split_levels
from gameplay.truth import FORMAT, write_json
from gameplay.video import ClipWriter

FPS = Fraction(35, 3)


def clip(tmp: Path, level: str, *, frames: int, changes: tuple[float, ...] = ()) -> Clip:
    count = math.ceil(frames / FPS * 3)
    steps: dict[str, Any] = {
        "t_s": [i / 3 for i in range(count)],
        "combat": [level.endswith("2")] * count,
        "dead": [False] * count,
        "menu": [False] * count,
        "place": [0] * count,
        "place_change": [False] * count,
        "health": list(range(count)),
    }
    truth = {
        "format": FORMAT,
        "source": {"kind": "bot", "level": level, "split": "train"},
        "fps": str(FPS),
        "frames": frames,
        "changes_s": list(changes),
        "soft_changes_s": [],
        "steps": steps,
    }
    return Clip(tmp / f"{level.replace('/', '_')}.mp4", truth)


def test_steps_come_from_the_right_piece(tmp_path: Path) -> None:
    one, two = clip(tmp_path, "a/1", frames=700), clip(tmp_path, "a/2", frames=700, changes=(20.0,))
    truth = joined_truth([Piece(one, 35, 105), Piece(two, 175, 140)], FPS)
    assert truth["source"]["joins_s"] == [9.0]
    assert truth["changes_s"] == [9.0, 14.0]
    assert truth["duration_s"] == 21.0
    assert truth["steps"]["combat"] == [False] * 27 + [True] * 36
    assert truth["steps"]["health"][:3] == [9, 10, 11]
    assert truth["steps"]["health"][27:30] == [45, 46, 47]
    assert [i / 3 for i, c in enumerate(truth["steps"]["place_change"]) if c] == [9.0, 14.0]


def test_plans_alternate_levels_and_avoid_changes(tmp_path: Path) -> None:
    clips = [clip(tmp_path, f"a/{n}", frames=700, changes=(30.0,)) for n in range(6)]
    for seed in range(30):
        pieces = plan(clips, random.Random(seed))
        assert 4 <= len(pieces) <= 9
        assert sum(p.count for p in pieces) / FPS <= 150
        for before, after in pairwise(pieces):
            assert before.clip.level != after.clip.level
        assert all(not p.first / FPS <= 30.0 < (p.first + p.count) / FPS for p in pieces)
    assert plan(clips, random.Random(5)) == plan(clips, random.Random(5))


def test_one_level_cannot_be_joined(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="two levels"):
        plan([clip(tmp_path, "a/1", frames=700)], random.Random(1))


def test_pictures_are_cut_and_faded_where_the_truth_says(tmp_path: Path) -> None:
    clips = []
    for name, grey in (("a/1", 200), ("a/2", 90)):
        made = clip(tmp_path, name, frames=60)
        with ClipWriter(made.path, fps=FPS, width=64, height=48) as writer:
            for _ in range(60):
                writer.write(np.full((48, 64, 3), grey, np.uint8))
        write_json(made.path.with_suffix(".json"), made.truth)
        clips.append(Clip.read(made.path))
    out = tmp_path / "out.mp4"
    pieces = [Piece(clips[0], 5, 30), Piece(clips[1], 0, 40, fade_frames=6), Piece(clips[0], 0, 20)]
    truth = join(pieces, out, width=64, height=48, crf=18, preset="veryfast")
    with av.open(str(out)) as container:
        means = [frame.to_ndarray(format="gray").mean() for frame in container.decode(video=0)]
    assert len(means) == truth["frames"] == 90
    levels = np.array(means)
    assert levels[:26] == pytest.approx(levels[0], abs=4)
    assert levels[30] < 40 and levels[29] < 60
    assert levels[40] == pytest.approx(90, abs=12) and levels[69] == pytest.approx(90, abs=12)
    assert levels[70] == pytest.approx(levels[0], abs=4)


def test_every_level_is_in_one_split() -> None:
    splits = split_levels()
    assert sorted(level for levels in splits.values() for level in levels) == sorted(LEVELS)
    assert {name: len(levels) for name, levels in splits.items()} == {"train": 38, "val": 10, "test": 20}
