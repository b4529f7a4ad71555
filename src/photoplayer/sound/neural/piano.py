"""The neural piano: rows of notes → samples, stretch after stretch, in memory that stays the same.

Levels of a frame depend on the notes and on few frames around it, and locked phases on the notes alone, so
stretches that overlap agree where they meet; what their refinement leaves between them is crossfaded.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from photoplayer.models import Model, load
from photoplayer.sound.neural.choice import PianoName
from photoplayer.sound.neural.phase import ITERATIONS, MOMENTUM, Phases, inverted, locked
from photoplayer.sound.neural.spectrogram import FLOOR, HOP, MODEL_RATE_HZ, Levels, Mono
from photoplayer.sound.neural.strokes import Rows, Strokes, sounded

STRETCH_FRAMES = 512
MARGIN_FRAMES = 48
"""What is computed beyond a stretch on either side, for the refinement and the phases."""
CROSSFADE_FRAMES = 16
_AT_ONCE_FRAMES = 64
"""Frames that PerfNet computes at once: at most 96 notes in 1025 bins, 25 MB."""
_WHOLE_FRAMES = 4
"""The refinement wants a multiple of so many frames."""

_PERFNETS: dict[PianoName, str] = {"salamander": "perfnet", "splendid": "perfnet_splendid"}


class NeuralPiano:
    """Plays rows of notes with the shipped PerfNet or another, refined by a U-Net where one is given.

    ``doubt`` says how far the notes are to be trusted: 0 as they were played, 1 as read off a video.
    """

    def __init__(
        self,
        *,
        perfnet: Model | None = None,
        unet: Model | None = None,
        doubt: float = 0.0,
        iterations: int = ITERATIONS,
        momentum: float = MOMENTUM,
    ) -> None:
        self._perfnet = (perfnet or load("perfnet")).session
        self._unet = unet.session if unet else None
        self._doubt = np.array([doubt], np.float32)
        self._iterations, self._momentum = iterations, momentum

    @classmethod
    def of(cls, name: PianoName) -> NeuralPiano:
        """One of the pianos that ship."""
        return cls(perfnet=load(_PERFNETS[name]))

    def levels(self, rows: Rows, first_frame: int, frames: int) -> tuple[Levels, Phases]:
        """Levels and locked phases of frames ``first_frame`` and on (they may lie before 0: silence)."""
        made, phases, keys, rolls = [], [], [], []
        for level, owners, strokes, start in self.parts(rows, first_frame, frames):
            made.append(level)
            phases.append(locked(strokes, owners, start))
            if self._unet is not None:
                keys.append(strokes.keys[owners])
                rolls.append(sounded(strokes))
        found = np.concatenate(made)
        if self._unet is not None:
            found = self._refined(found, np.concatenate(keys), np.concatenate(rolls, 1))
        return found, np.concatenate(phases)

    def parts(
        self, rows: Rows, first_frame: int, frames: int
    ) -> Iterator[tuple[Levels, npt.NDArray[np.int64], Strokes, int]]:
        """What PerfNet makes, some frames at once: levels, owners of the bins, the notes, the first frame."""
        for start in range(first_frame, first_frame + frames, _AT_ONCE_FRAMES):
            size = min(_AT_ONCE_FRAMES, first_frame + frames - start)
            strokes = Strokes.of(rows, start, size)
            level, owners = self._perfnet.run(
                None,
                {
                    "keys": strokes.keys,
                    "velocities": strokes.velocities,
                    "ages": strokes.ages,
                    "releases": strokes.releases,
                },
            )
            yield np.maximum(level, np.float32(np.log(FLOOR))), owners, strokes, start

    def blocks(self, rows: Rows, samples: int, *, stretch: int = STRETCH_FRAMES) -> Iterator[Mono]:
        """At least ``samples`` samples at ``MODEL_RATE_HZ``, in blocks."""
        fade, margin = CROSSFADE_FRAMES * HOP // 2, MARGIN_FRAMES * HOP
        rising = np.linspace(0, 1, 2 * fade, dtype=np.float32)
        tail: Mono | None = None
        known: Phases | None = None
        for first in range(0, samples // HOP + 1, stretch):
            sound, known = self._stretch(rows, first - MARGIN_FRAMES, stretch + 2 * MARGIN_FRAMES, known)
            body = sound[margin - fade : margin + stretch * HOP + fade].copy()
            if tail is None:
                body = body[fade:]
            else:
                body[: 2 * fade] = tail * (1 - rising) + body[: 2 * fade] * rising
            tail = body[-2 * fade :]
            yield body[: -2 * fade]
        if tail is not None:
            yield tail

    def _stretch(
        self, rows: Rows, first_frame: int, frames: int, known: Phases | None
    ) -> tuple[Mono, Phases]:
        """A stretch with its margins; ``known`` are the phases of the one before, which it begins with."""
        levels, phases = self.levels(rows, first_frame, frames)
        held = 0
        if known is not None:
            overlap = known[-2 * MARGIN_FRAMES :]
            phases[: len(overlap)] = overlap
            held = MARGIN_FRAMES
        return inverted(levels, phases, iterations=self._iterations, momentum=self._momentum, held=held)

    def _refined(self, levels: Levels, keys: npt.NDArray[np.int64], roll: npt.NDArray[np.float32]) -> Levels:
        assert self._unet is not None
        missing = -len(levels) % _WHOLE_FRAMES
        given = {
            "levels": np.pad(levels, ((0, missing), (0, 0)), mode="edge"),
            "keys": np.pad(keys, ((0, missing), (0, 0)), mode="edge"),
            "roll": np.pad(roll, ((0, 0), (0, missing), (0, 0)), mode="edge"),
            "doubt": self._doubt,
        }
        (refined,) = self._unet.run(None, given)
        found: Levels = np.maximum(refined[: len(levels)], np.float32(np.log(FLOOR)))
        return found


def played(rows: Rows, duration_s: float, piano: NeuralPiano) -> npt.NDArray[np.float32]:
    """A short piece as samples at ``MODEL_RATE_HZ``, in memory."""
    wanted = round(duration_s * MODEL_RATE_HZ)
    found: Mono = np.concatenate(list(piano.blocks(rows, wanted)))[:wanted]
    return found
