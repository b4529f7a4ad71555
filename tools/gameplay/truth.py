"""From what the game knew at every frame to the truth file of a clip.

A truth file is JSON: ``source`` (who played what), ``fps``, ``duration_s``, ``changes_s`` and ``steps``:
columns of equal length, one value per 1/3 s step; step k covers [k/3, (k+1)/3) seconds. A value the
recording cannot know is null.

**combat** is what a viewer would call a fight. A frame is *fighting* when at least one holds:

1. the player hurts or kills a monster;
2. the player is hurt (not: by a damaging floor with no live monster in view);
3. the player fires while a live monster is in view within 2048 units;
4. a monster that is awake (has moved since it was first seen) is in view within 1024 units and at least 6 %
   of the picture high;
5. a monster's projectile is in view within 768 units.

A step is combat when any frame within 1 s of it is fighting. For human demos the monsters in view are not
known: rules 4 and 5 fall away, rule 1 knows kills only, rule 3 becomes "fires, and a shot is spent"
(``human.py``).

**changes_s**: hard changes of place: a teleport, a new level or life, a join between segments.
**soft_changes_s**: the player walked into a place that looks different for long: outdoors to indoors or the
reverse, or sector light changed by 64 of 255 or more, comparing the medians of 4 s before and after.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

STEPS_PER_S = 3
FORMAT = "photoplayer gameplay truth 1"
_COMBAT_REACH_S = 1.0
_FIRE_RANGE_UNITS = 2048.0
_AWAKE_RANGE_UNITS = 1024.0
_AWAKE_MIN_HEIGHT = 0.06
_PROJECTILE_RANGE_UNITS = 768.0
_TELEPORT_UNITS_PER_TIC = 40.0
_LIGHT_CHANGE = 64
_SOFT_WINDOW_S = 4.0


@dataclass(frozen=True)
class Monster:
    """A live monster in view: distance in map units, its height as a share of the picture's."""

    name: str
    distance_units: float
    height: float
    awake: bool


@dataclass(frozen=True)
class Sample:
    """What the game knew at one frame. Totals count from the start of the clip; None: not known."""

    time_s: float
    attack: bool
    health: int | None
    armor: int | None
    ammo: int | None
    weapon: int | None
    damage_dealt_total: int | None
    damage_taken_total: int | None
    kills_total: int | None
    items_total: int | None
    position: tuple[float, float, float] | None
    angle_deg: float | None
    monsters: tuple[Monster, ...] | None
    projectile_units: tuple[float, ...] | None
    place: int
    shot: bool = False
    """A shot was spent; asked only where the monsters in view are not known."""
    on_damaging_floor: bool = False
    outdoors: bool | None = None
    light: int | None = None
    dead: bool = False
    menu: bool = False


def fighting(samples: Sequence[Sample]) -> np.ndarray:
    """Which frames are fighting by the rules of this module, bool of shape (frames,)."""
    result = np.zeros(len(samples), bool)
    for index, now in enumerate(samples):
        before = samples[max(index - 1, 0)]
        if now.menu or now.dead:
            continue
        result[index] = _is_fighting(before, now)
    return result


def _is_fighting(before: Sample, now: Sample) -> bool:
    monsters = now.monsters or ()
    if _rise(before.damage_dealt_total, now.damage_dealt_total) or _rise(before.kills_total, now.kills_total):
        return True
    if _rise(before.damage_taken_total, now.damage_taken_total) and (monsters or not now.on_damaging_floor):
        return True
    if now.monsters is None and now.shot:
        return True
    if now.attack and any(m.distance_units < _FIRE_RANGE_UNITS for m in monsters):
        return True
    if any(
        m.awake and m.distance_units < _AWAKE_RANGE_UNITS and m.height >= _AWAKE_MIN_HEIGHT for m in monsters
    ):
        return True
    return any(units < _PROJECTILE_RANGE_UNITS for units in now.projectile_units or ())


def _rise(before: int | None, now: int | None) -> int:
    """How much a running total grew; a total that fell (new life) or is unknown has not grown."""
    if before is None or now is None:
        return 0
    return max(now - before, 0)


def place_changes_s(samples: Sequence[Sample], *, tics_per_frame: int) -> list[float]:
    """Times at which the player is suddenly elsewhere: new place number, or farther than legs can carry."""
    # Positions of human demos are read every third tic, whatever the frame rate.
    limit = _TELEPORT_UNITS_PER_TIC * max(tics_per_frame, 3)
    changes = []
    for before, now in pairwise(samples):
        jumped = now.place != before.place
        if not jumped and before.position is not None and now.position is not None:
            jumped = float(np.hypot(*np.subtract(now.position[:2], before.position[:2]))) > limit
        if jumped:
            changes.append(round(now.time_s, 3))
    return changes


def soft_changes_s(samples: Sequence[Sample], *, fps: float) -> list[float]:
    """Times at which the surroundings change for long although the player walked there."""
    if any(s.outdoors is None or s.light is None for s in samples):
        return []
    width = round(_SOFT_WINDOW_S * fps)
    outdoors = np.array([bool(s.outdoors) for s in samples], float)
    light = np.array([s.light or 0 for s in samples], float)
    strength = np.zeros(len(samples))
    for index in range(width, len(samples) - width):
        before, after = slice(index - width, index), slice(index, index + width)
        light_step = abs(np.median(light[after]) - np.median(light[before]))
        sky_step = abs(outdoors[after].mean() - outdoors[before].mean())
        if light_step >= _LIGHT_CHANGE or sky_step >= 0.75:
            strength[index] = light_step / 255 + sky_step
    return _peaks_s(strength, samples, spread=width)


