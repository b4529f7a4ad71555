"""A picture with the keys found drawn in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from photoplayer.piano.find.stills import Picture
from photoplayer.piano.keyboard import Keyboard
from photoplayer.piano.layout import PITCHES, is_black

_WHITE_RGB, _BLACK_RGB, _TEXT_RGB = (60, 220, 90), (255, 70, 60), (255, 230, 80)
_MARGIN_PX = 8


def annotated(picture: Picture, keyboard: Keyboard | None, said: str) -> npt.NDArray[np.uint8]:
    """A grey picture ``(h, w)`` as ``(h, w, 3)`` uint8 RGB with the instrument's keys outlined, white ones
    green and black ones red, and what was ``said`` of it at the top."""
    image = Image.fromarray(np.repeat(picture[:, :, None], 3, axis=2))
    pen = ImageDraw.Draw(image)
    if keyboard is not None:
        for pitch, outline in zip(PITCHES, keyboard.polygons, strict=True):
            if (
                keyboard.first_pitch <= pitch <= keyboard.last_pitch
                and keyboard.visible[PITCHES.index(pitch)]
            ):
                closed = [tuple(point) for point in np.vstack([outline, outline[:1]]).tolist()]
                pen.line(closed, fill=_BLACK_RGB if is_black(pitch) else _WHITE_RGB, width=1)
    pen.text((_MARGIN_PX, _MARGIN_PX), said, fill=_TEXT_RGB)
    return np.array(image)
