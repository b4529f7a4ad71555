"""Inventing a theme from a motif, and developing one theme into another.

The grammar is the classical sentence and its kin (Caplin, *Classical Form*, 1998): a basic idea of one
bar, said again or in sequence, broken up towards a climax in the last third, closed by a cadence. The
contrasting line is made of the same idea turned over, so that it belongs to the same tune.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from photoplayer.compose.band.melody_styles import Cell, MelodyStyle
from photoplayer.compose.band.theme import BEAT, Line, Theme, Tone, recast, strength
from photoplayer.compose.chance import chance
from photoplayer.music.theory import Meter

_FORMS = ("abak", "aabk", "abak", "aaak")
"""Rhythms of a four-bar line: ``a`` the motif's, ``b`` its continuation's, ``k`` a close."""

_CONTRASTS = ("bbak", "bbbk", "babk")

_RISES = ((0, 1, 3), (0, 1, 2), (0, 2, 3), (0, -1, 2), (0, 0, 3), (0, -1, -2), (0, 2, 4))
"""Scale steps by which the first three bars of a line stand above its start; the fourth comes down."""


_STEPWISE = (
    (0, 1, 2),
    (0, -1, -2),
    (0, 1, 0),
    (0, -1, 0),
    (0, 1, 2, 1),
    (0, 1, 0, -1),
    (0, 1, 2, 3),
    (0, -1, 1),
)
_REPEATED = ((0, 0, 1), (0, 0, -1), (0, 1, 1, 0), (0, 0, 2))
_TRIADIC = ((0, 2, 4), (0, 2, 4, 2), (4, 2, 0), (0, 2, 0), (0, 0, 2, 4), (0, -2, 0), (0, 2, 1, 0))
_FILLED = ((0, 3, 2, 1), (0, 2, 1), (0, 4, 3, 2), (0, -2, -1), (0, -3, -2, -1), (0, 5, 4, 3), (0, 4, 3))
"""Gestures in scale steps: along the scale, on one tone, along the chord, and leaps that are filled."""


def invent(*, meter: Meter, style: MelodyStyle, seed: int, path: tuple[str | int, ...]) -> Theme:
    """A new theme: line A on a motif, line B contrasting, four bars each, in any meter."""
    rng = chance(seed, "theme", *path)
    home = style.rhythms_for(meter).meter
    motif = _motif(rng, style, home)
    lines = (
        _line(
            rng, "A", rng.choice(_FORMS), motif, style, home, rng.choice((0, 2, 2, 4, 4)), rng.choice(_RISES)
        ),
        _line(
            rng, "B", rng.choice(_CONTRASTS), motif.turned(), style, home, rng.choice((4, 5, 6)), (0, 1, -1)
        ),
    )
    return recast(Theme(home, lines), meter)


def develop(
    theme: Theme, *, degree_of_change: float, style: MelodyStyle, seed: int, path: tuple[str | int, ...]
) -> Theme:
    """A related theme: the same contours, more or less of the rhythm new in ``style``.

    ``degree_of_change``: 0 the theme itself, near 0.3 other continuations, near 0.6 the motif in a new
    rhythm, 1 the motif also turned over.
    """
    if degree_of_change <= 0:
        return theme
    rng = chance(seed, "develop", *path)
    home = style.rhythms_for(theme.meter).meter
    source = recast(theme, home)
    fresh = _motif(rng, style, home)
    turn = rng.random() < degree_of_change - 0.6
    lines = []
    for line in source.lines[:4]:
        shape = tuple(-1 if turn else 1 for _ in line.tones)
        lines.append(_developed(rng, line, shape, fresh, style, home, degree_of_change))
    return recast(Theme(home, tuple(lines)), theme.meter)


@dataclass(frozen=True)
class _Motif:
    """Two rhythms and one contour (scale steps from its first tone)."""

    main: Cell
    other: Cell
    contour: tuple[int, ...]

    def turned(self) -> _Motif:
        return replace(self, contour=tuple(-step for step in self.contour))


def _motif(rng: random.Random, style: MelodyStyle, meter: Meter) -> _Motif:
    cells = style.rhythms_for(meter).cells
    beats = meter.beats
    weights = [_fit(len(cell) / beats, style.density) for cell in cells]
    shapely = [w * (4 if len(cell) >= 3 else 1) for w, cell in zip(weights, cells, strict=True)]
    main = rng.choices(cells, shapely)[0]
    other = rng.choices(cells, [w * (cell != main) for w, cell in zip(weights, cells, strict=True)])[0]
    return _Motif(main, other, _walk(rng, max(len(main), 3), style.leaps))


def _fit(density: float, wanted: float) -> int:
    """Weight of a bar by how near its density is to the one wanted."""
    return max(1, round(24 / (1 + 6 * abs(density - wanted))))


def _walk(rng: random.Random, count: int, leaps: float) -> tuple[int, ...]:
    """A contour of ``count`` tones, gesture after gesture, each a step from where the last one ended."""
    contour: list[int] = []
    while len(contour) < count:
        kinds = (_TRIADIC, _FILLED) if rng.random() < leaps else (_STEPWISE, _STEPWISE, _STEPWISE, _REPEATED)
        gesture: tuple[int, ...] = rng.choice(rng.choice(kinds))
        way = 1 if not contour or contour[-1] < 0 else -1 if contour[-1] > 3 else rng.choice((1, -1))
        if contour:
            heading = 1 if gesture[-1] >= gesture[0] else -1
            gesture = tuple(step * heading * way for step in gesture)
        base = contour[-1] + way if contour else 0
        contour += [base + step for step in gesture]
    return tuple(contour[:count])


def _line(
    rng: random.Random,
    letter: str,
    form: str,
    motif: _Motif,
    style: MelodyStyle,
    meter: Meter,
    start: int,
    rises: Sequence[int],
) -> Line:
    tones: list[Tone] = []
    bar = meter.beats * BEAT
    for index, kind in enumerate(form):
        if kind == "k":
            cell = rng.choice(style.rhythms_for(meter).closes)
            last = tones[-1].step if tones else start
            steps = _descent(last, start, len(cell))
        else:
            cell = motif.main if kind == "a" else motif.other
            steps = [start + rises[index] + move for move in resample(motif.contour, len(cell))]
        tones += [
            Tone(index * bar + onset, length, step) for (onset, length), step in zip(cell, steps, strict=True)
        ]
    return Line(letter, len(form), _spiced(rng, _with_one_climax(tones, meter), style.chromatic, meter))


def _descent(last: int, start: int, count: int) -> list[int]:
    """From the tone before to a close below the line's start."""
    goal = 0 if start < 4 else 4 if last > 5 else 2
    if count == 1:
        return [goal]
    return [last + round((goal - last) * (i + 1) / count) for i in range(count)]


