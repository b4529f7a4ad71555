"""A short game in ViZDoom, where it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("vizdoom")

import av

from gameplay import bots
from gameplay.engine import bundled_wads
from gameplay.errors import RecordError
from gameplay.habits import HABITS
from gameplay.simulator import Setup, play


def test_takes_are_reproducible_and_cover_habits() -> None:
    levels = ("freedoom1/E1M1", "freedoom2/MAP07")
    first = bots.takes(levels, count=8, duration_s=5, seed=3, full_size=False)
    assert first == bots.takes(levels, count=8, duration_s=5, seed=3, full_size=False)
    assert {take.setup.habit.name for take in first[:8]} == set(HABITS)
    assert len({take.name for take in first}) == 16


def test_a_recorded_take_has_clip_and_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (take,) = bots.takes(("freedoom2/MAP01",), count=1, duration_s=3, seed=1, full_size=False, widths=(320,))
    truth = bots.record(take, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert truth["frames"] == 35
    assert len(truth["steps"]["t_s"]) == 9
    assert None not in truth["steps"]["health"] + truth["steps"]["x"]
    with av.open(str(tmp_path / "out" / f"{take.name}.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 35


def test_an_impossible_picture_size_is_named() -> None:
    setup = Setup(bundled_wads()["freedoom2"], "MAP01", HABITS["runner"], 1, 1.0, width=333, height=250)
    with pytest.raises(RecordError, match="333x250"):
        next(play(setup))
