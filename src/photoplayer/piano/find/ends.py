"""Where the row of black keys ends: which of those read are truly there, and whether the picture goes on."""

from __future__ import annotations

import numpy as np

from photoplayer.piano.find.evidence import black_aside, brightness, stand_out
from photoplayer.piano.find.refine import Fit
from photoplayer.piano.find.which import Seen, next_black
from photoplayer.piano.layout import is_black, key_middle

_THERE, _STILL_THERE = 0.2, 0.1
"""How much a black key must stand out; less where a bar was read as one already."""
_LOOK = 9
"""Semitones past the outermost black key that are looked at: two more black keys at least."""


def seen_keys(fit: Fit, lowest: int, highest: int) -> Seen | None:
    """The outermost black keys truly there; None if hardly one is.

    Hands hide keys in the middle, so only from the ends on what does not stand out is taken away.
    """
    asked = [pitch for pitch in range(lowest - _LOOK, highest + _LOOK + 1) if is_black(pitch)]
    x = np.array([key_middle(pitch) for pitch in asked])
    shares = stand_out(fit.strip, x + black_aside(fit)(x), brightness(fit.strip))
    shown = dict(zip(asked, shares.tolist(), strict=True))
    there = [
        pitch
        for pitch, share in shown.items()
        if share > (_STILL_THERE if lowest <= pitch <= highest else _THERE)
    ]
    there = _without_stragglers(there)
    if len(there) < 4:
        return None
    return Seen(there[0], there[-1], _ends(shown, there[0], -1), _ends(shown, there[-1], 1))


def one_less(fit: Fit, seen: Seen) -> Seen:
    """Without the outermost key that stands out less: where one more was seen than any piano has."""
    x = np.array([key_middle(seen.lowest), key_middle(seen.highest)])
    low, high = np.nan_to_num(stand_out(fit.strip, x, brightness(fit.strip)))
    if low < high:
        return Seen(next_black(seen.lowest, 1), seen.highest, True, seen.ends_high)
    return Seen(seen.lowest, next_black(seen.highest, -1), seen.ends_low, True)


def ends_agree(fit: Fit) -> bool:
    """Whether the outermost white keys end where the instrument's should, as far as the picture shows."""
    ends = fit.marks.of("end") & fit.marks.shown
    agree = (fit.marks.weight > 0.05) & (np.abs(fit.left_over) < 0.15)
    left = fit.marks.x < np.median(fit.strip.x)
    return bool(ends.any()) and all(
        agree[ends & side].mean() >= 0.5 for side in (left, ~left) if (ends & side).any()
    )


def _ends(shown: dict[int, float], pitch: int, step: int) -> bool:
    """Whether the next black key would be in the picture and is not, nor the one after."""
    first = next_black(pitch, step)
    shares = [shown.get(key, np.nan) for key in (first, next_black(first, step))]
    return bool(np.isfinite(shares[0]) and not any(share > _THERE for share in shares))


def _without_stragglers(there: list[int]) -> list[int]:
    """Without keys at the ends that two or more missing ones part from the rest."""
    blacks = [p for p in range(there[0], there[-1] + 1) if is_black(p)] if there else []
    place = {pitch: i for i, pitch in enumerate(blacks)}
    while len(there) > 4 and place[there[1]] - place[there[0]] > 2:
        there = there[1:]
    while len(there) > 4 and place[there[-1]] - place[there[-2]] > 2:
        there = there[:-1]
    return there
