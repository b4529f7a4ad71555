"""Records the corpus of bot play: every level, several habits, drawn by seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .engine import bundled_wads
from .habits import HABITS
from .simulator import Company, Setup, play
from .splits import split_of
from .truth import Sample, truth, write_json
from .video import ClipWriter

_WEAPONS = ("pistol", "shotgun", "shotgun", "supershotgun", "chaingun", "rocketlauncher", "plasmarifle")
_SKILLS = (1, 1, 2, 2, 3)
WIDTHS = (640, 640, 800)
_GAMMAS = (1.0, 1.0, 1.0, 1.25, 1.5, 0.85)
_COMPANIES: tuple[Company, ...] = ("hostile",) * 8 + ("asleep", "none")
_ANYWHERE_SHARE = 0.5


@dataclass(frozen=True)
class Take:
    """One clip to record."""

    name: str
    level: str
    setup: Setup


def takes(
    levels: Iterable[str],
    *,
    count: int,
    duration_s: float,
    seed: int,
    full_size: bool,
    widths: tuple[int, ...] = WIDTHS,
) -> list[Take]:
    """``count`` takes of each level, habit and looks drawn by seed; a level's habits do not repeat early."""
    wads = bundled_wads()
    plan = []
    for level in levels:
        archive, name = level.split("/")
        dice = random.Random(f"take/{seed}/{level}/{full_size}")
        habits = list(HABITS.values())
        dice.shuffle(habits)
        for number in range(count):
            habit = habits[number % len(habits)]
            setup = Setup(
                wad=wads[archive],
                level=name,
                habit=habit,
                seed=dice.randrange(2**31),
                duration_s=duration_s,
                skill=dice.choice(_SKILLS),
                weapon=dice.choice(_WEAPONS),
                hud=dice.choice(("full", "full", "full", "minimal", "none")),
                width=dice.choice(widths),
                gamma=dice.choice(_GAMMAS),
                company=dice.choice(_COMPANIES),
                start_anywhere=dice.random() < _ANYWHERE_SHARE,
                tics_per_frame=1 if full_size else 3,
            )
            setup = _with_height(setup)
            label = f"{archive}_{name}_{habit.name}_{seed}{number:02d}{'_full' if full_size else ''}"
            plan.append(Take(label, level, setup))
    return plan


def _with_height(setup: Setup) -> Setup:
    values = {**vars(setup), "height": setup.width * 3 // 4}
    return Setup(**values)


def record(take: Take, folder: Path, *, on_frame: Callable[[], None] | None = None) -> dict[str, Any]:
    """Plays a take into ``folder/NAME.mp4`` and ``NAME.json``; returns the truth."""
    setup = take.setup
    full = setup.tics_per_frame == 1
    size = (setup.width, setup.height) if full else (320, 240)
    samples: list[Sample] = []
    clip = folder / f"{take.name}.mp4"
    with ClipWriter(clip, fps=setup.fps, width=size[0], height=size[1], crf=23 if full else 26) as writer:
        for picture, sample in play(setup):
            writer.write(picture)
            samples.append(sample)
            if on_frame is not None:
                on_frame()
    content = truth(samples, fps=setup.fps, source=describe(take))
    write_json(clip.with_suffix(".json"), content)
    return content


def describe(take: Take) -> dict[str, Any]:
    """What is written under ``source`` in the truth file."""
    setup = take.setup
    return {
        "kind": "bot",
        "level": take.level,
        "split": split_of(take.level),
        "content": "Freedoom 0.13 (ViZDoom's copy)",
        "habit": setup.habit.name,
        "seed": setup.seed,
        "skill": setup.skill,
        "weapon": setup.weapon,
        "hud": setup.hud,
        "rendered": [setup.width, setup.height],
        "gamma": setup.gamma,
        "company": setup.company,
    }
