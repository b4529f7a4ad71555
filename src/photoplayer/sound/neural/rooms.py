"""Rooms and microphones for the neural piano, as impulse responses.

A room is noise that dies away, unlike left and right, duller than the instrument. Microphones that stand
farther off hear more of it and, as the air and the lid's shadow take treble, less of that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import firwin, oaconvolve

from photoplayer.sound.audio import RATE_HZ, Samples
from photoplayer.sound.neural.choice import MicrophonesName, RoomName

_USUAL_REVERB = 0.3
"""The reverb share of a part at which rooms are as loud as said here."""
_LENGTHS = 1.25
"""An impulse response lasts so many times as long as it takes to fall by 60 dB."""
_SEED = 7


@dataclass(frozen=True)
class Room:
    """Seconds until it has fallen by 60 dB and before it begins, its treble's end, and its level under the
    instrument's."""

    fall_s: float
    before_s: float
    dull_hz: float
    level_db: float


@dataclass(frozen=True)
class Microphones:
    """Decibels: of the room, and of the treble (over ``_TREBLE_HZ``)."""

    room_db: float
    treble_db: float


ROOMS: dict[RoomName, Room | None] = {
    "dry": None,
    "chamber": Room(0.6, 0.006, 6500, -15),
    "hall": Room(1.6, 0.012, 5000, -16),
    "church": Room(4.0, 0.030, 3500, -15),
}
MICROPHONES: dict[MicrophonesName, Microphones] = {
    "close": Microphones(-8, 2),
    "middle": Microphones(0, 0),
    "far": Microphones(8, -5),
}
_TREBLE_HZ = 3000.0
_TREBLE_TAPS = 64


def impulse(room: RoomName, microphones: MicrophonesName, *, reverb: float = _USUAL_REVERB) -> Samples:
    """``(2, n)`` at ``RATE_HZ``: the instrument itself, and its room at a part's ``reverb`` (0..1);
    about as loud in all of them."""
    heard = MICROPHONES[microphones]
    direct = np.ones((2, 1), np.float32)
    found = direct if (space := ROOMS[room]) is None or not reverb else _around(direct, space, heard, reverb)
    if heard.treble_db:
        found = oaconvolve(found, _treble(heard.treble_db)[None], axes=1)
    made: Samples = (found / np.sqrt(np.square(found).sum(1).mean())).astype(np.float32)
    return made


def _around(direct: Samples, room: Room, heard: Microphones, reverb: float) -> Samples:
    frames = round(_LENGTHS * room.fall_s * RATE_HZ)
    time_s = np.arange(frames) / RATE_HZ
    noise = np.random.default_rng(_SEED).normal(size=(2, frames))
    falling = noise * np.exp(-np.log(1000) * time_s / room.fall_s)
    dull = oaconvolve(falling, firwin(63, room.dull_hz, fs=RATE_HZ)[None], mode="same", axes=1)
    loud = 10 ** ((room.level_db + heard.room_db) / 20) * np.sqrt(reverb / _USUAL_REVERB)
    found = np.pad(loud * dull / np.sqrt(np.square(dull).sum(1).mean()), ((0, 0), (_before(room), 0)))
    found[:, :1] += direct
    made: Samples = found.astype(np.float32)
    return made


def _before(room: Room) -> int:
    return round(room.before_s * RATE_HZ)


def _treble(gain_db: float) -> npt.NDArray[np.float64]:
    """A shelf of first order, cut off when it has died away."""
    lower = np.exp(-2 * np.pi * _TREBLE_HZ / RATE_HZ) ** np.arange(_TREBLE_TAPS)
    shelf = -(10 ** (gain_db / 20) - 1) * lower / lower.sum()
    shelf[0] += 10 ** (gain_db / 20)
    found: npt.NDArray[np.float64] = shelf
    return found
