"""How each of the watching networks is taught and measured: eye, mind, and the single frame."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.scene.features import gather
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, look
from photoplayer.scene.watcher import CURVES, PICTURES, READ, SEEN, looked
from photoplayer.train import loop
from photoplayer.train.data.pictures import Pictures
from photoplayer.train.data.scene_takes import save_array
from photoplayer.train.data.watching import STEPS, TARGETS, WEIGHTS, Recording, Sampler, Window
from photoplayer.train.device import half
from photoplayer.train.nets import vgg
from photoplayer.train.nets.vgg import SingleFrame
from photoplayer.train.nets.watcher import Answers, Eye, Reader, Watcher
from photoplayer.train.recipes.features_check import (
    LEAST_SPREAD,
    Said,
    figures_of,
    told,
)
from photoplayer.video import Frame

EYE_STEPS = 36
"""Steps of the windows that the eye is taught on: twice as many games a step as with the mind's 24 s."""

BLOCK = 24
"""Steps whose pictures are seen at once where nothing is taught."""

Rows = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Plan:
    """What all courses share."""

    steps: int
    batch: int
    rate: float
    seed: int


class Course:
    """A network, its running mean, and how both are taught and measured on ``checked`` clips.

    ``known`` are the games taught on: of others, whole games are left out.
    """

    def __init__(self, net: nn.Module, plan: Plan, checked: Sequence[Recording], known: set[str]) -> None:
        self.net, self.kept = net, copy.deepcopy(net).eval()
        self.optimiser = torch.optim.AdamW(net.parameters(), lr=plan.rate, weight_decay=0.05)
        self._plan, self._checked, self._known = plan, checked, known

    def losses(self, number: int) -> dict[str, Tensor]:
        """Losses by head on the windows of this step; their sum is lowered."""
        raise NotImplementedError

    def say(self, recording: Recording) -> Said:
        """What the running mean says of a whole clip."""
        raise NotImplementedError

    def step(self, number: int) -> dict[str, float | Tensor]:
        """One step of the optimiser."""
        plan = self._plan
        loop.set_rate(self.optimiser, loop.cosine(number, plan.steps, rate=plan.rate))
        torch.manual_seed(plan.seed * 1_000_003 + number)
        self.net.train()
        losses = self.losses(number)
        total = torch.stack(list(losses.values())).sum()
        self.optimiser.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()
        _follow(self.kept, self.net, share=0.02 if number > 100 else 0.2)
        return {"loss": total.detach(), **{name: loss.detach() for name, loss in losses.items()}}

    def check(self) -> dict[str, float]:
        """As :func:`figures_of`."""
        with torch.no_grad():
            return figures_of(
                [told(recording, self.say(recording)) for recording in self._checked], self._known
            )


class EyeCourse(Course):
    """The eye, with a mind that reads it alone: windows of 12 s as pictures."""

    def __init__(self, plan: Plan, taught: Sequence[Recording], checked: Sequence[Recording]) -> None:
        net = Watcher()
        net.eye.layers.to(memory_format=torch.channels_last)  # half the time on processors
        super().__init__(net, plan, checked, {recording.game for recording in taught})
        self._sampler = Sampler(taught, seed=plan.seed, steps=EYE_STEPS)

    def losses(self, number: int) -> dict[str, Tensor]:
        """On the windows of this step."""
        windows = _windows(self._sampler, number, self._plan.batch)
        pictures = torch.from_numpy(np.stack([window.pictures for window in windows]))
        with half(pictures.device):
            said = self.net(pictures)
        return _losses(Answers(said.float()), _truth([window.truth for window in windows]))

    def say(self, recording: Recording) -> Said:
        """The whole clip at once."""
        return said_by(Answers(answers(self.kept, recording)))


@dataclass(frozen=True, eq=False)
class Read:
    """A clip as minds and trees read it, ``(steps, 113)``, and what is true."""

    game: str
    rows: Rows
    truth: Rows


