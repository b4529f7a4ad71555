"""Where a keyboard may lie in a picture: rows of dark bars that keep the pattern of black keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from photoplayer.piano.find.bars import CLOSINGS, Bars, Grey, Values, dark_bars
from photoplayer.piano.find.pattern import Match, best_match, flipped
from photoplayer.piano.find.rows import Row, even, rows_of_bars
from photoplayer.piano.keyboard import Matrix, homography_between
from photoplayer.piano.layout import BLACK_LENGTH, key_middle

_ENOUGH, _CLEAN = 15.0, 0.9
"""A reading with this score that explains such a share of the row's bars is not searched to be bettered."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """A row of bars read as black keys."""

    row: Row
    match: Match

    @property
    def score(self) -> float:
        return self.match.score

    def pose(self, *, near_below: bool, mirrored: bool) -> tuple[Matrix, int, int]:
        """The homography it tells, the octave arbitrary, and the lowest and highest black key.

        ``near_below``: the player's edge of the keys is on the lower side of the row, as seen upright.
        """
        keys = self.match.are
        bars = self.row.bars.take(keys)
        pitches = self.match.pitches[keys]
        if near_below == mirrored:  # low keys on the right
            pitches = np.array([flipped(int(pitch)) for pitch in pitches])
        below, above = _ends(bars, self.row.along[keys], self.row.direction)
        near, far = (below, above) if near_below else (above, below)
        x = np.array([key_middle(int(pitch)) for pitch in pitches])
        plane = np.concatenate([np.stack([x, x * 0], 1), np.stack([x, x * 0 + BLACK_LENGTH], 1)])
        pose = homography_between(plane, np.concatenate([far, near]))
        return pose, int(pitches.min()), int(pitches.max())


def sightings(picture: Grey, *, most: int = 3) -> list[Sighting]:
    """The best readings in a picture ``(h, w)`` with keys upright or up to 45 degrees aslant, best first."""
    found: list[Sighting] = []
    for closing in CLOSINGS:
        clean = any(sighting.score >= _ENOUGH and sighting.match.are.mean() >= _CLEAN for sighting in found)
        for bars in dark_bars(picture, closing=closing):
            found += _read(bars)
        if clean:  # and one width more was tried: a keyboard's image in lacquer is smaller than itself
            break
    return _distinct(found, most)


def _read(bars: Bars) -> Iterator[Sighting]:
    for row in rows_of_bars(bars):
        match = best_match(row)
        if match is not None and match.score >= 4:
            yield Sighting(row, match)


def _distinct(found: list[Sighting], most: int) -> list[Sighting]:
    kept: list[Sighting] = []
    for sighting in sorted(found, key=lambda one: -one.score):
        if all(_apart(sighting.row, other.row) for other in kept):
            kept.append(sighting)
    return kept[:most]


def _apart(a: Row, b: Row) -> bool:
    """Whether two rows lie on different lines."""
    offset = b.origin - a.origin
    off = abs(offset @ np.array([-a.direction[1], a.direction[0]]))
    return bool(off > 0.5 * np.median(a.bars.length))


def _ends(bars: Bars, along: Values, direction: Values) -> tuple[Values, Values]:
    """Lower and upper ends of the bars, their lengths and slants evened out along the row: hands and glow cut
    bars short."""
    normal = np.array([-direction[1], direction[0]])
    across = bars.middle @ normal
    middle = bars.middle + (even(along, across, along) - across)[:, None] * normal
    slant = even(along, (bars.axis @ direction) / (bars.axis @ normal), along)
    axis = normal + slant[:, None] * direction
    deep = even(along, bars.length * np.abs(bars.axis @ normal), along)
    half = axis * np.maximum(deep, 2.0)[:, None] / 2
    return middle + half, middle - half
