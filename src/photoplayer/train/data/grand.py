"""The sound that is learned: a sampled grand piano, played by this sampler.

Salamander Grand Piano V3 (Alexander Holm, CC BY 3.0), as the packages ``@audio-samples/piano-velocityN`` of
npm carry it: every third key in layers ``N`` of 1 to 16, files ``A3v10.ogg``. The folder holds the OGG files
of as many layers as one likes. Keys between are the nearest one's, resampled; loudness within a layer
follows the velocity as in the instrument's own SFZ file.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from scipy.signal import resample_poly

from photoplayer.errors import InputError
from photoplayer.music.theory import parse_pitch
from photoplayer.sound.neural.spectrogram import MODEL_RATE_HZ, Mono
from photoplayer.sound.neural.strokes import FIRST_WITHOUT_DAMPER, Rows
from photoplayer.train.data.grand_soundfont import SoundfontGrand

_LAYER_TOPS = (26, 34, 36, 43, 46, 50, 56, 64, 72, 80, 88, 96, 104, 112, 120, 127)
"""The highest velocity that each of the sixteen layers plays."""
_TRACKED = 0.73
"""How far loudness within a layer follows the velocity: ``amp_veltrack`` of the instrument."""
_DAMPED_S = 0.07
"""In which a damped string in the middle of the piano falls by 8.7 dB."""
_SILENT_AFTER = 10
"""Times ``_DAMPED_S``: 87 dB."""
_SEMITONE = (89, 84)
"""2^(1/12) as a ratio, to 0.02 %."""
_VOLUME = 0.5


class Sampler(Protocol):
    """Plays notes into samples, mono at ``MODEL_RATE_HZ``."""

    def play(self, rows: Rows, duration_s: float) -> Mono:
        """Notes (see :data:`Rows`) as ``duration_s`` of sound."""
        ...


def open_grand(path: Path) -> Sampler:
    """A soundfont's piano, or that of a folder of samples. Raises :class:`InputError` where there is none."""
    return Grand(path) if path.is_dir() else SoundfontGrand(path)


class Grand:
    """Plays notes into samples, mono. Raises :class:`InputError` where the folder holds no samples."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[int, dict[int, Path]] = {}
        for path in sorted(folder.glob("*.ogg")):
            if found := re.fullmatch(r"([A-G]#?\d)v(\d+)", path.stem):
                layer = self._files.setdefault(int(found[2]), {})
                layer[parse_pitch(found[1])] = path
        if not self._files:
            raise InputError(f"{folder} holds no samples such as A3v10.ogg; see photoplayer.train.data.grand")
        self._layers = sorted(self._files)

    def play(self, rows: Rows, duration_s: float) -> Mono:
        """Notes (see :data:`Rows`) as ``duration_s`` of sound."""
        out = np.zeros(round(duration_s * MODEL_RATE_HZ), np.float32)
        for onset_s, offset_s, pitch, velocity in rows:
            start = round(onset_s * MODEL_RATE_HZ)
            tone = self._tone(self._layer(velocity), int(pitch))[: max(len(out) - start, 0)]
            gain = _VOLUME * (1 - _TRACKED * (1 - (velocity / 127) ** 2))
            tone = _damped(tone, offset_s - onset_s, int(pitch))
            out[start : start + len(tone)] += gain * tone
        return out

    def _layer(self, velocity: float) -> int:
        own = next(i for i, top in enumerate(_LAYER_TOPS, 1) if velocity <= top)
        return next((layer for layer in self._layers if layer >= own), self._layers[-1])

    @lru_cache(maxsize=4096)  # noqa: B019 - one instrument a run, and all its tones fit into memory
    def _tone(self, layer: int, pitch: int) -> Mono:
        files = self._files[layer]
        nearest = min(files, key=lambda other: (abs(other - pitch), other))
        tone = _read(files[nearest])
        for _ in range(abs(pitch - nearest)):
            up, down = _SEMITONE if pitch < nearest else _SEMITONE[::-1]
            tone = resample_poly(tone, up, down).astype(np.float32)
        return tone


def _damped(tone: Mono, length_s: float, pitch: int) -> Mono:
    """A tone whose key comes up after ``length_s``."""
    held = round(length_s * MODEL_RATE_HZ)
    if pitch >= FIRST_WITHOUT_DAMPER or held >= len(tone):
        return tone
    fall_s = _DAMPED_S * exp((60 - pitch) / 40)  # long strings are damped slowly
    time_s = np.arange(len(tone) - held) / MODEL_RATE_HZ
    made = tone[: held + round(_SILENT_AFTER * fall_s * MODEL_RATE_HZ)].copy()
    made[held:] *= np.exp(-time_s[: len(made) - held] / fall_s).astype(np.float32)
    return made


def _read(path: Path) -> Mono:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=MODEL_RATE_HZ)
    with av.open(str(path)) as container:
        parts = [
            part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)
        ]
    parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    tone = np.concatenate(parts)
    begun = int(np.argmax(np.abs(tone) > 0.02 * np.abs(tone).max()))
    return tone[max(begun - 32, 0) :].astype(np.float32)
