"""Score to audio: synthesise onto a scratch tape, master it, and give it out block by block.

The sound of a whole score is never in memory: it lies on a :class:`Tape` of two rows per stem.
Loudness is brought to its target by one gain for the whole piece and a look-ahead limiter. Their
curve is computed on the mix and stored on a last row, so that stems get the same gain at every
sample and still add up to the mix.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np

from photoplayer.music.score import Score
from photoplayer.sound.audio import RATE_HZ, Audio, Samples
from photoplayer.sound.events import Orchestra, last_offset, schedule
from photoplayer.sound.master import Mix, master
from photoplayer.sound.soundfont import find_soundfont
from photoplayer.sound.synth import Synth
from photoplayer.sound.tape import Tape

TARGET_LUFS = -16.0
BLOCK_FRAMES = 1 << 16
RING_OUT_S = 3.0
"""What is added after the last note when no duration is asked for."""
RELEASE_BEFORE_END_S = 0.7
"""Notes held to the very end of a given duration are let go so long before it."""
FADE_S = 0.3
LOOP_TAIL_S = 8.0
"""How long a loop's sound may ring past its end into its beginning."""

Progress = Callable[[float], None]
"""Told the share done, 0..1."""


@dataclass(frozen=True, eq=False)
class Rendering:
    """A rendered score, readable while the ``with render(...)`` block lasts.

    ``frames`` samples at ``rate_hz``; ``loudness_lufs`` (minus infinity for silence) and
    ``true_peak_db`` are measured on the mix as given out. ``layers`` names the stems, if asked for.
    """

    layers: tuple[str, ...]
    frames: int
    loudness_lufs: float
    true_peak_db: float
    _tape: Tape
    rate_hz: int = RATE_HZ

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate_hz

    def blocks(self) -> Iterator[Samples]:
        """The mix in float32 blocks of shape ``(2, n)``; each call starts at the beginning."""
        for start in range(0, self.frames, BLOCK_FRAMES):
            size = min(BLOCK_FRAMES, self.frames - start)
            yield _mix(self._tape, start, size) * self._gains(start, size)

    def stem_blocks(self, layer: str) -> Iterator[Samples]:
        """One layer alone, like :meth:`blocks`. Raises ``ValueError`` for a layer that is not in ``layers``."""
        row = 2 * self.layers.index(layer)
        for start in range(0, self.frames, BLOCK_FRAMES):
            size = min(BLOCK_FRAMES, self.frames - start)
            yield self._tape.read(start, size, row=row, rows=2) * self._gains(start, size)

    def audio(self) -> Audio:
        """The whole mix in memory: 21 MB a minute."""
        return Audio(np.concatenate([np.zeros((2, 0), np.float32), *self.blocks()], axis=1), self.rate_hz)

    def _gains(self, start: int, size: int) -> Samples:
        return self._tape.read(start, size, row=self._tape.rows - 1)


