"""A piano video drawn here: keys change their grey while they are held. No hands, no light, no doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw

from photoplayer.piano.keyboard import Keyboard, homography_between
from photoplayer.piano.layout import LOWEST_PITCH, PITCHES, WHITE_COUNT, is_black, key_edges
from photoplayer.piano.roll import HeardNote, Roll
from photoplayer.piano.strip import (
    MARGIN_WHITES,
    STRIP_BOTTOM,
    STRIP_HEIGHT,
    STRIP_TOP,
    WHITE_WIDTH_PX,
    Strip,
)

SIZE = (704, 240)
CORNERS = np.array([(38.0, 90.0), (665.0, 90.0), (665.0, 180.0), (38.0, 180.0)])
TUNE = tuple(
    HeardNote(0.6 + 0.5 * i, 0.9 + 0.5 * i, pitch, 80)
    for i, pitch in enumerate((60, 62, 64, 65, 67, 66, 48, 60))
)
"""A note every half second, each held for 0.3 s."""

_WHITE, _BLACK, _HELD_SHIFT = 225, 25, 70


def keyboard(size: tuple[int, int] = SIZE, corners: np.ndarray = CORNERS) -> Keyboard:
    """The keyboard as it is drawn."""
    plane = np.array([(0.0, 0.0), (WHITE_COUNT, 0.0), (WHITE_COUNT, 1.0), (0.0, 1.0)])
    return Keyboard(homography=homography_between(plane, corners), size=size, confidence=0.97)


def draw_piano(
    path: Path,
    notes: Sequence[HeardNote] = TUNE,
    *,
    seconds: float = 5.0,
    fps: int = 25,
    where: Keyboard | None = None,
    hidden: tuple[float, float] = (0.0, 0.0),
    turned: bool = False,
) -> Path:
    """Film the keys as ``notes`` press them; between the times of ``hidden`` the picture shows none.
    ``turned``: with the camera on its side, as phones are held, and a note in the file to turn it back.
    """
    where = where or keyboard()
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "crf": "20"})
        stream.width, stream.height = where.size[::-1] if turned else where.size
        if turned:
            stream.set_display_rotation(90)
        stream.pix_fmt = "yuv420p"
        for i in range(round(seconds * fps)):
            time_s = i / fps
            held = {n.pitch for n in notes if n.onset_s <= time_s < n.offset_s}
            picture = picture_of(where, held)
            if hidden[0] <= time_s < hidden[1]:
                picture = np.full_like(picture, 90)
            if turned:
                picture = np.ascontiguousarray(np.rot90(picture, -1))
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def picture_of(where: Keyboard, held: Iterable[int] = ()) -> np.ndarray:
    """``(height, width, 3)``: the keyboard on brown wood."""
    picture = Image.new("RGB", where.size, (90, 60, 40))
    pen = ImageDraw.Draw(picture)
    for pitch, outline in zip(PITCHES, where.polygons, strict=True):
        grey = (
            _BLACK + _HELD_SHIFT * (pitch in held)
            if is_black(pitch)
            else _WHITE - _HELD_SHIFT * (pitch in held)
        )
        pen.polygon([tuple(point) for point in outline], fill=(grey,) * 3, outline=(60,) * 3)
    return np.asarray(picture)


class ReadsGrey:
    """Stands in for a network: a key is down where it differs from the clean plate."""

    def read(self, strips: Iterable[Strip]) -> Iterator[Roll]:
        for strip in strips:
            change = np.abs(strip.pictures.astype(np.float32) - strip.plate)
            down = np.stack([change[:, rows, columns].mean(axis=(1, 2)) for rows, columns in _TOPS], axis=1)
            yield Roll(
                times_s=strip.times_s,
                down=np.clip(down / _HELD_SHIFT, 0, 1).astype(np.float32),
                seen=strip.seen,
                continues=strip.continues,
            )


def _top(pitch: int) -> tuple[slice, slice]:
    """Rows and columns of the strip that show nothing but this key."""
    left, right = key_edges(pitch)
    near = (0.2, 0.5) if is_black(pitch) else (0.75, 0.95)
    rows = [round((y - STRIP_TOP) / (STRIP_BOTTOM - STRIP_TOP) * STRIP_HEIGHT) for y in near]
    columns = [round((x + MARGIN_WHITES) * WHITE_WIDTH_PX) for x in (left + 0.2, right - 0.2)]
    return slice(*rows), slice(*columns)


_TOPS = [_top(LOWEST_PITCH + i) for i in range(len(PITCHES))]
