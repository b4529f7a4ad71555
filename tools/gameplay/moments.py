"""From what a game knew at every picture to the truth file of a clip, for games that are no shooters.

The file has the form of ``truth.py``; its ``steps`` hold what all games can tell, per 1/3 s:

* ``combat``: a fight or a chase is going on within a second (``fighting``: in this very step);
* ``danger`` 0..1: how near harm is; 1 is about to be hit;
* ``health`` 0..1; ``pace`` 0..1: how fast things go beside the game's own fastest;
* ``light`` 0..1: day and night where the game has them, else null;
* ``place``: a number that grows with every level; ``place_change``;
* ``menu``, ``victory``, ``dead``: a title or pause, a level won, a life lost, as long as it is shown.

A level that ends makes way for another one of the same game and often of the same looks. Such moments stand
in ``soft_changes_s``: they may be found or not. Hard changes come from joining clips.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from .splits import Split
from .truth import FORMAT, STEPS_PER_S, step_of, write_json
from .video import ClipWriter

_COMBAT_REACH_S = 1.0


@dataclass(frozen=True)
class Moment:
    """What the game knew at one picture. ``shown`` numbers what is on the screen: a level, a card."""

    time_s: float
    fighting: bool = False
    danger: float = 0.0
    health: float = 1.0
    pace: float = 0.0
    light: float | None = None
    shown: int = 0
    menu: bool = False
    victory: bool = False
    dead: bool = False


@dataclass(frozen=True)
class Source:
    """What is shown, who plays it, and whose it is; stands in the truth file."""

    game: str
    level: str
    split: Split
    content: str
    """Its makers and licence."""
    habit: str
    seed: int


def truth_of(moments: Sequence[Moment], *, fps: Fraction, source: dict[str, Any]) -> dict[str, Any]:
    """The truth file of a clip whose pictures these moments belong to."""
    duration_s = float(len(moments) / fps)
    count = max(int(np.ceil(duration_s * STEPS_PER_S - 1e-6)), 1)
    bins: list[list[Moment]] = [[] for _ in range(count)]
    for moment in moments:
        bins[min(step_of(moment.time_s), count - 1)].append(moment)
    fights_s = np.array([m.time_s for m in moments if m.fighting])
    rows = [_step(step, inside, fights_s) for step, inside in enumerate(bins) if inside]
    changes = [round(now.time_s, 3) for before, now in pairwise(moments) if now.shown != before.shown]
    return {
        "format": FORMAT,
        "source": source,
        "fps": str(fps),
        "frames": len(moments),
        "duration_s": round(duration_s, 4),
        "step_s": "1/3",
        "changes_s": [],
        "soft_changes_s": changes,
        "steps": {key: [row[key] for row in rows] for key in rows[0]},
    }


def _step(step: int, inside: Sequence[Moment], fights_s: np.ndarray) -> dict[str, Any]:
    start_s, end_s = step / STEPS_PER_S, (step + 1) / STEPS_PER_S
    near = (fights_s >= start_s - _COMBAT_REACH_S) & (fights_s < end_s + _COMBAT_REACH_S)
    last = inside[-1]
    idle = last.menu or last.victory or last.dead
    return {
        "t_s": round(start_s, 4),
        "combat": bool(near.any()) and not idle,
        "fighting": any(m.fighting for m in inside),
        "danger": round(max(m.danger for m in inside), 3),
        "health": round(last.health, 3),
        "pace": round(float(np.mean([m.pace for m in inside])), 3),
        "light": None if last.light is None else round(last.light, 3),
        "place": last.shown,
        "place_change": inside[0].shown != last.shown,
        "menu": last.menu,
        "victory": last.victory,
        "dead": last.dead,
    }


def write_clip(
    path: Path,
    played: Iterator[tuple[np.ndarray, Moment]],
    *,
    fps: Fraction,
    size: tuple[int, int],
    duration_s: float,
    source: Source,
) -> dict[str, Any]:
    """``path`` (.mp4, of this width and height) of so much of what is played, and its truth beside it.

    Returns the truth.
    """
    moments: list[Moment] = []
    with ClipWriter(path, fps=fps, width=size[0], height=size[1]) as writer:
        for number, (picture, moment) in zip(range(round(duration_s * fps)), played, strict=False):
            writer.write(picture)
            moments.append(replace(moment, time_s=float(number / fps)))
    content = truth_of(moments, fps=fps, source={"kind": "game", **asdict(source)})
    write_json(path.with_suffix(".json"), content)
    return content
