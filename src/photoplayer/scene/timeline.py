"""The Timeline: what a scene feels like over time, three times a second.

A game engine can write one itself (JSON) and have it scored with no video at all.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError

RATE_HZ = 3
"""Steps per second: the frame rate of the source project (Game Music Generation From Video, 2020)."""

Curve = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happens at a moment: ``kill``, ``damage``, ``pickup``, ``door``, ``goal`` …"""

    time_s: float
    kind: str
    strength: float = 1.0


@dataclass(frozen=True, eq=False)
class Timeline:
    """Curves over a scene, one value per 1/3 s.

    ``intensity`` and ``tension`` lie in 0..1, ``valence`` in -1..1, each ``(steps,) float32`` with
    ``steps = ceil(duration_s * 3)``; step ``i`` speaks for ``[i/3, (i+1)/3)`` seconds.
    ``changes_s`` are the moments when the place or situation becomes another one.
    """

    duration_s: float
    intensity: Curve
    tension: Curve
    valence: Curve
    changes_s: tuple[float, ...] = ()
    events: tuple[Event, ...] = ()

    rate_hz = RATE_HZ

    def __post_init__(self) -> None:
        if not (math.isfinite(self.duration_s) and self.duration_s > 0):
            raise ValueError(f"a timeline of {self.duration_s} s has no length")
        steps = steps_in(self.duration_s)
        for name, low in (("intensity", 0.0), ("tension", 0.0), ("valence", -1.0)):
            curve = np.asarray(getattr(self, name), dtype=np.float32)
            if curve.shape != (steps,):
                raise ValueError(f"{name} has shape {curve.shape}, {self.duration_s} s want ({steps},)")
            if not np.isfinite(curve).all():
                raise ValueError(f"{name} holds values that are not numbers")
            object.__setattr__(self, name, np.clip(curve, low, 1.0))
        changes = tuple(sorted({float(t) for t in self.changes_s if 0 < t < self.duration_s}))
        object.__setattr__(self, "changes_s", changes)
        events = tuple(sorted(e for e in self.events if 0 <= e.time_s < self.duration_s))
        object.__setattr__(self, "events", events)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]  # arrays inside

    def resized(self, duration_s: float) -> Timeline:
        """The same timeline cut, or held at its last values, to another length."""
        steps = steps_in(duration_s)

        def fitted(curve: Curve) -> Curve:
            return np.pad(curve[:steps], (0, max(steps - len(curve), 0)), mode="edge")

        intensity, tension, valence = (fitted(c) for c in (self.intensity, self.tension, self.valence))
        return Timeline(duration_s, intensity, tension, valence, self.changes_s, self.events)

    def at(self, curve: str, start_s: float, end_s: float) -> float:
        """Mean of a curve over ``[start_s, end_s)``; the nearest step where that is empty."""
        values: Curve = getattr(self, curve)
        first = min(max(int(start_s * RATE_HZ), 0), len(values) - 1)
        last = min(max(math.ceil(end_s * RATE_HZ), first + 1), len(values))
        return float(values[first:last].mean(dtype=np.float64))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; curves rounded to 4 decimals."""
        return {
            "rate_hz": RATE_HZ,
            "duration_s": round(self.duration_s, 6),
            "intensity": _rounded(self.intensity),
            "tension": _rounded(self.tension),
            "valence": _rounded(self.valence),
            "changes_s": [round(t, 4) for t in self.changes_s],
            "events": [
                {"time_s": round(e.time_s, 4), "kind": e.kind, "strength": round(e.strength, 4)}
                for e in self.events
            ],
        }

    @classmethod
    def from_dict(cls, data: Any) -> Timeline:
        """The inverse of :meth:`to_dict`. Curves left out are neutral.

        Raises ``ValueError`` where a value is missing or out of shape.
        """
        if not isinstance(data, dict):
            raise ValueError("a timeline is an object with duration_s and curves")
        if data.get("rate_hz", RATE_HZ) != RATE_HZ:
            raise ValueError(f"rate_hz is {data['rate_hz']!r}, only {RATE_HZ} is read")
        try:
            duration_s = float(data["duration_s"])
            if not 0 < duration_s < 24 * 3600:
                raise ValueError(f"duration_s is {duration_s}")
            neutral = [0.0] * steps_in(duration_s)
            intensity, tension, valence = (
                np.asarray(data.get(name, neutral), dtype=np.float32)
                for name in ("intensity", "tension", "valence")
            )
            events = tuple(
                Event(float(e["time_s"]), str(e["kind"]), float(e.get("strength", 1.0)))
                for e in data.get("events", [])
            )
            changes = tuple(float(t) for t in data.get("changes_s", []))
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError(f"the timeline lacks or garbles {problem}") from problem
        return cls(duration_s, intensity, tension, valence, changes, events)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(self.to_dict()) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Timeline:
        """Read JSON. Raises :class:`InputError` if the file is not a timeline."""
        try:
            return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, RecursionError) as problem:
            raise InputError(f"{path} is not a timeline that can be read: {problem}") from problem


def steps_in(duration_s: float) -> int:
    """Steps a timeline of this length has, at least one."""
    return max(math.ceil(duration_s * RATE_HZ - 1e-6), 1)


def _rounded(curve: Curve) -> list[float]:
    return [round(float(v), 4) for v in curve]
