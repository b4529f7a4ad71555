"""How bots behave. Several habits, so that no single movement gives a fight away.

Were there one bot that stops to shoot, "stands still" would be all a model needs to learn. Here some shoot
on the run, some back away, some run past their enemies; all pause and look around in peace, and some fire
at nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FightMove = Literal["strafe", "retreat", "stand", "advance", "ignore"]


@dataclass(frozen=True)
class Habit:
    """One way to play. Speeds are Doom's movement units per tic (50 = run), angles in degrees per tic."""

    name: str
    fight_move: FightMove
    engage_units: float = 1200.0
    fires: float = 0.9
    """Share of the time in view of an enemy, on target, with the trigger pulled."""
    idle_fire_per_s: float = 0.0
    """How often a burst goes at nothing."""
    pause_per_s: float = 0.04
    pause_s: tuple[float, float] = (0.8, 3.0)
    travel_speed: float = 45.0
    fight_speed: float = 35.0
    turn_deg_per_tic: float = 6.0
    glance_deg: float = 15.0
    """How far the eyes wander off the way."""
    hunts: bool = False
    """Walks towards monsters rather than to unseen places."""
    heals: bool = True
    """Topped up when nearly dead, so that the clip goes on; otherwise dies and starts again."""


HABITS: dict[str, Habit] = {
    habit.name: habit
    for habit in (
        Habit("strafer", "strafe", hunts=True),
        Habit(
            "cautious", "retreat", travel_speed=26.0, turn_deg_per_tic=4.0, pause_per_s=0.1, glance_deg=30.0
        ),
        Habit("runner", "ignore", fires=0.15, travel_speed=50.0, turn_deg_per_tic=8.0, pause_per_s=0.01),
        Habit("stander", "stand", travel_speed=35.0, pause_per_s=0.05, hunts=True),
        Habit("rusher", "advance", travel_speed=50.0, fight_speed=50.0, turn_deg_per_tic=9.0, hunts=True),
        Habit("tourist", "retreat", engage_units=500.0, fires=0.5, travel_speed=28.0, turn_deg_per_tic=3.0),
        Habit("gunhappy", "strafe", idle_fire_per_s=0.15, travel_speed=40.0, turn_deg_per_tic=7.0),
        Habit("mortal", "strafe", travel_speed=42.0, heals=False, hunts=True),
    )
}
