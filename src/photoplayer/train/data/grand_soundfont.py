"""A grand out of a soundfont, played by FluidSynth without room and chorus.

MuseScore_General_Full.sf2 (Debian's ``musescore-general-soundfont-lossless``) carries the Splendid Grand, a
Steinway recorded for the AKAI S5000 and in the public domain, as program 0.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from photoplayer.sound.audio import RATE_HZ
from photoplayer.sound.neural.spectrogram import MODEL_RATE_HZ, Mono
from photoplayer.sound.neural.strokes import Rows
from photoplayer.sound.soundfont import find_soundfont
from photoplayer.sound.synth import EVENT_FRAMES, Synth

_CHANNEL, _PROGRAM = 0, 0
_ALL_SOUND_OFF = 120
_VOLUME = 2.0
"""About as loud as the other grand."""
_SETTLED_FRAMES = 1024
"""In which what sounded before has died away."""


class SoundfontGrand:
    """Plays notes into samples, mono. Raises :class:`InputError` for no soundfont, :class:`SetupError`
    without FluidSynth."""

    def __init__(self, soundfont: Path) -> None:
        self._synth = Synth(find_soundfont(soundfont), channels=1, effects=False)
        self._synth.program(_CHANNEL, _PROGRAM, is_drum=False)
        self.play(np.array([[0.0, 0.1, 60, 64]]), 0.2)  # its first note is a little unlike all others

    def play(self, rows: Rows, duration_s: float) -> Mono:
        """Notes (see :data:`Rows`) as ``duration_s`` of sound."""
        self._hush()
        frames = -(-round(duration_s * RATE_HZ) // EVENT_FRAMES) * EVENT_FRAMES  # whole steps
        out = np.zeros((1, 2, frames), np.float32)
        at = 0
        for moment, is_on, pitch, velocity in _events(rows):
            until = min(moment, frames)
            if until > at:
                self._synth.render(out, at, until - at)
                at = until
            if is_on:
                self._synth.note_on(_CHANNEL, pitch, velocity)
            else:
                self._synth.note_off(_CHANNEL, pitch)
        if frames > at:
            self._synth.render(out, at, frames - at)
        sound = resample_poly(out[0].mean(0), MODEL_RATE_HZ, RATE_HZ)
        found: Mono = (_VOLUME * sound[: round(duration_s * MODEL_RATE_HZ)]).astype(np.float32)
        return found

    def _hush(self) -> None:
        self._synth.control(_CHANNEL, _ALL_SOUND_OFF, 0)
        self._synth.render(np.zeros((1, 2, _SETTLED_FRAMES), np.float32), 0, _SETTLED_FRAMES)


def _events(rows: Rows) -> list[tuple[int, bool, int, int]]:
    """Sample, whether struck, key and velocity, in order; a key comes up before it is struck again."""
    found = []
    for onset_s, offset_s, pitch, velocity in rows:
        for time_s, is_on in ((onset_s, True), (offset_s, False)):
            step = round(time_s * RATE_HZ / EVENT_FRAMES) * EVENT_FRAMES
            found.append((step, is_on, int(pitch), max(int(velocity), 1)))
    return sorted(found)