class MindCourse(Course):
    """The mind that ships, on rows that were read once: an eye that is taught no more, and the looks.

    Half of what it is taught on are ``windows``, changed in look, the other half stretches of ``plain``
    recordings, every game as often as another but for those in 3D (``WEIGHTS``).
    """

    def __init__(
        self,
        plan: Plan,
        windows: Sequence[tuple[Rows, Rows]],
        plain: Sequence[Read],
        checked: Sequence[Recording],
        rows: Sequence[Rows],
    ) -> None:
        net = Reader()
        net.standardise_to(torch.from_numpy(np.concatenate([read[:, :READ] for read, _ in windows])))
        super().__init__(net, plan, checked, {read.game for read in plain})
        self._windows = windows
        self._plain = [read for read in plain if len(read.rows) > STEPS]
        self._games = [g for g in sorted({r.game for r in self._plain}) for _ in range(WEIGHTS.get(g, 1))]
        self._rows = {recording.name: row for recording, row in zip(checked, rows, strict=True)}

    def losses(self, number: int) -> dict[str, Tensor]:
        """On windows drawn for this step."""
        dice = random.Random(f"{self._plan.seed}/{number}")
        chosen = [
            self._stretch(dice) if dice.random() < 0.5 else dice.choice(self._windows)
            for _ in range(self._plan.batch)
        ]
        read = torch.from_numpy(np.stack([rows[:, :READ] for rows, _ in chosen]))
        return _losses(Answers(self.net(read)), _truth([truth for _, truth in chosen]))

    def _stretch(self, dice: random.Random) -> tuple[Rows, Rows]:
        game = dice.choice(self._games)
        read = dice.choice([each for each in self._plain if each.game == game] or self._plain)
        start = dice.randint(0, len(read.rows) - STEPS)
        return read.rows[start : start + STEPS], read.truth[start : start + STEPS]

    def say(self, recording: Recording) -> Said:
        """From the rows of the clip."""
        return said_by(Answers(self.kept(torch.from_numpy(self._rows[recording.name][None, :, :READ]))[0]))


