"""The video with its keys lit up as they were heard: the quickest way to see what is right and what not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image as Drawing
from PIL import ImageDraw

from photoplayer.piano.keyboard import Keyboard, Shot
from photoplayer.piano.layout import LOWEST_PITCH, Points
from photoplayer.piano.roll import HeardNote
from photoplayer.video.frames import Image

COLOURS: dict[str | None, tuple[int, int, int]] = {
    "left": (66, 156, 255),
    "right": (255, 146, 40),
    None: (64, 220, 120),
}
"""RGB of a lit key, by hand."""

_FLASH_S = 0.1
"""A press is brighter at first, so that a repeated note is seen as two."""
_FAINT, _BY_CONFIDENCE, _FLASH = 0.3, 0.3, 0.3
"""Opacity: of a key nobody is sure of, what full confidence adds, and what the press adds."""
_FINER = 4
"""Masks are drawn that much larger and reduced, for smooth edges."""


@dataclass(frozen=True, eq=False)
class _Mask:
    """Which pixels a key has in the picture: ``share`` ``(h, w, 1)`` 0..1 within the rectangle."""

    rows: slice
    columns: slice
    share: npt.NDArray[np.float32]


class Overlay:
    """Paints pictures in order of time; each key of ``notes`` is lit while it is held."""

    def __init__(self, shots: Sequence[Shot], notes: Sequence[HeardNote]) -> None:
        self._shots = shots
        self._notes = sorted(notes)
        self._next = 0
        self._held: list[HeardNote] = []
        self._masks: dict[int, _Mask | None] = {}
        self._shot: Shot | None = None

    def paint(self, image: Image, time_s: float) -> Image:
        """A picture ``(height, width, 3)`` of that moment with its keys lit."""
        shot = next((s for s in self._shots if s.start_s <= time_s < s.end_s), None)
        if shot is not self._shot:
            self._shot, self._masks = shot, {}
        self._advance(time_s)
        if shot is None or shot.keyboard is None or not self._held:
            return image
        lit = image.copy()
        for note in self._held:
            if mask := self._mask(shot.keyboard, note.pitch, lit):
                _blend(lit, mask, COLOURS[note.hand], _opacity(note, time_s))
        return lit

    def _advance(self, time_s: float) -> None:
        while self._next < len(self._notes) and self._notes[self._next].onset_s <= time_s:
            self._held.append(self._notes[self._next])
            self._next += 1
        self._held = [note for note in self._held if note.offset_s > time_s]

    def _mask(self, keyboard: Keyboard, pitch: int, image: Image) -> _Mask | None:
        if pitch not in self._masks:
            scale = np.array([image.shape[1], image.shape[0]]) / keyboard.size
            # Whole numbers are pixel centres, on both scales.
            outline = (keyboard.polygons[pitch - LOWEST_PITCH] + 0.5) * scale - 0.5
            self._masks[pitch] = _drawn(outline, image.shape[1], image.shape[0])
        return self._masks[pitch]


def _opacity(note: HeardNote, time_s: float) -> float:
    fresh = max(1 - (time_s - note.onset_s) / _FLASH_S, 0.0)
    return _FAINT + _BY_CONFIDENCE * note.confidence + _FLASH * fresh


def _blend(image: Image, mask: _Mask, colour: tuple[int, int, int], opacity: float) -> None:
    place = image[mask.rows, mask.columns].astype(np.float32)
    place += opacity * mask.share * (np.array(colour, dtype=np.float32) - place)
    image[mask.rows, mask.columns] = (place + 0.5).astype(np.uint8)


def _drawn(outline: Points, width: int, height: int) -> _Mask | None:
    """A polygon's mask; None where the picture shows nothing of it."""
    left, top = np.clip(np.floor(outline.min(axis=0)), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(outline.max(axis=0)) + 1, 0, (width, height)).astype(int)
    if right <= left or bottom <= top:
        return None
    size = (int(right - left), int(bottom - top))
    fine = Drawing.new("L", (size[0] * _FINER, size[1] * _FINER))
    corners = [(float(x), float(y)) for x, y in (outline - (left, top) + 0.5) * _FINER - 0.5]
    ImageDraw.Draw(fine).polygon(corners, fill=255)
    share = np.asarray(fine.resize(size, Drawing.Resampling.BOX), dtype=np.float32) / np.float32(255)
    return _Mask(slice(int(top), int(bottom)), slice(int(left), int(right)), share[..., None])
