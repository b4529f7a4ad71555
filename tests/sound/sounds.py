"""Small scores written by hand, and ways to look at sound."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from scipy.fft import next_fast_len

from photoplayer.music.score import Note, Part, Score

Floats = npt.NDArray[np.floating]


def part(*notes: Note, name: str = "part", program: int = 0, **how: object) -> Part:
    return Part(name, program, tuple(notes), **{"layer": name, "reverb": 0.0, **how})  # type: ignore[arg-type]


def one_note(
    *, program: int = 73, pitch: int = 69, velocity: int = 90, at: float = 0.0, **how: object
) -> Score:
    """A single note of four quarters (2 s) in a bar and a half."""
    return Score((part(Note(at, at + 4, pitch, velocity), program=program, **how),), end=at + 4)


def band(bars: int = 2) -> Score:
    """Piano, bass and drums in a hall, at 120 quarters a minute, 4/4."""
    quarters = range(4 * bars)
    chords = tuple(Note(4.0 * b, 4.0 * b + 4, p + b % 2, 80) for b in range(bars) for p in (60, 64, 67))
    bass = tuple(Note(float(q), q + 0.9, 36 + q % 5, 100) for q in quarters)
    drums = tuple(Note(q / 2, q / 2 + 0.4, (36, 42, 38, 42)[q % 4], 110) for q in range(8 * bars))
    return Score(
        (
            part(*chords, name="piano", reverb=0.5, pan=-0.4),
            part(*bass, name="bass", program=33, reverb=0.1),
            part(*drums, name="drums", is_drum=True, reverb=0.3, pan=0.2),
        ),
        end=4.0 * bars,
    )


def joined(blocks: object) -> Floats:
    return np.concatenate([np.zeros((2, 0), np.float32), *blocks], axis=1)  # type: ignore[misc]


def rms_db(samples: Floats) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-30))


def exact_true_peak_db(samples: Floats, *, oversampling: int = 8) -> float:
    """Peak of the band-limited curve through all samples, by one Fourier transform of the whole."""
    size = next_fast_len(samples.shape[1] + 2000)
    peaks = [
        np.abs(np.fft.irfft(np.fft.rfft(channel, size), oversampling * size) * oversampling).max()
        for channel in samples
    ]
    return float(20 * np.log10(max(peaks)))


def read_audio(path: Path) -> tuple[Floats, int]:
    """``(2, n)`` float samples of an audio file and its rate."""
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=rate)
        frames = [f for frame in container.decode(audio=0) for f in resampler.resample(frame)]
    return np.concatenate([f.to_ndarray() for f in frames], axis=1), rate
