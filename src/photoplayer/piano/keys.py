"""The ``keys`` network at work: strips in, rolls out, every picture looked at once where anything stirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from photoplayer.models import Model, load
from photoplayer.piano.columns import STRIDE, key_columns
from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.plate import levels
from photoplayer.piano.roll import Curves, Roll
from photoplayer.piano.stir import WHITES, Stretch, stirring, stretches
from photoplayer.piano.strip import MARGIN_WHITES, WHITE_WIDTH_PX, Pictures, Strip

_BATCH = 16
"""Pictures looked at together: more take memory and no less time."""

_USUAL_GAP_S = 0.04


_, _COLUMNS, _CLASSES = key_columns(-MARGIN_WHITES, WHITES)


class _Fixed(NamedTuple):
    """What holds for all pictures of a strip: the clean plate ``(64, 864)`` and its levels ``(2, 864)``."""

    plate: Pictures
    levels: Curves


@dataclass(frozen=True, eq=False)
class _Looked:
    """What was seen in one strip: ``keys`` ``(frames, 88, width)``."""

    strip: Strip
    keys: Curves


class KeysNet:
    """Reads strips with the shipped ``keys`` network; ``look`` and ``hear`` may be others of its kind."""

    def __init__(self, *, look: Model | None = None, hear: Model | None = None) -> None:
        self._look = look or load("keys_look")
        self._hear = hear or load("keys_hear")
        self._context = int(self._hear.card["context_frames"])
        self._shift_s = float(self._hear.card["shift_s"])

    def read(self, strips: Iterable[Strip]) -> Iterator[Roll]:
        """One roll per strip, in order. Two strips at most are held."""
        before: _Looked | None = None
        now: _Looked | None = None
        for after in self._looked(strips):
            if now is not None:
                yield self._heard(before, now, after if after.strip.continues else None)
                before = now if after.strip.continues else None
            now = after
        if now is not None:
            yield self._heard(before, now, None)

    def _looked(self, strips: Iterable[Strip]) -> Iterator[_Looked]:
        """Every picture needs the one after it, so a strip waits for the next."""
        last = None
        waiting: Strip | None = None
        for strip in strips:
            if waiting is not None:
                yield self._look_at(last, waiting, strip.pictures[0] if strip.continues else None)
                last = waiting.pictures[-1] if strip.continues else None
            waiting = strip
        if waiting is not None:
            yield self._look_at(last, waiting, None)

    def _look_at(
        self, last: npt.NDArray[np.uint8] | None, strip: Strip, following: npt.NDArray[np.uint8] | None
    ) -> _Looked:
        pictures = strip.pictures
        first = pictures[:1] if last is None else last[None]
        end = pictures[-1:] if following is None else following[None]
        padded = np.concatenate([first, pictures, end])
        fixed = _Fixed(strip.plate, levels(strip.plate))
        stirs = stirring(padded, *fixed)
        at_rest = self._vectors(np.stack([strip.plate] * 3), fixed, Stretch(slice(0, KEY_COUNT), 0, WHITES))
        keys = np.repeat(at_rest, len(pictures), axis=0)
        for i in range(0, len(pictures), _BATCH):
            shown = slice(i, i + _BATCH + 2)
            for stretch in stretches(np.logical_or.reduce(stirs[shown])):
                keys[i : i + _BATCH, stretch.keys] = self._vectors(padded[shown], fixed, stretch)
        return _Looked(strip, keys)

    def _vectors(self, pictures: Pictures, fixed: _Fixed, stretch: Stretch) -> Curves:
        """``(n, keys, width)`` of a stretch's keys in ``n + 2`` pictures of whole strips."""
        at = slice(stretch.first * WHITE_WIDTH_PX, stretch.end * WHITE_WIDTH_PX)
        inputs = {
            "pictures": pictures[..., at],
            "plate": fixed.plate[:, at],
            "levels": fixed.levels[:, at],
            "columns": _COLUMNS[stretch.keys] - stretch.first * WHITE_WIDTH_PX // STRIDE,
            "classes": _CLASSES[stretch.keys],
        }
        output: Curves = self._look.session.run(None, inputs)[0]
        return output

    def _heard(self, before: _Looked | None, now: _Looked, after: _Looked | None) -> Roll:
        parts = [part for part in (before, now, after) if part is not None]
        gaps = gaps_s(np.concatenate([part.strip.times_s for part in parts]))
        keys = np.concatenate([part.keys for part in parts])
        first = len(before.keys) if before is not None else 0
        start, last = max(first - self._context, 0), first + len(now.keys)
        around = slice(start, last + self._context)
        output = self._hear.session.run(None, {"keys": keys[None, around], "gaps_s": gaps[None, around]})[0][
            0
        ]
        return self._roll(now.strip, output[first - start : last - start])

    def _roll(self, strip: Strip, output: Curves) -> Roll:
        down, onset, offset, onset_shift, offset_shift, velocity = np.moveaxis(output, -1, 0)
        assert down.shape[1] == KEY_COUNT
        return Roll(
            times_s=strip.times_s,
            down=_sigmoid(down),
            onset=_sigmoid(onset),
            offset=_sigmoid(offset),
            onset_s=onset_shift * np.float32(self._shift_s),
            offset_s=offset_shift * np.float32(self._shift_s),
            velocity=np.clip(velocity, 0.0, 1.0),
            seen=strip.seen,
            continues=strip.continues,
        )


def gaps_s(times_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """``(frames, 2)`` seconds from the frame before and to the frame after; at the ends the usual gap."""
    between = np.diff(times_s)
    usual = float(np.median(between)) if len(between) else _USUAL_GAP_S
    return np.stack([np.append(usual, between), np.append(between, usual)], axis=1).astype(np.float32)


def _sigmoid(logit: Curves) -> Curves:
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float32)
