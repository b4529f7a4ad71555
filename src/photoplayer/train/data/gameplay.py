"""The gameplay corpus: clips with the game's own truth beside them, from ``tools/record_gameplay.py``.

A folder holds ``bots/`` and ``human/`` (Freedoom), ``games/`` (Procgen, Crafter) and ``joined/`` and
``joined_games/`` made of them; any may be missing. Each has ``NAME.mp4`` and ``NAME.json``, which says the
split: a level seen in training is never measured on, and of some games nothing at all is trained on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError
from photoplayer.train.data.states import States, read_states

Kind = Literal["bots", "human", "games", "joined", "joined_games"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Split = Literal["train", "val", "test"]


@dataclass(frozen=True, eq=False)
class Clip:
    """A video and what is true in it.

    ``combat (steps,) bool``, one value per 1/3 s; ``watchable (steps,) bool`` is false in menus and after
    death, where there is neither combat nor exploring. ``soft_changes_s``: places that turn into others on
    foot, which a detector may report or not.
    """

    path: Path
    kind: Kind
    split: Split
    duration_s: float
    changes_s: tuple[float, ...]
    soft_changes_s: tuple[float, ...]
    combat: npt.NDArray[np.bool_]
    watchable: npt.NDArray[np.bool_]
    source: dict[str, Any]

    @property
    def game(self) -> str:
        """Which game it shows; ``freedoom`` where nothing is said."""
        return str(self.source.get("game", "freedoom"))

    @property
    def level(self) -> str:
        """Where in the game it plays; of a joined clip, its name."""
        return str(self.source.get("level", self.path.stem))


def read_states_of(clip: Clip) -> States:
    """The state of the game over a clip that was read. Raises :class:`InputError` where it is not told."""
    truth = clip.path.with_suffix(".json")
    try:
        return read_states(json.loads(truth.read_text(encoding="utf-8"))["steps"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise InputError(
            f"{truth} does not tell the game's state ({problem!r}); record it again."
        ) from problem


def clips(folder: Path, *, kind: Kind | None = None, split: Split | None = None) -> list[Clip]:
    """The clips of a corpus in order of name, those whose video is missing left out.

    Raises :class:`InputError` where the folder holds none at all or a truth file is broken.
    """
    found = [
        read_clip(truth, kind=each)
        for each in KINDS
        for truth in sorted((folder / each).glob("*.json"))
        if truth.with_suffix(".mp4").is_file()
    ]
    if not found:
        raise InputError(f"{folder} holds no gameplay clips; record some with tools/record_gameplay.py.")
    return [c for c in found if kind in (None, c.kind) and split in (None, c.split)]


def read_clip(truth: Path, *, kind: Kind) -> Clip:
    """One clip from its truth file. Raises :class:`InputError` where that is broken."""
    try:
        data = json.loads(truth.read_text(encoding="utf-8"))
        steps = data["steps"]
        combat = np.array([bool(v) for v in steps["combat"]])
        idle = [bool(m) or bool(d) for m, d in zip(steps["menu"], steps["dead"], strict=True)]
        return Clip(
            path=truth.with_suffix(".mp4"),
            kind=kind,
            split=_split(data["source"]),
            duration_s=float(data["duration_s"]),
            changes_s=tuple(float(t) for t in data["changes_s"]),
            soft_changes_s=tuple(float(t) for t in data.get("soft_changes_s", ())),
            combat=combat,
            watchable=~np.array(idle, bool),
            source=dict(data["source"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise InputError(f"{truth} is no gameplay truth ({problem!r}); record the clip again.") from problem


def _split(source: dict[str, Any]) -> Split:
    split = source["split"]
    if split not in ("train", "val", "test"):
        raise ValueError(f"split is {split!r}")
    return cast("Split", split)
