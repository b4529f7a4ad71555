"""Random windows of cached strips with their truth: what the ``keys`` network learns from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from photoplayer.piano.layout import (
    PITCHES,
    WHITE_COUNT,
    WHITES_PER_OCTAVE,
    is_black,
    key_middle,
    whites_below,
)
from photoplayer.piano.plate import levels
from photoplayer.piano.strip import MARGIN_WHITES, WHITE_WIDTH_PX
from photoplayer.train.data import strip_augment as augment
from photoplayer.train.data.strip_augment import Dice, happens, uniform
from photoplayer.train.data.strip_cache import CachedClip
from photoplayer.train.data.strip_truth import Truth, truth_of
from photoplayer.train.nets.keys import key_columns, stacked

WINDOW_WHITES = 17
"""Width of a training window in white keys, as in the trial of the reference sheet."""
WINDOW_PX = WINDOW_WHITES * WHITE_WIDTH_PX
_EDGE_S = 0.2
"""Kept away from the ends of what the truth covers."""
_SLOWEST_GAP_S = 1 / 14
"""Pictures are left out only while as many a second remain."""


@dataclass(frozen=True, eq=False)
class Window:
    """``stack (frames, 4, 64, 272)``, ``columns (keys, 5)``, ``classes (keys,)``, ``gaps_s (frames, 2)``; the
    truth ``(frames, keys)`` each, ``counts`` ``(keys,)`` says which keys are in the picture."""

    stack: Tensor
    columns: Tensor
    classes: Tensor
    gaps_s: Tensor
    down: Tensor
    to_onset_s: Tensor
    to_offset_s: Tensor
    velocity: Tensor
    counts: Tensor


class Source:
    """One clip, ready to be cut."""

    def __init__(self, clip: CachedClip) -> None:
        self.clip = clip
        self.truth: Truth = truth_of(clip.notes, clip.times_s)
        self._levels = [levels(plate) for plate in clip.plates]
        start_s, end_s = clip.covered_s
        inside = (clip.times_s >= start_s + _EDGE_S) & (clip.times_s <= end_s - _EDGE_S)
        covered = np.flatnonzero(inside)
        self.first, self.last = (int(covered[0]), int(covered[-1])) if len(covered) else (0, 0)
        whites = [
            whites_below(pitch)
            for pitch, seen in zip(PITCHES, clip.seen, strict=True)
            if seen and not is_black(pitch)
        ]
        self._lowest, self._highest = (min(whites), max(whites)) if whites else (0, -1)

    @property
    def frames(self) -> int:
        """Frames a window may use."""
        return self.last - self.first

    def cut(self, frames: int, dice: Dice) -> Window:
        """A window at a random place and moment, changed at random."""
        gap = float(np.median(np.diff(self.clip.times_s)))
        step = 2 if 2 * gap <= _SLOWEST_GAP_S and happens(dice, 0.35) else 1
        frames = min(frames, (self.frames - 2) // step)
        begin = self.first + 1 + int(uniform(dice, 0, max(self.frames - 2 - frames * step, 0) + 0.999))
        picked = np.arange(begin - step, begin + (frames + 1) * step, step).clip(
            0, len(self.clip.times_s) - 1
        )
        low = max(self._lowest - 6, -MARGIN_WHITES)
        high = min(self._highest + 6, WHITE_COUNT) - WINDOW_WHITES + 1
        white = int(np.floor(uniform(dice, low, max(high, low) + 0.999)))
        pictures, plate = self._pictures(picked, white, dice)
        if happens(dice, 0.5):
            return self._window(pictures.flip(-1), plate.flip(-1), picked, white, dice, mirrored=True)
        return self._window(pictures, plate, picked, white, dice, mirrored=False)

    def _pictures(self, picked: np.ndarray, white: int, dice: Dice) -> tuple[Tensor, Tensor]:
        """Pictures ``(frames + 2, 64, 272)`` and plate ``(64, 272)`` in levels of the keyboard, changed."""
        left = (white + MARGIN_WHITES - 1) * WHITE_WIDTH_PX
        right = left + WINDOW_PX + 2 * WHITE_WIDTH_PX
        width = self.clip.pictures.shape[-1]
        at = np.arange(left, right).clip(0, width - 1)
        block = self.clip.plate_of[picked[len(picked) // 2]]
        raw = np.concatenate(
            [self.clip.pictures[p, None, :, at[0] : at[-1] + 1] for p in picked]
            + [self.clip.plates[block][None, :, at[0] : at[-1] + 1]]
        )[:, :, at - at[0]]
        black, white_level = self._levels[block][:, at]
        whole = torch.from_numpy((raw.astype(np.float32) - black) / (white_level - black))
        whole = augment.warped(whole, WINDOW_PX, dice)
        whole = augment.relit(augment.coarsened(whole, dice), dice)
        pictures, plate = augment.smeared(whole[:-1], dice), whole[-1]
        plate = augment.with_ghost(plate, pictures, dice)
        if happens(dice, 0.5):
            pictures = augment.with_overlays(pictures, dice)
        else:
            whole = augment.with_overlays(torch.cat([pictures, plate[None]]), dice)
            pictures, plate = whole[:-1], whole[-1]
        return augment.with_noise(pictures, dice), plate

    def _window(
        self, pictures: Tensor, plate: Tensor, picked: np.ndarray, white: int, dice: Dice, *, mirrored: bool
    ) -> Window:
        keys, _, _ = key_columns(white, WINDOW_WHITES)
        seen_as = white
        if mirrored:
            # The pattern of keys is its own mirror image about D: the window looks like another one.
            seen_as = (WHITES_PER_OCTAVE - white - WINDOW_WHITES) % WHITES_PER_OCTAVE + WHITES_PER_OCTAVE
        shown, columns, classes = key_columns(seen_as, WINDOW_WHITES)
        if mirrored:
            keys = keys.flip(0)
        if len(shown) != len(keys):  # at the keyboard's ends a window misses keys its image would have
            offset = _aligned(white, mirrored, seen_as, keys, shown)
            columns, classes = columns[offset : offset + len(keys)], classes[offset : offset + len(keys)]
        pace = uniform(dice, 0.87, 1.15)
        times = self.clip.times_s[picked] * pace
        gaps = torch.from_numpy(np.stack([times[1:-1] - times[:-2], times[2:] - times[1:-1]], 1)).float()
        rows, key = picked[1:-1, None], keys.numpy()[None]
        truth = self.truth
        return Window(
            stack=stacked(pictures, plate[None].expand(len(pictures) - 2, -1, -1)),
            columns=columns,
            classes=classes,
            gaps_s=gaps,
            down=torch.from_numpy(truth.down[rows, key]),
            to_onset_s=torch.from_numpy(truth.to_onset_s[rows, key]) * pace,
            to_offset_s=torch.from_numpy(truth.to_offset_s[rows, key]) * pace,
            velocity=torch.from_numpy(truth.velocity[rows, key]),
            counts=torch.from_numpy(self.clip.seen[keys.numpy()]),
        )


def _aligned(white: int, mirrored: bool, seen_as: int, keys: Tensor, shown: Tensor) -> int:
    """How many keys of the full pattern lie left of the first one that is really there."""
    first = key_middle(PITCHES[int(keys[0])]) - white
    if mirrored:
        first = WINDOW_WHITES - first
    return min(range(len(shown)), key=lambda i: abs(key_middle(PITCHES[int(shown[i])]) - seen_as - first))
