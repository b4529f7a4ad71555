"""From the neural piano's mono to its place in the mix: rate, controllers, room and pan, in blocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import firwin, lfilter, oaconvolve

from photoplayer.music.score import Part, TempoMap
from photoplayer.sound.audio import RATE_HZ, Samples
from photoplayer.sound.neural.choice import PianoSound
from photoplayer.sound.neural.rooms import impulse
from photoplayer.sound.neural.spectrogram import MODEL_RATE_HZ, Mono

_TAPS = 95
_VOLUME, _EXPRESSION = 7, 11
_GLIDE_S = 0.01
"""A controller's step is spread over so long, so that it does not click."""


class Doubler:
    """22,050 Hz → 44,100 Hz; blocks come out as if they were one."""

    def __init__(self) -> None:
        assert RATE_HZ == 2 * MODEL_RATE_HZ
        self._taps = 2 * firwin(_TAPS, 0.49)
        self._state = np.zeros(_TAPS - 1)
        self._late = (_TAPS - 1) // 2

    def doubled(self, block: Mono) -> npt.NDArray[np.float32]:
        """The samples that are known by now: the first block is ``(_TAPS - 1) / 2`` short."""
        stuffed = np.zeros(2 * len(block))
        stuffed[::2] = block
        made, self._state = lfilter(self._taps, 1.0, stuffed, zi=self._state)
        kept = made[self._late :]
        self._late = max(self._late - len(made), 0)
        found: npt.NDArray[np.float32] = kept.astype(np.float32)
        return found


class Place:
    """A part's volume, expression, pan, and the room and microphones around it."""

    def __init__(self, part: Part, tempo: TempoMap, around: PianoSound | None = None) -> None:
        self._times_s, self._gains = _gains(part, tempo)
        angle = (np.clip(part.pan, -1, 1) + 1) * np.pi / 4
        self._pan = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32)
        around = around or PianoSound()
        self._room = impulse(around.room, around.microphones, reverb=min(max(part.reverb, 0.0), 1.0))
        self._ringing = np.zeros((2, 0), np.float32)
        self._at = 0

    def placed(self, block: npt.NDArray[np.float32]) -> Samples:
        """``(n,)`` → ``(2, n)``, with what the room still rings of blocks before."""
        time_s = (self._at + np.arange(len(block))) / RATE_HZ
        self._at += len(block)
        sound = self._pan * (block * np.interp(time_s, self._times_s, self._gains).astype(np.float32))
        wet = _added(oaconvolve(sound, self._room, axes=1).astype(np.float32), self._ringing)
        self._ringing = wet[:, len(block) :]
        return wet[:, : len(block)]


def _added(one: Samples, other: Samples) -> Samples:
    if other.shape[1] > one.shape[1]:
        one, other = other.copy(), one
    one[:, : other.shape[1]] += other
    return one


def _gains(part: Part, tempo: TempoMap) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Times and the gain from then on: General MIDI's 40 dB a decade of volume, and of expression."""
    now = {_VOLUME: part.volume, _EXPRESSION: 127}
    times, gains = [0.0], [_gain(now)]
    for control in sorted(part.controls, key=lambda control: control.onset):
        if control.number in now:
            at_s = max(tempo.seconds(control.onset), times[-1])
            now[control.number] = control.value
            times += [at_s, at_s + _GLIDE_S]
            gains += [gains[-1], _gain(now)]
    return np.array(times), np.array(gains)


def _gain(values: dict[int, int]) -> float:
    product = 1.0
    for value in values.values():
        product *= (min(max(value, 0), 127) / 127) ** 2
    return product
