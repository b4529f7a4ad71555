"""What is played: excerpts of real performances, and exercises full of what is rare in them.

The corpus is a folder of solo piano MIDI files whose names begin with the composer. Composers are split, so
that no piece's hands are trained on and measured on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError
from photoplayer.music.midi_read import read_midi
from photoplayer.piano.layout import PITCHES_PER_OCTAVE, is_black
from photoplayer.train.data.piano_renderer.notes import KeyPress

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")

HELD_OUT: dict[str, Split] = {
    "Handel": "validation",
    "Haydn": "validation",
    "Ravel": "validation",
    "Scriabin": "validation",
    "Brahms": "test",
    "Scarlatti": "test",
    "Schumann": "test",
}
"""Composers that are not trained on."""


def pieces(folder: Path, split: Split) -> list[Path]:
    """The corpus' files of one split, by name. Raises :class:`InputError` where there are none."""
    found = [p for p in sorted(folder.glob("*.mid")) if composer_split(p) == split]
    if not found:
        raise InputError(
            f"{folder} holds no piano MIDI for the split {split}; give another folder with --midi."
        )
    return found


def composer_split(path: Path) -> Split:
    """By the composer, the first word of the file's name."""
    composer = path.stem.replace(",", "_").split("_")[0].strip()
    return HELD_OUT.get(composer, "train")


@lru_cache(maxsize=4)
def _read(path: Path) -> tuple[KeyPress, ...]:
    score = read_midi(path)
    tempo = score.tempo_map
    return tuple(
        sorted(
            KeyPress(tempo.seconds(n.onset), tempo.seconds(n.offset), n.pitch, n.velocity)
            for part in score.parts
            for n in part.notes
        )
    )


def performance(path: Path) -> npt.NDArray[np.float64]:
    """``(n, 4)``: onset_s, offset_s, pitch and velocity of a file's notes in order of onset."""
    rows = [(p.onset_s, p.offset_s, p.pitch, p.velocity) for p in _read(path)]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def excerpt(path: Path, *, duration_s: float, dice: np.random.Generator) -> list[KeyPress]:
    """A stretch of a performance with at least one note a second where there is one."""
    presses = _read(path)
    onsets = np.array([p.onset_s for p in presses])
    best: list[KeyPress] = []
    for _ in range(6):
        start = float(dice.choice(onsets)) - float(dice.uniform(0, 1.5))
        inside = list(presses[np.searchsorted(onsets, start) : np.searchsorted(onsets, start + duration_s)])
        if len(inside) > len(best):
            best = inside
        if len(best) > duration_s:
            break
    base = (
        float(onsets[np.searchsorted(onsets, best[0].onset_s)]) - float(dice.uniform(0.1, 1.5))
        if best
        else 0.0
    )
    return _shift(best, -base, duration_s)


def _shift(presses: list[KeyPress], by: float, duration_s: float) -> list[KeyPress]:
    moved = [KeyPress(p.onset_s + by, p.offset_s + by, p.pitch, p.velocity) for p in presses]
    return [p for p in moved if 0.05 < p.onset_s < duration_s - 0.1]


Exercise = Callable[[np.random.Generator, float, tuple[int, int]], list[KeyPress]]
_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11)


def _velocities(dice: np.random.Generator, count: int) -> list[int]:
    """A level, a swell and a little chance."""
    level, swell = dice.uniform(30, 105), dice.uniform(-30, 30)
    line = (
        level
        + swell * np.sin(np.linspace(0, dice.uniform(1, 8), max(count, 1)))
        + dice.normal(0, 6, max(count, 1))
    )
    return [int(v) for v in np.clip(line, 12, 126)]


def _line(
    pitches: list[int], dice: np.random.Generator, step_s: float, held: float, start_s: float, end_s: float
) -> list[KeyPress]:
    speeds = _velocities(dice, len(pitches))
    made = []
    for i, (pitch, velocity) in enumerate(zip(pitches, speeds, strict=True)):
        onset = start_s + i * step_s + float(dice.normal(0, 0.006))
        if onset > end_s:
            break
        made.append(KeyPress(max(onset, 0.06), max(onset, 0.06) + max(step_s * held, 0.05), pitch, velocity))
    return made


def _scale_pitches(dice: np.random.Generator, low: int, high: int) -> list[int]:
    root, shape = int(dice.integers(0, PITCHES_PER_OCTAVE)), _MAJOR if dice.random() < 0.6 else _MINOR
    inside = [p for p in range(low, high + 1) if (p - root) % PITCHES_PER_OCTAVE in shape]
    return inside or [low]


def _bounce(pitches: list[int], count: int) -> list[int]:
    there = pitches + pitches[-2:0:-1]
    return [there[i % len(there)] for i in range(count)]


def scales(dice: np.random.Generator, duration_s: float, span: tuple[int, int]) -> list[KeyPress]:
    """One or two hands run up and down."""
    low, high = span
    start = int(dice.integers(low, max(high - 24, low + 1)))
    step = float(dice.uniform(0.09, 0.3))
    run = _bounce(_scale_pitches(dice, start, min(start + int(dice.choice([12, 24, 36])), high)), 400)
    made = _line(run, dice, step, float(dice.uniform(0.5, 1.0)), float(dice.uniform(0.1, 0.8)), duration_s)
    if dice.random() < 0.5 and start - 12 >= low:
        made += [
            KeyPress(p.onset_s + float(dice.normal(0, 0.008)), p.offset_s, p.pitch - 12, p.velocity)
            for p in made
        ]
    return made


