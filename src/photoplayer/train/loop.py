"""The one training loop: steps, checkpoints, a log, validation, early stop, going on where it was left.

What a step is, a recipe says; here is what all of them need around it. A run writes two files into its
folder: ``NAME.pt``, the checkpoint, and ``NAME.jsonl``, the log that curves are drawn from. Started again
with the same settings it goes on from the checkpoint; one of other settings is refused, not mixed in.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor
from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from photoplayer.errors import InputError
from photoplayer.files import finished

log = logging.getLogger(__name__)

ROW_EVERY = 50
"""Steps whose mean losses make a row of the log."""

Losses = Mapping[str, float | Tensor]
State = dict[str, Any]


class Stateful(Protocol):
    """A network, an optimiser, an average of weights: what a checkpoint holds."""

    def state_dict(self) -> State:
        """All that it takes to go on."""
        ...

    def load_state_dict(self, state_dict: State, /) -> Any:
        """Take over a state."""
        ...


@dataclass(frozen=True)
class Course:
    """How long, and how often it is looked at. ``check_every`` and ``patience`` 0 are never."""

    steps: int
    check_every: int = 0
    """Steps between validations."""
    patience: int = 0
    """Validations without a better one after which it ends."""
    save_every_s: float = 120.0


@dataclass
class Finished:
    """Where a run stands: the ``best`` states of the parts to keep are those with the highest first figure
    of a validation; without validations, the last ones."""

    step: int = 0
    best_step: int = 0
    figures: dict[str, float] = field(default_factory=dict)
    best: dict[str, dict[str, Tensor]] = field(default_factory=dict)
    checks_since: int = 0

    def take(self, figures: Mapping[str, float], kept: Mapping[str, Stateful]) -> None:
        """A validation's figures; where its first is the best so far, the parts as they are now."""
        first = next(iter(figures))
        self.checks_since += 1
        if not self.figures or figures[first] > self.figures[first]:
            self.best_step, self.checks_since, self.figures = self.step, 0, dict(figures)
            self.best = {name: _copied(part.state_dict()) for name, part in kept.items()}


def run(
    folder: Path,
    course: Course,
    *,
    parts: Mapping[str, Stateful],
    step: Callable[[int], Losses],
    check: Callable[[], Mapping[str, float]] | None = None,
    keep: Sequence[str] = (),
    settings: str = "",
    name: str = "run",
) -> Finished:
    """Call ``step(i)`` for every step there is still to do; returns where it ended and the best of ``keep``.

    ``step`` does one optimiser step and returns its losses; all its chance has to come from ``i`` and the
    seed, so that a run taken up again is the same run. ``check`` returns figures of validation, first the one
    to be raised. Raises :class:`InputError` where the folder holds a checkpoint of other ``settings``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint, lines = folder / f"{name}.pt", _Log(folder / f"{name}.jsonl")
    kept = {part: parts[part] for part in keep}
    state = _resumed(checkpoint, parts, settings)
    saved_s = time.monotonic()
    with (
        logging_redirect_tqdm(),
        tqdm(total=course.steps, initial=state.step, desc=name, disable=None) as bar,
    ):
        while state.step < course.steps and not _given_up(state, course):
            lines.add(step(state.step))
            state.step += 1
            bar.update()
            last = state.step == course.steps
            figures = None
            if check is not None and course.check_every and (last or state.step % course.check_every == 0):
                figures = dict(check())
                state.take(figures, kept)
            if last or figures or state.step % ROW_EVERY == 0:
                lines.row(state.step, figures)
            if last or time.monotonic() - saved_s > course.save_every_s:
                _save(checkpoint, state, parts, settings)
                saved_s = time.monotonic()
    if _given_up(state, course):
        _save(checkpoint, state, parts, settings)
        log.info("no better one since step %d", state.best_step)
    if not state.best:
        state.best = {part: _copied(kept[part].state_dict()) for part in keep}
    return state


def cosine(step: int, steps: int, *, rate: float, warmup: int = 100) -> float:
    """The learning rate: a straight rise over ``warmup`` steps, times a half cosine down to nothing."""
    return rate * min(1.0, (step + 1) / warmup) * 0.5 * (1 + math.cos(math.pi * min(step / steps, 1.0)))


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Give every group of an optimiser this learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def descend(
    loss: Tensor, optimiser: torch.optim.Optimizer, *, clipped: torch.nn.Module | None = None
) -> None:
    """One step down the gradient of ``loss``; the gradient of what is ``clipped`` is kept to norm 1."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    if clipped is not None:
        torch.nn.utils.clip_grad_norm_(clipped.parameters(), 1.0)
    optimiser.step()


def read_log(path: Path) -> list[dict[str, float]]:
    """The rows of a log in order of steps; of a step done twice, the run having been stopped, the last."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for _, row in sorted({row["step"]: row for row in rows}.items())]


def _given_up(state: Finished, course: Course) -> bool:
    return bool(course.patience) and state.checks_since >= course.patience


def _copied(state: State) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in state.items()}


def _resumed(checkpoint: Path, parts: Mapping[str, Stateful], settings: str) -> Finished:
    if not checkpoint.is_file():
        return Finished()
    content: State = torch.load(checkpoint, weights_only=True)
    if content["settings"] != settings:
        raise InputError(f"{checkpoint} is of a run with other settings; name another folder, or delete it.")
    for name, part in parts.items():
        part.load_state_dict(content["parts"][name])
    state = Finished(**content["state"])
    log.info("going on from step %d", state.step)
    return state


def _save(checkpoint: Path, state: Finished, parts: Mapping[str, Stateful], settings: str) -> None:
    content = {
        "settings": settings,
        "state": vars(state),
        "parts": {name: part.state_dict() for name, part in parts.items()},
    }
    with finished(checkpoint) as unfinished:
        torch.save(content, unfinished)


class _Log:
    """Rows of JSON: step, wall time in seconds of this run, mean losses since the last row, figures."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._began_s = time.monotonic()
        self._losses: dict[str, list[float]] = {}

    def add(self, losses: Losses) -> None:
        for name, value in losses.items():
            self._losses.setdefault(name, []).append(float(value))

    def row(self, step: int, figures: Mapping[str, float] | None) -> None:
        means = {name: sum(values) / len(values) for name, values in self._losses.items()}
        cells: dict[str, float] = {"step": step, "s": round(time.monotonic() - self._began_s, 1)}
        cells |= {name: round(value, 6) for name, value in (means | dict(figures or {})).items()}
        log.info("%s", json.dumps(cells))
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(cells) + "\n")
        self._losses = {}
