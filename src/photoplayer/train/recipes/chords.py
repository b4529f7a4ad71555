"""Teach the chord agent: tabular SARSA on phrases of all moods, one table per mode.

Pure Python and deterministic: the same configuration gives the same tables on every machine.
On-policy control as in Sutton & Barto (2018, 6.4), updated backwards over each finished phrase so that
the cadence's reward reaches the phrase's start at once.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist, fmean, stdev

import numpy as np

from photoplayer.compose.band.chord_agent import (
    TABLE_SHAPE,
    GreedyAgent,
    LearnedAgent,
    RandomAgent,
    Table,
)
from photoplayer.compose.band.chord_language import FUNCTIONS, LANGUAGES, ChordLanguage, home, palette
from photoplayer.compose.band.chord_reward import REWARD, closes
from photoplayer.compose.band.form import Cadence
from photoplayer.compose.band.harmony_distance import JUMPS
from photoplayer.compose.band.harmony_walk import (
    STATE_SHAPE,
    Offers,
    Policy,
    Task,
    Walk,
    unrest_level,
    walk,
)
from photoplayer.compose.chance import chance
from photoplayer.errors import OutputError
from photoplayer.music.theory import MODES, Mode

log = logging.getLogger(__name__)

CURVE_POINTS = 20
BEST = 0.05
"""Temperature at which the agent takes the best jump it knows."""

FILES = ("chords.npz", "chords.json")
PROGRESS = frozenset(("TS", "SD", "DT", "TD"))
Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Config:
    """How the chord agent learns, and where its tables go."""

    episodes: int = 40_000
    """Phrases per mode."""
    learning_rate: tuple[float, float] = (0.3, 0.02)
    """At first and at last; it falls linearly."""
    exploration: tuple[float, float] = (0.5, 0.05)
    """Share of random jumps, at first and at last."""
    discount: float = 0.95
    """Worth of a reward one chord later."""
    seed: int = 1
    trials: int = 2_000
    """Phrases per agent in the comparison."""
    folder: Path = Path()
    """Where chords.npz and its card chords.json are written."""
    overwrite: bool = False
    """Whether files that are there already may be replaced."""

    def __post_init__(self) -> None:
        if self.episodes < 1 or self.trials < 2:
            raise ValueError(f"{self.episodes} episodes and {self.trials} trials are too few")


@dataclass(frozen=True)
class Figure:
    """A mean with the half width of its 95 % interval."""

    mean: float
    margin: float

    @classmethod
    def of(cls, values: list[float]) -> Figure:
        return cls(round(fmean(values), 4), round(Z95 * stdev(values) / len(values) ** 0.5, 4))

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.margin:.3f}"


@dataclass(frozen=True)
class AgentFigures:
    """How an agent walks, without any repair afterwards.

    ``reward`` per phrase; ``cadence``: share of phrases that close as asked; ``order``: share of chord
    changes that go on through the functions (T-S, S-D, D-T or T-D).
    """

    reward: Figure
    cadence: Figure
    order: Figure


@dataclass(frozen=True)
class ChordModel:
    """Learned tables by mode, the mean reward as learning went on, and agents compared by name."""

    tables: dict[Mode, Table]
    curve: tuple[float, ...]
    figures: dict[str, AgentFigures]
    config: Config


class _Explorer:
    """The learning policy: mostly the best jump known, else any."""

    def __init__(self) -> None:
        self.values = [[0.0] * len(JUMPS) for _ in range(TABLE_SHAPE[0])]
        self.exploration = 1.0

    def choose(self, mode: Mode, state: int, offers: Offers, dice: random.Random) -> int:
        able = [action for action, size in enumerate(offers) if size]
        if dice.random() < self.exploration:
            return dice.choice(able)
        values = self.values[state]
        return max(able, key=values.__getitem__)


def draw_task(mode: Mode, languages: tuple[ChordLanguage, ...], dice: random.Random) -> Task:
    """A phrase such as a section may ask for: any mood of the mode, 2 to 8 slots, any cadence."""
    language = dice.choice(languages)
    cadence: Cadence = dice.choice(("open", "half", "authentic"))
    unrest = unrest_level(dice.random(), language.adventure)
    own = [numeral for numeral, _ in palette(language, mode) if not numeral.borrowed]
    first = home(mode) if dice.random() < 0.5 else dice.choice(own)
    return Task(
        language=language,
        mode=mode,
        cadence=cadence,
        unrest=(unrest,) * dice.randint(2, 8),
        before=(first,),
        plagal=dice.random() < language.plagal,
        spiced=dice.random() < language.spice,
    )


def languages_of(mode: Mode) -> tuple[ChordLanguage, ...]:
    """The languages that know a mode by name; all of them where none does."""
    named = tuple(language for language in LANGUAGES.values() if mode in language.weights)
    return named or tuple(LANGUAGES.values())


def train(config: Config) -> ChordModel:
    """Learn the tables and write them with their card into ``config.folder``.

    Raises ``OutputError`` if they cannot be written there, before any learning if files are in the way.
    """
    in_the_way = [name for name in FILES if (config.folder / name).exists()]
    if in_the_way and not config.overwrite:
        raise OutputError(f"{config.folder / in_the_way[0]} is there already; use --overwrite or --folder")
    model = learn(config)
    save(model, config.folder)
    return model


def learn(config: Config, *, on_progress: Callable[[float], None] | None = None) -> ChordModel:
    """Learn one table per mode and compare the agent with two untrained ones."""
    tables: dict[Mode, Table] = {}
    curves: list[list[float]] = []
    for done, mode in enumerate(MODES):
        tables[mode], curve = learn_mode(mode, config)
        curves.append(curve)
        log.info("%s: reward per phrase %.2f at first, %.2f at last", mode, curve[0], curve[-1])
        if on_progress is not None:
            on_progress((done + 1) / len(MODES))
    policies: dict[str, Policy] = {
        "learned": LearnedAgent.from_tables(tables, temperature=BEST),
        "learned, as played": LearnedAgent.from_tables(tables),
        "greedy by weights": GreedyAgent(),
        "random": RandomAgent(),
    }
    figures = {
        name: compare(policy, trials=config.trials, seed=config.seed) for name, policy in policies.items()
    }
    for name, figure in figures.items():
        log.info("%s: reward %s, cadence %s, order %s", name, figure.reward, figure.cadence, figure.order)
    curve_means = tuple(round(fmean(points), 4) for points in zip(*curves, strict=True))
    return ChordModel(tables, curve_means, figures, config)


def learn_mode(mode: Mode, config: Config) -> tuple[Table, list[float]]:
    """The table of one mode, and its mean reward per phrase over the stretches of the training."""
    explorer, languages = _Explorer(), languages_of(mode)
    dice = chance(config.seed, "train", "chords", mode)
    points = min(CURVE_POINTS, config.episodes)
    totals: list[list[float]] = [[] for _ in range(points)]
    for episode in range(config.episodes):
        progress = episode / config.episodes
        explorer.exploration = _between(config.exploration, progress)
        finished = walk(draw_task(mode, languages, dice), explorer, dice)
        _update(explorer.values, finished, _between(config.learning_rate, progress), config.discount)
        totals[int(progress * points)].append(finished.total)
    table = np.round(np.array(explorer.values), 2).astype(np.float32)
    return table, [fmean(stretch) for stretch in totals]


def _between(ends: tuple[float, float], progress: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * progress


def _update(values: list[list[float]], finished: Walk, rate: float, discount: float) -> None:
    """SARSA over a finished walk: each value moves towards its reward and the value of the next pair."""
    following = 0.0
    for state, action, gained in reversed(finished.steps):
        row = values[state]
        row[action] += rate * (gained + discount * following - row[action])
        following = row[action]


def compare(policy: Policy, *, trials: int, seed: int) -> AgentFigures:
    """Figures of a policy over ``trials`` phrases that training never drew, all modes alike."""
    rewards, cadences, orders = [], [], []
    for trial in range(trials):
        mode = MODES[trial % len(MODES)]
        dice = chance(seed, "trial", "chords", trial)
        task = draw_task(mode, languages_of(mode), dice)
        done = walk(task, policy, dice)
        chords = (*task.before, *done.numerals)
        rewards.append(done.total)
        cadences.append(float(closes(chords[-2], chords[-1], task.cadence, task.plagal)))
        moves = [(a, b) for a, b in pairwise(chords) if a != b]
        orders += [float(a.function + b.function in PROGRESS) for a, b in moves]
    return AgentFigures(Figure.of(rewards), Figure.of(cadences), Figure.of(orders))


def card(model: ChordModel) -> dict[str, object]:
    """What ships beside the tables: what they are, how they were made, what they reach."""
    return {
        "name": "chords",
        "what": "value of each size of chord jump in each state of a phrase; tabular SARSA, a table per mode",
        "modes": {mode: list(FUNCTIONS[mode]) for mode in MODES},
        "state": dict(zip(("cadence", "place", "slots to go", "unrest", "degree"), STATE_SHAPE, strict=True)),
        "actions": list(JUMPS),
        "reward": {name: weight for name, weight, _ in REWARD},
        "unit": "reward to the end of the phrase",
        "data": "none: the agent learns from the reward table alone",
        "licence": "MIT",
        "command": "photoplayer train chords",
        "config": {k: v for k, v in asdict(model.config).items() if k not in ("folder", "overwrite")},
        "curve": list(model.curve),
        "figures": {name: asdict(figure) for name, figure in model.figures.items()},
    }


def save(model: ChordModel, folder: Path) -> tuple[Path, Path]:
    """Write ``chords.npz`` and ``chords.json`` into ``folder``, whole or not at all.

    Raises ``OutputError`` if the folder cannot be written.
    """
    tables, text = (folder / name for name in FILES)
    parts = tables.with_suffix(".npz.part"), text.with_suffix(".json.part")
    try:
        with parts[0].open("wb") as file:
            np.savez_compressed(file, **{mode: model.tables[mode] for mode in MODES})  # type: ignore[arg-type]
        parts[1].write_text(json.dumps(card(model), indent=1) + "\n", encoding="utf-8")
        for part, whole in zip(parts, (tables, text), strict=True):
            part.replace(whole)
    except OSError as error:
        for part in parts:
            part.unlink(missing_ok=True)
        raise OutputError(f"{folder} cannot be written ({error}); name another folder") from error
    return tables, text