def _spiced(rng: random.Random, tones: tuple[Tone, ...], chromatic: float, meter: Meter) -> tuple[Tone, ...]:
    """Some lower neighbours between strong beats are raised to lean on the tone they return to."""
    out = list(tones)
    for i, (before, tone, after) in enumerate(zip(tones, tones[1:], tones[2:], strict=False), start=1):
        returns = before.step == after.step == tone.step + 1 and strength(tone.onset, meter) < 2
        if chromatic and returns and rng.random() < 5 * chromatic:
            out[i] = replace(tone, alter=1)
    return tuple(out)


def _with_one_climax(tones: Sequence[Tone], meter: Meter) -> tuple[Tone, ...]:
    """The highest step is kept for one tone: the last of them on the strongest beat."""
    top = max(tone.step for tone in tones)
    highest = [i for i, tone in enumerate(tones) if tone.step == top]
    peak = max(highest, key=lambda i: (strength(tones[i].onset, meter), i))
    return tuple(
        replace(tone, step=tone.step - 1) if i in highest and i != peak else tone
        for i, tone in enumerate(tones)
    )


def resample(contour: Sequence[int], count: int) -> tuple[int, ...]:
    """The contour said in ``count`` tones: its ends stay, the rest is the nearest tone of it."""
    if count <= 1 or len(contour) == 1:
        return (contour[0],) * max(count, 0)
    last = len(contour) - 1
    if count <= len(contour):
        return tuple(contour[(2 * i * last + count - 1) // (2 * (count - 1))] for i in range(count))
    out = []
    for i in range(count):
        at, rest = divmod(i * last, count - 1)
        here, after = contour[at], contour[min(at + 1, last)]
        out.append(here + round((after - here) * rest / (count - 1)))
    return tuple(out)


def _developed(
    rng: random.Random,
    line: Line,
    signs: tuple[int, ...],
    fresh: _Motif,
    style: MelodyStyle,
    meter: Meter,
    change: float,
) -> Line:
    """Bar by bar: the old contour, in the old rhythm or a new one."""
    bar = meter.beats * BEAT
    swap = {cell: rng.choice((fresh.main, fresh.other)) for cell in _cells(line, bar)}
    out: list[Tone] = []
    for index in range(line.bars):
        old = [
            (t, s)
            for t, s in zip(line.tones, signs, strict=True)
            if index * bar <= t.onset < (index + 1) * bar
        ]
        if not old:
            continue
        tones = [t for t, _ in old]
        first = tones[0].step
        contour = [first + s * (t.step - first) for t, s in old]
        cell = tuple((t.onset - index * bar, t.length) for t in tones)
        if change >= 0.45 and index < line.bars - 1:
            cell = swap[cell]
        elif index == line.bars - 1:
            cell = rng.choice(style.rhythms_for(meter).closes)
        elif index >= line.bars // 2:
            shift = rng.choice((-2, -1, 1, 2))
            contour = [step + shift for step in contour]
        if change >= 0.55 and line.bars // 2 <= index < line.bars - 1:
            contour = [contour[0] + step for step in fresh.contour]
        steps = resample(contour, len(cell))
        out += [Tone(index * bar + o, n, s) for (o, n), s in zip(cell, steps, strict=True)]
    return Line(line.letter, line.bars, tuple(out) or line.tones)


def _cells(line: Line, bar: int) -> list[Cell]:
    """The different rhythms of the line's bars, in order."""
    bars = [
        tuple((t.onset - i * bar, t.length) for t in line.tones if i * bar <= t.onset < (i + 1) * bar)
        for i in range(line.bars)
    ]
    return list(dict.fromkeys(bars))
