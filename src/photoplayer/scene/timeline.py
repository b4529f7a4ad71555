"""The Timeline: what a scene feels like over time, three times a second.

A game engine can write one itself (JSON) and have it scored with no video at all.
"""

from __future__ import annotations

import json
import logging
import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError
from photoplayer.files import finished, read_small

log = logging.getLogger(__name__)

RATE_HZ = 3
"""Steps per second: the frame rate of the source project (Game Music Generation From Video, 2020)."""

_LOWEST = {"intensity": 0.0, "tension": 0.0, "valence": -1.0, "energy": 0.0}
"""The curves, and how low each goes; all go up to 1."""

_FIELDS = ("rate_hz", "duration_s", *_LOWEST, "changes_s", "events", "seen_by")
_LONGEST_S = 24 * 3600
_MAX_BYTES = 16 << 20
_LONGEST_KIND = 80
_HUGE = 1e9

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

    ``intensity``, ``tension`` and ``energy`` lie in 0..1, ``valence`` in -1..1, each ``(steps,) float32``
    with ``steps = ceil(duration_s * 3)``; step ``i`` speaks for ``[i/3, (i+1)/3)`` seconds. ``energy`` is how
    much music the scene asks for, from a few parts to all; left out, it is the intensity.
    ``changes_s`` are the moments when the place or situation becomes another one. ``seen_by`` says what read
    the curves off the picture: "looks", "watcher", both, or nothing where a game wrote them itself.
    """

    duration_s: float
    intensity: Curve
    tension: Curve
    valence: Curve
    changes_s: tuple[float, ...] = ()
    events: tuple[Event, ...] = ()
    seen_by: str = ""
    energy: Curve = field(default_factory=lambda: np.zeros(0, np.float32))

    rate_hz = RATE_HZ

    def __post_init__(self) -> None:
        if not (math.isfinite(self.duration_s) and self.duration_s > 0):
            raise ValueError(f"a timeline of {self.duration_s} s has no length")
        steps = steps_in(self.duration_s)
        if not len(self.energy):
            object.__setattr__(self, "energy", self.intensity)
        for name, low in _LOWEST.items():
            curve = np.asarray(getattr(self, name), dtype=np.float32)
            if curve.shape != (steps,):
                raise ValueError(
                    f"{name} holds {curve.size} values; {self.duration_s:g} s want {steps} ({RATE_HZ} Hz)"
                )
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

        intensity, tension, valence, energy = (fitted(getattr(self, name)) for name in _LOWEST)
        return replace(
            self,
            duration_s=duration_s,
            intensity=intensity,
            tension=tension,
            valence=valence,
            energy=energy,
        )

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
            **{name: _rounded(getattr(self, name)) for name in _LOWEST},
            "changes_s": [round(t, 4) for t in self.changes_s],
            "events": [
                {"time_s": round(e.time_s, 4), "kind": e.kind, "strength": round(e.strength, 4)}
                for e in self.events
            ],
            "seen_by": self.seen_by,
        }

    @classmethod
    def from_dict(cls, data: Any) -> Timeline:
        """The inverse of :meth:`to_dict`. Curves left out are neutral, energy is the intensity.

        Raises ``ValueError`` where a value is missing or out of shape.
        """
        if not isinstance(data, dict):
            raise ValueError("a timeline is an object with duration_s and curves")
        if unknown := [name for name in data if name not in _FIELDS]:
            log.warning("a timeline has no %r, it is passed over; it has %s", unknown[0], ", ".join(_FIELDS))
        if data.get("rate_hz", RATE_HZ) != RATE_HZ:
            raise ValueError(f"rate_hz is {data['rate_hz']!r:.60}, only {RATE_HZ} is read")
        if "duration_s" not in data:
            raise ValueError("it lacks duration_s, its length in seconds")
        duration_s = _number(data["duration_s"], "duration_s")
        if not 0 < duration_s < _LONGEST_S:
            raise ValueError(f"duration_s is {duration_s:g}; write seconds above 0 and below {_LONGEST_S}")
        neutral = [0.0] * steps_in(duration_s)
        curves = {
            name: np.asarray(_numbers(data.get(name, neutral), name), dtype=np.float32)
            for name in _LOWEST
            if name != "energy" or name in data
        }
        changes = tuple(_numbers(data.get("changes_s", []), "changes_s"))
        events = data.get("events", [])
        if not isinstance(events, list):
            raise ValueError("events is not a list")
        seen_by = data.get("seen_by", "")
        if not (isinstance(seen_by, str) and seen_by.isprintable() and len(seen_by) <= _LONGEST_KIND):
            raise ValueError(f"seen_by is {seen_by!r:.60}, not a short word")
        moments = tuple(map(_event, events))
        return cls(duration_s, **curves, changes_s=changes, events=moments, seen_by=seen_by)

    def save(self, path: Path) -> None:
        """Write as JSON. Raises :class:`OutputError`."""
        with finished(path) as temporary:
            temporary.write_text(json.dumps(self.to_dict()) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Timeline:
        """Read JSON. Raises :class:`InputError` if the file is not a timeline."""
        content = read_small(path, most_bytes=_MAX_BYTES, wanted="a timeline in JSON")
        try:
            return cls.from_dict(json.loads(content.decode("utf-8-sig")))
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise InputError(f"{path} is not a timeline in JSON; see docs/plan.md for one") from problem
        except ValueError as problem:
            raise InputError(f"{path} is not a timeline that can be read: {problem}") from problem


def steps_in(duration_s: float) -> int:
    """Steps a timeline of this length has, at least one."""
    return max(math.ceil(duration_s * RATE_HZ - 1e-6), 1)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} holds {value!r:.60}, not a number")
    if not abs(value) <= _HUGE:  # before any conversion: JSON has whole numbers that no float holds
        raise ValueError(f"{name} holds {value!r:.60}, which cannot be")
    return float(value)


def _numbers(value: Any, name: str) -> list[float]:
    if not isinstance(value, list):
        raise ValueError(f"{name} is not a list of numbers")
    return [_number(v, name) for v in value]


def _event(value: Any) -> Event:
    if not isinstance(value, dict) or "time_s" not in value:
        raise ValueError(f"an event is {value!r:.60}, not an object with time_s and kind")
    kind = value.get("kind")
    if not (isinstance(kind, str) and kind.isprintable() and len(kind) <= _LONGEST_KIND):
        raise ValueError(f"an event's kind is {kind!r:.60}, not a short word")
    strength = _number(value.get("strength", 1.0), "strength")
    return Event(_number(value["time_s"], "time_s"), kind, min(max(strength, 0.0), 1.0))


def _rounded(curve: Curve) -> list[float]:
    return [round(float(v), 4) for v in curve]
