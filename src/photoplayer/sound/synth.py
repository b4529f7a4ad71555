"""A FluidSynth synthesiser that renders into arrays.

Each *group* has its own stereo output and its own reverb and chorus units, so that one run gives
every stem with its share of the room, and their sum is the mix. A MIDI channel belongs to group
``channel % groups``: that is FluidSynth's own rule.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError, SetupError
from photoplayer.sound.audio import RATE_HZ, Samples
from photoplayer.sound.library import load_library

EVENT_FRAMES = 64
"""FluidSynth renders in steps of so many samples: a note begins at such a step (1.45 ms)."""

MOST_CHANNELS = 256
MOST_GROUPS = 128
_DRUM_BANK = 128
_EFFECTS_PER_GROUP = 2  # reverb and chorus

_INTEGERS = {
    "synth.polyphony": 1024,
    "synth.cpu-cores": 1,
    "synth.threadsafe-api": 0,
    "synth.lock-memory": 0,
    "synth.dynamic-sample-loading": 1,  # only the samples of programs in use: 148 MB stay on the disk
}
_NUMBERS = {
    "synth.sample-rate": float(RATE_HZ),
    "synth.gain": 1.0,
    # A medium hall: it takes 2 s to fall by 60 dB. Soundfonts send only a fifth of CC 91 to the
    # reverb, hence the level.
    "synth.reverb.room-size": 0.62,
    "synth.reverb.damp": 0.35,
    "synth.reverb.width": 0.9,
    "synth.reverb.level": 1.0,
    # FluidSynth 2.4 halved its chorus; said here, so that all versions sound alike.
    "synth.chorus.level": 0.6,
    "synth.chorus.speed": 0.2,
    "synth.chorus.depth": 4.25,
}


class Synth:
    """FluidSynth with one soundfont; a context manager. Raises :class:`InputError` if it does not load.

    Without ``effects`` it is dry, whatever the soundfont sends to reverb and chorus.
    """

    def __init__(
        self,
        soundfont: Path,
        *,
        channels: int,
        groups: int = 1,
        effects: bool = True,
        library: ctypes.CDLL | None = None,
    ) -> None:
        if not 0 < channels <= MOST_CHANNELS:
            raise ValueError(f"{channels} channels; FluidSynth has 1..{MOST_CHANNELS}")
        if not 0 < groups <= MOST_GROUPS:
            raise ValueError(f"{groups} groups; FluidSynth has 1..{MOST_GROUPS}")
        self._lib = library or load_library()
        self._groups = groups
        self._settings = self._lib.new_fluid_settings()
        self._synth = None
        try:
            self._configure(channels, effects)
            self._synth = self._lib.new_fluid_synth(self._settings)
            if not self._synth:
                raise SetupError("FluidSynth does not start; reinstall it, or free some memory.")
            if self._lib.fluid_synth_sfload(self._synth, str(soundfont).encode(), 0) < 0:
                raise InputError(f"{soundfont}: this soundfont is damaged; give another .sf2 file.")
        except BaseException:
            self.close()
            raise

    def _configure(self, channels: int, effects: bool) -> None:
        whole = dict(_INTEGERS)
        whole["synth.midi-channels"] = -(-channels // 16) * 16
        whole["synth.audio-channels"] = whole["synth.audio-groups"] = self._groups
        whole["synth.effects-groups"] = self._groups
        whole["synth.reverb.active"] = whole["synth.chorus.active"] = int(effects)
        for name, value in whole.items():
            self._lib.fluid_settings_setint(self._settings, name.encode(), value)
        for name, number in _NUMBERS.items():
            self._lib.fluid_settings_setnum(self._settings, name.encode(), number)

    def __enter__(self) -> Synth:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the synthesiser; harmless when done twice."""
        if self._synth:
            self._lib.delete_fluid_synth(self._synth)
        if self._settings:
            self._lib.delete_fluid_settings(self._settings)
        self._synth = self._settings = None

    def program(self, channel: int, program: int, *, is_drum: bool) -> None:
        """Choose an instrument; a bank without it gives its nearest (FluidSynth's rule)."""
        self._lib.fluid_synth_set_channel_type(self._synth, channel, int(is_drum))
        # Newer versions leave the bank alone when the channel's type changes.
        self._lib.fluid_synth_bank_select(self._synth, channel, _DRUM_BANK if is_drum else 0)
        self._lib.fluid_synth_program_change(self._synth, channel, program)

    def control(self, channel: int, number: int, value: int) -> None:
        """Send a control change."""
        self._lib.fluid_synth_cc(self._synth, channel, number, value)

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        """Strike a note."""
        self._lib.fluid_synth_noteon(self._synth, channel, pitch, velocity)

    def note_off(self, channel: int, pitch: int) -> None:
        """Release a note."""
        self._lib.fluid_synth_noteoff(self._synth, channel, pitch)

    @property
    def voices(self) -> int:
        """How many voices sound now."""
        return int(self._lib.fluid_synth_get_active_voice_count(self._synth))

    def render(self, out: Samples, start: int, frames: int) -> None:
        """Add the next ``frames`` samples into ``out[..., start:start + frames]``.

        ``out`` is float32 of shape ``(groups, 2, n)``, contiguous.
        """
        buffers = _pointers(out, start)
        # Each group's effects go where its dry sound goes: out = g0L g0R g1L g1R …, and the
        # effects are ordered group by group, reverb before chorus.
        effects = np.repeat(buffers.reshape(self._groups, 1, 2), _EFFECTS_PER_GROUP, axis=1).ravel()
        self._lib.fluid_synth_process(
            self._synth, frames, effects.size, effects.ctypes.data, buffers.size, buffers.ctypes.data
        )


def _pointers(out: Samples, start: int) -> npt.NDArray[np.uintp]:
    rows = np.arange(out.shape[0] * out.shape[1], dtype=np.uintp) * np.uintp(out.strides[1])
    address: npt.NDArray[np.uintp] = rows + np.uintp(out.ctypes.data + start * out.itemsize)
    return address
