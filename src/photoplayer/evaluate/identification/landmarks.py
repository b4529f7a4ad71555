"""A recording known again by pairs of peaks in its spectrogram.

Wang, "An industrial-strength audio search algorithm" (ISMIR 2003): peaks stand out through noise and bad
loudspeakers; two of them and the time between are a landmark; the piece in which most landmarks of a query
lie at one and the same distance in time is the one. Another performance, another instrument or another tempo
is another recording: this hears none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.evaluate.identification.lookup import matches

RATE_HZ = 11_025
"""Of what is listened to; mono."""

WINDOW, HOP = 1024, 256
"""Samples: 93 ms, every 23 ms."""

AROUND_BINS, AROUND_FRAMES = 12, 8
"""A peak is the highest within so many bins (130 Hz) and frames (190 ms) on either side."""

FAN_OUT = 6
"""Pairs that begin with one peak at most."""

REACH_FRAMES, REACH_BINS = 63, 31
"""The second peak of a pair is at most so far from the first."""

_QUIETEST = 1e-4
_SAME_FRAMES = 2
"""Distances of landmarks are counted in bins of so many frames."""

Sound = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Landmarks:
    """``key (n,)`` (both frequencies and the frames between) and the ``frame (n,)`` each begins at."""

    key: npt.NDArray[np.uint32]
    frame: npt.NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.key)


def landmarks_of(sound: Sound) -> Landmarks:
    """The landmarks of mono samples at ``RATE_HZ``; none for less than a window."""
    frames, bins = _peaks(_spectrogram(sound))
    keys, begins = [], []
    for ahead in range(1, len(frames)):
        later, other = frames[ahead:], bins[ahead:]
        wait, step = later - frames[:-ahead], other - bins[:-ahead]
        near = (wait >= 1) & (wait <= REACH_FRAMES) & (np.abs(step) <= REACH_BINS)
        if not (wait <= REACH_FRAMES).any():
            break
        keys.append(_key(bins[:-ahead][near], step[near], wait[near]))
        begins.append(frames[:-ahead][near])
    if not keys:
        return Landmarks(np.zeros(0, np.uint32), np.zeros(0, np.uint32))
    key, begin = np.concatenate(keys), np.concatenate(begins)
    kept = _first_few(begin * WINDOW + (key >> 12), FAN_OUT)
    return Landmarks(key[kept].astype(np.uint32), begin[kept].astype(np.uint32))


def _key(low: Ints, step: Ints, wait: Ints) -> Ints:
    return (low << 12) | ((step + REACH_BINS) << 6) | wait


def _first_few(owner: Ints, most: int) -> npt.NDArray[np.bool_]:
    """Which of some rows are among the first ``most`` of their owner."""
    order = np.argsort(owner, kind="stable")
    ordered = owner[order]
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    rank = np.arange(len(owner)) - np.maximum.accumulate(np.where(begins, np.arange(len(owner)), 0))
    kept = np.zeros(len(owner), bool)
    kept[order] = rank < most
    return kept


def _spectrogram(sound: Sound) -> Sound:
    """``(frames, WINDOW / 2)`` log magnitudes."""
    from scipy import fft  # SciPy takes a while to load, and other commands do without

    if len(sound) < WINDOW:
        return np.zeros((0, WINDOW // 2), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]
    shape = np.hanning(WINDOW).astype(np.float32)
    blocks = [np.abs(fft.rfft(windows[i : i + 512] * shape))[:, :-1] for i in range(0, len(windows), 512)]
    return np.asarray(np.log(np.maximum(np.concatenate(blocks), _QUIETEST * WINDOW)), np.float32)


def _peaks(spectrogram: Sound) -> tuple[Ints, Ints]:
    """Frame and bin of every peak, in order of time."""
    from scipy import ndimage

    if not len(spectrogram):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    size = (2 * AROUND_FRAMES + 1, 2 * AROUND_BINS + 1)
    highest = ndimage.maximum_filter(spectrogram, size=size)
    floor = np.maximum(np.log(_QUIETEST * WINDOW) + 1e-3, spectrogram.mean())
    frames, bins = np.nonzero((spectrogram == highest) & (spectrogram > floor))
    return frames.astype(np.int64), bins.astype(np.int64)


@dataclass(frozen=True, eq=False)
class LandmarkIndex:
    """Landmarks of all pieces in order of key; ``piece (n,)`` is the piece each belongs to."""

    landmarks: Landmarks
    piece: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, pieces: list[tuple[int, Landmarks]]) -> LandmarkIndex:
        """An index of numbered pieces."""
        nothing = np.zeros(0, np.uint32)
        key = np.concatenate([nothing, *(marks.key for _, marks in pieces)])
        frame = np.concatenate([nothing, *(marks.frame for _, marks in pieces)])
        counts = [len(marks) for _, marks in pieces]
        owner = np.repeat(np.array([number for number, _ in pieces], np.uint32), counts)
        order = np.argsort(key, kind="stable")
        return cls(Landmarks(key[order], frame[order]), owner[order])

    def search(self, query: Landmarks) -> dict[int, tuple[float, float]]:
        """For every piece that shares landmarks: the share of the query's that agree, and where it begins
        in seconds."""
        asked, found = matches(self.landmarks.key, query.key)
        offset = self.landmarks.frame[found].astype(np.int64) - query.frame[asked].astype(np.int64)
        places, votes = np.unique(
            np.stack([self.piece[found].astype(np.int64), offset // _SAME_FRAMES]),
            axis=1,
            return_counts=True,
        )
        best: dict[int, tuple[float, float]] = {}
        for index in np.argsort(votes, kind="stable").tolist():
            number, at = places[:, index].tolist()
            begin_s = max(at * _SAME_FRAMES, 0) * HOP / RATE_HZ
            best[number] = (min(votes[index] / max(len(query), 1), 1.0), begin_s)
        return best
