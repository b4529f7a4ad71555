"""Trios as codes: encode, decode, walk from one tune to another, draw new ones.

>>> from photoplayer import trios
>>> a, b = trios.encode("a.mid")[0], trios.encode("b.mid")[0]  # doctest: +SKIP
>>> trios.decode(trios.between(a, b, 0.5)[None])[0]  # doctest: +SKIP
>>> trios.interpolate("a.mid", "b.mid", steps=8)  # doctest: +SKIP
>>> trios.sample(10, temperature=0.8, seed=1)  # doctest: +SKIP

A code is of 16 bars (512 numbers) or of 4 (256) and says nothing of key, tempo and instruments: what is
decoded is in C major or A minor, at 120 beats a minute, on a piano, a bass and drums, and can be changed as
any Score.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from photoplayer.compose.trio.codec import Codes, between
from photoplayer.compose.trio.codec import decode as decoded
from photoplayer.compose.trio.codec import encode as encoded
from photoplayer.compose.trio.known import FIRST_TURNS, drawn_again, shipped_known
from photoplayer.compose.trio.repeats import with_returns
from photoplayer.compose.trio.space import Space, shipped_space
from photoplayer.compose.trio.style import Style, load_style
from photoplayer.errors import InputError, PlanError
from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import Score, TempoChange, TempoMap
from photoplayer.music.trio import Trio, home_shift, to_score
from photoplayer.music.trio_find import whole_trio

__all__ = ["Source", "between", "decode", "encode", "interpolate", "sample", "windows"]

MOST_STEPS, MOST_SAMPLES = 100, 1000
HOTTEST = 2.0
"""Above this temperature a decoder writes noise."""

Music = str | os.PathLike[str] | Score


@dataclass(frozen=True)
class Source:
    """A piece as windows of trios, and how it was played: tempo in quarters a minute."""

    trios: tuple[Trio, ...]
    qpm: float


def windows(music: Music, *, bars: Literal[4, 16] = 16, stride: int | None = None) -> Source:
    """The windows of ``bars`` bars of a piece, ``stride`` bars apart (by default they follow one another).

    What is shorter than a window is repeated. Raises :class:`InputError` for a file that cannot be read or
    has no melody in 4/4.
    """
    name = "the score" if isinstance(music, Score) else os.fspath(music)
    score = music if isinstance(music, Score) else read_midi(music)
    whole = whole_trio(score)
    if whole is None or not (whole.melody.any() or whole.bass.any()):
        raise InputError(f"{name} has no melody in 4/4, which trios are made of; give a MIDI file that has")
    if whole.bars < bars:
        whole = whole.filled(bars)
    starts = range(0, whole.bars - bars + 1, stride or bars)
    found = tuple(part for first in starts if _plays(part := whole.cut(first, bars)))
    if not found:
        raise InputError(
            f"{name} is silent through every window of {bars} bars; give a MIDI file with more music"
        )
    return Source(found, 60 * score.end / score.duration_s)


def encode(music: Music, *, bars: Literal[4, 16] = 16) -> Codes:
    """The codes of a piece, ``(windows, 512)`` of 16 bars or ``(windows, 256)`` of 4; raises as
    :func:`windows`."""
    return encoded(windows(music, bars=bars).trios)


def decode(codes: Codes, *, temperature: float = 0.0, seed: int = 1) -> list[Score]:
    """The scores of ``(n, 512)`` or ``(n, 256)`` codes. ``temperature`` 0 writes what is likeliest.

    Raises :class:`PlanError` for a temperature outside 0..2, ``ValueError`` for codes of another length.
    """
    if not 0 <= temperature <= HOTTEST:
        raise PlanError(f"a temperature of {temperature:g}; choose 0 to {HOTTEST:g}")
    return [to_score(trio) for trio in decoded(codes, temperature=temperature, seed=seed)]


def interpolate(
    a: Music, b: Music, *, steps: int = 8, temperature: float = 0.0, seed: int = 1
) -> list[Score]:
    """``steps`` scores of 16 bars from the beginning of one piece to the beginning of another.

    The first and last are what the networks make of the two; on the way tempo and key go along, and the
    instruments change in the middle. Raises as :func:`windows`, and :class:`PlanError` for other than 2 to
    100 steps.
    """
    if not 2 <= steps <= MOST_STEPS:
        raise PlanError(f"{steps} steps from one tune to another; choose 2 to {MOST_STEPS}")
    sources = [windows(music) for music in (a, b)]
    ends = [source.trios[0] for source in sources]
    first, last = encoded(ends)
    shares = [step / (steps - 1) for step in range(steps)]
    codes = np.stack([between(first, last, share) for share in shares])
    shifts = [-home_shift(end) for end in ends]
    found = []
    for trio, share in zip(decoded(codes, temperature=temperature, seed=seed), shares, strict=True):
        end = ends[round(share)]
        trio = replace(trio, melody_program=end.melody_program, bass_program=end.bass_program)
        shift = round((1 - share) * shifts[0] + share * shifts[1])
        qpm = sources[0].qpm ** (1 - share) * sources[1].qpm ** share
        found.append(_at_tempo(to_score(trio.transposed(shift)), qpm))
    return found


def sample(
    count: int = 1,
    *,
    temperature: float = 0.8,
    seed: int = 1,
    style: str | os.PathLike[str] | Style | None = None,
) -> list[Score]:
    """New trios of 16 bars, from all music or in a ``style``; ``temperature`` 0..2 spreads them.

    Raises :class:`PlanError` for other numbers, :class:`InputError` for a file that is no style.
    """
    if not 1 <= count <= MOST_SAMPLES:
        raise PlanError(f"{count} samples; choose 1 to {MOST_SAMPLES}")
    if not 0 <= temperature <= HOTTEST:
        raise PlanError(f"a temperature of {temperature:g}; choose 0 to {HOTTEST:g}")
    own = style if style is None or isinstance(style, Style) else load_style(Path(style))
    made = drawn(count, own or shipped_space(), seed=seed, temperature=temperature)
    return [to_score(trio) for trio in made]


def drawn(count: int, source: Space | Style, *, seed: int, temperature: float) -> list[Trio]:
    """New trios of 16 bars as :func:`sample` gives them; those that a training tune has are drawn again."""

    def draw(turn: int) -> list[Trio]:
        kind = seed if turn < FIRST_TURNS else (seed, turn)
        codes = source.sample(count, seed=kind, temperature=temperature, turn=turn)
        return [with_returns(trio) for trio in decoded(codes)]

    return drawn_again(draw, shipped_known())


def _plays(trio: Trio) -> bool:
    return bool(trio.melody.any() or trio.bass.any())


def _at_tempo(score: Score, qpm: float) -> Score:
    return replace(score, tempo_map=TempoMap((TempoChange(0.0, qpm),)))
