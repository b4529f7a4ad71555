"""The training loop goes on where it was left, keeps the best, and refuses what is not its own."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from photoplayer.errors import InputError  # noqa: E402
from photoplayer.train.loop import Course, Finished, cosine, read_log, run  # noqa: E402


class Walk:
    """A weight that a step raises by its number: after ``n`` steps it is 0 + 1 + … + (n − 1)."""

    def __init__(self, folder: Path, figures: list[float] | None = None) -> None:
        self.net = torch.nn.Linear(1, 1, bias=False)
        torch.nn.init.zeros_(self.net.weight)
        self.folder = folder
        self.figures = iter(figures or [])
        self.done: list[int] = []

    def step(self, i: int) -> dict[str, float]:
        with torch.no_grad():
            self.net.weight += i
        self.done.append(i)
        return {"loss": float(i)}

    def run(self, course: Course, settings: str = "") -> Finished:
        return run(
            self.folder,
            course,
            parts={"net": self.net},
            step=self.step,
            check=(lambda: {"good": next(self.figures)}) if course.check_every else None,
            keep=["net"],
            settings=settings,
        )


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    first = Walk(tmp_path)
    first.run(Course(steps=3))
    second = Walk(tmp_path)
    ended = second.run(Course(steps=5))
    assert second.done == [3, 4]
    assert float(ended.best["net"]["weight"]) == 10
    assert [row["step"] for row in read_log(tmp_path / "run.jsonl")] == [3, 5]
    assert read_log(tmp_path / "run.jsonl")[1]["loss"] == 3.5


def test_a_finished_run_does_nothing_more(tmp_path: Path) -> None:
    Walk(tmp_path).run(Course(steps=3))
    again = Walk(tmp_path)
    again.run(Course(steps=3))
    assert again.done == []


def test_the_best_is_kept_and_patience_ends_it(tmp_path: Path) -> None:
    walk = Walk(tmp_path, figures=[0.1, 0.5, 0.4, 0.3, 0.9])
    ended = walk.run(Course(steps=10, check_every=2, patience=2))
    assert (ended.step, ended.best_step, ended.figures) == (8, 4, {"good": 0.5})
    assert float(ended.best["net"]["weight"]) == 6
    again = Walk(tmp_path, figures=[])
    assert again.run(Course(steps=10, check_every=2, patience=2)).best_step == 4
    assert again.done == []


def test_other_settings_are_refused(tmp_path: Path) -> None:
    Walk(tmp_path).run(Course(steps=1), settings="width 8")
    with pytest.raises(InputError, match="other settings"):
        Walk(tmp_path).run(Course(steps=2), settings="width 16")


def test_the_rate_rises_and_falls() -> None:
    rates = [cosine(step, 1000, rate=1.0) for step in range(1000)]
    assert rates[0] == pytest.approx(0.01) and max(rates) > 0.97 and rates[-1] < 1e-4
    assert 90 <= rates.index(max(rates)) <= 110
