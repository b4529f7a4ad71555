"""The clip's own sound, laid along the picture's clock."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import av.audio.frame
import av.error
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from photoplayer.video.probe import probe
from photoplayer.video.source import only, opened, until_broken

log = logging.getLogger(__name__)

Samples = npt.NDArray[np.float32]
"""``(2, samples)``: left and right in -1..1."""

RATE_HZ = 44_100

_GAP_S = Fraction(1, 20)
"""A jump of the sound's clock from which on it is a gap; less is rounding in the container."""


def read_sound(path: Path, *, rate_hz: int = RATE_HZ) -> Iterator[Samples]:
    """The sound of a video as stereo blocks ``(2, n)`` float32, sample 0 at the first picture.

    Sound before the first picture is cut, a late start and gaps are filled with silence, and it ends with
    the picture at the latest. Nothing comes if there is no sound. Raises :class:`InputError` at once if
    the file is no readable video.
    """
    info = probe(path)
    if not info.has_audio:
        return iter(())
    return _placed(path, rate_hz, start=Fraction(info.start_s), length=round(info.duration_s * rate_hz))


def _placed(path: Path, rate_hz: int, *, start: Fraction, length: int) -> Iterator[Samples]:
    """Blocks without gap or overlap, ``length`` samples at most, silence where there is no sound."""
    written = 0
    for position, block in _positioned(path, rate_hz, start):
        while written < min(position, length):
            silence = min(position - written, length - written, rate_hz)
            yield np.zeros((2, silence), np.float32)
            written += silence
        block = block[:, written - position : length - position]
        if block.shape[1]:
            yield block
            written += block.shape[1]
        if written >= length:
            return


def _positioned(path: Path, rate_hz: int, start: Fraction) -> Iterator[tuple[int, Samples]]:
    """Stereo blocks at ``rate_hz``, each with the sample it begins at, by the picture's clock."""
    position = 0
    expected = Fraction(0)
    form: tuple[str, str, int] | None = None
    resampler = _Stereo(rate_hz)
    for frame in _decoded(path):
        time = (
            expected if frame.pts is None or frame.time_base is None else frame.pts * frame.time_base - start
        )
        its_form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != its_form or abs(time - expected) > _GAP_S:
            for block in resampler.rest():
                yield position, block
                position += block.shape[1]
            form, expected, position = its_form, time, round(time * rate_hz)
        expected += Fraction(frame.samples, frame.sample_rate)
        for block in resampler.convert(frame):
            yield position, block
            position += block.shape[1]
    for block in resampler.rest():
        yield position, block
        position += block.shape[1]


class _Stereo:
    """Any sound to stereo float32 at one rate; mono goes to both sides at full level."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._resampler: AudioResampler | None = None

    def convert(self, frame: av.audio.frame.AudioFrame) -> list[Samples]:
        if self._resampler is None:
            layout = "mono" if frame.layout.nb_channels == 1 else "stereo"
            self._resampler = AudioResampler(format="fltp", layout=layout, rate=self._rate_hz)
        frame.pts = None
        return self._arrays(frame)

    def rest(self) -> list[Samples]:
        """What the filter still holds; the next frame starts anew."""
        blocks = self._arrays(None) if self._resampler is not None else []
        self._resampler = None
        return blocks

    def _arrays(self, frame: av.audio.frame.AudioFrame | None) -> list[Samples]:
        assert self._resampler is not None
        arrays = [cast(Samples, out.to_ndarray()) for out in self._resampler.resample(frame)]
        return [np.repeat(a, 2, axis=0) if a.shape[0] == 1 else a for a in arrays]


def _decoded(path: Path) -> Iterator[av.audio.frame.AudioFrame]:
    damaged = 0
    with opened(path) as container:
        stream = next(s for s in container.streams.audio if s.codec_context is not None)
        only(container, stream)
        for packet in until_broken(container.demux(stream), path):
            try:
                yield from packet.decode()
            except av.error.FFmpegError:
                damaged += 1
    if damaged:
        log.warning("%s: %d damaged packets of sound were left out", path, damaged)
