"""The sound of an audio or video file as one channel, for listening rather than for playing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from photoplayer.errors import InputError
from photoplayer.video.source import SOUND_DEMUXERS, opened, until_broken

LONGEST_S = 4 * 3600


def read_mono(path: Path, *, rate_hz: int) -> npt.NDArray[np.float32]:
    """``(n,)`` samples in -1..1 at ``rate_hz``, all channels mixed; at most four hours are read.

    Raises :class:`InputError` where the file cannot be read or has no sound.
    """
    blocks, total = [np.zeros(0, np.float32)], 0
    for block in _blocks(path, rate_hz):
        blocks.append(block)
        total += len(block)
        if total > LONGEST_S * rate_hz:
            break
    if not total:
        raise InputError(f"{path} has no sound that can be read; give an audio file, or a MIDI file")
    return np.concatenate(blocks)[: LONGEST_S * rate_hz]


def _blocks(path: Path, rate_hz: int) -> Iterator[npt.NDArray[np.float32]]:
    resampler = AudioResampler(format="flt", layout="mono", rate=rate_hz)
    with opened(path, demuxers=SOUND_DEMUXERS) as container:
        if not container.streams.audio:
            return
        for frame in until_broken(container.decode(container.streams.audio[0]), path):
            yield from (_samples(made) for made in resampler.resample(frame))
        yield from (_samples(made) for made in resampler.resample(None))


def _samples(frame: av.AudioFrame) -> npt.NDArray[np.float32]:
    samples: npt.NDArray[np.float32] = frame.to_ndarray()[0]
    return samples
