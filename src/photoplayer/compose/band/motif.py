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
from photoplayer.compose.band.theme import BEAT, Line, Theme, Tone, legal, recast, strength
from photoplayer.compose.chance import chance
from photoplayer.music.theory import Meter

_FORMS = ("abak", "aabk", "abak", "aaak")
"""Rhythms of a four-bar line: ``a`` the motif's, ``b`` its continuation's, ``k`` a close."""

_CONTRASTS = ("bbak", "bbbk", "babk")

_RISES = ((0, 1, 3), (0, 1, 2), (0, 2, 3), (0, -1, 2), (0, 0, 3), (0, -1, -2), (0, 2, 4))
"""Scale steps by which the first three bars of a line stand above its start; the fourth comes down."""

_STARTS, _CONTRAST_STARTS = (0, 2, 2, 4, 4), (4, 5, 6)
"""Scale steps on which a line may begin."""

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

_UPBEATS = ((-3,), (-1,), (-2, -1), (-3, -1))
"""Upbeats in eighths, in scale steps from the tone they lead to."""

_NEW_RHYTHM, _NEW_CONTINUATION, _TURNED_OVER = 0.45, 0.55, 0.6
"""Degrees of change from which the rhythm is new, the continuation, and (by chance) the direction."""

_MOST_LINES = 4
"""Lines of a long tune that a development takes up."""


def invent(*, meter: Meter, style: MelodyStyle, seed: int, path: tuple[str | int, ...]) -> Theme:
    """A new theme: line A on a motif, line B contrasting, four bars each, in any meter."""
    rng = chance(seed, "theme", *path)
    desk = _Desk(rng, style, style.rhythms_for(meter).meter)
    motif = desk.motif()
    statement = desk.line("A", rng.choice(_FORMS), motif, rng.choice(_STARTS), rng.choice(_RISES))
    contrast = desk.line(
        "B", rng.choice(_CONTRASTS), motif.turned(), rng.choice(_CONTRAST_STARTS), (0, 1, -1)
    )
    return recast(Theme(desk.meter, (statement, contrast)), meter)


def develop(
    theme: Theme, *, degree_of_change: float, style: MelodyStyle, seed: int, path: tuple[str | int, ...]
) -> Theme:
    """A related theme: the same contours, more or less of the rhythm new in ``style``.

    ``degree_of_change``: 0 the theme itself, near 0.3 other continuations, near 0.5 the motif in a new
    rhythm, near 0.6 that and another continuation, 1 the motif also turned over.
    """
    if degree_of_change <= 0:
        return theme
    rng = chance(seed, "develop", *path)
    desk = _Desk(rng, style, style.rhythms_for(theme.meter).meter)
    source = recast(theme, desk.meter)
    fresh = desk.motif()
    is_turned = rng.random() < degree_of_change - _TURNED_OVER
    lines = tuple(
        desk.developed(_turned_over(line) if is_turned else line, fresh, degree_of_change)
        for line in source.lines[:_MOST_LINES]
    )
    made = recast(replace(source, lines=lines, literal=False), theme.meter)
    return replace(made, lines=tuple(replace(line, tones=legal(line.tones)) for line in made.lines))


def resample(contour: Sequence[int], count: int) -> tuple[int, ...]:
    """The contour said in ``count`` tones: its ends stay, what lies between is interpolated."""
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


@dataclass(frozen=True)
class _Motif:
    """Two rhythms and one contour (scale steps from its first tone) that both begin to say."""

    main: Cell
    other: Cell
    contour: tuple[int, ...]

    def turned(self) -> _Motif:
        return replace(self, contour=tuple(-step for step in self.contour))


