"""Where white keys end at the fallboard: there their light, less what glows on black keys beside them, ends.

Shade lies on the keys' last hand's breadth and the gap behind them may be a thin dark line with something
bright beyond, so the end is not where the light falls steepest over some length: it is where the light, going
outward, comes near the darkness behind.
"""

from __future__ import annotations

import warnings

import numpy as np

from photoplayer.piano.find.area import Area
from photoplayer.piano.find.bars import Values
from photoplayer.piano.find.peaks import Seen, highest, rises, shown, window, within
from photoplayer.piano.find.unroll import Unrolled

_INNER = (0.15, 0.5)
"""Along a black key: light there is its own."""
_NECK_INSET, _BLACK_INSET = 0.08, 0.12
_BEYOND, _BEFORE = 0.06, (0.05, 0.12)
"""Key lengths outward of the steepest fall that the darkness is taken from, and inward, the key's light."""
_DIMMEST = 0.15
"""Of the white keys' light: added before logarithms are taken, by which falls in shade count like others."""
_SHADE = 0.3
"""Of the way from black keys' light to white ones': so bright a white key is in deep shade."""
_RIM = 0.25
"""So much darker, of the way to black keys' light, is a rim after which light is no key's."""
_LINE, _BRIGHT = 0.05, 0.3
"""Key lengths about the end in which a line of light lies, and how bright it is, by the white keys' light."""
_SHARE = 0.4
"""Of the way from that darkness to the light: here the key ends (renders of 38 pianos: .3 to .5 are best)."""


def far_ends(strip: Unrolled, blacks: Values, reach: float, light: float) -> Seen:
    """How far from 0 the white keys between neighbouring black ones end, given those keys' edges ``blacks``
    ``(n, 2)``; ``n - 1`` each."""
    n, margin = window(strip, reach)
    rows = strip.rows(-margin, _INNER[1])
    y = strip.y[rows][::-1]  # from the key outward
    columns = Area(strip, strip.grey[rows].astype(np.float64)[::-1])
    left, right = blacks[:-1, 1] + _NECK_INSET, blacks[1:, 0] - _NECK_INSET
    necks = np.where(right - left > 0.1, columns.mean(left, right), np.nan)  # (rows, keys)
    glow, dark = _glow(columns.mean(blacks[:, 0] + _BLACK_INSET, blacks[:, 1] - _BLACK_INSET), y)
    seen, necks = necks, shown(necks) - glow
    places, rise = rises(np.log(np.maximum(necks, 0.0) + _DIMMEST * light + 1), y, n)
    inner = int(np.searchsorted(-y, -(margin + 0.1)))
    fall = -0.5 * light * rise * _still_key(necks, dark, inner)[: len(rise)]
    searched = np.abs(places) <= reach + strip.row
    off, weight, known = within(highest(fall[searched].T, places[searched], light), seen, y, -1)
    ends = _beside_line(_passed(necks, y, off), glow, y, light)
    return np.where(weight > 0, ends, off), weight, known


def _glow(blacks: Values, y: Values) -> tuple[Values, Values]:
    """What lies on the keys and is not theirs, ``(rows, keys - 1)``: a line of light, a bright body behind.
    And how bright a black key is there by itself, ``(keys - 1,)``."""
    inner = (y > _INNER[0]) & (y < _INNER[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of keys outside the picture
        own = np.nanmedian(blacks[inner], axis=0)
    above = np.maximum(blacks - own, 0.0)
    return np.nan_to_num(np.fmin(above[:, :-1], above[:, 1:])), np.nan_to_num(np.fmin(own[:-1], own[1:]))


def _still_key(necks: Values, dark: Values, inner: int) -> Values:
    """0..1 for each row: whether it was never nearly as ``dark`` as a black key from row ``inner`` on, nor
    lighter again after it had been darker. What comes after a dark rim is not the key's end, but shade on the
    keys may end before they do."""
    outward = necks[inner:]
    white = outward[:3].mean(axis=0)
    contrast = np.maximum(white - dark, 1.0)
    darkest = np.minimum.accumulate(outward, axis=0)
    again = np.where(white - darkest > _RIM * contrast, outward - darkest, 0.0)
    share = np.clip((darkest - dark) / (_SHADE * contrast), 0.0, 1.0)
    share *= np.clip(1 - np.maximum.accumulate(again, axis=0) / (_SHADE * contrast), 0.0, 1.0)
    return np.concatenate([np.ones((inner, necks.shape[1])), share])


def _beside_line(ends: Values, glow: Values, y: Values, light: float) -> Values:
    """Half way from ``ends`` to the middle of a line of light, where one is drawn there: it hides the keys'
    end, and those who draw it draw it on the end."""
    near = np.abs(y[:, None] - ends) < _LINE
    brightest = np.where(near, glow, 0.0).argmax(axis=0)
    keys = np.arange(len(ends))
    beyond = np.searchsorted(-y, -(y[brightest] - 2 * _LINE))
    beyond = np.minimum(beyond, len(y) - 1)
    peak = glow[brightest, keys]
    line = (peak > _BRIGHT * light) & (glow[beyond, keys] < 0.5 * peak)
    return np.where(line, (ends + y[brightest]) / 2, ends)


def _passed(necks: Values, y: Values, steepest: Values) -> Values:
    """Where each column of ``necks`` ``(rows, keys)`` passes the level at which a key ends."""
    keys = np.arange(len(steepest))
    from_fall = y[:, None] - steepest
    outward = (from_fall <= 0) & (from_fall > -_BEYOND)
    inward = (from_fall > _BEFORE[0]) & (from_fall < _BEFORE[1])
    dark = np.where(outward, necks, np.inf).min(axis=0)
    bright = np.where(inward, necks, 0.0).sum(axis=0) / np.maximum(inward.sum(axis=0), 1)
    level = dark + _SHARE * (bright - dark)
    below = (from_fall < _BEFORE[0]) & (necks <= level)
    first = np.where(below.any(axis=0), below.argmax(axis=0), 0)
    inside, outside = necks[np.maximum(first - 1, 0), keys], necks[first, keys]
    part = np.clip((inside - level) / np.maximum(inside - outside, 1e-9), 0.0, 1.0)
    place = y[np.maximum(first - 1, 0)] + part * (y[first] - y[np.maximum(first - 1, 0)])
    good = (first > 0) & np.isfinite(dark) & (bright > dark)
    return np.where(good, place, steepest)
