"""A piece known again by which pitch classes sound when: on any instrument, in any key, at another speed.

Chroma as in audio matching (Müller, Kurth & Clausen, ISMIR 2005: energies per pitch class, compressed,
smoothed, each moment brought to one length), made from sound or from notes alike: a note is taken for a
decaying tone with a third and a fifth harmonic. A query is laid against every place of every piece, turned by
all twelve transpositions and stretched to some speeds; the likeness is the mean cosine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from photoplayer.evaluate.identification.landmarks import RATE_HZ, Sound

FRAMES_PER_S = 3

CLASSES = 12

SPEEDS = tuple(float(2 ** (step / 8)) for step in range(-4, 5))
"""How much faster than the piece a query may be: 0.71 to 1.41, in steps of 9 %."""

SHORTEST_FRAMES = 4 * FRAMES_PER_S
"""Of a query; less is too little to tell pieces apart."""

_WINDOW = 4096
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 2_100.0
_A4_HZ, _A4 = 440.0, 69
_COMPRESSION = 100.0
_SMOOTH_FRAMES = 1.0
_DECAY_S = 1.2
_RELEASE_S = 0.15
_HARMONICS = ((0, 1.0), (7, 0.35), (4, 0.15))
"""Semitones above the class, and strength, of the first, third and fifth harmonic."""

Chroma = npt.NDArray[np.float32]
"""``(frames, 12)``, three a second, each row of length 1 (0 where it is silent)."""

_TURNS = np.fft.fft(np.eye(CLASSES)).astype(np.complex64)

Floats = npt.NDArray[np.float64]
Spectra = npt.NDArray[np.complex64]


def chroma_of_sound(sound: Sound) -> Chroma:
    """Of mono samples at 11,025 Hz."""
    from scipy import fft  # SciPy takes a while to load, and other commands do without

    hop = RATE_HZ // FRAMES_PER_S
    padded = np.pad(sound, (_WINDOW // 2, _WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[:: hop // 2]
    windows = windows[: 2 * -(-len(sound) // hop)]
    shape = np.hanning(_WINDOW).astype(np.float32)
    fold = _bins_to_classes()
    rows = [np.abs(fft.rfft(windows[i : i + 256] * shape)) @ fold for i in range(0, len(windows), 256)]
    energy = np.concatenate(rows) if rows else np.zeros((0, CLASSES))
    energy = energy[: len(energy) // 2 * 2].reshape(-1, 2, CLASSES).mean(axis=1)
    loudest = max(float(energy.max(initial=0.0)), 1e-9)
    return _finished(np.log1p(_COMPRESSION * energy / loudest))


def chroma_of_notes(onset_s: Floats, offset_s: Floats, pitch: npt.NDArray[np.int64]) -> Chroma:
    """Of notes, in seconds and MIDI pitches."""
    count = int(np.ceil(offset_s.max(initial=0.0) * FRAMES_PER_S)) + 1
    energy = np.zeros((count, CLASSES))
    for onset, offset, note in zip(onset_s.tolist(), offset_s.tolist(), pitch.tolist(), strict=True):
        first, last = int(onset * FRAMES_PER_S), int(np.ceil((offset + _RELEASE_S) * FRAMES_PER_S))
        age_s = np.arange(last - first) / FRAMES_PER_S
        heard = np.exp(-age_s / _DECAY_S)[: count - first]
        for above, strength in _HARMONICS:
            energy[first : first + len(heard), (note + above) % CLASSES] += strength * heard
    loudest = max(float(energy.max(initial=0.0)), 1e-9)
    return _finished(np.log1p(_COMPRESSION / 4 * energy / loudest))


def _bins_to_classes() -> Floats:
    """``(bins, 12)``: where the energy of a bin goes; bins between two classes are shared."""
    hz = np.arange(_WINDOW // 2 + 1) * RATE_HZ / _WINDOW
    used = (hz >= _LOWEST_HZ) & (hz <= _HIGHEST_HZ)
    pitch = _A4 + 12 * np.log2(np.maximum(hz, 1e-3) / _A4_HZ)
    off = (pitch[:, None] - np.arange(CLASSES) + 6) % 12 - 6
    return np.where(used[:, None], np.maximum(1 - np.abs(off), 0) ** 2, 0.0)


def _finished(energy: Floats) -> Chroma:
    from scipy import ndimage

    smooth = ndimage.gaussian_filter1d(energy, _SMOOTH_FRAMES, axis=0) if len(energy) else energy
    centred = smooth - smooth.mean(axis=1, keepdims=True)  # else all music is half alike
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-6, centred / np.maximum(length, 1e-6), 0.0), np.float32)


@dataclass(frozen=True, eq=False)
class ChromaIndex:
    """The chroma of all pieces, one after another: piece ``i`` is ``frames[starts[i] : starts[i + 1]]``."""

    frames: Chroma
    starts: npt.NDArray[np.int64]
    _kept: dict[int, Spectra] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, pieces: list[Chroma]) -> ChromaIndex:
        """An index of pieces in order."""
        starts = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype(np.int64)
        return cls(np.concatenate([np.zeros((0, CLASSES), np.float32), *pieces]), starts)

    def search(self, query: Chroma) -> dict[int, tuple[float, float, int, float]]:
        """For every piece as long as the query: likeness, begin in seconds, semitones, speed."""
        best: dict[int, tuple[float, float, int, float]] = {}
        size = _block_frames(round(len(query) * SPEEDS[-1]))
        for speed in SPEEDS:
            stretched = _stretched(query, speed)
            if len(stretched) < SHORTEST_FRAMES:
                continue
            likeness = self._likeness(stretched, size)
            for number, (value, at, turn) in enumerate(self._highest(likeness, len(stretched))):
                if value > best.get(number, (0.0,))[0]:
                    transposed = (turn + 5) % CLASSES - 5
                    best[number] = (value, at / FRAMES_PER_S, transposed, speed)
        return best

    def _likeness(self, query: Chroma, size: int) -> Chroma:
        """``(12, places)``: of the query, turned down by so many semitones, at every place of all pieces."""
        from scipy import fft

        asked = _TURNS @ fft.rfft(query.T, size, axis=1).conj()
        # Turning shifts along the classes: one product in the Fourier domain of both axes does all twelve.
        product = self._across(size) * asked[:, None]
        turned = (_TURNS.conj() @ product.reshape(CLASSES, -1)).reshape(product.shape)
        found = fft.irfft(turned, size, axis=2)[:, :, : _hop(size)].reshape(CLASSES, -1)
        return np.asarray(found[:, : len(self.frames)] / (CLASSES * len(query)), np.float32)

    def _across(self, size: int) -> Spectra:
        """``(12, blocks, bins)``: all frames in blocks that overlap by at least a query's length; kept for
        the next query."""
        from scipy import fft

        if size not in self._kept:
            hop = _hop(size)
            count = -(-len(self.frames) // hop)
            padded = np.zeros((CLASSES, count * hop + size), np.float32)
            padded[:, : len(self.frames)] = self.frames.T
            blocks = fft.rfft(
                np.lib.stride_tricks.sliding_window_view(padded, size, axis=1)[:, ::hop][:, :count]
            )
            self._kept.clear()
            self._kept[size] = (_TURNS.conj() @ blocks.reshape(CLASSES, -1)).reshape(blocks.shape)
        return self._kept[size]

    def _highest(self, likeness: Chroma, length: int) -> list[tuple[float, int, int]]:
        """For every piece: its highest likeness, at which frame, by which turn; 0 for too short a piece."""
        found = []
        for first, last in zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True):
            inside = likeness[:, first : last - length + 1]
            if last - first < length:
                found.append((0.0, 0, 0))
                continue
            turn, at = np.unravel_index(int(inside.argmax()), inside.shape)
            found.append((float(inside[turn, at]), int(at), int(turn)))
        return found


def _block_frames(longest: int) -> int:
    """A power of two, of which a query fills a quarter at most."""
    return 1 << max((4 * longest - 1).bit_length(), 9)


def _hop(size: int) -> int:
    return size * 3 // 4


def _stretched(query: Chroma, speed: float) -> Chroma:
    """A query that is ``speed`` times as fast as the piece, at the piece's own speed."""
    places = np.arange(round(len(query) * speed)) / speed
    whole = np.minimum(places.astype(int), len(query) - 1)
    after = np.minimum(whole + 1, len(query) - 1)
    share = (places - whole)[:, None].astype(np.float32)
    return np.asarray((1 - share) * query[whole] + share * query[after], np.float32)
