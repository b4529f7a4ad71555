"""What a game's truth file says, in the parts that the rule table (``scene.affect``) knows.

Games that are no shooters write these parts themselves (``tools/gameplay/moments.py``). Of ViZDoom and the
human demos they are derived here from what was recorded: distances in map units (a step is about 24, a run
580 a second), health in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from photoplayer.scene.affect import Felt, felt
from photoplayer.scene.curves import smooth

Array = npt.NDArray[np.float64]

FEEL_S = 1.0
"""Affect follows the state with this much smoothing (deviation of a Gaussian)."""

_NEAR_UNITS, _RUN_UNITS_PER_STEP, _TURN_DEG_PER_STEP = 350.0, 190.0, 90.0
_NEUTRAL_LIGHT = 0.5


@dataclass(frozen=True, eq=False)
class States:
    """Per 1/3 s, each ``(steps,)`` in 0..1: see ``tools/gameplay/moments.py``. ``idle``: neither combat nor
    exploring is shown (a menu, a card, death)."""

    combat: Array
    danger: Array
    health: Array
    pace: Array
    light: Array
    menu: Array
    victory: Array
    dead: Array

    def __len__(self) -> int:
        return len(self.combat)

    @property
    def idle(self) -> npt.NDArray[np.bool_]:
        """Steps in which nothing is played."""
        return np.asarray((self.menu + self.victory + self.dead) > 0)

    def felt(self) -> Felt:
        """The affect by the rule table, smoothed as feelings are. A menu has no danger and no pace."""
        playing = 1.0 - self.idle
        now = felt(
            {
                "combat": self.combat * playing,
                "danger": self.danger * playing,
                "pace": self.pace * playing,
                "harm": (1 - self.health) * playing,
                "darkness": np.clip(1 - self.light / _NEUTRAL_LIGHT, 0, 1) * playing,
                "brightness": np.clip(self.light / _NEUTRAL_LIGHT - 1, 0, 1) * playing,
                "victory": self.victory,
                "dead": self.dead,
            }
        )
        return Felt(*(smooth(curve, FEEL_S) for curve in (now.arousal, now.tension, now.valence)))


def read_states(steps: dict[str, Any]) -> States:
    """The ``steps`` of a truth file. Raises ``KeyError`` or ``ValueError`` where columns are missing."""
    count = len(steps["combat"])
    if "danger" in steps:
        danger, pace, health = (_column(steps[name]) for name in ("danger", "pace", "health"))
        light = _column(steps["light"], missing=_NEUTRAL_LIGHT)
        victory = _column(steps["victory"])
    else:
        danger, pace = _danger(steps), _pace(steps)
        health = np.clip(_column(steps["health"], missing=100.0) / 100, 0, 1)
        light = _column(steps["light"], missing=255 * _NEUTRAL_LIGHT) / 255
        victory = np.zeros(count)
    return States(
        _column(steps["combat"]), danger, health, pace, light,
        _column(steps["menu"]), victory, _column(steps["dead"]),
    )  # fmt: skip


def _danger(steps: dict[str, Any]) -> Array:
    """Awake monsters by distance, projectiles, and being hurt. Of human demos only the last is known, and
    that a fight is on."""
    hurt = 0.9 * (_column(steps["damage_taken"]) > 0)
    if any(value is None for value in steps["monsters_awake"]):
        return np.asarray(np.maximum(hurt, 0.5 * _column(steps["fighting"])))
    near = np.exp(-_column(steps["nearest_monster_units"], missing=1e6) / _NEAR_UNITS)
    awake = near * (_column(steps["monsters_awake"]) > 0)
    shot_at = 0.5 * (_column(steps["projectiles"]) > 0)
    return np.asarray(np.maximum(np.maximum(awake, shot_at), hurt))


def _pace(steps: dict[str, Any]) -> Array:
    """How far the player went and turned since the step before."""
    x, y, angle = (_held(steps[name]) for name in ("x", "y", "angle_deg"))
    went = np.hypot(np.diff(x, prepend=x[:1]), np.diff(y, prepend=y[:1]))
    went[went > 4 * _RUN_UNITS_PER_STEP] = 0  # a teleport
    turned = np.abs((np.diff(angle, prepend=angle[:1]) + 180) % 360 - 180)
    moving = 0.7 * np.minimum(went / _RUN_UNITS_PER_STEP, 1) + 0.3 * np.minimum(
        turned / _TURN_DEG_PER_STEP, 1
    )
    return np.asarray(moving)


def _column(values: list[Any], missing: float = 0.0) -> Array:
    return np.array([missing if value is None else float(value) for value in values])


def _held(values: list[Any]) -> Array:
    """Where a value is not known, the one before."""
    column = _column(values, missing=np.nan)
    known = np.maximum.accumulate(np.where(np.isnan(column), 0, np.arange(len(column))))
    return np.nan_to_num(column[known])