@contextmanager
def render(
    score: Score,
    *,
    soundfont: str | Path | None = None,
    duration_s: float | None = None,
    stems: bool = False,
    loop: bool = False,
    loudness_lufs: float = TARGET_LUFS,
    scratch_folder: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[Rendering]:
    """Play ``score`` and master it: ``loudness_lufs`` integrated, true peak at most -1 dB.

    The sound lasts ``duration_s`` to the sample and rings out within it (by default: until the
    last note has rung out). With ``loop`` it lasts whole bars, and what rings past the end is
    folded into the beginning. With ``stems`` every layer can be read alone. ``scratch_folder``
    holds the temporary file, 32 MB a minute and 21 more for every stem (default: the system's).

    Raises :class:`~photoplayer.errors.SetupError` without FluidSynth or soundfont,
    :class:`~photoplayer.errors.InputError` for an unusable soundfont or too many parts,
    :class:`~photoplayer.errors.OutputError` for a full disk, ``ValueError`` for ``loop`` with ``duration_s``.
    """
    if loop and duration_s is not None:
        raise ValueError("a loop lasts whole bars: give no duration_s")
    found = find_soundfont(soundfont)
    orchestra = Orchestra.seat(score, by_layer=stems)
    take = _Take.of(score, duration_s, loop=loop)
    tell = progress or _ignore
    with Tape(2 * orchestra.groups + 1, take.recorded, folder=scratch_folder) as tape:
        with Synth(found, channels=orchestra.channels, groups=orchestra.groups) as synth:
            _record(synth, score, orchestra, take, tape, lambda share: tell(0.8 * share))
        if loop:
            _fold(tape, take.frames)
        mix = Mix(lambda start, size: _mix(tape, start, size), take.frames, BLOCK_FRAMES, loop=loop)
        result = master(
            mix,
            lambda start, curve: tape.write(start, curve[None], row=tape.rows - 1),
            target_lufs=loudness_lufs,
        )
        tell(1.0)
        layers = score.layers if stems else ()
        yield Rendering(layers, take.frames, result.loudness_lufs, result.true_peak_db, tape)


@dataclass(frozen=True, slots=True)
class _Take:
    """How much is played (``recorded`` samples), how much is kept, and how it ends."""

    frames: int
    recorded: int
    release_by_s: float | None
    fade_frames: int

    @classmethod
    def of(cls, score: Score, duration_s: float | None, *, loop: bool) -> _Take:
        if loop:
            frames = round(score.tempo_map.seconds(bar_end(score)) * RATE_HZ)
            return cls(frames, frames + round(LOOP_TAIL_S * RATE_HZ), None, 0)
        release_by_s = None
        if duration_s is None:
            last = last_offset(score)
            ring = score.tempo_map.seconds(last) + RING_OUT_S if last else 0.0
            duration_s = max(score.duration_s, ring)
        else:
            release_by_s = max(duration_s - RELEASE_BEFORE_END_S, 0.0)
        frames = round(duration_s * RATE_HZ)
        return cls(frames, frames, release_by_s, min(round(FADE_S * RATE_HZ), frames))


def bar_end(score: Score) -> float:
    """The first bar line at or after the score's end, in quarters."""
    change = score.meters[-1]
    bars = (score.end - change.onset) / change.meter.quarters
    return change.onset + ceil(round(bars, 6)) * change.meter.quarters


def _record(
    synth: Synth, score: Score, orchestra: Orchestra, take: _Take, tape: Tape, tell: Progress
) -> None:
    """Play everything onto the tape's stem rows."""
    orchestra.tune(synth)
    events = deque(schedule(score, orchestra, release_by_s=take.release_by_s))
    block = np.zeros((orchestra.groups, 2, BLOCK_FRAMES), np.float32)
    for start in range(0, take.recorded, BLOCK_FRAMES):
        end = min(start + BLOCK_FRAMES, take.recorded)
        block[:] = 0
        at = start
        while at < end:
            while events and events[0].frame <= at:
                events.popleft().play(synth)
            until = min(events[0].frame, end) if events else end
            synth.render(block, at - start, until - at)
            at = until
        played = block[:, :, : end - start].reshape(2 * orchestra.groups, end - start)
        tape.write(start, played * _fade(start, end, take))
        tell(end / take.recorded)


def _fade(start: int, end: int, take: _Take) -> Samples:
    """Gain of samples ``start..end``: 1, and an equal-power fade over the last of them."""
    to_go = take.recorded - np.arange(start, end)
    share = np.minimum(to_go / max(take.fade_frames, 1), 1.0)
    return np.sin(share * (np.pi / 2)).astype(np.float32)


def _fold(tape: Tape, frames: int) -> None:
    """Add what was recorded past ``frames`` to the beginning, as often around as it lasts."""
    for start in range(frames, tape.frames, BLOCK_FRAMES):
        ringing = tape.read(start, BLOCK_FRAMES, rows=tape.rows - 1)
        while ringing.shape[1]:
            into = start % frames
            part = ringing[:, : frames - into]
            tape.write(into, tape.read(into, part.shape[1], rows=tape.rows - 1) + part)
            start += part.shape[1]
            ringing = ringing[:, part.shape[1] :]


def _mix(tape: Tape, start: int, size: int) -> Samples:
    rows = tape.read(start, size, rows=tape.rows - 1)
    mixed: Samples = rows.reshape(-1, 2, rows.shape[1]).sum(axis=0)
    return mixed


def _ignore(_share: float) -> None:
    pass