@dataclass(frozen=True)
class _Desk:
    """What one theme is written with. ``meter`` is a home meter."""

    rng: random.Random
    style: MelodyStyle
    meter: Meter

    @property
    def bar(self) -> int:
        return self.meter.beats * BEAT

    def motif(self) -> _Motif:
        cells = self.style.rhythms_for(self.meter).cells
        weights = [_nearness(len(cell) / self.meter.beats, self.style.density) for cell in cells]
        shapely = [w * (4 if len(cell) >= 3 else 1) for w, cell in zip(weights, cells, strict=True)]
        main = self.rng.choices(cells, shapely)[0]
        others = [w * (cell != main) for w, cell in zip(weights, cells, strict=True)]
        other = self.rng.choices(cells, others)[0]
        return _Motif(main, other, self.contour(max(len(main), len(other))))

    def contour(self, count: int) -> tuple[int, ...]:
        """A contour of ``count`` tones, gesture after gesture, each a step from where the last one ended."""
        rng, contour = self.rng, list[int]()
        while len(contour) < count:
            is_wide = rng.random() < self.style.leaps
            kinds = (_TRIADIC, _FILLED) if is_wide else (*[_STEPWISE] * 4, _REPEATED)
            gesture: tuple[int, ...] = rng.choice(rng.choice(kinds))
            if not contour:
                contour += gesture
                continue
            way = 1 if contour[-1] < 0 else -1 if contour[-1] > 3 else rng.choice((1, -1))
            heading = 1 if gesture[-1] >= gesture[0] else -1
            base = contour[-1] + way
            contour += [base + step * heading * way for step in gesture]
        return tuple(contour[:count])

    def line(self, letter: str, form: str, motif: _Motif, start: int, rises: Sequence[int]) -> Line:
        tones: list[Tone] = []
        for index, kind in enumerate(form):
            if kind == "k":
                cell = self.rng.choice(self.style.rhythms_for(self.meter).closes)
                steps = _descent(tones[-1].step if tones else start, start, len(cell))
            else:
                cell = motif.main if kind == "a" else motif.other
                steps = [start + rises[index] + move for move in motif.contour[: len(cell)]]
            tones += self.said(index, cell, steps)
        peaked = self.spiced(_with_one_climax(tones, self.meter))
        return Line(letter, len(form), (*self.upbeat(peaked[0]), *peaked))

    def said(self, bar: int, cell: Cell, steps: Sequence[int]) -> list[Tone]:
        """A bar of rhythm with its steps."""
        return [
            Tone(bar * self.bar + onset, length, step)
            for (onset, length), step in zip(cell, steps, strict=True)
        ]

    def upbeat(self, first: Tone) -> list[Tone]:
        """Tones before the first bar that lead to its downbeat, if the style likes them."""
        if first.onset or self.rng.random() >= self.style.upbeat:
            return []
        steps = self.rng.choice(_UPBEATS)
        eighth = BEAT // 3 if self.meter.is_compound else BEAT // 2
        return [Tone((i - len(steps)) * eighth, eighth, first.step + step) for i, step in enumerate(steps)]

    def spiced(self, tones: tuple[Tone, ...]) -> tuple[Tone, ...]:
        """Some lower neighbours between strong beats are raised to lean on the tone they return to."""
        out = list(tones)
        for i, (before, tone, after) in enumerate(zip(tones, tones[1:], tones[2:], strict=False), start=1):
            returns = before.step == after.step == tone.step + 1 and strength(tone.onset, self.meter) < 2
            if returns and self.rng.random() < self.style.chromatic:
                out[i] = replace(tone, alter=1)
        return tuple(out)

    def developed(self, line: Line, fresh: _Motif, change: float) -> Line:
        """Bar by bar the old contour, in the old rhythm or a new one."""
        bars = [[t for t in line.tones if t.onset // self.bar == index] for index in range(line.bars)]
        rhythms = [tuple((t.onset - i * self.bar, t.length) for t in tones) for i, tones in enumerate(bars)]
        new = {rhythm: self.rng.choice((fresh.main, fresh.other)) for rhythm in dict.fromkeys(rhythms)}
        out: list[Tone] = []
        for index, (tones, cell) in enumerate(zip(bars, rhythms, strict=True)):
            if not tones:
                continue
            contour = [t.step for t in tones]
            is_late = line.bars // 2 <= index
            if index == line.bars - 1:
                cell = self.rng.choice(self.style.rhythms_for(self.meter).closes)
            elif change >= _NEW_RHYTHM:
                cell = new[cell]
                if change >= _NEW_CONTINUATION and is_late:
                    contour = [contour[0] + step for step in fresh.contour]
            elif is_late:
                shift = self.rng.choice((-2, -1, 1, 2))
                contour = [step + shift for step in contour]
            out += self.said(index, cell, resample(contour, len(cell)))
        upbeat = [t for t in line.tones if t.onset < 0] if out and out[0].onset == 0 else []
        return replace(line, tones=(*upbeat, *out) or line.tones)


def _nearness(density: float, wanted: float) -> int:
    """Weight of a bar by how near its density is to the one wanted."""
    return max(1, round(24 / (1 + 6 * abs(density - wanted))))


def _descent(last: int, start: int, count: int) -> list[int]:
    """From the tone before to a close below the line's start."""
    goal = 0 if start < 4 else 4 if last > 5 else 2
    if count == 1:
        return [goal]
    return [last + round((goal - last) * (i + 1) / count) for i in range(count)]


def _with_one_climax(tones: Sequence[Tone], meter: Meter) -> tuple[Tone, ...]:
    """The highest step is kept for one tone: the last of them on the strongest beat."""
    top = max(tone.step for tone in tones)
    highest = [i for i, tone in enumerate(tones) if tone.step == top]
    peak = max(highest, key=lambda i: (strength(tones[i].onset, meter), i))
    return tuple(
        replace(tone, step=tone.step - 1) if i in highest and i != peak else tone
        for i, tone in enumerate(tones)
    )


def _turned_over(line: Line) -> Line:
    """Every bar's direction reversed about the line's first tone."""
    if not line.tones:
        return line
    axis = 2 * line.tones[0].step
    return replace(line, tones=tuple(replace(t, step=axis - t.step, alter=-t.alter) for t in line.tones))
