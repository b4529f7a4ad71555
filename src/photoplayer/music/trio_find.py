"""Finding trios in a score: which part may be the melody, which the bass, and where all three play.

As in MusicVAE a trio is one melodic part, one bass and the drums, over bars of 4/4, each of the three
heard in every bar or near it. Melodies may here be strings, brass, reeds, pipes and synthesiser leads and
pads besides Magenta's keys, mallets, organs and guitars: game music is led by them, and twice as many
windows are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from photoplayer.music.bars import bars
from photoplayer.music.melody import find_melody
from photoplayer.music.score import Part, Score
from photoplayer.music.theory import Meter
from photoplayer.music.trio import (
    BASS_PROGRAM,
    STEPS_PER_BAR,
    Tokens,
    Trio,
    encode_drums,
    encode_line,
)

MELODY_PROGRAMS = frozenset((*range(32), *range(40, 96)))
BASS_PROGRAMS = frozenset(range(32, 40))

_COMMON_TIME = Meter(4, 4)
_SLACK_QUARTERS = 1e-6


@dataclass(frozen=True, eq=False)
class Stretch:
    """Bars of 4/4 in a row with every line in them: tokens ``(bars * 16,)``, with the parts' programs."""

    first_bar: int
    bars: int
    melodies: tuple[tuple[Tokens, int], ...]
    basses: tuple[tuple[Tokens, int], ...]
    drums: Tokens


def stretches(score: Score, *, fewest_bars: int) -> Iterator[Stretch]:
    """The stretches of at least ``fewest_bars`` bars of a score that has all three kinds of part."""
    melodies = [part for part in score.parts if not part.is_drum and part.program in MELODY_PROGRAMS]
    basses = [part for part in score.parts if not part.is_drum and part.program in BASS_PROGRAMS]
    strokes = [note for part in score.parts if part.is_drum for note in part.notes]
    if not (melodies and basses and strokes):
        return
    for first, count, start in _common_time(score):
        if count >= fewest_bars:
            yield Stretch(
                first_bar=first,
                bars=count,
                melodies=_lines(melodies, start, count),
                basses=_lines(basses, start, count),
                drums=encode_drums(strokes, start=start, bars=count),
            )


def find_trios(score: Score, *, bars_each: int, stride: int = 1, gap: int = 2) -> Iterator[tuple[int, Trio]]:
    """All trios of ``bars_each`` bars with the bar they begin at, ``stride`` bars apart.

    A line may be silent for a bar that is at most ``gap`` bars from one it plays in.
    """
    for stretch in stretches(score, fewest_bars=bars_each):
        drums_play = plays(stretch.drums, gap)
        for (melody, lead), (bass, low) in product(stretch.melodies, stretch.basses):
            together = plays(melody, gap) & plays(bass, gap) & drums_play
            whole = Trio(melody, bass, stretch.drums, lead, low)
            for first in full_windows(together, bars_each):
                if first % stride == 0:
                    yield stretch.first_bar + int(first), whole.cut(int(first), bars_each)


def whole_trio(score: Score) -> Trio | None:
    """The longest stretch of 4/4 as one trio, whatever plays in it; ``None`` without 4/4 or a melody.

    The melody is the part that carries the tune, the bass the lowest part, those with a bass's program first,
    the drums all there are; what is missing is silent.
    """
    pitched = [part for part in score.parts if part.notes and not part.is_drum]
    runs = list(_common_time(score))
    if not (pitched and runs):
        return None
    _, count, start = max(runs, key=lambda run: run[1])
    lead = find_melody(score)
    others = [part for part in pitched if part is not lead]
    basses = [part for part in others if part.program in BASS_PROGRAMS] or others
    bass = max(basses, key=lambda part: (part.program in BASS_PROGRAMS, -_mean_pitch(part)), default=None)
    strokes = [note for part in score.parts if part.is_drum for note in part.notes]
    return Trio(
        encode_line(lead.notes, start=start, bars=count),
        encode_line(bass.notes if bass else (), start=start, bars=count),
        encode_drums(strokes, start=start, bars=count),
        lead.program,
        bass.program if bass else BASS_PROGRAM,
    )


def _mean_pitch(part: Part) -> float:
    return sum(note.pitch for note in part.notes) / len(part.notes)


def plays(tokens: Tokens, gap: int) -> NDArray[np.bool_]:
    """Per bar, whether the line has an event there or within ``gap`` bars."""
    alone = tokens.reshape(-1, STEPS_PER_BAR).max(axis=1) > 0
    return np.convolve(alone, np.ones(2 * gap + 1, int), mode="full")[gap : gap + len(alone)] > 0


def full_windows(playing: NDArray[np.bool_], bars_each: int) -> NDArray[np.int64]:
    """First bars of all windows in which every bar plays."""
    count = np.concatenate([[0], np.cumsum(playing)])
    return np.flatnonzero(count[bars_each:] - count[:-bars_each] == bars_each)


def _lines(parts: Sequence[Part], start: float, count: int) -> tuple[tuple[Tokens, int], ...]:
    return tuple((encode_line(part.notes, start=start, bars=count), part.program) for part in parts)


def _common_time(score: Score) -> Iterator[tuple[int, int, float]]:
    """Runs of whole bars of 4/4: first bar, how many, and where they begin in quarters."""
    run: tuple[int, int, float] | None = None
    for number, bar in enumerate(bars(score)):
        is_whole = bar.end - bar.start > _COMMON_TIME.quarters - _SLACK_QUARTERS
        if bar.meter == _COMMON_TIME and is_whole:
            run = (run[0], run[1] + 1, run[2]) if run else (number, 1, bar.start)
        elif run:
            yield run
            run = None
    if run:
        yield run