class SingleCourse(Course):
    """The source's: single pictures, every sixth step of a window."""

    def __init__(self, plan: Plan, taught: Sequence[Recording], checked: Sequence[Recording]) -> None:
        super().__init__(SingleFrame(), plan, checked, {recording.game for recording in taught})
        self._sampler = Sampler(taught, seed=plan.seed)

    def losses(self, number: int) -> dict[str, Tensor]:
        """Tempo and intensity by squares, the rest by cross entropy."""
        windows = _windows(self._sampler, number, self._plan.batch)
        pictures = np.concatenate([window.pictures[::6, PICTURES // 2] for window in windows])
        said = _by_head(self.net(torch.from_numpy(pictures)))
        true = {name: values.flatten() for name, values in _truth([w.truth[::6] for w in windows]).items()}
        return {
            "fight": functional.binary_cross_entropy_with_logits(said["fight"][:, 0], true["fight"]),
            **{n: 4 * functional.mse_loss(said[n][:, 0].sigmoid(), true[n]) for n in ("bpm", "intensity")},
            **{n: 0.3 * functional.cross_entropy(said[n], true[n].long()) for n in ("energy", "meter")},
        }

    def say(self, recording: Recording) -> Said:
        """One picture of every step."""
        pictures = recording.pictures[PICTURES // 2 :: PICTURES]
        said = _by_head(torch.cat([self.kept(part) for part in _blocks(pictures)]))
        places = {name: _numbers(said[name][:, 0].sigmoid()) for name in ("intensity", "bpm")}
        return Said(
            _numbers(said["fight"][:, 0]),
            places["intensity"],
            places["bpm"],
            said["energy"].argmax(dim=1).numpy(),
            said["meter"].argmax(dim=1).numpy(),
        )


def answers(net: Watcher, recording: Recording) -> Tensor:
    """What a Watcher says of a clip, ``(steps, 12)``; columns as ``HEADS``."""
    said: Tensor = net.mind(_seen(net.eye, recording.pictures).reshape(1, -1, SEEN))[0]
    return said


def rows_of(eye: Eye, pictures: Pictures) -> Rows:
    """What minds and trees read of pictures ``(3 * steps, 60, 80, 3)``: ``(steps, 113)``.

    The eye's numbers, then what the looks say; the last is not for the minds.
    """
    with torch.no_grad():
        seen = _seen(eye, pictures).numpy()
    frames = (Frame(index / ANALYSIS_RATE_HZ, np.asarray(image)) for index, image in enumerate(pictures))
    return np.concatenate([seen, looked(gather(look(frames)), steps=len(seen))], axis=1)


def read_windows(eye: Eye, sampler: Sampler, count: int, kept: Path) -> list[tuple[Rows, Rows]]:
    """Rows and truths of the sampler's first windows, read once and kept on disk."""
    found = []
    for number in range(count):
        path = kept / f"{number:05d}.npy"
        if not path.is_file():
            window = sampler.window(number)
            rows = rows_of(eye, window.pictures.reshape(-1, *window.pictures.shape[2:]))
            save_array(path, np.concatenate([rows, window.truth], axis=1))
        table = np.load(path, allow_pickle=False)
        found.append((table[:, : -len(TARGETS)], table[:, -len(TARGETS) :]))
    return found


def _windows(sampler: Sampler, number: int, batch: int) -> list[Window]:
    return [sampler.window(number * batch + i) for i in range(batch)]


def _truth(tables: Sequence[Rows]) -> dict[str, Tensor]:
    return dict(zip(TARGETS, torch.from_numpy(np.stack(tables)).unbind(dim=2), strict=True))


def _losses(said: Answers, true: dict[str, Tensor]) -> dict[str, Tensor]:
    """Fights and classes by cross entropy, curves and tempo by squares, changes where they are sure."""
    return {
        "fight": functional.binary_cross_entropy_with_logits(said["fight"], 0.94 * true["fight"] + 0.03),
        **{name: 4 * functional.mse_loss(said[name], true[name]) for name in (*CURVES, "bpm")},
        "shape": 0.5 * _shape_loss(said["intensity"], true["intensity"]),
        "energy": 0.3 * _class_loss(said["energy"], true["energy"]),
        "meter": 0.2 * _class_loss(said["meter"], true["meter"]),
        "change": _change_loss(said["change"], true["change"]),
    }


def _shape_loss(said: Tensor, true: Tensor) -> Tensor:
    """1 - correlation over each window's time, of windows ``(batch, steps)`` that have a shape.

    A game's usual intensity can be read off its colours; when it rises cannot, and that holds for games never
    seen.
    """
    said, true = (each - each.mean(dim=1, keepdim=True) for each in (said, true))
    alike = functional.cosine_similarity(said, true, dim=1)
    shaped = (true.square().mean(dim=1).sqrt() > LEAST_SPREAD).float()
    return (shaped * (1 - alike)).sum() / shaped.sum().clamp(min=1)


def _class_loss(logits: Tensor, true: Tensor) -> Tensor:
    return functional.cross_entropy(logits.flatten(0, 1), true.flatten().long())


def _change_loss(logits: Tensor, true: Tensor) -> Tensor:
    """A change is one step in fifty and weighs as six; its neighbours and what is unsure weigh nothing."""
    weight = (true >= 0).float()
    beside = functional.max_pool1d((true == 1).float()[:, None], 3, 1, 1)[:, 0] > 0
    weight[beside] = 0
    weight[true == 1] = 6
    weight[:, :2] = weight[:, -2:] = 0
    losses = functional.binary_cross_entropy_with_logits(logits, (true == 1).float(), reduction="none")
    return 0.5 * (losses * weight).sum() / weight.sum()


def said_by(said: Answers) -> Said:
    """The heads' answers as they are measured."""
    return Said(
        _numbers(said["fight"]),
        _numbers(said["intensity"]),
        _numbers(said["bpm"]),
        said["energy"].argmax(dim=1).numpy(),
        said["meter"].argmax(dim=1).numpy(),
    )


def _seen(eye: Eye, pictures: Pictures) -> Tensor:
    return torch.cat([eye(part.unflatten(0, (-1, PICTURES))) for part in _blocks(pictures, PICTURES * BLOCK)])


def _blocks(pictures: Pictures, size: int = 60) -> list[Tensor]:
    return [torch.from_numpy(np.array(pictures[i : i + size])) for i in range(0, len(pictures), size)]


def _by_head(table: Tensor) -> dict[str, Tensor]:
    return dict(zip(vgg.HEADS, table.split(list(vgg.HEADS.values()), dim=1), strict=True))


def _numbers(values: Tensor) -> npt.NDArray[np.float64]:
    return np.asarray(values.numpy(), np.float64)


def _follow(kept: nn.Module, net: nn.Module, *, share: float) -> None:
    """The running mean of weights and of the statistics of normalisation."""
    with torch.no_grad():
        for mean, value in zip(kept.state_dict().values(), net.state_dict().values(), strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, share)
            else:
                mean.copy_(value)