def _peaks_s(strength: np.ndarray, samples: Sequence[Sample], *, spread: int) -> list[float]:
    found = []
    strength = strength.copy()
    while strength.max(initial=0) > 0:
        best = int(strength.argmax())
        plateau = np.flatnonzero(strength == strength[best])
        plateau = plateau[np.abs(plateau - best) < spread]
        middle = int(plateau[len(plateau) // 2])
        found.append(round(samples[middle].time_s, 3))
        strength[max(middle - spread, 0) : middle + spread] = 0
        strength[best] = 0
    return sorted(found)


def truth(samples: Sequence[Sample], *, fps: Fraction, source: dict[str, Any]) -> dict[str, Any]:
    """The truth file of a clip recorded frame by frame."""
    tics_per_frame = max(round(35 / fps), 1)
    duration_s = float(len(samples) / fps)
    changes = place_changes_s(samples, tics_per_frame=tics_per_frame)
    return {
        "format": FORMAT,
        "source": source,
        "fps": str(fps),
        "frames": len(samples),
        "duration_s": round(duration_s, 4),
        "step_s": "1/3",
        "changes_s": changes,
        "soft_changes_s": soft_changes_s(samples, fps=float(fps)),
        "steps": _steps(samples, fighting(samples), changes, duration_s=duration_s),
    }


def _steps(
    samples: Sequence[Sample], fights: np.ndarray, changes: Sequence[float], *, duration_s: float
) -> dict[str, list[Any]]:
    count = max(int(np.ceil(duration_s * STEPS_PER_S - 1e-6)), 1)
    times = np.array([s.time_s for s in samples])
    bins: list[list[int]] = [[] for _ in range(count)]
    for index, time_s in enumerate(times):
        bins[min(step_of(time_s), count - 1)].append(index)
    fight_times = times[fights]
    rows = [
        _step(step, samples, members, fights, fight_times, changes)
        for step, members in enumerate(bins)
        if members
    ]
    return {key: [row[key] for row in rows] for key in rows[0]}


def _step(
    step: int,
    samples: Sequence[Sample],
    members: Sequence[int],
    fights: np.ndarray,
    fight_times: np.ndarray,
    changes: Iterable[float],
) -> dict[str, Any]:
    start_s, end_s = step / STEPS_PER_S, (step + 1) / STEPS_PER_S
    inside = [samples[i] for i in members]
    pairs = [(samples[max(i - 1, 0)], samples[i]) for i in members]
    last = inside[-1]
    near = (fight_times >= start_s - _COMBAT_REACH_S) & (fight_times < end_s + _COMBAT_REACH_S)
    sums = {
        name: _total(pairs, f"{name}_total") for name in ("damage_dealt", "damage_taken", "kills", "items")
    }
    return {
        "t_s": round(start_s, 4),
        "combat": bool(near.any()),
        "fighting": bool(fights[list(members)].any()),
        "attack": any(s.attack for s in inside),
        "damage_dealt": sums["damage_dealt"],
        "damage_taken": sums["damage_taken"],
        "kills": sums["kills"],
        "pickups": sums["items"],
        "health": last.health,
        "armor": last.armor,
        "ammo": last.ammo,
        "weapon": last.weapon,
        **_monsters(inside),
        "projectiles": None
        if last.projectile_units is None
        else max(len(s.projectile_units or ()) for s in inside),
        "x": _rounded(last.position, 0),
        "y": _rounded(last.position, 1),
        "z": _rounded(last.position, 2),
        "angle_deg": None if last.angle_deg is None else round(last.angle_deg, 1),
        "outdoors": last.outdoors,
        "light": last.light,
        "place": last.place,
        "place_change": any(step_of(t) == step for t in changes),
        "dead": any(s.dead for s in inside),
        "menu": any(s.menu for s in inside),
    }


def _total(pairs: Sequence[tuple[Sample, Sample]], field: str) -> int | None:
    if any(getattr(now, field) is None for _, now in pairs):
        return None
    return sum(_rise(getattr(before, field), getattr(now, field)) for before, now in pairs)


def _monsters(inside: Sequence[Sample]) -> dict[str, Any]:
    if any(s.monsters is None for s in inside):
        return {
            "monsters": None,
            "monsters_awake": None,
            "nearest_monster_units": None,
            "monster_height": None,
        }
    seen = [m for s in inside for m in s.monsters or ()]
    return {
        "monsters": max(len(s.monsters or ()) for s in inside),
        "monsters_awake": max(sum(m.awake for m in s.monsters or ()) for s in inside),
        "nearest_monster_units": round(min(m.distance_units for m in seen)) if seen else None,
        "monster_height": round(max(m.height for m in seen), 3) if seen else 0.0,
    }


def _rounded(position: tuple[float, float, float] | None, axis: int) -> int | None:
    return None if position is None else round(position[axis])


def step_of(time_s: float) -> int:
    """The step that holds a time; times rounded to a millisecond stay in theirs."""
    return int(time_s * STEPS_PER_S + 2e-3)


def write_json(path: Path, content: Any) -> None:
    """Writes JSON so that the file is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    unfinished.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    unfinished.replace(path)
