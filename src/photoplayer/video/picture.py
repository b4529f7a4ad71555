"""Decoded pictures to upright RGB arrays of one size, the same bytes on every machine."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import av.video.format
import av.video.frame
import numpy as np
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

from photoplayer.video.orientation import Image, Orientation

_SWS_FULL_CHR_H_INT, _SWS_ACCURATE_RND, _SWS_BITEXACT = 1 << 13, 1 << 18, 1 << 19
_EXACT = _SWS_FULL_CHR_H_INT | _SWS_ACCURATE_RND | _SWS_BITEXACT
"""From libswscale/swscale.h; PyAV before 18 takes these flags but does not name them."""

_HD_HEIGHT = 720
"""From here on an untagged picture is taken to be BT.709, below BT.601, as players do."""

_UNSPECIFIED = 2
_KNOWN_COLORSPACES = {0, 1, 4, 5, 6, 7, 9, 10}
"""AVColorSpace values swscale converts: RGB, 709, FCC, 470BG, 170M, 240M, 2020 NCL and CL."""


class Painter:
    """Turns frames of one video into RGB arrays; ``size`` is (width, height) upright."""

    def __init__(self, size: tuple[int, int], orientation: Orientation) -> None:
        self._orientation = orientation
        self._width, self._height = size[::-1] if orientation.swaps_sides else size
        self._reformatter = VideoReformatter()

    def paint(self, frame: av.video.frame.VideoFrame) -> Image:
        """Scale and convert in one go, composite on black, turn upright."""
        shrinks = self._width * self._height < frame.width * frame.height
        alpha = has_alpha(frame.format.name)
        _settle_colorspace(frame)
        converted = self._reformatter.reformat(
            frame,
            width=self._width,
            height=self._height,
            format="rgba" if alpha else "rgb24",
            interpolation=int(Interpolation.AREA if shrinks else Interpolation.BICUBIC) | _EXACT,
            threads=1,
        )
        image = cast(Image, converted.to_ndarray())
        return self._orientation.upright(_on_black(image) if alpha else image)


@lru_cache(maxsize=64)
def has_alpha(pixel_format: str) -> bool:
    """Whether a pixel format carries transparency."""
    form = av.video.format.VideoFormat(pixel_format)
    return form.has_palette or any(component.is_alpha for component in form.components)


def _settle_colorspace(frame: av.video.frame.VideoFrame) -> None:
    if frame.format.is_rgb or frame.format.has_palette:
        return
    if frame.colorspace == _UNSPECIFIED or frame.colorspace not in _KNOWN_COLORSPACES:
        frame.colorspace = Colorspace.ITU709 if frame.height >= _HD_HEIGHT else Colorspace.ITU601


def _on_black(image: Image) -> Image:
    alpha = image[..., 3:].astype(np.uint16)
    return ((image[..., :3] * alpha + 127) // 255).astype(np.uint8)
