"""Whether a picture still shows a keyboard where it was found: asked of each key, hands allowed for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from photoplayer.piano.find.marks import SIDEWAYS, Marks, measured
from photoplayer.piano.find.stills import Picture, shrunk, still_of
from photoplayer.piano.find.unroll import unrolled
from photoplayer.piano.keyboard import Keyboard
from photoplayer.piano.layout import PITCHES, is_black, key_middle, whites_below

FITS = 0.5
"""Share of the keyboard's marks that must be where they were, for a picture to be of this view."""

_PER_WHITE, _ROWS = 8, 44
_REACH, _ALONG = 0.4, 0.06
_MOVED = (0.09, 0.02)
"""A mark this far from where it was (white-key widths sideways, key lengths lengthways) has moved."""
_CLEAR, _STILL_CLEAR = 0.15, 0.4
"""Marks clear enough to be asked; and which part of its clearness one must keep."""


@dataclass(frozen=True, eq=False)
class View:
    """A camera position with its ``keyboard``, known again by ``marks`` seen in its still picture."""

    keyboard: Keyboard
    factor: int
    span: tuple[int, int]
    marks: Marks

    def share(self, picture: Picture) -> float:
        """0..1: how many of the marks a picture ``(h, w)`` shows where they were.

        A picture of another place may show a quarter by chance.
        """
        now = _look(picture, self.keyboard, self.factor, self.span)
        asked = self.marks.weight > _CLEAR
        limit = np.where(self.marks.of(*SIDEWAYS), *_MOVED)
        stays = (now.weight > _STILL_CLEAR * self.marks.weight) & (np.abs(now.off - self.marks.off) < limit)
        say = self.marks.weight * asked
        return float((say * stays).sum() / max(float(say.sum()), 1e-9))


def view_of(keyboard: Keyboard, pictures: Sequence[Picture]) -> View:
    """The view of a keyboard found in some pictures."""
    still = still_of(pictures)
    shown = np.nonzero(keyboard.visible)[0]
    span = PITCHES[shown[0]], PITCHES[shown[-1]]
    factor = max(1, round(_white_px(keyboard) / (2 * _PER_WHITE)))
    return View(keyboard, factor, span, _look(still, keyboard, factor, span))


def _look(picture: Picture, keyboard: Keyboard, factor: int, span: tuple[int, int]) -> Marks:
    blacks = [pitch for pitch in range(span[0], span[1] + 1) if is_black(pitch)]
    gaps = list(range(whites_below(blacks[0]), whites_below(blacks[-1]) + 1))
    smaller = np.diag([1 / factor, 1 / factor, 1.0]) @ keyboard.homography
    strip = unrolled(
        shrunk(picture, factor),
        smaller,
        gaps[0] - 2,
        gaps[-1] + 2,
        bulge=keyboard.bulge,
        per_white=_PER_WHITE,
        rows=_ROWS,
    )
    return measured(strip, blacks=blacks, gaps=gaps, ends=(None, None), reach=_REACH, along=_ALONG)


def _white_px(keyboard: Keyboard) -> float:
    left, right = key_middle(keyboard.first_pitch), key_middle(keyboard.last_pitch)
    ends = keyboard.to_picture(np.array([(left, 0.5), (right, 0.5)]))
    return float(np.hypot(*(ends[1] - ends[0]))) / (right - left)
