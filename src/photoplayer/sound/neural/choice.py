"""Which piano the neural piano is, where it stands and who listens from where."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args, get_type_hints

from photoplayer.errors import PlanError

PianoName = Literal["salamander", "splendid"]
RoomName = Literal["dry", "chamber", "hall", "church"]
MicrophonesName = Literal["close", "middle", "far"]


@dataclass(frozen=True)
class PianoSound:
    """How the neural piano sounds, where it plays."""

    piano: PianoName = "salamander"
    """With --synth neural: its instrument, salamander (a Yamaha) or splendid (a Steinway)."""
    room: RoomName = "hall"
    """With --synth neural: the room around the piano."""
    microphones: MicrophonesName = "middle"
    """With --synth neural: where it is heard from; far microphones hear more room and less treble."""

    def __post_init__(self) -> None:
        """Raises :class:`PlanError` for a name that there is not."""
        names = get_type_hints(type(self))
        for field in fields(self):
            if (value := getattr(self, field.name)) not in (known := get_args(names[field.name])):
                raise PlanError(f"there is no {field.name} {value!r}; choose from {', '.join(known)}")
