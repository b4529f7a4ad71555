"""Video2Roll Net of Audeo at work: strips of a shot -> which keys are held, picture by picture.

The network was published with a keyboard rectangle of 900 x 100 pixels, five pictures deep (Su, Liu and
Shlizerman, NeurIPS 2020). The strip's side margins are cut off and the rest is resized to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.models import Model, load
from photoplayer.piano.roll import Curves, Roll
from photoplayer.piano.strip import MARGIN_WHITES, STRIP_WIDTH, WHITE_WIDTH_PX, Pictures, Strip

STACK = 5
"""Pictures the network sees at once; it tells of the middle one."""
BESIDE = STACK // 2
PICTURE_HEIGHT, PICTURE_WIDTH = 100, 900
THRESHOLD = 0.4
"""A key counts as held from here on, as in the source."""
Times = npt.NDArray[np.float64]

_BATCH = 8
_TAKEN = 32
"""Pictures resized at once: 12 MB."""
MARGIN_PX = MARGIN_WHITES * WHITE_WIDTH_PX


class AudeoNet:
    """Reads strips with the shipped ``video2roll``, or another ``model`` of its kind.

    Raises ``SetupError`` where it is missing.
    """

    def __init__(self, *, model: Model | None = None) -> None:
        self._session = (model or load("video2roll")).session

    def read(self, strips: Iterable[Strip]) -> Iterator[Roll]:
        """Rolls with nothing but ``down``, about a second each, two pictures behind what was taken in.

        Keys that are not in the picture are down with probability 0.
        """
        for chunk in stacked(strips):
            down = np.concatenate([self._down(stack) for stack in _batches(chunk.stacks)])
            down[:, ~chunk.seen] = 0.0
            yield Roll(times_s=chunk.times_s, down=down, seen=chunk.seen, continues=chunk.continues)

    def _down(self, stacks: Curves) -> Curves:
        (logits,) = self._session.run(None, {"frames": stacks})
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0))), dtype=np.float32)


@dataclass(frozen=True, eq=False, kw_only=True)
class Stacked:
    """Pictures of one stretch as the network takes them: ``stacks`` ``(frames, 5, 100, 900)`` in 0..1."""

    times_s: Times
    stacks: Curves
    seen: npt.NDArray[np.bool_]
    continues: bool


def stacked(strips: Iterable[Strip]) -> Iterator[Stacked]:
    """Every picture with the two before and after it; at the ends of a shot the outermost is repeated."""
    shot: _Shot | None = None
    for strip in strips:
        if shot is not None and not strip.continues:
            yield from shot.end()
            shot = None
        if len(strip.times_s):
            shot = shot or _Shot(strip)
            yield from shot.take(strip)
    if shot is not None:
        yield from shot.end()


class _Shot:
    """The last pictures of a shot, as many as those to come need beside them."""

    def __init__(self, first: Strip) -> None:
        self._frames = np.repeat(resized(first.pictures[:1]), BESIDE, axis=0)
        self._times_s = np.repeat(first.times_s[:1], BESIDE)
        self._seen = first.seen
        self._begun = False

    def take(self, strip: Strip) -> Iterator[Stacked]:
        self._seen = strip.seen
        for start in range(0, len(strip.times_s), _TAKEN):
            taken = slice(start, start + _TAKEN)
            yield from self._add(resized(strip.pictures[taken]), strip.times_s[taken])

    def end(self) -> Iterator[Stacked]:
        last = np.repeat(self._frames[-1:], BESIDE, axis=0)
        yield from self._add(last, np.repeat(self._times_s[-1:], BESIDE))

    def _add(self, frames: Curves, times_s: Times) -> Iterator[Stacked]:
        frames = np.concatenate((self._frames, frames))
        times_s = np.concatenate((self._times_s, times_s))
        self._frames, self._times_s = frames[1 - STACK :], times_s[1 - STACK :]
        if len(frames) < STACK:
            return
        stacks = np.lib.stride_tricks.sliding_window_view(frames, STACK, axis=0).transpose(0, 3, 1, 2)
        middles_s = times_s[BESIDE:-BESIDE]
        yield Stacked(times_s=middles_s, stacks=stacks, seen=self._seen, continues=self._begun)
        self._begun = True


def resized(pictures: Pictures) -> Curves:
    """``(frames, 64, 864)`` uint8 -> ``(frames, 100, 900)`` float32 in 0..1, without the side margins."""
    inner = pictures[:, :, MARGIN_PX : STRIP_WIDTH - MARGIN_PX]
    above, below, down = _between(inner.shape[1], PICTURE_HEIGHT)
    rows = inner.astype(np.float32) / 255
    rows = rows[:, above] * (1 - down)[:, None] + rows[:, below] * down[:, None]
    left, right, across = _between(inner.shape[2], PICTURE_WIDTH)
    return np.asarray(rows[:, :, left] * (1 - across) + rows[:, :, right] * across, dtype=np.float32)


def _between(source: int, target: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Curves]:
    """Where ``target`` pixels lie on a line of ``source``: their two neighbours and the way between them."""
    places = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    before = np.floor(places).astype(np.intp)
    after = np.minimum(before + 1, source - 1)
    return before, after, (places - before).astype(np.float32)


def _batches(stacks: Curves) -> Iterator[Curves]:
    for start in range(0, len(stacks), _BATCH):
        yield np.ascontiguousarray(stacks[start : start + _BATCH])