def arpeggios(dice: np.random.Generator, duration_s: float, span: tuple[int, int]) -> list[KeyPress]:
    """Broken chords over several octaves."""
    low, high = span
    root, shape = (
        int(dice.integers(0, PITCHES_PER_OCTAVE)),
        [(0, 4, 7), (0, 3, 7), (0, 4, 7, 10), (0, 3, 6, 9)][int(dice.integers(4))],
    )
    inside = [p for p in range(low, high + 1) if (p - root) % PITCHES_PER_OCTAVE in shape]
    begin = int(dice.integers(0, max(len(inside) - 6, 1)))
    run = _bounce(inside[begin : begin + int(dice.integers(4, 13))], 300)
    return _line(
        run,
        dice,
        float(dice.uniform(0.1, 0.35)),
        float(dice.uniform(0.4, 1.0)),
        float(dice.uniform(0.1, 0.8)),
        duration_s,
    )


def repeats(dice: np.random.Generator, duration_s: float, span: tuple[int, int]) -> list[KeyPress]:
    """The same key again and again, 75 to 220 ms apart, now and then another."""
    low, high = span
    made: list[KeyPress] = []
    t = float(dice.uniform(0.1, 0.8))
    while t < duration_s:
        pitch, count = int(dice.integers(low, high + 1)), int(dice.integers(3, 12))
        step = float(dice.uniform(0.075, 0.22))
        made += _line([pitch] * count, dice, step, float(dice.uniform(0.45, 0.7)), t, duration_s)
        t += count * step + float(dice.uniform(0.1, 0.7))
    return made


def trills(dice: np.random.Generator, duration_s: float, span: tuple[int, int]) -> list[KeyPress]:
    """Two neighbours in fast turn, over a slow voice in the other hand."""
    low, high = span
    made: list[KeyPress] = []
    t = float(dice.uniform(0.1, 0.8))
    while t < duration_s:
        pitch, count = int(dice.integers((low + high) // 2, high - 1)), int(dice.integers(6, 24))
        other, step = pitch + int(dice.choice([1, 2])), float(dice.uniform(0.065, 0.14))
        made += _line([pitch if i % 2 else other for i in range(count)], dice, step, 0.9, t, duration_s)
        if pitch - 12 > low:
            bass = int(dice.integers(low, pitch - 11))
            made += _line([bass], dice, count * step, float(dice.uniform(0.4, 1)), t, duration_s)
        t += count * step + float(dice.uniform(0.2, 0.9))
    return made


def staccato(dice: np.random.Generator, duration_s: float, span: tuple[int, int]) -> list[KeyPress]:
    """Short notes, 55 to 120 ms, with leaps."""
    low, high = span
    made: list[KeyPress] = []
    t, pitch = float(dice.uniform(0.1, 0.8)), int(dice.integers(low, high + 1))
    while t < duration_s:
        pitch = int(np.clip(pitch + dice.integers(-9, 10), low, high))
        chord = [pitch] if dice.random() < 0.7 else [pitch, min(pitch + int(dice.integers(3, 9)), high)]
        length = float(dice.uniform(0.055, 0.12))
        made += [
            KeyPress(t, t + length, p, v) for p, v in zip(chord, _velocities(dice, len(chord)), strict=True)
        ]
        t += float(dice.uniform(0.13, 0.6))
    return made


def chords(dice: np.random.Generator, duration_s: float, span: tuple[int, int]) -> list[KeyPress]:
    """Both hands strike chords, often again the same."""
    low, high = span
    made: list[KeyPress] = []
    t = float(dice.uniform(0.1, 0.8))
    shapes = [(0, 4, 7), (0, 3, 7), (0, 5, 9), (0, 4, 7, 12), (0, 12), (0, 7, 12), (0, 3, 6, 10)]
    while t < duration_s:
        root = int(dice.integers(low + 12, max(high - 12, low + 13)))
        length, times = float(dice.uniform(0.15, 1.4)), int(dice.choice([1, 1, 2, 4]))
        upper = [root + i for i in shapes[int(dice.integers(len(shapes)))]]
        lower = (
            [root - 24 + i for i in shapes[int(dice.integers(len(shapes)))]] if dice.random() < 0.7 else []
        )
        for _ in range(times):
            if t >= duration_s:
                break
            speeds = _velocities(dice, len(upper + lower))
            for p, v in zip(upper + lower, speeds, strict=True):
                if low <= p <= high:
                    onset = t + abs(float(dice.normal(0, 0.008)))
                    made.append(KeyPress(onset, onset + length * float(dice.uniform(0.6, 0.95)), p, v))
            t += length
        t += float(dice.uniform(0.0, 0.6))
    return made


def sweep(dice: np.random.Generator, duration_s: float, span: tuple[int, int]) -> list[KeyPress]:
    """One key after the other, as people try an instrument; black ones alone, or white, or all."""
    low, high = span
    wanted = int(dice.integers(3))
    pitches = [p for p in range(low, high + 1) if wanted == 2 or is_black(p) == bool(wanted)]
    begin, step = int(dice.integers(len(pitches))), float(dice.uniform(0.14, 0.5))
    run = (pitches[begin:] + pitches)[:: int(dice.choice([1, -1]))]
    return _line(run, dice, step, float(dice.uniform(0.35, 0.95)), float(dice.uniform(0.1, 0.8)), duration_s)


EXERCISES: tuple[Exercise, ...] = (scales, arpeggios, repeats, trills, staccato, chords, sweep)
